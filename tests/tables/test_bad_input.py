"""Each thing that can be wrong with a file has one clear error; anything else is a bug."""

from __future__ import annotations

import contextlib
import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custseg.errors import CustsegError, InputError, LimitError, UsageError
from custseg.messages import LANGUAGES, error_text
from custseg.tables import ReadOptions, expand_inputs, read_table, write_table

CSV = '氏名,phone,note\n佐藤,03-1234-5678,x\n鈴木,,"a\nb"\n'.encode()
TABLE = pa.table({"a": ["1", "2", None], "b": ["x", "y", "z"]})


def written(kind: str) -> bytes:
    file = io.BytesIO()
    write_table(TABLE, file, format=kind)  # type: ignore[arg-type]
    return file.getvalue()


PARQUET, XLSX, GZIP = written("parquet"), written("xlsx"), gzip.compress(CSV, mtime=0)
ZSTD = pa.compress(CSV, "zstd", asbytes=True)
NESTED = io.BytesIO()
pq.write_table(pa.table({"id": ["1"], "tags": [["x"]]}), NESTED)
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as archive:
    archive.writestr("a.csv", CSV)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "tables.empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "tables.empty"),
        (gzip.compress(b"", mtime=0), "tables.empty"),
        (b"a,b,c\n", "tables.header_only"),
        (b"a,b,a\n1,2,3\n", "tables.duplicate_columns"),
        (b'a,"b\n1,2\n3,4\n', "tables.header_quote"),
        (b"a,\x00b\n1,2\n3,4\n", "tables.header_undecodable"),
        (b"a,b\n1\n2\n3,4\n", "tables.mostly_ragged"),
        ("氏名,x\n佐藤,1\n".encode("cp932"), "tables.header_undecodable"),
        (b"name,x\n" + "佐藤,1\n".encode("cp932") * 3 + b"y,2\n", "tables.mostly_undecodable"),
        (bytes(range(256)) * 20, "tables.binary"),
        (GZIP[:-12], "tables.archive_damaged"),
        (ZSTD[:-6], "tables.archive_damaged"),
        (PARQUET[: len(PARQUET) // 2], "tables.parquet_damaged"),
        (XLSX[: len(XLSX) // 2], "tables.archive_damaged"),
        (NESTED.getvalue(), "tables.not_text"),
        (ZIP.getvalue(), "tables.foreign_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "tables.foreign_format"),
        (b"%PDF-1.7\n", "tables.foreign_format"),
        (b"<!DOCTYPE html><html></html>", "tables.foreign_format"),
        (b'[\n {"a": 1}\n]', "tables.foreign_format"),
    ],
)
def test_bad_files(data: bytes, key: str) -> None:
    encoding = "utf-8" if "decodable" in key else None
    with pytest.raises(InputError) as caught:
        read_table(io.BytesIO(data), ReadOptions(encoding=encoding), name="in.csv")
    assert caught.value.key == key
    for language in LANGUAGES:
        what, fix = error_text(caught.value, language)
        assert "in.csv" in what
        assert fix


def test_an_empty_list_can_be_accepted() -> None:
    read = read_table(io.BytesIO(b"a,b\n"), ReadOptions(allow_empty=True))
    assert read.table.column_names == ["a", "b"]
    assert read.table.num_rows == 0


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"encoding": "klingon"}, "tables.unknown_encoding"),
        ({"encoding": "hex"}, "tables.unknown_encoding"),
        ({"delimiter": "::"}, "tables.bad_delimiter"),
        ({"delimiter": '"'}, "tables.bad_delimiter"),
        ({"on_bad_rows": "ignore"}, "tables.unknown_on_bad_rows"),
    ],
)
def test_bad_options(options: dict[str, str], key: str) -> None:
    with pytest.raises(UsageError) as caught:
        ReadOptions(**options)  # type: ignore[arg-type]
    assert caught.value.key == key


def test_what_is_called_shift_jis_is_read_as_windows_writes_it() -> None:
    read = read_table(
        io.BytesIO("氏名\n①髙橋㈱\n".encode("cp932")), ReadOptions(encoding="Shift_JIS")
    )
    assert read.table.to_pylist() == [{"氏名": "①髙橋㈱"}]
    assert read.encoding == "cp932"


