"""Events, warnings and errors of the jobs."""

MESSAGES = {
    "clean.read": "{name}: {encoding}、{rows} 行、{columns} 列、読めない行 {quarantined}",
    "inputs.no_table": (
        "入力が {kind} です。パスでも表でもありません。",
        "ファイルのパス、pandas または Arrow の表、または名前ごとの表の辞書を渡してください。",
    ),
    "clean.orders": (
        "{name} は顧客データではなく注文データです（1 行が 1 人の顧客になってしまいます）。",
        "注文データは `custseg segment --orders` に、顧客データは `custseg clean` に指定してください。",
    ),
    "clean.no_people": (
        "{name} には、誰であるかがわかる列がありません。",
        "--role 列名=person_name や --role 列名=email のように、少なくとも 1 列を指定してください。判定は `custseg fields` で見られます。",
    ),
    "standardize.one_file": (
        "{count} 個の表を 1 つのファイルにまとめることはできません。",
        "入力を 1 つにするか、-o フォルダー で書き出してください。",
    ),
    "undo.not_standardized": (
        "{path} は `custseg {command}` の結果です。",
        "元に戻すには `custseg standardize` の結果フォルダーが必要です。",
    ),
    "undo.quarantined": "{name}: 読み取れなかった {count} 行は含まれません（quarantine.csv にあります）。",
    "undo.compressed": "{name}: 入力は圧縮ファイル（{compression}）でした。中のテキストを、圧縮しない CSV として書き出しました。",
    "undo.excel": "{name}：読み込んだシートの値は、文字としてすべて元に戻りました。書式・数式・ほかのシート・見出しより上の行は、元のファイルにだけあります。",
    "undo.parquet_as_text": "{name}：値は文字としてすべて元に戻りました。-o 名前.parquet とすると、データ型も元に戻ります。",
    "undo.other_bytes": "{name}: 値はすべて元に戻りましたが、ファイルのバイト列は入力と一致しません（引用符・空行・見出しより上の行・改行の付け方がそろっていないため）。",
    "undo.which_source": (
        "{path} には複数の入力があります。",
        "--source で 1 つ指定してください: {sources}",
    ),
    "runs.no_table": (
        "実行結果 {path} に {name} がありません。",
        "この版の custseg でもう一度実行してください。",
    ),
    "runs.damaged": (
        "{path} が壊れています。",
        "もう一度実行してください。",
    ),
    "runs.other_version": (
        "{path} は別のバージョンの custseg が書いたものです。",
        "このバージョンで実行し直してください。",
    ),
    "runs.replaced": "{files} 個のファイルに、指定の文字コードにない文字が {count} 個あり、〓 に置き換えました。場所は unwritable.csv にあります。--output-encoding utf-8 ならそのまま書き出せます。",
    "runs.unwritable": "{name}: この文字コードにない文字が {count} 個あり、置き換えました。最初の場所: {places}",
    "explain.no_record": (
        "実行結果 {path} にレコード {record} はありません。",
        "records にあるとおり ファイル名:行 と書いてください。ファイル: {sources}",
    ),
    "explain.one_record": (
        "{record} が 2 回指定されています。",
        "異なる 2 件のレコードを指定してください。組は links と review.csv にあります。",
    ),
    "explain.not_clean": (
        "{path} は `custseg {command}` の結果です。",
        "`custseg clean` または `custseg dedupe` の結果フォルダーを指定してください。",
    ),
    "evaluate.which_person": (
        "{name} には人を表しそうな列が複数あります: {columns}。",
        "--truth-id で指定してください。",
    ),
    "evaluate.no_column": (
        "{name} に列 {column} はありません。",
        "ある列: {columns}",
    ),
    "evaluate.no_key": (
        "{name} の行がどのレコードのことか、わかりません。",
        "source と row の列を用意するか、レコード自身の ID の列を --truth-key で指定してください。"
        "1 行が 1 組の場合は、left と right（ファイル名:行番号）、decision（same または different）の列にしてください。",
    ),
    "evaluate.no_pairs": (
        "{name} には、この実行の 2 件のレコードについて判定した行がありません。",
        "left と right を「ファイル名:行番号」またはレコード ID で、decision を same または different で書いてください。",
    ),
    "evaluate.no_overlap": (
        "{name} には、この実行結果のレコードを指す行がありません。",
        "--truth-key を確かめてください。値は records の record_id と同じである必要があります。",
    ),
    "report.unknown_run": (
        "{path} は `custseg {command}` の結果で、レポートがありません。",
        "clean、dedupe、standardize、segment の結果フォルダーを指定してください。",
    ),
    "demo.exists": (
        "{path} は空ではありません。",
        "以前のデモを --force で置き換えるか、別のフォルダーを指定してください。",
    ),
}
