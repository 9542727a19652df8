"""The base: what custseg remembers from run to run, in one file of an embedded database."""

from custseg.base.lists import NewList, previous_file, previous_list, successors, write_lists
from custseg.base.model import ListState, RunEntry, SentFile
from custseg.base.said import suppression_sizes, write_consents, write_suppressions
from custseg.base.store import Base

__all__ = [
    "Base",
    "ListState",
    "NewList",
    "RunEntry",
    "SentFile",
    "previous_file",
    "previous_list",
    "successors",
    "suppression_sizes",
    "write_consents",
    "write_lists",
    "write_suppressions",
]
