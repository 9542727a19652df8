"""What reading a table takes and gives."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, NamedTuple, Protocol

import pyarrow as pa

from custseg.engine import ParquetScan
from custseg.errors import UsageError
from custseg.tables.layout import Layout

MAX_BYTES: Final = 8 << 30
"""Default bound on the size of an input, after unpacking: it is held in memory."""

QUARANTINE_SCHEMA: Final = pa.schema(
    [
        ("source", pa.string()),
        ("line", pa.int64()),
        ("problem", pa.string()),
        ("text", pa.string()),
    ]
)

DELIMITER_NAMES: Final = {
    "comma": ",",
    "tab": "\t",
    "\\t": "\t",
    "semicolon": ";",
    "pipe": "|",
    "space": " ",
}

# People say Shift_JIS and mean what Windows writes: with ①, ㈱ and 髙.
_ENCODING_NAMES: Final = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "s_jis": "cp932",
    "x-sjis": "cp932",
    "ms932": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "jis": "iso2022_jp_ext",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
}

Format = Literal["csv", "parquet", "xlsx"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "parquet", "xlsx")


class RowsAs(Protocol):
    """Makes a table of rows of cells that no header names, as many in each as there are."""

    def fit(self, rows: Sequence[Sequence[str]]) -> bool:
        """Tell whether the first rows are of the kind it knows."""

    def table(self, rows: Sequence[Sequence[str]], name: str) -> pa.Table:
        """Make the table of all rows of the file called `name`; all its columns are text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read; everything left None is found from the content.

    Attributes
    ----------
    encoding
        Encoding of delimited text. ``shift_jis`` and its other names mean cp932.
    delimiter
        One character, or its name: ``comma``, ``tab``, ``semicolon``, ``pipe``, or ``space`` for
        runs of spaces.
    columns
        Names of the columns of texts and sheets without a header; none where the first row has
        them.
    sheet
        Name of the sheet of an Excel file; None for the first.
    on_bad_rows
        ``"quarantine"`` sets rows that cannot be read apart, ``"fail"`` refuses the file.
    allow_empty
        Accept a header without rows (for a list that may be empty, such as decisions).
    list_without_header
        Accept a value where the name of a lone column should stand (for lists of addresses).
    max_bytes
        Bound on the input's size after unpacking.
    typed
        Whether columns of Parquet that hold numbers, days or truth values keep their type.
    keep
        Whether the columns of Parquet stay beside their text (:attr:`TableRead.given`). Those
        that have none (lists, structures, raw bytes) are then empty as text, and no error.
    scan_rows
        Parquet files of at least so many rows stay on disk, typed, for queries to read
        (:attr:`TableRead.scan`); None reads every file.
    store_in, store_bytes
        With `scan_rows`: delimited texts of at least so many bytes are taken to a Parquet file
        in this folder, and stay there as such a file does.
    rows_as
        Makes a table of texts and sheets without a header whose rows it knows; None for none.
    sha256
        Gives the hash of a file that stays on disk; None has it made.

    Raises
    ------
    UsageError
        If the encoding is unknown, the delimiter is not one character, or `on_bad_rows` is
        another word.
    """

    encoding: str | None = None
    delimiter: str | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    on_bad_rows: Literal["quarantine", "fail"] = "quarantine"
    allow_empty: bool = False
    list_without_header: bool = False
    max_bytes: int = MAX_BYTES
    typed: bool = False
    keep: bool = False
    scan_rows: int | None = None
    store_in: Path | None = None
    store_bytes: int = 0
    rows_as: RowsAs | None = None
    sha256: Callable[[Path], str] | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None:
            object.__setattr__(self, "encoding", codec_name(self.encoding))
        if self.delimiter is not None:
            object.__setattr__(self, "delimiter", _one_character(self.delimiter))
        if self.on_bad_rows not in ("quarantine", "fail"):
            raise UsageError("tables.unknown_on_bad_rows", value=self.on_bad_rows)


class Note(NamedTuple):
    """Something worth saying about an input: a message's key and its fields."""

    key: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRead:
    """A table as read, with what was found on the way.

    Attributes
    ----------
    table
        Every column ``pa.string()``, unless types were asked for; an empty cell is null.
    rows
        int64, one a row of `table`: its 1-based number in the file, the header not counted.
        Rows in quarantine keep their number, so that numbers may be missing here. Blank
        lines of delimited text have no number; blank rows of a sheet have one.
    name
        What the ``source`` column calls this input.
    format
        ``"csv"`` (delimited text of any delimiter), ``"parquet"``, ``"xlsx"``, or
        ``"pandas"`` for a frame that was in memory.
    compression
        ``""``, ``"gzip"`` or ``"zstd"``.
    encoding, delimiter
        Of delimited text; ``""`` otherwise.
    layout
        How delimited text was written; None otherwise.
    sheet
        Name of the sheet read; ``""`` where there are none.
    quarantine
        Rows that could not be read: `source`, `line` (1-based, as an editor counts), `problem`
        (a code of :data:`custseg.tables.PROBLEMS`), `text`.
    sha256, bytes
        Of the file as it is stored; of a frame, of its text in Arrow's form.
    notes
        What a reader should know: the extension is wrong, characters were undecodable.
    given
        The columns of Parquet, or of a frame, as they were, under the names they have in `table`;
        None where they are not kept.
    scan
        The file itself, where its rows were not read: `table` then has its names and its
        number of rows, and no cells, and `rows` is empty.
    """

    table: pa.Table
    rows: pa.Array
    name: str
    format: Format | Literal["pandas"]
    compression: str = ""
    encoding: str = ""
    delimiter: str = ""
    layout: Layout | None = None
    sheet: str = ""
    quarantine: pa.Table
    sha256: str
    bytes: int
    notes: tuple[Note, ...] = ()
    given: pa.Table | None = None
    scan: ParquetScan | None = None

    def without_cells(self) -> TableRead:
        """Give what is known of the input, its table empty but of the same size."""
        nothing = pa.nulls(self.table.num_rows)
        empty = pa.table(dict.fromkeys(self.table.column_names, nothing))
        return replace(self, table=empty, given=None)


def codec_name(encoding: str) -> str:
    """Give the codec that people mean by `encoding`.

    Raises
    ------
    UsageError
        If there is no such text encoding.
    """
    folded = encoding.strip().lower()
    folded = _ENCODING_NAMES.get(folded, folded)
    try:
        codec = codecs.lookup(folded)
        "".encode(codec.name)  # refuses codecs that are not text encodings, such as hex
    except (LookupError, ValueError) as error:
        raise UsageError("tables.unknown_encoding", encoding=encoding) from error
    # utf-8-sig reads files with and without the mark alike.
    return folded if folded in ("utf-8-sig", "cp932", "cp1252") else codec.name


def _one_character(delimiter: str) -> str:
    character = DELIMITER_NAMES.get(delimiter.lower(), delimiter)
    if len(character) != 1 or character in '"\r\n\0':
        raise UsageError("tables.bad_delimiter", delimiter=delimiter)
    return character
