"""Reading and writing tables: any export in, complete files out."""

from custseg.tables.encode import Unwritable
from custseg.tables.files import atomic_file
from custseg.tables.header import read_header
from custseg.tables.inputs import Input, expand_inputs
from custseg.tables.manifest import (
    MANIFEST,
    InputRecord,
    Manifest,
    OutputRecord,
    read_manifest,
    run_id,
)
from custseg.tables.model import FORMATS, Format, Note, ReadOptions, RowsAs, TableRead
from custseg.tables.parsed import PROBLEMS
from custseg.tables.read import read_frame, read_table
from custseg.tables.runs import RunFolder
from custseg.tables.write import write_table

__all__ = [
    "FORMATS",
    "MANIFEST",
    "PROBLEMS",
    "Format",
    "Input",
    "InputRecord",
    "Manifest",
    "Note",
    "OutputRecord",
    "ReadOptions",
    "RowsAs",
    "RunFolder",
    "TableRead",
    "Unwritable",
    "atomic_file",
    "expand_inputs",
    "read_frame",
    "read_header",
    "read_manifest",
    "read_table",
    "run_id",
    "write_table",
]
