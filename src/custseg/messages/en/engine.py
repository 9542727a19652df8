"""Errors of the executor."""

MESSAGES = {
    "engine.address_space": (
        "This process may use {limit} MiB of address space (ulimit -v); its libraries alone need {least} MiB.",
        "Raise the limit, or leave it out and set --memory-limit.",
    ),
    "engine.memory": (
        "Not enough memory: the limit of {limit} is reached, also with spilling to disk.",
        "Raise --memory-limit, free disk space for temporary files, or split the input.",
    ),
    "engine.worker_died": (
        "A worker process was stopped by the system, most likely for lack of memory.",
        "Use --threads 1, close other programs, or split the input.",
    ),
    "engine.column_too_long": (
        "A column holds more than 2 GiB of text, which is more than can be worked on at once.",
        "Leave the column out of the file, or split the file.",
    ),
}
