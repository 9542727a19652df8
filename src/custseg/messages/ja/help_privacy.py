"""Help of the commands of the base and of privacy."""

MESSAGES = {
    "help.base": "ベース（実行から実行へ引き継ぐファイル）の表示と検査。",
    "help.base.show": """ベースの内容を数で表示します。

    \b
    例:
      custseg base show base.duckdb""",
    "help.base.check": """ベースのキーと件数の整合を検査します。問題があれば終了コード 1。

    \b
    例:
      custseg base check base.duckdb""",
    "help.forget": """ベースとすべての結果から個人を削除し、次回の取り込みでも除きます。

    これまでに送った媒体ごとに、削除用ファイルを 1 つ書き出します。秘密鍵（CUSTSEG_KEY または
    CUSTSEG_KEY_FILE）が必要です。法的な助言ではありません。

    \b
    例:
      custseg forget people.txt --base base.duckdb -o removals
      custseg forget - --base base.duckdb -o removals < people.txt
      custseg forget --id C7Q1PVATZJM31 --base base.duckdb --run runs -o removals""",
    "help.subject": "個人について保有している情報の表示。",
    "help.subject.show": """個人について保有している情報と、送信先をすべて表示します。

    \b
    例:
      custseg subject show people.txt --base base.duckdb
      custseg subject show --id C7Q1PVATZJM31 --base base.duckdb --format json""",
    "help.pseudonymize": """結果の表を、氏名などを除いた仮名の表にして書き出します。

    ID は鍵付きの仮名に、生年月日は年代に置き換え、同じ属性の人数を数えます。秘密鍵（CUSTSEG_KEY
    または CUSTSEG_KEY_FILE）が必要です。

    \b
    例:
      custseg pseudonymize run -o shared
      custseg pseudonymize seg -o shared --k 5""",
    "help.audit": "監査ログの検査。",
    "help.audit.verify": """監査ログの行が変更・切り詰めされていないか検査します。あれば終了コード 1。

    \b
    例:
      custseg audit verify --base base.duckdb""",
    "help.argument.persons": "1 行に 1 つの ID・メールアドレス・電話番号。- は標準入力。",
    "help.argument.base": "ベースのファイル。",
    "help.option.id": "顧客 ID。繰り返し指定できます。",
    "help.option.runs": "ベースが知らない結果のフォルダー、またはそれらを含むフォルダー。繰り返し指定できます。",
    "help.option.anonymity": "これより小さいグループの人を除きます。指定がなければ一覧に示すだけです。",
}
