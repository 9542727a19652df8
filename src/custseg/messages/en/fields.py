"""What columns were recognized as, and why."""

MESSAGES = {
    "fields.reason.header": "the header is a word for it",
    "fields.reason.both": "header, and {share:.0%} of values fit",
    "fields.reason.partly": "header, and {share:.0%} of values known",
    "fields.reason.doubt": (
        "the header says so, but only {share:.0%} of the values look like it: please check"
    ),
    "fields.reason.against": (
        "{share:.0%} of the values look like it, although the header says {header_role}: "
        "please check"
    ),
    "fields.reason.content": "{share:.0%} of values fit",
    "fields.reason.fallback": "no other column says this, and the header may mean it",
    "fields.reason.by_email": "nothing else says who ordered: customers are told apart by this",
    "fields.reason.empty": "the header is a word for it; the column is empty",
    "fields.reason.unique_number": "header, and no value repeats",
    "fields.reason.unique_where_filled": "header, and no value stands twice; some cells are empty",
    "fields.reason.unique": "every row has a value, and no value stands twice",
    "fields.reason.repeats": "header; {share:.0%} of the values stand in several rows",
    "fields.reason.given": "given by you",
    "fields.reason.attribute": "a few values that many rows share: it may help in matching",
    "fields.reason.taken": "looks like {role}, which column {by} is already",
    "fields.reason.other_table": "means {role} in a table of orders; not used for people",
    "fields.reason.denied": (
        "the header says {role}, but the values cannot mean that; carried through as it is"
    ),
    "fields.reason.no_values": "the column is empty",
    "fields.reason.none": "not recognized; carried through as it is",
    "fields.warn.against": (
        "{name}, column {column}: standardized as `{role}`, which its values look like, although "
        "the header says `{header_role}`. If that is wrong, name its role under [roles]."
    ),
    "fields.unknown_column": (
        "There is no column named {column}.",
        "Nearest: {nearest}. `custseg fields FILE` shows every column.",
    ),
    "fields.unknown_role": (
        "There is no role named {role}.",
        "Nearest: {nearest}. `custseg fields --roles` lists every role.",
    ),
    "fields.role_twice": (
        "The columns {first} and {second} are both given the role {role}, which a table has "
        "once at most.",
        "Give one of them another role, or `ignore`.",
    ),
    "fields.config.title": "What each column means. Correct it here; the columns are in order.",
}
