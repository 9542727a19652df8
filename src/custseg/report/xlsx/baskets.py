"""Sheets of what is bought together and next, and of who bought this and not yet that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from custseg.report.html.speaker import Speaker
from custseg.report.model import Figure, Item, Words
from custseg.report.xlsx.masks import people, told
from custseg.report.xlsx.model import Cell, Graph, Grid, Number, Series, Sheet
from custseg.segment.basket_summary import (
    BasketSummary,
    NextSummary,
    OfferRow,
    TogetherRow,
)

_BARS: Final = 12


def basket_sheets(summary: BasketSummary, speaker: Speaker, inside: str = "") -> Iterator[Sheet]:
    """Give a sheet a subject, where there is anything to tell; `inside` as for the page."""
    if summary.together.rows:
        by_customer = summary.by == "customer"
        yield _together(summary.together.rows, speaker, by_customer=by_customer, inside=inside)
    if summary.next is not None and summary.next.rows:
        yield _next(summary.next, speaker, inside)
    if grids := [
        *_next_offers(summary, speaker, inside),
        *_offers(summary.offers, speaker, inside),
    ]:
        title = Words("html.section.offers")
        yield Sheet(name=Words("xlsx.sheet.offers"), title=title, parts=tuple(grids))


def _together(
    rows: Sequence[TogetherRow], speaker: Speaker, *, by_customer: bool, inside: str
) -> Sheet:
    counted = Words("report.customers") if by_customer else Words("basket.orders")
    note = Words(
        "basket.together_note_customer" if by_customer else "basket.together_note",
        {"inside": inside},
    )
    grid = Grid(
        heads=(
            Words("basket.who_buys"),
            Words("basket.also_buys"),
            counted,
            Words("basket.share"),
            Words("basket.lift"),
            Words("basket.ratio"),
            Words("basket.at_least"),
            Words("xlsx.rule"),
        ),
        rows=tuple(
            (
                _several(row.antecedent),
                row.consequent,
                people(row.baskets, speaker),
                told(row.baskets, row.confidence, "share", speaker),
                _times(row.baskets, row.lift, speaker),
                _times(row.baskets, row.ratio, speaker),
                _times(row.baskets, row.low, speaker),
                f"{_several(row.antecedent)} → {row.consequent}",
            )
            for row in rows
        ),
        note=note,
        graphs=(
            Graph(
                kind="bar",
                title=Words("chart.together"),
                about=Words("chart.together_about"),
                labels=7,
                series=(Series(column=6, color="other"), Series(column=5)),
                rows=min(len(rows), _BARS),
            ),
        ),
    )
    title = Words("html.section.together")
    return Sheet(
        name=Words("xlsx.sheet.together"),
        title=title,
        about=Words("chart.together_about"),
        parts=(grid,),
    )


def _next(found: NextSummary, speaker: Speaker, inside: str) -> Sheet:
    note = Words("basket.next_note", {"findings": Figure(found.findings), "inside": inside})
    grid = Grid(
        heads=(
            Words("basket.first"),
            Words("basket.then", {"days": Figure(found.days)}),
            Words("report.customers"),
            Words("basket.share"),
            Words("basket.wait"),
            Words("basket.ratio"),
            Words("basket.at_least"),
        ),
        rows=tuple(
            (
                row.first,
                row.then,
                people(row.customers, speaker),
                told(row.customers, row.confidence, "share", speaker),
                told(row.customers, row.median_days, "days", speaker),
                _times(row.customers, row.ratio, speaker),
                _times(row.customers, row.low, speaker),
            )
            for row in found.rows
        ),
        note=note,
    )
    return Sheet(
        name=Words("xlsx.sheet.next"),
        title=Words("html.section.next"),
        parts=(grid,),
    )


def _next_offers(summary: BasketSummary, speaker: Speaker, inside: str) -> Iterator[Grid]:
    if not summary.next_offers or summary.next is None:
        return
    yield Grid(
        heads=(
            Words("xlsx.list"),
            Words("basket.next_first"),
            Words("basket.next_not_yet"),
            Words("xlsx.on_list"),
            Words("basket.now"),
            Words("basket.ratio"),
            Words("basket.each"),
            Words("basket.passed"),
        ),
        rows=tuple(
            (
                row.file,
                row.first,
                row.then,
                people(row.customers, speaker),
                Figure(row.chance, "share"),
                _times(row.customers, row.lift, speaker),
                "" if row.expected is None else Figure(row.expected, "price"),
                people(row.passed, speaker),
            )
            for row in summary.next_offers
        ),
        note=Words(
            "basket.next_offers_note",
            {"days": Figure(summary.next.days), "inside": inside},
        ),
    )


def _offers(offers: Sequence[OfferRow], speaker: Speaker, inside: str) -> Iterator[Grid]:
    if not offers:
        return
    yield Grid(
        heads=(
            Words("xlsx.list"),
            Words("basket.bought"),
            Words("basket.not_yet"),
            Words("xlsx.on_list"),
            Words("basket.chance"),
            Words("basket.everyone"),
            Words("basket.each"),
        ),
        rows=tuple(
            (
                row.file,
                _several(row.antecedent),
                row.consequent,
                people(row.customers, speaker),
                Figure(row.share, "share"),
                Figure(row.base, "share"),
                "" if row.expected is None else Figure(row.expected, "price"),
            )
            for row in offers
        ),
        note=Words("basket.offers_note", {"inside": inside}),
    )


def _several(items: Sequence[str]) -> str:
    return " + ".join(items)


def _times(size: int, value: float, speaker: Speaker) -> Cell:
    none: Item = ""
    return none if speaker.hidden(size) else Number(value, "decimals")
