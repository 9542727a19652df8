"""The page of what is bought together and next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from custseg.report.basket import (
    baskets_read,
    next_found,
    next_offers_table,
    no_offers,
    offers_table,
    rules_found,
    together_table,
)
from custseg.report.common import warnings
from custseg.report.html.charts.bars import Bar, bars
from custseg.report.html.charts.heat import heat_map
from custseg.report.html.model import Card, Chart, Page
from custseg.report.html.page import foot, section, unlabelled
from custseg.report.html.speaker import Speaker
from custseg.report.html.svg import cut
from custseg.report.model import Block, Counted, Figure, Item, Lines, Table, Words
from custseg.report.segment import left_off, orders_span
from custseg.segment.basket_summary import (
    BasketSummary,
    MatrixSummary,
    NextOfferRow,
    OfferRow,
    TogetherRow,
)

_FIRST: Final = 10
_SIZE: Final = 3
"""Column of the lists that holds their customers."""

_BARS: Final = 12
_PART: Final = 125.0
"""Room for each side of a rule in a label."""


def basket_page(summary: BasketSummary, speaker: Speaker, inside: str = "") -> Page:
    """Build the page; `inside` is the folder of the run, for who looks from outside of it."""
    orders, together = summary.orders, summary.together
    by_customer = summary.by == "customer"
    lead: list[Item] = [Counted(orders.orders, "order")]
    if orders.first_order:
        lead.insert(0, orders_span(orders))
    if orders.customers:
        lead.append(Counted(orders.customers, "customer"))
    kind = "category" if summary.level == "category" else "product"
    first = [
        *section("offers", _masked(offers_table(summary.offers, inside), summary.offers, speaker)),
        *section("offers", [Lines((("", no_offers(summary)),))] if not summary.offers else []),
        *section(
            "next_offers", _masked(next_offers_table(summary, inside), summary.next_offers, speaker)
        ),
        *section("left_off", unlabelled(left_off(summary.lists))),
        *section(
            "together",
            together_table(together.rows[:_FIRST], by_customer=by_customer, inside=inside),
        ),
    ]
    if summary.next is not None:
        first += section("next", next_found(summary.next, _FIRST, inside))
    first += section("mind", unlabelled(warnings(summary.warnings)), "doubtful")
    return Page(
        title=Words("html.basket_title"),
        lead=tuple(lead),
        cards=(
            Card(label=Words(f"basket.card.{kind}"), value=Figure(together.items)),
            Card(
                label=Words("basket.card.findings"),
                value=Figure(together.findings),
                notes=(Words("basket.card.tested", {"tested": Figure(together.tested)}),),
            ),
            Card(
                label=Words("basket.card.offers"),
                value=Figure(sum(each.customers for each in summary.lists), "people"),
                notes=(Words("basket.card.lists", {"lists": Figure(len(summary.lists))}),),
            ),
        ),
        first=tuple(first),
        pictures=tuple(_charts(summary, speaker)),
        details=(
            *section("together_more", _more(together.rows, by_customer=by_customer, inside=inside)),
            *section("orders", [baskets_read(summary), rules_found(together)]),
        ),
        foot=foot(speaker),
    )


def _more(rows: tuple[TogetherRow, ...], *, by_customer: bool, inside: str) -> list[Block]:
    return together_table(rows[_FIRST:], by_customer=by_customer, inside=inside)


def _masked(
    blocks: list[Block], offers: Sequence[OfferRow | NextOfferRow], speaker: Speaker
) -> list[Block]:
    """Tell lists of too few customers apart no more than other small groups."""
    sizes = [row.customers for row in offers]
    return [
        replace(
            block,
            rows=tuple(
                (*row[:_SIZE], speaker.people(size), *row[_SIZE + 1 :])
                for row, size in zip(block.rows, sizes, strict=True)
            ),
        )
        if isinstance(block, Table)
        else block
        for block in blocks
    ]


def _charts(summary: BasketSummary, speaker: Speaker) -> Iterator[Chart]:
    if summary.together.rows:
        yield _bars(summary.together.rows[:_BARS], speaker)
    if summary.matrix is not None:
        yield _matrix(summary.matrix, speaker)


def _bars(rows: tuple[TogetherRow, ...], speaker: Speaker) -> Chart:
    title, about = Words("chart.together"), Words("chart.together_about")
    drawn = [
        Bar(
            f"{cut(' + '.join(row.antecedent), _PART)} → {cut(row.consequent, _PART)}",
            row.ratio,
            speaker.say(Words("basket.times", {"times": f"{row.ratio:,.1f}"})),
            before=row.low,
        )
        for row in rows
    ]
    return Chart(
        title=title,
        about=about,
        svg=bars(
            drawn,
            most=None,
            name="together",
            title=speaker.say(title),
            about=speaker.say(about),
            most_label=2 * _PART + 50,
        ),
    )


def _matrix(found: MatrixSummary, speaker: Speaker) -> Chart:
    title, about = Words("chart.matrix"), Words("chart.matrix_about")
    return Chart(
        title=title,
        about=about,
        svg=heat_map(
            found.ratios,
            [["" if value is None else f"{value:.1f}" for value in line] for line in found.ratios],
            [f"{number} {name}" for number, name in enumerate(found.items, start=1)],
            [f"{number}" for number in range(1, len(found.items) + 1)],
            name="matrix",
            title=speaker.say(title),
            about=speaker.say(about),
        ),
    )
