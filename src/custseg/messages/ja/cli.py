"""Words of the command line: labels, stages, errors of use."""

MESSAGES = {
    "cli.error": "エラー",
    "cli.warning": "注意",
    "cli.bug": "custseg の不具合です（{place}）。何も書き出していません。--verbose を付けて再実行し、内容をお知らせください。",
    "cli.role_form": (
        "--role {given} に役割がありません。",
        "--role 列名=役割 と書いてください。例: --role tel=phone",
    ),
    "cli.isolated_and_config": (
        "--isolated と --config は同時に使えません。",
        "どちらかを外してください。",
    ),
    "cli.files_missing": (
        "ファイルが指定されていません。",
        "1 つ以上指定してください。- は標準入力、--roles は役割の一覧です。",
    ),
    "cli.record_form": (
        "{given} はレコードを表していません。",
        "records にあるとおり ファイル名:行 と書いてください。例: store.csv:12",
    ),
    "engine.out_of_memory": (
        "メモリーを使い切りました。",
        "他のプログラムを閉じるか、--memory-limit を指定するか、入力を分けてください。",
    ),
    "cli.two_configs": "設定ファイルは、引数か --config のどちらか一方で指定してください。",
    "stage.publish": "公開",
    "stage.read": "読み込み",
    "stage.fields": "列の判定",
    "stage.standardize": "標準化",
    "stage.match": "照合",
    "stage.merge": "統合",
    "stage.assess": "品質の評価",
    "stage.lists": "リストの作成",
    "stage.consent": "同意の確認",
    "stage.platforms": "媒体別ファイルの作成",
    "stage.measure": "効果測定",
    "stage.write": "書き出し",
    "stage.generate": "デモ用ファイルの作成",
    "stage.segment": "セグメント分け",
    "stage.customers": "顧客の読み込み",
    "stage.orders": "注文の読み込み",
    "stage.profile": "顧客プロフィールの作成",
    "stage.tables": "集計表の作成",
    "stage.forecast": "今後の購入の予測",
    "stage.analyses": "期間とグループの比較",
    "stage.evaluate": "正解との比較",
}
