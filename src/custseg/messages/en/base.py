"""Errors and words of the base."""

MESSAGES = {
    "base.is_folder": (
        "{path} is a folder, and a base is a file.",
        "Name a file, such as base.duckdb.",
    ),
    "base.not_found": (
        "There is no base at {path}.",
        "A base is made by `custseg clean … --base FILE`.",
    ),
    "base.unfinished": (
        "Another program changed the base {path} and has not finished, or ended in the middle.",
        "Close that program; or open the base with it once more, run CHECKPOINT, and close it.",
    ),
    "base.in_use": (
        "Another program has the base {path} open for writing.",
        "Close it there, or open it read-only.",
    ),
    "base.changed_meanwhile": (
        "Another program changed the base {path} during this run; nothing of this run was kept.",
        "Run it again while no other program writes to the base.",
    ),
    "base.damaged": (
        "The base {path} is damaged, or is no DuckDB file.",
        "Name the right file, or take the base from a backup.",
    ),
    "base.not_a_base": (
        "{path} is a database, but no base of custseg.",
        "Name the file that `custseg clean … --base FILE` made.",
    ),
    "base.newer": (
        "The base {path} was made by a newer version of custseg.",
        "Update custseg.",
    ),
}
