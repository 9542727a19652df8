"""The base: what custseg remembers from run to run, in one file of an embedded database."""

from custseg.base.lists import previous_file, previous_list, successors, write_list
from custseg.base.model import ListState, RunEntry, SentFile
from custseg.base.said import suppression_sizes, write_consents, write_suppressions
from custseg.base.store import Base

__all__ = [
    "Base",
    "ListState",
    "RunEntry",
    "SentFile",
    "previous_file",
    "previous_list",
    "successors",
    "suppression_sizes",
    "write_consents",
    "write_list",
    "write_suppressions",
]
