"""Words of the command line: labels, stages, errors of use."""

MESSAGES = {
    "cli.error": "error",
    "cli.warning": "warning",
    "cli.bug": "a fault in custseg itself ({place}); nothing was written. Run again with --verbose for the details and report them.",
    "cli.role_form": (
        "--role {given} names no role.",
        "Write it as --role COLUMN=ROLE, for instance --role tel=phone.",
    ),
    "cli.isolated_and_config": (
        "--isolated and --config exclude each other.",
        "Drop one of them.",
    ),
    "cli.files_missing": (
        "No file is named.",
        "Name one or more, - for standard input, or --roles for the list of roles.",
    ),
    "cli.record_form": (
        "{given} does not name a record.",
        "Write FILE:ROW as in records.*, for instance store.csv:12.",
    ),
    "engine.out_of_memory": (
        "The machine's memory is exhausted.",
        "Close other programs, set --memory-limit, or split the input.",
    ),
    "cli.two_configs": "Name the config file once: as CONFIG or with --config.",
    "stage.publish": "Publishing",
    "stage.read": "Reading",
    "stage.fields": "Recognizing columns",
    "stage.standardize": "Standardizing",
    "stage.match": "Matching",
    "stage.merge": "Merging",
    "stage.assess": "Assessing",
    "stage.lists": "making lists",
    "stage.consent": "checking consent",
    "stage.platforms": "writing for platforms",
    "stage.measure": "measuring",
    "stage.write": "Writing",
    "stage.generate": "Making the demo's files",
    "stage.segment": "Segmenting",
    "stage.customers": "Reading the customers",
    "stage.orders": "Reading the orders",
    "stage.profile": "Profiling the customers",
    "stage.tables": "Making the tables",
    "stage.forecast": "Forecasting",
    "stage.analyses": "Comparing periods and groups",
    "stage.evaluate": "Evaluating",
}
