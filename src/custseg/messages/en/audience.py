"""Errors, warnings and words of consent, lists and platform files."""

MESSAGES = {
    "audience.ledger_column": (
        "{name} has no column for the {column}; its columns are: {found}.",
        "A ledger of consents needs identifier and status, and may have channel and at; a list of opt-outs needs identifier.",
    ),
    "audience.suppression_empty": (
        "The list of opt-outs {name} names nobody.",
        "Nothing is sent while it may be incomplete. Export it again, or leave --suppress out if there is none.",
    ),
    "audience.warn.unknown_status": "{name}: {rows} rows have a status that is not known; each counts as a refusal.",
    "audience.warn.unknown_channel": "{name}: {rows} rows have a channel that is not known; a refusal there counts for every channel, a permission for none.",
    "audience.warn.undated": "{name}: {rows} rows have no readable time; a refusal there holds for good, a permission is older than any refusal.",
    "audience.warn.no_identifier": "{name}: {rows} rows name nobody.",
    "audience.warn.unknown_words": "{cells} cells of consent columns have a word that is not known; each counts as a refusal.",
}
