"""Why two records are, or are not, one customer."""

MESSAGES = {
    "verdict.decided_same": "A person decided “same”, which counts more than any weight.",
    "verdict.decided_different": "A person decided “different”, which counts more than any weight.",
    "verdict.link": "Their own weight is enough (threshold {threshold}).",
    "verdict.through": "By way of {records}: every link of this chain is enough (threshold {threshold}).",
    "verdict.through_decided": "By way of {records}: of this chain a person decided “same” at least once.",
    "verdict.same_source": "Both stand in one file; --link-only joins records of different files only.",
    "verdict.weight": "Their weight is too low (threshold {threshold}).",
    "verdict.no_link": "No link between the two customers is enough (threshold {threshold}; the best: {weight} bits).",
    "verdict.mean": "All links between the two customers, taken together, speak against it ({weight} bits on average; pairs: {pairs}).",
    "verdict.decided_between": "A person decided “different” about two of their records: {records}.",
    "verdict.sources_between": "--link-only takes one record a file, and the two customers have two of one: {records}.",
    "verdict.not_compared": "No key of this run brought them together: they were not compared.",
    "verdict.skipped": "Too many records share the keys that they have in common: they were not compared.",
    "verdict.recut": "Their group of records was too large and was cut more strictly.",
}
