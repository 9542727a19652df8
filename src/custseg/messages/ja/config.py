"""Errors of the configuration, and what each setting is for."""

MESSAGES = {
    "config.not_toml": (
        "{file} は TOML として読めません: {problem}。",
        'その行を確かめてください。文字の値は lang = "ja" のように引用符で囲みます。',
    ),
    "config.not_utf8": (
        "{file} は UTF-8 の文字として読めません。",
        "ファイルを UTF-8 で保存し直してください。",
    ),
    "config.unreadable": (
        "設定ファイル {file} を読めません: {problem}。",
        "--config のパスを確かめるか、--isolated で設定ファイルなしで実行してください。",
    ),
    "config.not_a_table": (
        "{file} の {setting} がセクションになっていません。",
        "[{setting}] を 1 行に書き、その下に設定を並べてください。",
    ),
    "config.unknown_key": (
        "{setting} という設定はありません（{file}）。",
        "{nearest} のことでしょうか。設定の一覧は `custseg config show` で見られます。",
    ),
    "config.bad_value": (
        "設定 {setting} に {value} は使えません（指定元: {origin}）。",
        "使える値: {wanted}",
    ),
    "config.review_above_threshold": (
        "match.review（{review}）が match.threshold（{threshold}）を上回っています。",
        "確認待ちの下限から一致の下限までの組が review.csv に入ります。--review を下げてください。",
    ),
    "config.about.input.encoding": "文字コード。指定がなければ内容から判定します。",
    "config.about.input.delimiter": "区切り文字。指定がなければ内容から判定します。",
    "config.about.input.sheet": "読み込む Excel シートの名前。指定がなければ先頭のシート。",
    "config.about.input.on_bad_rows": "読めない行の扱い。",
    "config.about.output.format": "書き出す表の形式。指定がなければ入力と同じ形式。",
    "config.about.output.encoding": "書き出す CSV の文字コード。",
    "config.about.output.lang": "レポートの言語。指定がなければ環境の言語。",
    "config.about.output.provenance": "顧客の各値がどの記録から来たかの表も書き出します。",
    "config.about.standardize.country": "既定の国（JP、US、GB などの ISO コード）。指定がなければデータから判断します。",
    "config.about.standardize.phone_format": "電話番号の書き方。+81312345678 または 03-1234-5678。",
    "config.about.match.threshold": "同じ人としてまとめる確率の下限。",
    "config.about.match.review": "review.csv に回す確率の下限。",
    "config.about.match.link_only": "異なるファイルの間だけを照合します（各ファイルの中に重複がない場合）。",
    "config.about.match.source_priority": "代表値に優先して使うファイル（優先順）。",
    "config.about.segment.as_of": "基準日（YYYY-MM-DD）。指定がなければ最後の注文の翌日。",
    "config.about.segment.method": "スコアの区切り方。",
    "config.about.segment.bins": "スコアの段階の数。",
    "config.about.segment.map": "セグメント表。default、map_125、または [maps] に書いた独自の表。",
    "config.about.segment.clusters": "クラスターの数。auto で自動、none で作りません。",
    "config.about.segment.transform": "k-means の前の変数変換。",
    "config.about.segment.orders_by": "注文番号がない場合の数え方（row: 1行を1注文、day: 顧客ごとの1日分を1注文）",
    "config.about.segment.features": "クラスター分析に使う特徴量（recency_days、frequency、monetary、またはプロフィールの数値）",
    "config.about.segment.horizon": "購入予測の対象日数",
    "config.about.run.threads": "使うプロセッサの数。指定がなければ全部。",
    "config.about.run.memory_limit": "結合に使うメモリーの上限（2GB など）。超えた分はディスクに退避します。",
}
