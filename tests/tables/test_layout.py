"""The layout of a delimited text is found, and the same table written in it has the same bytes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.tables import read_table
from custseg.tables.layout import Layout, Quotes, laid_out

QUOTING: dict[Quotes, int] = {"needed": csv.QUOTE_MINIMAL, "all": csv.QUOTE_ALL}


def written(table: pa.Table, layout: Layout, encoding: str = "utf-8") -> bytes:
    return b"".join(laid_out(table, layout, encoding))


# Without CR alone, which the library of Python 3.11 leaves bare.
cell = st.text('ab,;\t|"\n x山', max_size=5)


@given(
    st.lists(st.tuples(cell, cell), min_size=1, max_size=5),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(sorted(QUOTING)),
)
def test_it_writes_as_the_standard_library_does(
    rows: list[tuple[str, str]], separator: str, line_end: str, quotes: Quotes
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=QUOTING[quotes])
    writer.writerows([("a", "b"), *rows])
    table = pa.table({"a": [row[0] for row in rows], "b": [row[1] for row in rows]})
    layout = Layout(separator=separator, line_end=line_end, quotes=quotes)
    assert written(table, layout) == text.getvalue().encode()


ROWS = [
    ["氏名", "電話", "メモ"],
    ["山田　太郎", "０９０-1234-5678", '引用"符'],
    ["佐藤 花子", "", "a,b;c\td\n次"],
    ["鈴木一郎", "(03)1234-5678", "ｱｲｳ～"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("quotes", ["needed", "filled", "all"])
@pytest.mark.parametrize(("line_end", "ended"), [("\n", True), ("\r\n", True), ("\r\n", False)])
def test_a_text_comes_back_to_the_byte(
    encoding: str, separator: str, quotes: Quotes, line_end: str, ended: bool, tmp_path: Path
) -> None:
    def shown(text: str) -> str:
        needs = any(sign in text for sign in f'"\r\n{separator[0]}')
        quoted = quotes == "all" or (quotes == "filled" and text) or needs
        return '"' + text.replace('"', '""') + '"' if quoted else text

    lines = [separator.join(map(shown, row)) for row in ROWS]
    text = line_end.join(lines) + line_end * ended
    text = text.replace("～", "") if encoding == "euc_jp" else text
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    read = read_table(path)
    assert read.layout is not None
    assert written(read.table, read.layout, read.encoding) == path.read_bytes()


def test_an_empty_lone_cell_is_still_a_row(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b'name\nx\n""\n')
    read = read_table(path)
    assert read.layout is not None
    assert written(read.table, read.layout) == path.read_bytes()


def test_spaces_behind_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"name, town\nx, y\nz, \n")
    read = read_table(path)
    assert read.layout is not None
    assert written(read.table, read.layout) == path.read_bytes()
