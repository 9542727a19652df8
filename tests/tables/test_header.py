"""The columns of a file are those that reading all of it gives."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg.errors import CustsegError
from custseg.tables import atomic_file, read_header, read_table, write_table
from custseg.tables.model import Format

LONG = pa.table({"氏名": ["山田 太郎"] * 90_000, "メモ": ['"a", b'] * 90_000})


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp932"])
def test_the_header_is_that_of_the_whole_file(
    format_: Format, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{format_}"
    with atomic_file(path) as file:
        table = LONG if format_ != "xlsx" else LONG.slice(0, 50)
        write_table(table, file, format=format_, encoding="utf-8")
    if format_ == "csv":
        path.write_bytes(path.read_bytes().decode().encode(encoding))
    assert read_header(path) == ("氏名", "メモ")
    assert read_header(path) == tuple(read_table(path).table.column_names)


def test_packed_files(tmp_path: Path) -> None:
    content = "a,b\n" + "1,2\n" * 400_000
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(content.encode()))
    with (
        pa.OSFile(str(tmp_path / "a.csv.zst"), "wb") as file,
        pa.CompressedOutputStream(file, "zstd") as stream,
    ):
        stream.write(content.encode())
    for name in ("a.csv.gz", "a.csv.zst"):
        assert read_header(tmp_path / name) == ("a", "b")


BROKEN = {
    "empty": b"",
    "half a gzip": gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:-30],
    "half a parquet": b"PAR1" + b"\x15\x04" * 50,
    "png": b"\x89PNG\r\n\x1a\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_cannot_be_read_says_the_same_as_ever(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(BROKEN[kind])
    with pytest.raises(CustsegError) as whole:
        read_table(path)
    with pytest.raises(CustsegError) as header:
        read_header(path)
    assert header.value.key == whole.value.key


def test_the_names_are_those_of_the_reader(tmp_path: Path) -> None:
    pq.write_table(pa.table({" 氏名 ": ["a"], "b": ["c"]}), tmp_path / "a.parquet")
    expected = tuple(read_table(tmp_path / "a.parquet").table.column_names)
    assert read_header(tmp_path / "a.parquet") == expected
