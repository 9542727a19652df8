"""Rules by which the values of merged customers are chosen."""

MESSAGES = {
    "golden.role": (
        "[golden] names the role {role}, which there is not.",
        "Did you mean {nearest}? docs/roles.md lists the roles; default stands for every other one.",
    ),
    "golden.rule": (
        "The rules of {role} in [golden] are not understood: {rule}.",
        "Write some of these, between commas: {choices}.",
    ),
    "golden.refusal": (
        "[golden] cannot change {role}: a refusal wins always.",
        "Take the line out of the config.",
    ),
    "golden.together": (
        "[golden] gives {role} and {other} different rules, but their values come from one record.",
        "Give rules for one of the two.",
    ),
}
