"""Words of the gates."""

MESSAGES = {
    "gates.form": (
        "--fail-on {given} is no gate.",
        "Write a measure, >, and a number or a percentage, such as 'quarantined>1%'. Measures: {measures}.",
    ),
    "gates.failed": (
        "The gate {gate} did not hold: {value}. The outputs are written.",
        "Look at the report; loosen --fail-on if this is as it should be.",
    ),
}
