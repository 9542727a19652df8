"""Errors of the configuration, and what each setting is for."""

MESSAGES = {
    "config.not_toml": (
        "{file} is not valid TOML: {problem}.",
        'Check that line; text stands in quotation marks, as in lang = "ja".',
    ),
    "config.not_utf8": (
        "{file} is not UTF-8 text.",
        "Save the file again as UTF-8.",
    ),
    "config.unreadable": (
        "The config file {file} cannot be read: {problem}.",
        "Check the path given with --config, or use --isolated to run without one.",
    ),
    "config.not_a_table": (
        "{setting} in {file} is not a section.",
        "Write it as [{setting}] on a line of its own, with its settings below.",
    ),
    "config.unknown_key": (
        "There is no setting {setting} ({file}).",
        "Did you mean {nearest}? `custseg config show` lists every setting.",
    ),
    "config.bad_value": (
        "The setting {setting} cannot be {value} (from: {origin}).",
        "It takes: {wanted}.",
    ),
    "config.review_above_threshold": (
        "match.review ({review}) is above match.threshold ({threshold}).",
        "Pairs from the review threshold up to the match threshold go to review.csv; lower --review.",
    ),
    "config.about.input.encoding": "Character encoding of text files; found by content where not given.",
    "config.about.input.delimiter": "Character between cells; found by content where not given.",
    "config.about.input.sheet": "Name of the Excel sheet to read; the first one where not given.",
    "config.about.input.on_bad_rows": "What to do with rows that cannot be read.",
    "config.about.output.format": "Format of the tables written; the input's own where not given.",
    "config.about.output.encoding": "Character encoding of CSV files written.",
    "config.about.output.lang": "Language of reports; the locale's where not given.",
    "config.about.output.provenance": "Also write which record each value of a customer comes from.",
    "config.about.standardize.country": "Default country (ISO code such as JP, US, GB); judged from the data where not given.",
    "config.about.standardize.phone_format": "How phone numbers are written: +81312345678 or 03-1234-5678.",
    "config.about.match.threshold": "Probability from which two records are joined.",
    "config.about.match.review": "Probability from which a pair goes to review.csv.",
    "config.about.match.link_only": "Join records of different files only; each file is known to be free of duplicates.",
    "config.about.match.source_priority": "Files whose values win in a golden record, the best first.",
    "config.about.segment.as_of": "Reference date (YYYY-MM-DD); the day after the last order where not given.",
    "config.about.segment.method": "How scores are cut.",
    "config.about.segment.bins": "Number of scores.",
    "config.about.segment.map": "Segment map: default, map_125, or one of your own under [maps].",
    "config.about.segment.clusters": "Number of clusters, auto to choose it, or none.",
    "config.about.segment.transform": "How features are transformed before k-means.",
    "config.about.segment.orders_by": "Without order numbers: each row is an order, or all rows of a customer and day.",
    "config.about.segment.features": "Features that clusters are made of: recency_days, frequency, monetary, or numbers of the profile.",
    "config.about.segment.horizon": "Days that forecasts of purchases look ahead.",
    "config.about.run.threads": "Processors to use; all where not given.",
    "config.about.run.memory_limit": "Memory for joins before they spill to disk, such as 2GB.",
}
