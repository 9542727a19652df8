"""Reading and writing tables: any export in, complete files out."""

from custseg.tables.inputs import Input, expand_inputs
from custseg.tables.model import FORMATS, Format, Note, ReadOptions, TableRead
from custseg.tables.parsed import PROBLEMS
from custseg.tables.read import read_table

__all__ = [
    "FORMATS",
    "PROBLEMS",
    "Format",
    "Input",
    "Note",
    "ReadOptions",
    "TableRead",
    "expand_inputs",
    "read_table",
]
