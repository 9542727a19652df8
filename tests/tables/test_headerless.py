"""Files without a header, and columns that stand apart by spaces."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from custseg.errors import InputError
from custseg.tables import read_table, write_table
from custseg.tables.headerless import lined_up
from custseg.tables.model import ReadOptions

NAMES = ("id", "day", "pieces", "money")
RAW = " 00004 19970101  2   29.33\r\n 00004 19970118  2   29.73\r\n 00021 19970802  1   14.96\r\n"
ROWS = {
    "id": ["00004", "00004", "00021"],
    "day": ["19970101", "19970118", "19970802"],
    "pieces": ["2", "2", "1"],
    "money": ["29.33", "29.73", "14.96"],
}


def read(text: str | bytes, **options: object) -> dict[str, list[str | None]]:
    data = text if isinstance(text, bytes) else text.encode()
    found = read_table(io.BytesIO(data), ReadOptions(**options), "x.txt")  # type: ignore[arg-type]
    assert found.rows.to_pylist() == list(range(1, found.table.num_rows + 1))
    return found.table.to_pydict()


@pytest.mark.parametrize(
    "text",
    [
        RAW,
        RAW.replace("\r\n", "\n"),
        "id,day,pieces,money\n"
        + "\n".join(",".join(row) for row in zip(*ROWS.values(), strict=True)),
        "\n".join(",".join(row) for row in zip(*ROWS.values(), strict=True)),
        "\n".join(
            ";".join(f'"{cell}"' for cell in row) for row in zip(*ROWS.values(), strict=True)
        ),
        "\ufeff"
        + "\t".join(NAMES)
        + "\n"
        + RAW.replace("  ", " ").replace(" ", "\t").replace("\t\t", "\t")[1:].replace("\n\t", "\n"),
    ],
)
def test_names_stand_above_the_rows(text: str) -> None:
    assert read(text, columns=NAMES) == ROWS


def test_lines_and_quarantine_are_counted_from_the_first_row() -> None:
    text = "1,2\n3\n4,5\n"
    found = read_table(io.BytesIO(text.encode()), ReadOptions(columns=("a", "b")), "x.csv")
    assert found.rows.to_pylist() == [1, 3]
    assert found.quarantine["line"].to_pylist() == [2]


def test_names_may_be_japanese_and_hold_a_delimiter() -> None:
    data = "田中,1\n髙橋,2\n".encode("cp932")
    assert read(data, columns=("氏名", "数,量")) == {"氏名": ["田中", "髙橋"], "数,量": ["1", "2"]}


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c")])
def test_other_numbers_of_names_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        read("1,2\n3,4\n", columns=names)
    assert caught.value.key == "tables.columns_number"


def test_a_sheet_without_a_header(tmp_path: Path) -> None:
    import pyarrow as pa

    named = pa.table({name: pa.array(cells) for name, cells in ROWS.items()})
    rows = [list(row) for row in zip(*ROWS.values(), strict=True)]
    bare = pa.table({cell: [row[n] for row in rows[1:]] for n, cell in enumerate(rows[0])})
    for table in (named, bare):
        with (tmp_path / "x.xlsx").open("wb") as file:
            write_table(table, file, format="xlsx")
        found = read_table(tmp_path / "x.xlsx", ReadOptions(columns=NAMES)).table
        assert found.to_pydict() == ROWS
    with pytest.raises(InputError):
        read_table(tmp_path / "x.xlsx", ReadOptions(columns=NAMES[:2]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RAW, True),
        ("a  b  c\n1  2  3\n", True),
        ("a b c\n1 2 3\n", False),
        ("a  b\n1  2\n", False),
        ("a  b  c\n1  2  3\n1  2\n", False),
        ("a  b  c\n", False),
        ("\n", False),
    ],
)
def test_what_is_lined_up(text: str, expected: bool) -> None:
    assert lined_up(text.encode()) is expected


def test_spaces_are_seen_or_told() -> None:
    header = " id  day pieces  money\n" + RAW
    assert read(header) == ROWS
    assert read(header.replace("  ", " "), delimiter="space") == ROWS
    found = read_table(io.BytesIO(header.encode()), ReadOptions(), "x.txt")
    assert found.delimiter == " "
    # Text of two words in a lone column stays one.
    assert read("name\nAnn  Lee\nBob  Ray\n") == {"name": ["Ann  Lee", "Bob  Ray"]}
