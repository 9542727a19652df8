"""What is wrong with a command line, and the titles of its help."""

MESSAGES = {
    "usage.no_option": (
        "{command} に {name} というオプションはありません。",
        "近いもの: {near}",
    ),
    "usage.strange_option": (
        "{command} に {name} というオプションはありません。",
        "一覧は `{command} -h` で確認できます。",
    ),
    "usage.no_command": (
        "{command} に {name} というコマンドはありません。",
        "近いもの: {near}",
    ),
    "usage.missing": (
        "{name} が指定されていません。",
        "書き方は `{command} -h` で確認できます。",
    ),
    "usage.no_value": (
        "{name} の後に値が必要です。",
        "指定できる値は `{command} -h` で確認できます。",
    ),
    "usage.value_too_much": (
        "{name} には値を付けられません。",
        "{name} だけを書いてください。書き方は `{command} -h` で確認できます。",
    ),
    "usage.surplus": (
        "余分な指定があります: {words}",
        "空白を含む名前は引用符で囲んでください。書き方は `{command} -h` で確認できます。",
    ),
    "usage.no_choice": (
        "{name} にこの値は指定できません。",
        "指定できる値: {choices}",
    ),
    "usage.no_day": (
        "{name} には日付を指定してください。",
        "書き方: YYYY-MM-DD（例: 2026-04-01）",
    ),
    "usage.no_number": (
        "{name} には範囲内の数値を指定してください。",
        "指定できる範囲は `{command} -h` で確認できます。",
    ),
    "usage.other": (
        "コマンドの書き方に誤りがあります: {why}",
        "書き方は `{command} -h` で確認できます。",
    ),
    "usage.title.usage": "使い方",
    "usage.title.arguments": "引数",
    "usage.title.options": "オプション",
    "usage.title.commands": "コマンド",
    "usage.required": "（必須）",
    "usage.show_help": "このヘルプを表示して終わります。",
    "usage.install_completion": "使用中のシェルに入力補完を設定します。",
    "usage.show_completion": "入力補完の設定を表示します（コピーや変更をする場合）。",
}
