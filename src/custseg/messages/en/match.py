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
        "Values of {columns} that stand under many different names are taken for placeholders, "
        "no evidence in matching (values: {values}, records: {records})."
    ),
    "match.oversize": (
        "Groups of records that were too large and were cut more strictly: {count} (records in "
        "the largest: {largest})."
    ),
    "match.crowded_out": (
        "--link-only takes one record a file for each customer, and left sure links aside: {pairs}. Some file "
        "holds people twice; without --link-only they are joined too."
    ),
    "match.model_lacks": (
        "The match model given was fitted without {columns}: no evidence in this run. Fit a model anew by "
        "running without --match-model."
    ),
    "match.skipped_blocks": (
        "Groups of records that share too common a value and were not compared by it: {blocks} "
        "(most of them share {key}; records: {records}). The records were still compared by the "
        "other keys."
    ),
    "match.fallback": (
        "The data do not carry a fit of the matching model ({reason}). Cautious expectations are "
        "used instead; please look at the review file."
    ),
    "match.reason_few_pairs": "too few candidate pairs",
    "match.reason_thin": "the columns say too little about a person",
    "match.reason_not_matches": "what was fitted does not look like records of one person",
    "match.level.missing": "not comparable",
    "match.level.same": "same",
    "match.level.same_very_rare": "same, a very rare value",
    "match.level.same_rare": "same, a rare value",
    "match.level.same_uncommon": "same, an uncommon value",
    "match.level.same_common": "same, a common value",
    "match.level.same_very_common": "same, a very common value",
    "match.level.same_reading": "same reading",
    "match.level.near": "within a month, or a month and ten years",
    "match.level.same_shared": "same, shared by several people",
    "match.level.same_local_part": "same before the @",
    "match.level.variant": "another form of it",
    "match.level.close": "close, as if mistyped",
    "match.level.similar": "similar",
    "match.level.swapped": "family and given name exchanged",
    "match.level.different": "different",
    "match.level.part": "same in part",
    "match.level.year": "same year",
    "match.level.other_unit": "same but for the unit",
    "match.level.other_number": "same but for the numbers",
    "match.level.same_code": "same postal code",
    "match.level.near_code": "near postal code",
    "match.level.same_city": "same city",
    "match.level.region": "same region",
    "match.kind.same_person": "one person",
    "match.kind.moved": "one person who moved",
    "match.kind.household": "two of one household",
    "match.kind.twins": "twins",
    "match.kind.parent_and_child": "parent and child",
    "match.kind.flatmates": "flatmates",
    "match.kind.namesakes": "namesakes",
    "match.kind.namesakes_of_one_year": "namesakes born in the same year",
    "match.kind.namesakes_nearby": "namesakes who live near each other",
    "match.kind.same_birth_date": "two with the same birth date",
    "match.kind.same_birth_date_and_given_name": "two with the same birth date and given name",
    "match.kind.same_birth_date_and_family_name": "two with the same birth date and family name",
    "match.kind.given_name_nearby": "two with the same given name who live near each other",
    "match.kind.family_name_nearby": "two with the same family name who live near each other",
    "match.kind.shared_contact": "two who share a phone",
    "match.kind.shared_email": "two who share an e-mail address",
    "match.kind.neighbors": "neighbors",
    "match.kind.strangers": "strangers",
    "match.key.birth_year": "birth year",
    "match.key.family": "family name",
    "match.key.family_initial": "family initial",
    "match.key.family_prefix": "family start",
    "match.key.family_reading": "family reading",
    "match.key.given": "given name",
    "match.key.given_initial": "given initial",
    "match.key.given_prefix": "given start",
    "match.key.given_reading": "given reading",
    "match.key.both_names": "both names",
    "match.key.postal_code": "postal code",
    "match.key.postal_prefix": "postal start",
    "match.key.house_number": "house number",
    "match.key.street": "street start",
    "match.key.email_local": "e-mail before @",
}
