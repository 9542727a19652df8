"""Errors, warnings and words of privacy: forgetting, the audit log, pseudonyms, keys."""

MESSAGES = {
    "privacy.two_keys": (
        "CUSTSEG_KEY と CUSTSEG_KEY_FILE の両方が設定されています。",
        "どちらか一方だけを設定してください。",
    ),
    "privacy.no_key": (
        "秘密鍵が必要です。",
        "環境変数 CUSTSEG_KEY に鍵を入れるか、鍵のファイルを CUSTSEG_KEY_FILE で指定してください（作り方：`(umask 077; openssl rand -hex 32 > custseg.key)`）。鍵が変わると削除済みの人を見分けられなくなるため、大切に保管してください。",
    ),
    "privacy.key_mode": (
        "鍵のファイル {path} を他のユーザーも読めます（モード {mode}）。",
        "chmod 600 {path}",
    ),
    "privacy.key_unreadable": (
        "鍵のファイル {path} を読めません。",
        "読み取れるファイルを CUSTSEG_KEY_FILE に指定してください。",
    ),
    "privacy.key_short": (
        "鍵が {least} バイト未満です。",
        "`openssl rand -hex 32` で作成してください。",
    ),
    "privacy.wrong_key": (
        "削除したときの鍵と違うため、削除済みの人を見分けられません。",
        "CUSTSEG_KEY または CUSTSEG_KEY_FILE に、当時の鍵を設定してください。",
    ),
    "privacy.warn.forgotten": "削除済みの人の行を除きました：{rows} 行",
    "privacy.nobody": (
        "指定の {place} 番目の人は、ベースにも指定した結果にも見つかりません。",
        "書き方を確かめるか、--run で結果のフォルダーを追加してください。すでに削除した人は、どこにも残っていません。",
    ),
    "privacy.several": (
        "指定の {place} 番目は、{count} 人が使っている宛先または番号です。",
        "代わりに ID で 1 人を指定してください: {ids}",
    ),
    "privacy.whom": (
        "対象の人が指定されていません。",
        "--id ID を指定するか、1 行に 1 つの ID・メールアドレス・電話番号を書いたファイルを渡してください（- で標準入力から読みます）。",
    ),
    "privacy.no_audit": (
        "監査ログ {path} がありません。",
        "--base を付けた最初のコマンドが、ベースと同じ場所にログと先頭情報を作ります。以前はあった場合は、誰かが取り除いています。",
    ),
    "privacy.audit_broken": (
        "監査ログ {path} は、前回の記録の後に変更または切り詰められています。追記していません。",
        "`custseg audit verify` で内容を確かめ、ファイルを .head と一緒に別の場所に保管してから、新しく始めてください。",
    ),
    "privacy.no_people": (
        "{path}（`custseg {command}` の結果）には顧客の表がありません。",
        "`custseg clean` または `custseg segment` の結果のフォルダーを指定してください。",
    ),
    "privacy.people_unreadable": (
        "対象者のファイル {path} を読めません。",
        "1 行に 1 つの ID・メールアドレス・電話番号を書いた UTF-8 のテキストファイルか、標準入力を表す - を指定してください。",
    ),
    "privacy.nobody_left": (
        "すべてのグループが {k} 人未満のため、誰も残りません。",
        "--k を小さくするか、先に列を減らしてください。",
    ),
    "privacy.report.people": "削除した人数",
    "privacy.report.base_rows": "ベースから削除した行",
    "privacy.report.run": "結果から削除",
    "privacy.report.log": "監査ログ",
    "privacy.report.tombstones": "再取り込みを防ぐ目印（個人情報は含みません）",
    "privacy.report.shared": "他の人も使っているため残した宛先・番号",
    "privacy.report.removal": "媒体にアップロードしてから削除するファイル",
    "privacy.report.rows": "行数",
    "privacy.report.left": "お手元の元データ・バックアップと、媒体側のデータはそのままです。それぞれで削除してください。これは法的な助言ではありません。",
    "privacy.report.ids": "顧客 ID",
    "privacy.report.in_base": "ベース: {table}",
    "privacy.report.sent": "媒体への送信",
    "privacy.report.never_sent": "媒体に送ったものはありません。",
    "privacy.report.audit_sound": "記録されたときのままです",
    "privacy.report.audit_changed": "変更された行: {lines}",
    "privacy.report.audit_cut": "末尾から失われた行数: {count}",
    "privacy.report.audit_head": "最後の行が、別に保管した先頭情報と一致しません",
    "privacy.report.alike": "見分けに使われうる列",
    "privacy.report.k": "k（最小グループの人数）",
    "privacy.report.small": "{k} 人未満のグループが {groups} 個（{rows} 人）あります。small_groups.csv を確認してください。--k {k} で除けます",
    "privacy.report.suppressed": "{k} 人未満の {groups} グループ、{rows} 人を除きました",
    "privacy.removed.direct": "除いた列（本人や所在がわかる）",
    "privacy.removed.sensitive": "除いた列（要配慮個人情報）",
    "privacy.removed.identifying": "除いた列（値がほぼ一人ずつ違う）",
    "report.count.place.one": "{count} か所",
    "report.count.place.many": "{count} か所",
}
