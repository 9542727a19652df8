"""Matching."""

MESSAGES = {
    "match.model_format": (
        "The match model has format {format}, which this version cannot read.",
        "Fit it again by running without --match-model, or update custseg.",
    ),
    "match.model_unreadable": (
        "The match model file is not a match model.",
        "Use the match_model.json of an earlier run.",
    ),
    "match.placeholders": (
        "{values} values in {columns} stand under many different names ({records} records). "
        "They are taken for placeholders and are no evidence in matching."
    ),
    "match.oversize": (
        "{count} groups of records were too large (the largest: {largest} records) and were cut "
        "more strictly."
    ),
    "match.skipped_blocks": (
        "{blocks} groups of records that share too common a value were not compared by it (most "
        "of them share {key}: {records} records). The records were still compared by the other "
        "keys."
    ),
    "match.fallback": (
        "The data do not carry a fit of the matching model ({reason}). Cautious expectations are "
        "used instead; please look at the review file."
    ),
    "match.reason_few_pairs": "too few candidate pairs",
    "match.reason_thin": "the columns say too little about a person",
    "match.reason_not_matches": "what was fitted does not look like records of one person",
}
