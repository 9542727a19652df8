"""Events, warnings and errors of the jobs."""

MESSAGES = {
    "clean.read": "{name}: {encoding}, rows: {rows}, columns: {columns}, unreadable: {quarantined}",
    "inputs.no_table": (
        "An input is a {kind}, which is neither a path nor a table.",
        "Give paths, a pandas or Arrow table, or a dictionary of tables by name.",
    ),
    "clean.orders": (
        "{name} holds orders, not customers: each line would become a customer.",
        "Give it to `custseg segment --orders`, and the file of customers to `custseg clean`.",
    ),
    "clean.no_people": (
        "None of the columns of {name} tells who a person is.",
        "Name at least one, for instance --role COLUMN=person_name or --role COLUMN=email; `custseg fields` shows the guesses.",
    ),
    "standardize.one_file": (
        "{count} tables cannot go into one file.",
        "Give one input, or write to a folder with -o FOLDER.",
    ),
    "undo.not_standardized": (
        "{path} holds a run of `custseg {command}`.",
        "Undo needs the folder of a `custseg standardize` run.",
    ),
    "undo.quarantined": "{name}: {count} rows that could not be read are not in it; they stand in quarantine.csv",
    "undo.compressed": "{name}: the input was compressed ({compression}); this is the text that was in it, as plain CSV",
    "undo.excel": "{name}: every value of the sheet that was read is back, as text; formats, formulas, other sheets and lines above the header are in the input alone",
    "undo.parquet_as_text": "{name}: every value is back, as text; with -o NAME.parquet also the types",
    "undo.other_bytes": "{name}: every value is back, but the bytes are not those of the input: its quotes, blank lines, lines above the header or line ends followed no one rule.",
    "undo.which_source": (
        "{path} holds several inputs.",
        "Name one with --source: {sources}.",
    ),
    "runs.no_table": (
        "The run {path} has no {name}.",
        "Make the run again with this version of custseg.",
    ),
    "runs.damaged": (
        "{path} is damaged.",
        "Make the run again.",
    ),
    "runs.other_version": (
        "{path} was written by another version of custseg.",
        "Make the run again with this one.",
    ),
    "runs.replaced": "{count} characters in {files} files do not exist in the encoding asked for and were written as 〓: unwritable.csv lists each with its row. --output-encoding utf-8 keeps them.",
    "runs.unwritable": "{name}: {count} characters do not exist in this encoding and were replaced, the first at {places}",
    "explain.no_record": (
        "The run {path} has no record {record}.",
        "Write FILE:ROW as in records.*; the files are: {sources}.",
    ),
    "explain.one_record": (
        "{record} is given twice.",
        "Name two records: links.* and review.csv list pairs.",
    ),
    "explain.not_clean": (
        "{path} holds a run of `custseg {command}`.",
        "Explaining needs the folder of a `custseg clean` or `custseg dedupe` run.",
    ),
    "evaluate.which_person": (
        "{name} has several columns that could name the person: {columns}.",
        "Name it with --truth-id.",
    ),
    "evaluate.no_column": (
        "{name} has no column {column}.",
        "It has: {columns}.",
    ),
    "evaluate.no_key": (
        "Nothing in {name} says which record a row speaks of.",
        "Give columns source and row, or name the column with the records' own id with --truth-key; "
        "for a row a pair: left, right (FILE:ROW) and decision (same, different).",
    ),
    "evaluate.no_pairs": (
        "No pair in {name} is decided and of two records of this run.",
        "Give left and right as FILE:ROW or as record ids, and decision as same or different.",
    ),
    "evaluate.no_overlap": (
        "None of the rows of {name} names a record of this run.",
        "Check --truth-key: its values must be those of record_id in records.*.",
    ),
    "report.unknown_run": (
        "{path} holds a run of `custseg {command}`, which has no report.",
        "Give the folder of a clean, dedupe, standardize or segment run.",
    ),
    "demo.exists": (
        "{path} is not empty.",
        "Replace an earlier demo with --force, or name another folder.",
    ),
}
