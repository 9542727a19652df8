"""CSV and its kin: dialects, awkward rows, and two readers that must agree."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.errors import InputError
from custseg.tables import ReadOptions, TableRead, read_table
from custseg.tables.blocks import parse_blocks
from custseg.tables.delimited import parse_records
from custseg.tables.dialect import sniff_dialect
from custseg.tables.parsed import Parsed
from custseg.tables.patched import parse_patched
from custseg.tables.records import Dialect


def read(data: bytes | str, **options: object) -> TableRead:
    raw = data.encode() if isinstance(data, str) else data
    return read_table(io.BytesIO(raw), ReadOptions(**options))  # type: ignore[arg-type]


def cells(data: bytes | str, **options: object) -> list[list[str | None]]:
    table = read(data, **options).table
    return [table.column_names, *(list(row.values()) for row in table.to_pylist())]


SPECTRUM = (
    "comma_in_quotes empty empty_crlf escaped_quotes json location_coordinates newlines "
    "newlines_crlf quotes_and_newlines simple simple_crlf utf8"
).split()


@pytest.mark.parametrize("case", SPECTRUM)
def test_csv_spectrum(case: str, shared_data: Path) -> None:
    found = read_table(shared_data / "csv" / "spectrum_csv" / f"{case}.csv").table.to_pylist()
    text = (shared_data / "csv" / "spectrum_json" / f"{case}.json").read_text(encoding="utf-8")
    # In this case the suite's own two files differ in the number.
    text = text.replace("1234567890", "2095257564")
    expected = json.loads(text)
    expected = expected if isinstance(expected, list) else [expected]
    assert [{name: cell or "" for name, cell in row.items()} for row in found] == expected


@pytest.mark.parametrize(
    ("text", "delimiter", "rows"),
    [
        ("a,b\n1,2\n", ",", [["a", "b"], ["1", "2"]]),
        ("a\tb\n1\t2,3\n", "\t", [["a", "b"], ["1", "2,3"]]),
        ("a;b\n1,5;2,5\n3,0;4,1\n", ";", [["a", "b"], ["1,5", "2,5"], ["3,0", "4,1"]]),
        ("a|b|c\n1|2;2|3\n", "|", [["a", "b", "c"], ["1", "2;2", "3"]]),
        ('a,b\n"x;y;z",1\n"p;q;r",2\n', ",", [["a", "b"], ["x;y;z", "1"], ["p;q;r", "2"]]),
        ("name\nTaro\nHanako\n", "", [["name"], ["Taro"], ["Hanako"]]),
        ("note\nhello, you\nplain\n", "", [["note"], ["hello, you"], ["plain"]]),
        ("a, b, c\n1, 2, 3\n4, , 6\n", ",", [["a", "b", "c"], ["1", "2", "3"], ["4", None, "6"]]),
        ('a, b\n1, "x, y"\n', ",", [["a", "b"], ["1", "x, y"]]),
        ("a,b\n1, 2\n3,4\n", ",", [["a", "b"], ["1", " 2"], ["3", "4"]]),
        ("sep=;\na;b\n1;2\n", ";", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2\r3,4\r", ",", [["a", "b"], ["1", "2"], ["3", "4"]]),
        ("\n\na,b\n\n1,2\n\n", ",", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2\n\x1a", ",", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2,\n3,4,,\n5,6\n", ",", [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]),
        ('a,b\n1,6" pipe\n2,3" pipe\n', ",", [["a", "b"], ["1", '6" pipe'], ["2", '3" pipe']]),
        ('a,b\n1,"x"y\n2,z\n', ",", [["a", "b"], ["1", "xy"], ["2", "z"]]),
    ],
)
def test_dialects(text: str, delimiter: str, rows: list[list[str | None]]) -> None:
    found = read(text)
    assert found.delimiter == delimiter
    assert cells(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (" a ,　b　\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,,c\n1,2,3\n", [["a", "column_2", "c"], ["1", "2", "3"]]),
        ("a,b,,\n1,2,,\n", [["a", "b"], ["1", "2"]]),
    ],
)
def test_header(text: str, rows: list[list[str | None]]) -> None:
    assert cells(text) == rows


@pytest.mark.parametrize("name", ["comma", ",", "Comma"])
def test_a_delimiter_can_be_named(name: str) -> None:
    assert cells("a,b;c\n1,2;3\n4,5;6\n", delimiter=name)[0] == ["a", "b;c"]


GOOD = "a,b,c\n" + "1,2,3\n" * 4


@pytest.mark.parametrize(
    ("text", "problems", "rows"),
    [
        (GOOD + "1,2\n4,5,6\n", [(6, "too_few_fields", "1,2")], [1, 2, 3, 4, 6]),
        (GOOD + "1,2,3,4\n4,5,6\n", [(6, "too_many_fields", "1,2,3,4")], [1, 2, 3, 4, 6]),
        (
            GOOD + '1,"2,3\n4,5,6\n7,8,9\n',
            [(6, "unterminated_quote", '1,"2,3')],
            [1, 2, 3, 4, 6, 7],
        ),
        (
            GOOD + '1,"2,3\n4,5,6\n7,"8, 8",9\n',
            [(6, "unterminated_quote", '1,"2,3')],
            [1, 2, 3, 4, 6, 7],
        ),
        (GOOD + '"x\ny",2\n4,5,6\n', [(6, "too_few_fields", '"x\ny",2')], [1, 2, 3, 4, 6]),
        ('a,b,c\n"1\n1",2,3\n\n1\n4,5,6\n', [(5, "too_few_fields", "1")], [1, 3]),
        (GOOD + "1,\0,3\n4,5,6\n", [(6, "nul", "1,\0,3")], [1, 2, 3, 4, 6]),
        (
            "氏名,b\n佐藤,1\n鈴木,2\n高橋,3\n".encode() + "田中,4\n".encode("cp932") + b"x,5\n",
            [(5, "undecodable", "�c��,4")],
            [1, 2, 3, 5],
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_unreadable_rows_are_set_apart_with_their_line(
    text: str | bytes, problems: list[tuple[int, str, str]], rows: list[int], end: str
) -> None:
    raw = text.encode() if isinstance(text, str) else text
    found = read(raw.replace(b"\n", end.encode()))
    expected = [(line, problem, text.replace("\n", end)) for line, problem, text in problems]
    listed = found.quarantine.select(["line", "problem", "text"]).to_pylist()
    assert [tuple(row.values()) for row in listed] == expected
    assert found.rows.to_pylist() == rows
    assert found.table.num_rows == len(rows)
    assert found.quarantine.column("source").to_pylist() == [found.name] * len(expected)


def test_a_file_of_one_bad_row_is_refused_on_demand() -> None:
    with pytest.raises(InputError) as caught:
        read(GOOD + "1,2\n", on_bad_rows="fail")
    assert caught.value.key == "tables.bad_row.too_few_fields"
    assert caught.value.params["line"] == 6


WIDE = [f"c{number}" for number in range(10_000)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f"a,b\n{'x' * (1 << 20)},1\n2,3\n", [["x" * (1 << 20), "1"], ["2", "3"]]),
        ('a,b\n"' + 'x""\n' * (1 << 18) + '",1\n', [['x"\n' * (1 << 18), "1"]]),
        ('a,b\n"' + "x\n" * (1 << 15) + '"y,1\n2,3\n' * 2, None),
        (",".join(WIDE) + "\n" + ",".join(WIDE), [WIDE]),
    ],
    ids=["cell of 1 MB", "quoted cell of 1 MB", "unclosed cell", "10,000 columns"],
)
def test_extreme_sizes(text: str, rows: list[list[str]] | None) -> None:
    if rows is None:
        with pytest.raises(InputError):
            read(text)
    else:
        assert cells(text)[1:] == rows


def both(text: str, dialect: Dialect) -> tuple[Parsed | None, Parsed]:
    data = text.encode()
    return parse_blocks(data, dialect), parse_records(data, dialect)


CELL = st.text(alphabet='ab ",;\n\0é東', max_size=6)
WELL_FORMED = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8)
MESSY = st.text(alphabet='ab,,," \n\n\r\0東\ufdd0', min_size=1, max_size=60)
DIALECTS = st.sampled_from([Dialect(",", False), Dialect(";", False), Dialect(",", True)])


def agree(fast: Parsed | None, slow: Parsed) -> None:
    assert fast is not None
    assert fast.header == slow.header
    assert fast.rows.to_pylist() == slow.rows.to_pylist()
    assert fast.bad == slow.bad
    assert [c.to_pylist() for c in fast.columns] == [c.to_pylist() for c in slow.columns]


@given(rows=WELL_FORMED, end=st.sampled_from(["\n", "\r\n"]), spoil=st.booleans())
def test_the_fast_reader_reads_what_programs_write(
    rows: list[list[str]], end: str, spoil: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(["a", "b", "c"])
    writer.writerows(rows)
    if spoil:
        writer.writerow(["x", "y"])
    fast, slow = both(text.getvalue(), Dialect(",", False))
    agree(fast, slow)
    kept = [row for row in rows if "\0" not in "".join(row)]
    assert [list(row) for row in zip(*(c.to_pylist() for c in slow.columns), strict=True)] == [
        [cell or None for cell in row] for row in kept
    ]


@given(text=MESSY.filter(lambda text: bool(text.strip("\r\n"))), dialect=DIALECTS)
def test_the_fast_reader_agrees_or_stands_back(text: str, dialect: Dialect) -> None:
    try:
        fast, slow = both(text, dialect)
    except StopIteration:
        pytest.fail("no header")
    if fast is not None:
        agree(fast, slow)


@given(text=MESSY.filter(lambda text: bool(text.strip("\r\n"))), delimiter=st.sampled_from(",;"))
def test_the_patching_reader_agrees_or_stands_back(text: str, delimiter: str) -> None:
    data, dialect = text.encode(), Dialect(delimiter, False)
    fast = parse_patched(data, dialect)
    if fast is not None:
        agree(fast, parse_records(data, dialect))


@given(
    rows=st.lists(st.sampled_from(['a,"b",c', '"a,b",c,d', "é,,東", 'x,"un', '"a"b,c,d', "1,2"])),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_few_mistaken_quotes_are_patched(rows: list[str], end: str) -> None:
    data = end.join(["h,i,j", *rows, ""]).encode()
    fast = parse_patched(data, Dialect(",", False))
    assert fast is not None
    agree(fast, parse_records(data, Dialect(",", False)))


@given(text=st.text(alphabet='ab,," ', min_size=1, max_size=30))
def test_single_lines_are_read_as_the_standard_library_reads_them(text: str) -> None:
    """Where a quote stays open the libraries would read on; here the line is unreadable."""
    slow = parse_records(f"a,b\n{text}\n".encode(), Dialect(",", False))
    expected = next(csv.reader([text]))
    if slow.bad and slow.bad[0].problem == "unterminated_quote":
        with pytest.raises(csv.Error):
            next(csv.reader([text], strict=True))
    elif len(slow.rows) and len(expected) == 2:
        assert [column[0].as_py() or "" for column in slow.columns] == expected


def test_nothing_of_a_text_is_lost() -> None:
    """Every record is either a row or in quarantine."""
    text = 'a,b\n1,2\n3\n"4\n4",5\n6,7,8\n9,"\n10,11\n12,13\n14,15\n'
    found = read(text)
    assert found.table.num_rows + found.quarantine.num_rows == 8
    assert pa.types.is_int64(found.rows.type)


def test_sniffing_looks_at_whole_lines_of_a_long_file() -> None:
    text = "氏名;住所\n" + "佐藤太郎;東京都千代田区丸の内一丁目, 2-3\n" * 40_000
    assert sniff_dialect(text.encode()) == Dialect(";", False)
