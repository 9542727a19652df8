"""A reader with page and workbook at hand who tries to compute what is masked, and fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from custseg.demo import generate, write
from custseg.jobs.clean import clean
from custseg.jobs.html import html_of
from custseg.jobs.segment import segment
from custseg.jobs.xlsx import xlsx_of

LEAST = 10
FEW, WITHHELD = "<10", "–"

Read = Callable[[bytes], dict[str, Any]]
Cell = tuple[str, ...]


@pytest.fixture(scope="module", params=[1500, 4000])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose groups are small, and one where few are."""
    folder: Path = tmp_path_factory.mktemp("shop")
    data = generate(request.param, 3, "japanese")
    write(data, folder / "exports")
    exports = {
        kind: [folder / "exports" / f.name for f in data.of(kind)]
        for kind in ("customers", "orders")
    }
    clean(exports["customers"], folder / "clean")
    segment(exports["orders"], folder / "clean", folder / "segment")
    return folder / "segment"


class Reader(HTMLParser):
    """Takes the tables of a page, each under the heading before it."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._heading = self._name = self._at = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._at = tag
        if tag in ("h2", "h3"):
            self._heading = ""
        if tag == "table":
            again = sum(name.split(" #")[0] == self._heading for name in self.tables)
            self._name = f"{self._heading} #{again}" if again else self._heading
            self.tables[self._name] = []
        if tag == "tr":
            self.tables[self._name].append([])
        if tag in ("td", "th"):
            self.tables[self._name][-1].append("")

    def handle_data(self, data: str) -> None:
        if self._at in ("h2", "h3"):
            self._heading += data.strip()
        elif self._at in ("td", "th"):
            self.tables[self._name][-1][-1] += data.strip()


class Known:
    """What page and workbook say of each group, and what must add up."""

    def __init__(self) -> None:
        self.said: dict[Cell, str] = {}
        self.sums: list[tuple[list[Cell], Cell | int]] = []

    def hear(self, cell: Cell, said: str | float) -> None:
        """Take a number; wherever it stands, it must be told, or not, alike."""
        words = f"{said:.0f}" if isinstance(said, float) else said.replace(",", "") or "0"
        assert self.said.setdefault(cell, words) == words, cell

    def unknown(self) -> list[Cell]:
        return [cell for cell, said in self.said.items() if said in (FEW, WITHHELD)]

    def spans(self, most: int) -> Iterator[tuple[Cell, float, float]]:
        """Give the least and the most that each masked number can be."""
        unknown = self.unknown()
        places = {cell: at for at, cell in enumerate(unknown)}
        table, totals = [], []
        for parts, total in self.sums:
            row, left = np.zeros(len(unknown)), 0.0
            signed = [(cell, 1) for cell in parts]
            if isinstance(total, int):
                left = total
            else:
                signed.append((total, -1))
            for cell, sign in signed:
                if cell in places:
                    row[places[cell]] += sign
                else:
                    left -= sign * int(self.said[cell])
            if row.any():
                table.append(row)
                totals.append(left)
            else:
                assert left == 0, parts
        bounds = [(1, LEAST - 1) if self.said[c] == FEW else (0, most) for c in unknown]
        for cell, at in places.items():
            if not any(row[at] for row in table):
                continue
            ends = []
            for sign in (1.0, -1.0):
                aim = np.zeros(len(unknown))
                aim[at] = sign
                answer = linprog(aim, A_eq=np.array(table), b_eq=totals, bounds=bounds)
                assert answer.status == 0, cell
                ends.append(sign * answer.fun)
            yield cell, ends[0], ends[1]


def grid(sheet: Any, head: str, wide: int) -> list[list[str | float]]:
    """Give a table of a sheet, from the row whose first cell is `head`; blank cells are empty."""
    top = next(r for (r, c), value in sheet.cells.items() if c == 0 and value == head)
    rows, row = [], top
    while (row, 0) in sheet.cells:
        rows.append([sheet.cells.get((row, at), "") for at in range(wide)])
        row += 1
    return rows


def plain(name: str | float) -> str:
    return str(name).removesuffix(" *").casefold()


def known(run: Path, read: Read) -> tuple[Known, int]:
    """Read page and workbook, and give what can be added up, with the number of all customers."""
    found, book, page = Known(), read(xlsx_of(run, "en")), Reader()
    page.feed(html_of(run, "en"))
    said = re.search(r"([\d,]+) customers", str(book["Summary"].cells[1, 0]))
    assert said is not None
    everybody = int(said[1].replace(",", ""))
    of_segments(found, book, page, everybody)
    of_scores(found, book, page, everybody)
    of_moves(found, book, page)
    of_clusters(found, page)
    return found, everybody


def of_segments(found: Known, book: dict[str, Any], page: Reader, everybody: int) -> None:
    lines = [*grid(book["Segments"], "Segment", 2)[1:], *page.tables["Segments"][1:]]
    lines += page.tables["Money by segment"][1:]
    for line in lines:
        if line[1] and line[1] != "0":
            found.hear(("segment", plain(line[0])), line[1])
    found.sums.append((list(found.said), everybody))
    for line in grid(book["Lists"], "Segment", 4)[1:]:
        name = plain(line[0])
        found.hear(("list", name), line[2])
        found.hear(("declined", name), line[3])
        found.sums.append(([("list", name), ("declined", name)], ("segment", name)))


def of_scores(found: Known, book: dict[str, Any], page: Reader, everybody: int) -> None:
    measures, scores = ("r", "f", "m"), [str(score) for score in range(1, 6)]
    for line in [*grid(book["RFM"], "Score", 4)[1:], *page.tables["How scores are spread"][1:]]:
        for measure, said in zip(measures, line[1:], strict=True):
            found.hear((measure, str(line[0])), said)
    for line in grid(book["RFM"], "R \\ F", 6)[1:]:
        for score, said in zip(scores, line[1:], strict=True):
            found.hear(("rf", str(line[0])[1:], score), said)
    for score in scores:
        found.sums.append(([("rf", score, f) for f in scores], ("r", score)))
        found.sums.append(([("rf", r, score) for r in scores], ("f", score)))
    found.sums += [([(measure, score) for score in scores], everybody) for measure in measures]


def of_moves(found: Known, book: dict[str, Any], page: Reader) -> None:
    head, *lines = page.tables["Who moved where"]
    in_book = grid(book["Moves"], "From ↓  to →", 11)
    for names, line in [(head, each) for each in lines] + [(in_book[0], e) for e in in_book[1:]]:
        for name, said in zip(names[1:], line[1:], strict=True):
            found.hear(("move", plain(line[0]), plain(name)), said)
    froms, tos = [plain(line[0]) for line in lines[:-1]], [plain(name) for name in head[1:-1]]
    for line in grid(book["Moves"], "Segment", 3)[1:]:
        found.hear(("move", plain(line[0]), "all"), line[1])
        found.hear(("move", "all", plain(line[0])), line[2])
    for a in [*froms, "all"]:
        found.sums.append(([("move", a, b) for b in tos], ("move", a, "all")))
    for b in [*tos, "all"]:
        found.sums.append(([("move", a, b) for a in froms], ("move", "all", b)))


def of_clusters(found: Known, page: Reader) -> None:
    (_, *heads), *lines = page.tables["Segments and clusters"]
    for name, *said in lines:
        for head, each in zip(heads, said, strict=True):
            found.hear(("cross", plain(name), head), each)
        found.sums.append(
            ([("cross", plain(name), head) for head in heads], ("segment", plain(name)))
        )
    for head, row in zip(heads, page.tables["Clusters"][1:], strict=True):
        found.hear(("cluster", row[0]), row[1])
        parts: list[Cell] = [("cross", plain(line[0]), head) for line in lines]
        found.sums.append((parts, ("cluster", row[0])))


def test_no_masked_number_follows_from_those_that_are_told(run: Path, read: Read) -> None:
    found, everybody = known(run, read)
    tried = 0
    for cell, low, high in found.spans(everybody):
        assert high - low > 0.5, (cell, low, high)
        tried += 1
    assert tried > 10


def test_the_reader_can_solve(run: Path, read: Read) -> None:
    """Where one masked number alone is left in a sum, the same reader finds it."""
    found, everybody = known(run, read)
    found.said |= {("x",): FEW, ("y",): "12"}
    found.sums.append(([("x",), ("y",)], 19))
    assert (("x",), 7.0, 7.0) in [
        (c, round(a, 6), round(b, 6)) for c, a, b in found.spans(everybody)
    ]


NO_PEOPLE = {"recency", "orders", "inertia", "silhouette", "CH index", "stability", "smallest", ""}
"""Headings of columns that count no people."""

NOT_OF_PEOPLE = "|".join(
    (
        r"[−+RF]\d+",  # a change, a score
        r"\d[\d.,]* %",
        r"\d+ days?|within \d+",
        r"\d+ [A-Z][a-z]{2} \d{4}",
        r"and \d+ more|\d+ comparisons|\d+ clusters|more: \d+ \(marked",
        r"with 1, 2, 3 …|orders: [\d /]+$|scores go from.*",
        r"\d[\d.,]+",  # large, or no whole number
    )
)
"""Numbers of a sentence that count no people, or many."""


def test_no_number_of_a_few_people_is_on_the_page(run: Path) -> None:
    html = re.sub(r"<style>.*?</style>", "", html_of(run, "en"), flags=re.DOTALL)
    page = Reader()
    page.feed(html)
    for heading, (heads, *rows) in page.tables.items():
        for row in rows:
            for head, cell in list(zip(heads, row, strict=True))[1:]:
                assert head in NO_PEOPLE or not re.fullmatch("[1-9]", cell), (heading, head)
    # Medians, scores and percentages are no people; numbers of these pictures were read above.
    html = re.sub(
        r'<svg(?=[^>]*"(profiles|scores|treemap|cohorts)).*?</svg>', "", html, flags=re.DOTALL
    )
    said = re.findall(r"<(?:li|dd|p|text|title)\b[^>]*>([^<]*)<", html)
    assert len(said) > 50
    told = [words for words in said if re.search(r"\b[1-9]\b", re.sub(NOT_OF_PEOPLE, "", words))]
    assert told == []


PEOPLE = {
    *("Customers", "On the list", "Left off: declined contact", "Declined one channel", "Active"),
    *("Agreed to no channel", "Lapsed", "New", "Retained", "Returned", "First order"),
}


def test_no_number_of_a_few_people_is_in_the_workbook(run: Path, read: Read) -> None:
    found = 0
    for sheet in read(xlsx_of(run, "en")).values():
        for (row, column), value in sheet.cells.items():
            if value not in PEOPLE or column == 0:
                continue
            for below in range(row + 1, row + 60):
                if (number := sheet.cells.get((below, column))) is None:
                    break
                found += 1
                assert not isinstance(number, float) or not 0 < number < LEAST, (sheet.name, value)
    assert found > 100
