"""Rules by which the values of merged customers are chosen."""

MESSAGES = {
    "golden.role": (
        "[golden] にある役割 {role} はありません。",
        "{nearest} のことですか。役割の一覧は docs/roles.md にあります。default はその他すべての役割を表します。",
    ),
    "golden.rule": (
        "[golden] の {role} の規則を判断できません: {rule}",
        "次のものをコンマ区切りで書いてください: {choices}",
    ),
    "golden.refusal": (
        "[golden] で {role} の規則は変えられません。拒否は常に優先されます。",
        "設定ファイルからその行を消してください。",
    ),
    "golden.together": (
        "[golden] の {role} と {other} の規則が異なりますが、2 つの値は同じレコードから取ります。",
        "どちらか一方だけに規則を書いてください。",
    ),
}
