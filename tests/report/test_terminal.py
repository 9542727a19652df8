"""Rules of the terminal report that hold for any content."""

from __future__ import annotations

import io
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from custseg.report import Report, render
from custseg.report.model import (
    Column,
    Command,
    Figure,
    Item,
    Lines,
    Table,
    Toned,
)
from custseg.report.words import bar, figure, money, money_scale, say


def lines_of(*blocks: Table | Lines, language: str = "en") -> list[str]:
    out = io.StringIO()
    render(Report("test", blocks), out, language=language, style="text")
    return [line for line in out.getvalue().splitlines() if line]


TEXT = st.text(
    st.sampled_from("ab c、。（氏名電話番号ﾀﾅｶ→…éー％%\n\t\x1b\u202e\u3000"), max_size=60
)
COUNT = st.integers(0, 10**9)


@given(rows=st.lists(st.tuples(TEXT, TEXT, COUNT, TEXT, COUNT), min_size=1, max_size=5), note=TEXT)
def test_tables_fit_and_align(rows: list[tuple[str, str, int, str, int]], note: str) -> None:
    numbers = [f"{row[4]:,}" for row in rows]
    table = Table(
        columns=tuple(Column(right=at in (2, 4)) for at in range(5)),
        rows=tuple((a, b, Figure(c), d, Figure(e)) for a, b, c, d, e in rows),
        note=note,
    )
    lines = lines_of(table)
    assert all(cell_len(line) <= 80 for line in lines)
    body = lines[: len(rows)]
    assert len({cell_len(line) for line in body}) == 1
    assert [line.rsplit(maxsplit=1)[1] for line in body] == numbers


@given(rows=st.lists(st.tuples(TEXT.map(lambda text: text[:12]), TEXT), min_size=1, max_size=5))
def test_lines_fit_and_lose_no_word(rows: list[tuple[str, str]]) -> None:
    lines = lines_of(Lines(tuple(rows)))
    assert all(cell_len(line) <= 80 for line in lines)
    written = "".join(label + words for label, words in rows)
    kept = (character for character in written if character.isprintable())
    assert "".join(sorted("".join(lines).replace(" ", "").replace("\u3000", ""))) == "".join(
        sorted(character for character in kept if character not in " \u3000")
    )


@given(
    st.lists(st.text(st.sampled_from("ab' $\"日本.-/"), min_size=1, max_size=30), min_size=1),
)
def test_commands_can_be_copied(arguments: list[str]) -> None:
    lines = lines_of(Lines((("Next", Command(tuple(arguments))),)))
    copied = "\n".join(line.strip() for line in lines).removeprefix("Next").lstrip()
    assert shlex.split(copied.replace("\\\n", " ")) == arguments


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("out", "no_color", "colored"),
    [(Terminal(), False, True), (Terminal(), True, False), (io.StringIO(), False, False)],
)
def test_color_is_for_terminals_alone(
    out: io.StringIO, no_color: bool, colored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    report = Report("test", (Lines((("Mind", Toned("something", "bad")),)),))
    render(report, out, language="en", style="text")
    assert ("\x1b[31m" in out.getvalue()) == colored


def test_a_column_of_money_has_one_unit() -> None:
    amounts = (512_100_000.0, 96_800_000.0, 410_000.0, None)
    rows = tuple((Toned(Figure(each, "money"), "bad"),) for each in amounts)
    table = Table(columns=(Column(right=True),), rows=rows)
    assert lines_of(table) == ["  512.1 M", "   96.8 M", "    0.4 M", "        –"]
    assert lines_of(table, language="ja") == [
        "  51,210万",
        "   9,680万",
        "      41万",
        "         –",
    ]


@pytest.mark.parametrize(
    ("number", "english", "japanese"),
    [
        (Figure(51_204), "51,204", "51,204"),
        (Figure(0.0614, "share"), "6.1 %", "6.1%"),
        (Figure(0.125, "rounded_share"), "12 %", "12%"),
        (Figure(1_204_882_310, "money"), "1,204,882,310", "1,204,882,310"),
        (Figure(9_924.4, "money"), "9,924", "9,924"),
        (Figure(39.476, "money"), "39.48", "39.48"),
        (Figure(39.476, "money", "EUR"), "€39.48", "€39.48"),
        (Figure(-512.4, "money", "JPY"), "−¥512", "−512円"),
        (Figure(512.4, "price", "CHF"), "CHF 512.40", "CHF 512.40"),
        (Figure(41_000_000, "rounded_money", "JPY"), "¥41.0 M", "4,100万円"),
        (Figure(-0.0523, "points"), "−5.2 pt", "−5.2pt"),
        (Figure(413, "difference"), "+413", "+413"),
        (Figure(-5.24, "price", "USD"), "−$5.24", "−$5.24"),
        (Figure(9, "days"), "9 d", "9日前"),
        (Figure(3.14159, "number"), "3.142", "3.142"),
        (Figure(-2.04, "bits"), "-2.0", "-2.0"),
        (Figure(71.4, "score"), "71", "71"),
        (Figure(None, "share"), "–", "–"),
    ],
)
def test_figures(number: Figure, english: str, japanese: str) -> None:
    assert figure(number, "en") == english
    assert figure(number, "ja") == japanese


@pytest.mark.parametrize(
    ("largest", "english", "japanese"),
    [
        (39.5, "39.50", "39.50"),
        (9_924, "9,924", "9,924"),
        (123_456, "123,456", "12.3万"),
        (5_210_000, "5,210,000", "521.0万"),
        (52_100_000, "52.1 M", "5,210万"),
        (1_204_882_310, "1,205 M", "120,488万"),
        (52_104_882_310, "52.1 B", "521.0億"),
    ],
)
def test_scales(largest: float, english: str, japanese: str) -> None:
    for language, expected in (("en", english), ("ja", japanese)):
        assert money(largest, language, money_scale([1, -largest], language)) == expected


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted))
def test_bars_grow_with_their_share(shares: list[float]) -> None:
    less, more = map(bar, shares)
    assert len(less) <= len(more) <= 20
    assert bool(more) == (shares[1] > 0)
    assert len(bar(1.0)) == 20


def test_items_say_the_same_in_any_tone() -> None:
    item: Item = Figure(0.5, "share")
    assert say(Toned(item, "good"), "en") == say(item, "en")


def test_a_column_that_wraps_loses_no_word() -> None:
    why = "列名と内容が一致していますが、半分の値はこの役割に当てはまりません"
    table = Table(
        columns=(Column("列", least=20), Column("例"), Column("理由", least=20, wraps=True)),
        rows=(("ポイント残高", "x" * 60, why), ("b", "y", "short")),
    )
    head, first, *following, last = lines_of(table, language="ja")
    assert "ポイント残高" in first
    at = cell_len(head[: head.index("理由")])
    texts = [first, *following]
    assert "".join(_from(each, at) for each in texts) == why
    assert last.split() == ["b", "y", "short"]


def _from(line: str, at: int) -> str:
    """The words of a line from a cell on."""
    while cell_len(line) > 0 and at > 0:
        at -= cell_len(line[0])
        line = line[1:]
    return line.strip()


@pytest.mark.parametrize("label", [60, 70, 74, 78, 80, 200])
def test_a_label_wider_than_the_screen_leaves_room_for_what_it_labels(label: int) -> None:
    lines = lines_of(Lines((("x" * label, "rows and cells 日本語"),)))
    said = "".join(line.replace("x" * label, "").replace(" ", "") for line in lines)
    assert said == "rowsandcells日本語"
