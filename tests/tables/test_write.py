"""What is written is read back the same, byte for byte each time."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.errors import InputError, LimitError, UsageError
from custseg.tables import ReadOptions, Unwritable, atomic_file, read_table, write_table
from custseg.tables.files import writing
from custseg.tables.workbook import sheet_names


def written(table: pa.Table, **options: object) -> bytes:
    file = io.BytesIO()
    write_table(table, file, **options)  # type: ignore[arg-type]
    return file.getvalue()


ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufdd0"), max_size=12)
CELL = st.one_of(st.none(), st.text(alphabet=' ",;\n\r\t|\x1fa1é東=', max_size=8), ANY_TEXT)
HEADER = ANY_TEXT.map(lambda text: text.strip().strip("\ufeff\u3000").strip()).filter(bool)


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    names = draw(st.lists(HEADER, min_size=1, max_size=4, unique=True))
    count = draw(st.integers(1, 6))
    columns = [draw(st.lists(CELL, min_size=count, max_size=count)) for _ in names]
    return pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)})


def without_empty(table: pa.Table) -> dict[str, list[str | None]]:
    return {name: [cell or None for cell in cells] for name, cells in table.to_pydict().items()}


@given(table=tables(), encoding=st.sampled_from(["utf-8", "utf-8-sig"]))
def test_csv_is_read_back_the_same_without_being_told_how(table: pa.Table, encoding: str) -> None:
    data = written(table, encoding=encoding)
    assert data == written(table, encoding=encoding)
    read = read_table(io.BytesIO(data))
    assert read.table.to_pydict() == without_empty(table)
    assert read.quarantine.num_rows == 0


@given(table=tables())
def test_parquet_is_read_back_the_same(table: pa.Table) -> None:
    read = read_table(io.BytesIO(written(table, format="parquet")))
    assert read.table.to_pydict() == without_empty(table)


def test_excel_text_stays_text() -> None:
    table = pa.table(
        {
            "tel": ["0312345678", "=1+1", "http://example.com/", "1e5", None],
            "n": pa.array([1, None, 3, 4, 5]),
            "x": pa.array([0.5, float("nan"), float("inf"), 1.0, 2.25]),
        }
    )
    data = written(table, format="xlsx")
    assert data == written(table, format="xlsx")
    assert read_table(io.BytesIO(data)).table.to_pydict() == {
        "tel": ["0312345678", "=1+1", "http://example.com/", "1e5", None],
        "n": ["1", None, "3", "4", "5"],
        "x": ["0.5", None, None, "1", "2.25"],
    }


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (pa.table({"a": pa.nulls(1_048_576, pa.string())}), "tables.excel_size"),
        (pa.table({"a": ["x" * 32_768]}), "tables.excel_cell"),
    ],
)
def test_what_excel_cannot_hold_is_not_cut(table: pa.Table, key: str) -> None:
    with pytest.raises(LimitError) as caught:
        written(table, format="xlsx")
    assert caught.value.key == key


def test_csv_form() -> None:
    table = pa.table({"a": ["1", None, 'x "y"', " z"], "b": ["a;b", "c,d", "e\nf", None]})
    assert written(table).decode() == ('a,b\n1,"a;b"\n,"c,d"\n"x ""y""","e\nf"\n" z",\n')
    assert written(pa.table({"a": ["1", None]})) == b'a\n1\n""\n'
    assert written(pa.table({"a": pa.array([], pa.string())})) == b"a\n"
    assert written(pa.table({"p": [0.5, 1.0], "n": [1, 2]})) == b"p,n\n0.5,1\n1,2\n"


SIGNS = st.text(st.sampled_from('ab ",\n\r;\t|\x01\x02\x03\x04\x1f山'), max_size=5)


@given(
    table=tables(), more=st.lists(st.one_of(st.none(), SIGNS), max_size=5), cut=st.integers(0, 2)
)
def test_lines_are_those_of_the_obvious_way(
    table: pa.Table, more: list[str | None], cut: int
) -> None:
    def quoted(cell: str | None) -> str:
        if cell is None:
            return ""
        special = cell.startswith(" ") or any(sign in cell for sign in '",\n\r;\t|\x1f')
        return '"' + cell.replace('"', '""') + '"' if special else cell

    cells = (more * 6)[: table.num_rows] + [None] * (table.num_rows - len(more * 6))
    table = table.append_column("more signs", pa.array(cells, pa.string())).slice(cut)
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    header = written(table.slice(0, 0))
    lines = "".join(",".join(map(quoted, row)) + "\n" for row in rows)
    assert written(table) == header + lines.encode()


