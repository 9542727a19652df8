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
}
