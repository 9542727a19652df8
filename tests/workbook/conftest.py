"""Reading a workbook back: cells, formats, charts and set-up, straight from its XML."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from custseg.jobs.clean import clean
from custseg.jobs.segment import segment

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAW = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}


@dataclass
class Graph:
    """A chart as it is in the file: its kinds, its alternative text, and what it reads."""

    kinds: list[str]
    about: str
    title: str
    references: list[str]
    labels: list[str]
    cached: list[float]


@dataclass
class SheetRead:
    """A sheet as it is in the file; cells by row and column from 0."""

    name: str
    xml: ET.Element
    cells: dict[tuple[int, int], str | float] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    fonts: set[str] = field(default_factory=set)
    graphs: list[Graph] = field(default_factory=list)

    def column(self, title: str) -> list[str | float]:
        """Give what stands below the first heading of that name."""
        row, at = next(place for place, value in self.cells.items() if value == title)
        found = []
        while (row := row + 1, at) in self.cells:
            found.append(self.cells[row, at])
        return found

    def texts(self) -> list[str]:
        return [each for each in self.cells.values() if isinstance(each, str)]


def place(reference: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", reference).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return int(digits) - 1, column - 1


def places(reference: str) -> tuple[str, list[tuple[int, int]]]:
    """Take ``'Name'!$A$1:$B$2`` apart: the sheet, and each cell."""
    sheet, _, area = reference.rpartition("!")
    name = sheet.strip("'").replace("''", "'")
    first, _, last = area.partition(":")
    (top, left), (end, right) = place(first), place(last or first)
    return name, [(r, c) for r in range(top, end + 1) for c in range(left, right + 1)]


def relations(files: zipfile.ZipFile, path: str) -> dict[str, str]:
    folder, _, name = path.rpartition("/")
    try:
        tree = ET.fromstring(files.read(f"{folder}/_rels/{name}.rels"))
    except KeyError:
        return {}
    found = {}
    for each in tree:
        parts: list[str] = [] if each.attrib["Target"].startswith("/") else folder.split("/")
        for part in each.attrib["Target"].strip("/").split("/"):
            parts = parts[:-1] if part == ".." else [*parts, part]
        found[each.attrib["Id"]] = "/".join(parts)
    return found


def graph_of(files: zipfile.ZipFile, path: str, about: str) -> Graph:
    tree = ET.fromstring(files.read(path))
    plots = [each for each in tree.iter() if each.tag.endswith("Chart") and each.tag != CHART]
    kinds = []
    for each in plots:
        kind = each.tag.removeprefix(CHART)
        direction = each.find(f"{CHART}barDir")
        kinds.append(kind + (f"-{direction.attrib['val']}" if direction is not None else ""))
    title = tree.find(f".//{CHART}title")
    words = [] if title is None else [each.text or "" for each in title.iter() if each.text]
    return Graph(
        kinds=kinds,
        about=about,
        title="".join(words).strip(),
        references=[
            each.findtext(f"{CHART}numRef/{CHART}f") or "" for each in tree.iter(f"{CHART}val")
        ],
        labels=[each.text or "" for each in tree.findall(f".//{CHART}cat//{CHART}f")],
        cached=[float(each.text or 0) for each in tree.findall(f".//{CHART}val//{CHART}v")],
    )


def read_book(data: bytes) -> dict[str, SheetRead]:
    """Read every sheet of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        strings = [
            "".join(each.text or "" for each in item.iter(f"{MAIN}t"))
            for item in ET.fromstring(files.read("xl/sharedStrings.xml"))
        ]
        styles = ET.fromstring(files.read("xl/styles.xml"))
        own = {
            int(each.attrib["numFmtId"]): each.attrib["formatCode"]
            for each in styles.iter(f"{MAIN}numFmt")
        }
        fonts = [
            each.find(f"{MAIN}name").attrib["val"]  # type: ignore[union-attr]
            for each in styles.findall(f"{MAIN}fonts/{MAIN}font")
        ]
        looks = styles.findall(f"{MAIN}cellXfs/{MAIN}xf")
        book = ET.fromstring(files.read("xl/workbook.xml"))
        targets = relations(files, "xl/workbook.xml")
        found = {}
        for sheet in book.iter(f"{MAIN}sheet"):
            path = targets[sheet.attrib[f"{RELATION}id"]]
            read = SheetRead(sheet.attrib["name"], ET.fromstring(files.read(path)))
            for cell in read.xml.iter(f"{MAIN}c"):
                at = place(cell.attrib["r"])
                look = looks[int(cell.attrib.get("s", 0))]
                read.fonts.add(fonts[int(look.attrib["fontId"])])
                value = cell.find(f"{MAIN}v")
                if value is None:
                    continue
                number = int(look.attrib["numFmtId"])
                read.formats[at] = own.get(number, BUILT_IN.get(number, str(number)))
                text = cell.attrib.get("t") == "s"
                read.cells[at] = strings[int(value.text or 0)] if text else float(value.text or 0)
            for drawing in relations(files, path).values():
                if "drawing" not in drawing:
                    continue
                charts = relations(files, drawing)
                for anchor in ET.fromstring(files.read(drawing)):
                    said = anchor.find(f".//{DRAW}cNvPr")
                    chart = anchor.find(f".//{CHART}chart")
                    assert said is not None
                    assert chart is not None
                    target = charts[chart.attrib[f"{RELATION}id"]]
                    graph = graph_of(files, target, said.attrib.get("descr", ""))
                    read.graphs.append(graph)
            found[read.name] = read
    return found


@pytest.fixture(scope="session")
def read() -> Callable[[bytes], dict[str, SheetRead]]:
    return read_book


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cleansing run and a segmentation of the Japanese examples."""
    folder = tmp_path_factory.mktemp("runs")
    japanese = EXAMPLES / "japanese"
    members = [japanese / "store_members.csv", japanese / "web_members.csv"]
    clean(members, folder / "clean")
    segment(japanese / "orders.csv", folder / "clean", folder / "segment")
    return folder


@pytest.fixture(scope="session")
def cells_of() -> Callable[[str], tuple[str, list[tuple[int, int]]]]:
    return places
