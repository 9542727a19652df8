"""The bytes of an input, unpacked within bounds, and what kind of file they are."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple

import pyarrow as pa

from custseg.errors import InputError, LimitError

Kind = Literal["text", "parquet", "xlsx"]

MAX_RATIO: Final = 250
"""How many times its size a packed file may grow. Customer tables grow 3 to 30 times."""

RATIO_FREE_BYTES: Final = 64 << 20
"""Below this unpacked size any ratio is harmless: a short file of one repeated value."""

_CHUNK: Final = 1 << 20

_FOREIGN: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel 97-2003 (.xls)"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"{\\rtf", "RTF"),
)

# Behind the four letters, which may also begin a column's name, stands a control character.
_PARQUET: Final = re.compile(rb"PAR1(?:[\x00-\x08\x0e-\x1f]|$)")

_MARKUP: Final = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<table", "HTML"),
    (b"<?xml", "XML"),
)
_NOT_BLANK: Final = re.compile(rb"[^\x00\r\n\t ]")
_JSON: Final = re.compile(rb'\[?\s*\{\s*"|\[\s*\[')


class Content(NamedTuple):
    """An input's bytes, unpacked, with the facts of the stored file."""

    data: bytes
    kind: Kind
    compression: str
    sha256: str
    stored: int


def read_content(source: Path | BinaryIO, name: str, max_bytes: int) -> Content:
    """Read and unpack an input, and tell its kind by its first bytes.

    Raises
    ------
    InputError
        If it is missing, unreadable, empty, damaged, or of a kind that is no table.
    LimitError
        If it is larger than `max_bytes`, or grows suspiciously when unpacked.
    """
    stored = _read_all(source, name, max_bytes)
    data, compression = _unpack(stored, name, max_bytes)
    if not _NOT_BLANK.search(data):
        raise InputError("tables.empty", name=name)
    return Content(
        data,
        _kind(data, name),
        compression,
        hashlib.sha256(stored).hexdigest(),
        len(stored),
    )


def _read_all(source: Path | BinaryIO, name: str, max_bytes: int) -> bytes:
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                return _read_bounded(file, name, max_bytes)
        return _read_bounded(source, name, max_bytes)
    except FileNotFoundError as error:
        raise InputError("tables.not_found", path=str(source)) from error
    except IsADirectoryError as error:
        raise InputError("tables.is_folder", path=str(source)) from error
    except PermissionError as error:
        raise InputError("tables.not_readable", path=str(source)) from error
    except MemoryError as error:
        raise LimitError("tables.memory", name=name) from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        detail = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else ""
        raise InputError("tables.read_failed", name=name, detail=detail) from error


def _read_bounded(file: BinaryIO, name: str, max_bytes: int) -> bytes:
    try:
        status = os.fstat(file.fileno())
    except (OSError, AttributeError):  # an object in memory has no descriptor
        status = None
    if status is not None and stat.S_ISREG(status.st_mode) and status.st_size <= max_bytes:
        return file.read()
    return _join(iter(lambda: file.read(_CHUNK), b""), name, max_bytes)


def _join(
    chunks: Iterator[bytes], name: str, max_bytes: int, packed_bytes: int | None = None
) -> bytes:
    """Join chunks; refuse at `max_bytes`, and where packed data grows like a bomb."""
    joined = bytearray()
    for chunk in chunks:
        joined += chunk
        if len(joined) > max_bytes:
            raise LimitError("tables.too_large", name=name, limit=max_bytes >> 20)
        if packed_bytes is not None and grows_like_a_bomb(len(joined), packed_bytes):
            raise LimitError("tables.bomb", name=name, ratio=MAX_RATIO)
    return bytes(joined)


def grows_like_a_bomb(unpacked: int, packed: int) -> bool:
    """Tell whether unpacking grew past what honest data does."""
    return unpacked > RATIO_FREE_BYTES and unpacked > MAX_RATIO * packed


def _unpack(data: bytes, name: str, max_bytes: int) -> tuple[bytes, str]:
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
                chunks = iter(lambda: file.read(_CHUNK), b"")
                return _join(chunks, name, max_bytes, len(data)), "gzip"
        if data.startswith(b"\x28\xb5\x2f\xfd"):
            with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
                chunks = iter(lambda: stream.read(_CHUNK), b"")
                return _join(chunks, name, max_bytes, len(data)), "zstd"
    except (EOFError, OSError, zlib.error, pa.ArrowException) as error:
        raise InputError("tables.archive_damaged", name=name) from error
    except MemoryError as error:
        raise LimitError("tables.memory", name=name) from error
    return data, ""


def _kind(data: bytes, name: str) -> Kind:
    if _PARQUET.match(data):
        return "parquet"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data, name)
    for magic, what in _FOREIGN:
        if data.startswith(magic):
            raise InputError("tables.foreign_format", name=name, what=what)
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for opening, what in _MARKUP:
        if start.startswith(opening):
            raise InputError("tables.foreign_format", name=name, what=what)
    if _JSON.match(start):
        raise InputError("tables.foreign_format", name=name, what="JSON")
    return "text"


def _kind_of_zip(data: bytes, name: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError("tables.archive_damaged", name=name) from error
    if "xl/workbook.xml" in members:
        return "xlsx"
    raise InputError("tables.foreign_format", name=name, what="ZIP")