def test_shift_jis_never_holds_a_question_mark() -> None:
    table = pa.table(
        {
            "氏名": ["髙橋①", "𠮷田", "か\u3099き", "葛󠄀城", None],
            "note": ["〜−", "ok", "é", "😀 x", "\u00a0"],
        }
    )
    file = io.BytesIO()
    lost = write_table(table, file, encoding="Shift_JIS")
    text = file.getvalue().decode("cp932")
    assert "?" not in text
    assert text == '氏名,note\n髙橋①,～－\n〓田,ok\nがき,〓\n葛〓城,〓 x\n," "\n'
    assert lost == (
        Unwritable(2, "氏名", "𠮷"),
        Unwritable(4, "氏名", "\U000e0100"),
        Unwritable(3, "note", "é"),
        Unwritable(4, "note", "😀"),
    )


def test_shift_jis_lists_rows_across_batches() -> None:
    cells = ["東"] * 200_000
    cells[150_000] = "𠮷"
    lost = write_table(pa.table({"a": cells}), io.BytesIO(), encoding="cp932")
    assert lost == (Unwritable(150_001, "a", "𠮷"),)


def test_other_encodings_are_refused() -> None:
    with pytest.raises(UsageError):
        written(pa.table({"a": ["1"]}), encoding="euc_jp")


def test_a_file_is_not_replaced_without_leave(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    table = pa.table({"a": ["1"]})
    write_table(table, path)
    with pytest.raises(UsageError) as caught:
        write_table(table, path)
    assert caught.value.key == "tables.file_exists"
    write_table(pa.table({"a": ["2"]}), path, force=True)
    assert path.read_bytes() == b"a\n2\n"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failed_file_leaves_nothing(tmp_path: Path) -> None:
    def fail_half_way() -> None:
        with atomic_file(tmp_path / "out.csv") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data_format", ["csv", "parquet", "xlsx"])
def test_a_full_disk_is_told(data_format: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    table = pa.table({"a": [os.urandom(40).hex() for _ in range(2000)]})

    with (
        pytest.raises(LimitError) as caught,
        writing(Path("out")),
        Path("/dev/full").open("wb") as file,
    ):
        write_table(table, file, format=data_format)  # type: ignore[arg-type]
    assert caught.value.key == "tables.disk_full"


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        target = Path("/proc/out.csv")
    else:
        tmp_path.chmod(0o500)
        target = tmp_path / "out.csv"
    with pytest.raises(InputError) as caught:
        write_table(pa.table({"a": ["1"]}), target)
    assert caught.value.key in ("tables.not_writable", "tables.write_failed")


def test_reading_options_are_not_needed_for_a_header_that_looks_like_another_format() -> None:
    for header in ("sep=;", "{", "<html", "[{", "%PDF-1", "PAR1"):
        table = pa.table({header: ["1", "2"]})
        assert read_table(io.BytesIO(written(table)), ReadOptions()).table.equals(table)


RISKY = ["=1+1", "+8190", "-5", "@a", "\tx", "\rx", "\nx", "plain", "a=b", "'=x", None, ""]


def test_cells_that_a_spreadsheet_takes_for_formulas_are_quoted_with_an_apostrophe() -> None:
    table = pa.table({"=head": RISKY, "number": pa.array(range(-6, 6))})
    made = io.BytesIO()
    write_table(table, made, for_people=True)
    rows = list(csv.reader(io.StringIO(made.getvalue().decode(), newline="")))
    assert rows[0] == ["'=head", "number"]
    assert [row[0] for row in rows[1:]] == [
        *("'=1+1", "'+8190", "'-5", "'@a", "'\tx", "'\rx", "'\nx", "plain", "a=b", "'=x", "", ""),
    ]
    assert rows[1][1] == "-6"
    assert b'"\'=1+1",-6' in made.getvalue()
    machine = io.BytesIO()
    write_table(table, machine)
    assert b"=1+1,-6\n+8190,-5\n" in machine.getvalue()
    bare = io.BytesIO()
    write_table(table, bare, header=False)
    assert bare.getvalue() == machine.getvalue().split(b"\n", 1)[1]


def test_a_one_column_file_for_people_is_guarded_too() -> None:
    made = io.BytesIO()
    write_table(pa.table({"a": ["=1", None, "x"]}), made, for_people=True)
    assert made.getvalue() == b'a\n"\'=1"\n""\nx\n'


def test_names_of_sheets_are_what_excel_takes() -> None:
    names = ["a/b", "a:b", "x" * 40, "x" * 45, "History", "'q'", "夏のお客様", ""]
    found = sheet_names(names)
    assert list(found) == names
    assert len({each.casefold() for each in found.values()}) == len(names)
    for each in found.values():
        assert 1 <= len(each) <= 31
        assert not set(each) & set("[]:*?/\\")
        assert each.casefold() != "history"
    assert found["夏のお客様"] == "夏のお客様"
