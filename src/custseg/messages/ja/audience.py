"""Errors, warnings and words of consent, lists and platform files."""

MESSAGES = {
    "audience.ledger_column": (
        "{name} に {column} の列がありません。列: {found}",
        "同意の記録には identifier と status の列が必要です（channel と at は任意）。配信停止リストには identifier の列が必要です。",
    ),
    "audience.suppression_empty": (
        "配信停止リスト {name} に宛先が 1 件もありません。",
        "不完全なおそれがある間は何も出力しません。書き出し直すか、リストがない場合は --suppress を外してください。",
    ),
    "audience.warn.unknown_status": "{name}: {rows} 行の状態が読み取れないため、拒否として扱います。",
    "audience.warn.unknown_channel": "{name}: {rows} 行のチャネルが読み取れません。拒否はすべてのチャネルに適用し、同意はどのチャネルにも適用しません。",
    "audience.warn.undated": "{name}: {rows} 行の日時が読み取れません。拒否は常に有効、同意はどの拒否よりも古いものとして扱います。",
    "audience.warn.no_identifier": "{name}: {rows} 行には宛先がありません。",
    "audience.warn.unknown_words": "同意の列の {cells} セルが読み取れないため、拒否として扱います。",
}
