"""Words of the gates."""

MESSAGES = {
    "gates.form": (
        "--fail-on {given} は条件として読めません。",
        "指標、>、数値または百分率の順に書いてください。例: 'quarantined>1%'。指標: {measures}",
    ),
    "gates.failed": (
        "条件 {gate} に該当しました（{value}）。結果は書き出してあります。",
        "レポートを確かめ、問題がなければ --fail-on を緩めてください。",
    ),
}
