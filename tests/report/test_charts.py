"""Pictures: well-formed, harmless whatever the words, and true to their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.report.html.charts.bars import Bar, bars
from custseg.report.html.charts.columns import Bin, Scores, Zone, columns_of_scores, histogram
from custseg.report.html.charts.flow import End, flow
from custseg.report.html.charts.heat import heat_map
from custseg.report.html.charts.japan import TILES, map_of_japan
from custseg.report.html.charts.lines import share_curve, stacked_columns
from custseg.report.html.charts.treemap import Place, Tile, squarified, treemap
from custseg.report.html.group_charts import persona_chart
from custseg.report.html.palette import (
    DARK,
    FULL,
    GROUNDS,
    LEAST,
    LIGHT,
    WRITTEN,
    contrast,
    mixed,
)
from custseg.report.html.speaker import Speaker
from custseg.segment.personas import PersonaTable

BAD = "<script>alert(1)</script> & \"q\" 'q' \u202e漢字"
SVG = "{http://www.w3.org/2000/svg}"
NAMES = [
    *("要フォロー顧客", "休眠間近の顧客", "失いたくない顧客", "ロイヤル予備軍", "新規顧客"),
    *("potential loyalists", "about to sleep", "needs attention", "cannot lose them", "new"),
]
TOLD = {"name": "n", "title": BAD, "about": BAD}

DRAWN: dict[str, Callable[[], str]] = {
    "heat": lambda: heat_map(
        [[1.0, None], [-2.0, 0.0]], [["1", "<9"], [BAD, ""]], [BAD, "b"], ["x", BAD], **TOLD
    ),
    "no heat": lambda: heat_map([], [], [], [], **TOLD),
    "treemap": lambda: treemap([Tile(3, BAD, BAD), Tile(1, "b", "c"), Tile(0, "z", "z")], **TOLD),
    "no treemap": lambda: treemap([], **TOLD),
    "curve": lambda: share_curve([(0.2, 0.6), (1, 1)], marked=(0.2, 0.6, BAD), x_title=BAD, **TOLD),
    "columns": lambda: stacked_columns(
        ["a", BAD], [1, 2], [0, 5], legend=(BAD, "b"), faint=[False, True], tips=[BAD, ""], **TOLD
    ),
    "no columns": lambda: stacked_columns(
        [], [], [], legend=("a", "b"), faint=[], tips=[], **TOLD
    ),
    "bars": lambda: bars([Bar(BAD, 5, BAD), Bar("b", 0, "0", before=3)], most=None, **TOLD),
    "histogram": lambda: histogram(
        [Bin(-1, 3, 0), Bin(0, 0, 0), Bin(1, 9, 1)],
        [Zone(-1.0, BAD, "other", 1.0), Zone(0.9, BAD, "accent", 0.5)],
        axis=BAD,
        counted=BAD,
        **TOLD,
    ),
    "no histogram": lambda: histogram([], [], axis="", counted="", **TOLD),
    "scores": lambda: columns_of_scores(
        [Scores(BAD, [1, 0, 3], ["1", "0", BAD]), Scores("b", [], [])], **TOLD
    ),
    "flow": lambda: flow(
        [End(BAD, 5, BAD), End("b", 4, "4")], [End("b", 0, "<9"), End("c", 2, "2")],
        {(0, 0): 5, (1, 0): 1, (1, 1): 2}, heads=(BAD, ""), **TOLD
    ),
    "no flow": lambda: flow([], [], {}, heads=("", ""), **TOLD),
    "japan": lambda: map_of_japan({"東京都": 5.0}, {"東京都": BAD}, **TOLD),
}  # fmt: skip


@pytest.mark.parametrize("kind", DRAWN)
def test_a_picture_is_well_formed_and_harmless(kind: str) -> None:
    svg = DRAWN[kind]()
    tree = ET.fromstring(svg)
    names = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert names <= {
        *("svg", "title", "desc", "rect", "text", "g", "line", "path", "polygon", "polyline"),
        "circle",
    }
    assert "nan" not in svg.lower().replace("nance", "")
    assert not re.search(r'="-?inf', svg)
    for element in tree.iter():
        assert not any(key.startswith("on") or "href" in key for key in element.attrib)
        if element.tag.endswith("rect"):
            assert float(element.attrib["width"]) > 0
            assert float(element.attrib["height"]) > 0
    assert tree.attrib["role"] == "img"
    about = tree.attrib["aria-labelledby"].split()
    known = {element.attrib.get("id") for element in tree.iter()}
    assert set(about) <= known


@given(st.lists(st.floats(1, 1e4), min_size=1, max_size=30))
def test_areas_are_in_the_proportion_of_values(values: list[float]) -> None:
    values.sort(reverse=True)
    room = Place(0, 0, 480, 300)
    places = squarified(values, room)
    assert len(places) == len(values)
    total = sum(values)
    for value, place in zip(values, places, strict=True):
        expected = value / total * 480 * 300
        assert place.width * place.height == pytest.approx(expected, rel=1e-6)
        assert place.x >= -1e-3
        assert place.y >= -1e-3
        assert place.x + place.width <= 480 + 1e-3
        assert place.y + place.height <= 300 + 1e-3


def test_bars_are_as_tall_as_people_are_many() -> None:
    """A move that is not told is missing among the bands, and not in the bars."""
    svg = flow(
        [End("a", 43, "43"), End("d", 0, "<9")],
        [End("a", 30, "30"), End("b", 13, "13"), End("c", 0, "")],
        {(0, 0): 30, (0, 1): 10},
        heads=("", ""),
        **TOLD,
    )
    elements = list(ET.fromstring(svg).iter())
    tall = [
        float(each.attrib["height"]) for each in elements if each.attrib.get("class") == "ink-fill"
    ]
    left, small, stayed, moved = tall
    assert left == pytest.approx(stayed + moved, abs=0.2)
    assert stayed == pytest.approx(30 / 13 * moved, abs=0.3)
    assert small == 1
    words = [each.text for each in elements if each.tag.endswith("text")]
    assert words[-4:] == ["a 43", "d <9", "a 30", "b 13"]


def test_what_stands_out_of_few_customers_is_marked() -> None:
    table = PersonaTable(
        attribute="favorite_category",
        levels=("tea", "cup"),
        customers=((3_000, 60), (150, 70)),
        ratios=((1.5, 0.4), (0.4, 1.4)),
        residuals=((9.0, -9.0), (-9.0, 0.0)),
        stands_out=((1, -1), (-1, 0)),
        small=((False, True), (False, True)),
        unknown=0,
    )
    svg = persona_chart(table, ("champions", "new"), Speaker("en")).svg
    found = {text.text for text in ET.fromstring(svg).iter(f"{SVG}text")}
    assert {"3,000", "60*", "150", "70"} <= found


def test_every_prefecture_has_its_own_tile() -> None:
    from custseg.resources.postal import postal_table

    assert set(TILES) == set(postal_table(readings=False).column("prefecture").unique().to_pylist())
    assert len(set(TILES.values())) == 47


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_written_can_be_read(palette: dict[str, str]) -> None:
    for ground in GROUNDS:
        for ink in WRITTEN:
            assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    for color in ("accent", "other"):
        for share in (LEAST, FULL):
            cell = mixed(palette[color], palette["card"], share)
            assert contrast(palette["ink"], cell) >= 4.5, (color, share)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@given(st.lists(st.tuples(st.floats(0.001, 100), st.sampled_from(NAMES)), min_size=1, max_size=14))
def test_every_tile_is_named_whole(found: list[tuple[float, str]]) -> None:
    tiles = [Tile(value, name, "12 % · 1,234") for value, name in found]
    root = ET.fromstring(treemap(tiles, name="n", title="t", about="a"))
    written = "".join(each.text or "" for each in root.iter(f"{SVG}text")).replace(" ", "")
    for tile in tiles:
        assert (tile.words + tile.detail).replace(" ", "") in written
    assert "…" not in written