def test_a_missing_sheet_is_answered_with_the_sheets_there_are() -> None:
    with pytest.raises(InputError) as caught:
        read_table(io.BytesIO(XLSX), ReadOptions(sheet="顧客"))
    assert caught.value.key == "tables.no_such_sheet"
    assert caught.value.params["sheets"] == "Sheet1"


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [("a.csv", PARQUET, "Parquet"), ("a.csv.gz", XLSX, "Excel"), ("a.xlsx", CSV, "CSV")],
)
def test_a_wrong_extension_is_read_and_said(name: str, data: bytes, what: str) -> None:
    read = read_table(io.BytesIO(data), name=name)
    assert [note.params["what"] for note in read.notes] == [what]
    assert read_table(io.BytesIO(data), name=f"a.{read.format}").notes == ()


@pytest.mark.parametrize("packed", [GZIP, GZIP + GZIP, ZSTD])
def test_packed_files(packed: bytes) -> None:
    read = read_table(io.BytesIO(packed))
    plain = read_table(io.BytesIO(CSV if packed is not GZIP + GZIP else CSV + CSV))
    assert read.compression
    assert read.table.slice(0, 2).equals(plain.table.slice(0, 2))
    assert read.bytes == len(packed)


def bomb_of_parquet() -> bytes:
    file = io.BytesIO()
    column = pa.chunked_array([pa.nulls(1 << 22, pa.string())] * 24)
    pq.write_table(pa.table({"a": column}), file)
    return file.getvalue()


def far_cell() -> bytes:
    """A sheet of two cells that span it all."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.infolist():
            part = old.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                part = part.replace(b"</sheetData>", far)
            new.writestr(member.filename, part)
    return made.getvalue()


def bomb_of_excel() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(80 << 20))
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (gzip.compress(b"a,b\n" + b"1,2\n" * (20 << 20), 9, mtime=0), "tables.bomb"),
        (pa.compress(b"a,b\n" + b"1,2\n" * (20 << 20), "zstd", asbytes=True), "tables.bomb"),
        (bomb_of_parquet(), "tables.bomb"),
        (bomb_of_excel(), "tables.bomb"),
        (far_cell(), "tables.sheet_too_large"),
    ],
    ids=["gzip", "zstd", "parquet", "xlsx", "far cell"],
)
def test_bombs_are_refused(data: bytes, key: str) -> None:
    with pytest.raises(LimitError) as caught:
        read_table(io.BytesIO(data))
    assert caught.value.key == key


@pytest.mark.parametrize("data", [CSV * 100, GZIP, PARQUET, XLSX])
def test_the_size_is_bounded(data: bytes) -> None:
    with pytest.raises(LimitError) as caught:
        read_table(io.BytesIO(data), ReadOptions(max_bytes=10))
    assert caught.value.key == "tables.too_large"


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for path, key in [
        (tmp_path / "no.csv", "tables.not_found"),
        (folder, "tables.is_folder"),
        (Path("a\0b"), "tables.read_failed"),
    ]:
        with pytest.raises(InputError) as caught:
            read_table(path)
        assert caught.value.key == key


def test_inputs_are_expanded_and_told_apart(tmp_path: Path) -> None:
    for name in ("b/x.csv", "a/x.csv", "a/y.csv", "a/[1].csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(CSV)
    found = expand_inputs([f"{tmp_path}/*/*.csv", "-"])
    assert [each.name for each in found] == ["[1].csv", "a/x.csv", "y.csv", "b/x.csv", "stdin"]
    assert [each.name for each in expand_inputs([str(tmp_path / "a" / "[1].csv")])] == ["[1].csv"]
    for patterns, key in [
        ([f"{tmp_path}/no*.csv"], "tables.nothing_matches"),
        ([str(tmp_path / "no.csv")], "tables.not_found"),
        ([str(tmp_path)], "tables.is_folder"),
        ([], "tables.no_input"),
        ([f"{tmp_path}/a/x.csv", f"{tmp_path}/a/../a/x.csv"], "tables.given_twice"),
        (["-", "-"], "tables.given_twice"),
    ]:
        with pytest.raises(CustsegError) as caught:
            expand_inputs(patterns)
        assert caught.value.key == key


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with some bytes changed, cut out or put in."""
    data = bytearray(draw(st.sampled_from([CSV, PARQUET, XLSX, GZIP, ZSTD])))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data) - 1))
        how = draw(st.integers(0, 2))
        if how == 0:
            data[at] = draw(st.integers(0, 255))
        elif how == 1:
            del data[at : at + draw(st.integers(1, 40))]
        else:
            data[at:at] = draw(st.binary(min_size=1, max_size=8))
        if not data:
            break
    return bytes(data)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.one_of(damaged(), st.binary(max_size=200)))
def test_no_file_makes_the_readers_fail_otherwise(data: bytes) -> None:
    with contextlib.suppress(CustsegError):
        read = read_table(io.BytesIO(data))
        read.table.validate(full=True)
        assert read.table.num_rows == len(read.rows)
