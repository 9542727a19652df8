"""The report of ``basket``: what is bought together and next, and the lists to act on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.report.common import RunFacts, closing, warnings
from custseg.report.currency import in_currency
from custseg.report.model import (
    Block,
    Column,
    Counted,
    Figure,
    Item,
    Joined,
    Lines,
    Report,
    Table,
    Toned,
    Words,
)
from custseg.report.segment import left_off, lines_left_out, orders_span
from custseg.segment.basket_summary import (
    BasketSummary,
    NextRow,
    NextSummary,
    OfferRow,
    TogetherRow,
    TogetherSummary,
)
from custseg.segment.summary import OrdersSummary

_SHOWN: Final = 10
_LEFT_OUT_SHOWN: Final = 3
_NAME: Final = 16
"""Cells that the name of a product keeps."""


def basket_report(summary: BasketSummary, facts: RunFacts) -> Report:
    """Build the report of a run from its summary."""
    by_customer = summary.by == "customer"
    blocks: list[Block] = [baskets_read(summary), rules_found(summary.together)]
    blocks += together_table(summary.together.rows[:_SHOWN], by_customer=by_customer)
    if summary.next is not None:
        blocks += next_found(summary.next, _SHOWN)
    blocks += next_offers_table(summary)
    blocks += offers_table(summary.offers)
    if not summary.offers:
        blocks.append(Lines(((Words("basket.lists"), no_offers(summary)),)))
    blocks += left_off(summary.lists)
    blocks += warnings(summary.warnings)
    blocks.append(closing(facts, "report", facts.folder, "--format", "json"))
    return Report(summary.command, in_currency(blocks, summary.orders.currency))


def baskets_read(summary: BasketSummary) -> Lines:
    """What was read, what is left out, and which baskets there are."""
    rows: list[tuple[Item, Item]] = [*_orders(summary.orders), *lines_left_out(summary.orders)]
    together = summary.together
    kind = "category" if summary.level == "category" else "product"
    basket = "customer" if summary.by == "customer" else "order"
    line: Item = Words(
        "basket.baskets_line",
        {"baskets": Counted(together.baskets, basket), "items": Counted(together.items, kind)},
    )
    if together.guests and together.customers:
        line = Joined((line, Words("basket.guests", {"guests": Figure(together.guests)})), "")
    rows.append((Words("basket.baskets"), line))
    if summary.left_out:
        rows.append((Words("basket.no_goods"), _no_goods(summary)))
    if summary.unnamed:
        lines = Counted(summary.unnamed, "line")
        rows.append((Words("basket.unnamed"), Words("basket.unnamed_line", {"lines": lines})))
    return Lines(tuple(rows))


def _orders(orders: OrdersSummary) -> list[tuple[Item, Item]]:
    counted: list[Item] = [Counted(orders.orders, "order")]
    if orders.money_used:
        counted.append(Figure(orders.money_used, "money"))
    if orders.customers:
        counted.append(Counted(orders.customers, "customer"))
    listed = Joined(tuple(counted), Words("report.list_separator"))
    rows = Counted(orders.rows, "line")
    read: list[Item] = [orders_span(orders)] if orders.first_order else []
    read.append(Words("basket.orders_line", {"rows": rows, "counted": listed}))
    return [
        (Words("report.orders_read") if number == 0 else "", item)
        for number, item in enumerate(read)
    ]


def _no_goods(summary: BasketSummary) -> Item:
    named: list[Item] = [
        Words("report.left_out_reason", {"reason": name, "rows": Figure(lines)})
        for name, lines in list(summary.left_out.items())[:_LEFT_OUT_SHOWN]
    ]
    if more := len(summary.left_out) - len(named):
        named.append(Words("report.and_more", {"count": Figure(more)}))
    return Joined(tuple(named), " · ")


def rules_found(together: TogetherSummary) -> Lines:
    """How many rules were looked at, and how many are more than chance."""
    line = Words(
        "basket.rules_line",
        {
            "tested": Figure(together.tested),
            "rules": Figure(together.rules),
            "least": Figure(together.least),
            "support": Figure(together.least / max(together.baskets, 1), "share"),
            "confidence": Figure(together.confidence, "rounded_share"),
            "lift": Figure(together.lift, "number"),
        },
    )
    found: Item = Words("basket.findings_line", {"findings": Figure(together.findings)})
    if not together.findings:
        found = Toned(Words("basket.no_findings"), "doubtful")
    rows: list[tuple[Item, Item]] = [(Words("basket.rules"), line), (Words("basket.sure"), found)]
    if together.raised:
        rows.append(("", Words("basket.raised")))
    return Lines(tuple(rows))


def together_table(
    rows: Sequence[TogetherRow], *, by_customer: bool, inside: str = ""
) -> list[Block]:
    """What is bought together; nothing where nothing is."""
    if not rows:
        return []
    counted = Words("report.customers") if by_customer else Words("basket.orders")
    table = Table(
        columns=(
            Column(Words("basket.who_buys"), least=_NAME, wraps=True),
            Column(Words("basket.also_buys"), least=_NAME, wraps=True),
            Column(counted, right=True),
            Column(Words("basket.share"), right=True),
            Column(Words("basket.lift"), right=True),
            Column(Words("basket.at_least"), right=True),
        ),
        rows=tuple(
            (
                _several(row.antecedent),
                row.consequent,
                _count(row.baskets, small=row.small),
                Figure(row.confidence, "rounded_share"),
                _times(row.lift),
                _times(min(row.low, row.lift)),
            )
            for row in rows
        ),
        note=Words(
            "basket.together_note_customer" if by_customer else "basket.together_note",
            {"inside": inside},
        ),
    )
    return [table]


def next_found(found: NextSummary, shown: int, inside: str = "") -> list[Block]:
    """What is bought next."""
    days = Figure(found.days)
    if not found.rows:
        line = Words("basket.no_next", {"days": days, "tested": Figure(found.tested)})
        return [Lines(((Words("basket.next"), line),))]
    table = Table(
        columns=(
            Column(Words("basket.first"), least=_NAME, wraps=True),
            Column(Words("basket.then", {"days": days}), least=_NAME, wraps=True),
            Column(Words("report.customers"), right=True),
            Column(Words("basket.share"), right=True),
            Column(Words("basket.wait"), right=True),
            Column(Words("basket.ratio"), right=True),
            Column(Words("basket.at_least"), right=True),
        ),
        rows=tuple(_next(row) for row in found.rows[:shown]),
        note=Words("basket.next_note", {"findings": Figure(found.findings), "inside": inside}),
    )
    return [table]


def _next(row: NextRow) -> tuple[Item, ...]:
    return (
        row.first,
        row.then,
        _count(row.customers, small=row.small),
        Figure(row.confidence, "rounded_share"),
        Words("basket.days", {"days": Figure(row.median_days)}),
        _times(row.ratio),
        _times(row.low),
    )


def no_offers(summary: BasketSummary) -> Item:
    """Say why there are no lists."""
    if not summary.together.customers:
        return Words("basket.no_customers")
    return Words("basket.no_offers")


def offers_table(offers: Sequence[OfferRow], inside: str = "") -> list[Block]:
    """The lists: who bought what, and has yet to buy what."""
    if not offers:
        return []
    table = Table(
        columns=(
            Column(Words("basket.list")),
            Column(Words("basket.bought"), least=_NAME, wraps=True),
            Column(Words("basket.not_yet"), least=_NAME, wraps=True),
            Column(Words("report.customers"), right=True),
            Column(Words("basket.chance"), right=True),
            Column(Words("basket.everyone"), right=True),
            Column(Words("basket.each"), right=True),
        ),
        rows=tuple(
            (
                row.file.partition("_")[0],
                _several(row.antecedent),
                row.consequent,
                Figure(row.customers, "people"),
                Figure(row.share, "rounded_share"),
                Figure(row.base, "rounded_share"),
                Figure(row.expected, "money"),
            )
            for row in offers
        ),
        note=Words("basket.offers_note", {"inside": inside}),
    )
    doubtful = [row for row in offers if not row.finding]
    if not doubtful:
        return [table]
    names = tuple(row.file.partition("_")[0] for row in doubtful)
    listed = Joined(names, Words("report.list_separator"))
    line = Words("basket.not_a_finding", {"lists": listed})
    return [table, Lines((("", line),), tone="doubtful")]


def next_offers_table(summary: BasketSummary, inside: str = "") -> list[Block]:
    """The lists of who is to buy what next."""
    if not summary.next_offers or summary.next is None:
        return []
    table = Table(
        columns=(
            Column(Words("basket.next_list")),
            Column(Words("basket.next_first"), least=_NAME, wraps=True),
            Column(Words("basket.next_not_yet"), least=_NAME, wraps=True),
            Column(Words("report.customers"), right=True),
            Column(Words("basket.now"), right=True),
            Column(Words("basket.ratio"), right=True),
            Column(Words("basket.each"), right=True),
            Column(Words("basket.passed"), right=True),
        ),
        rows=tuple(
            (
                "_".join(row.file.split("_")[:2]),
                row.first,
                row.then,
                Figure(row.customers, "people"),
                Figure(row.chance, "rounded_share"),
                _times(row.lift),
                Figure(row.expected, "money"),
                Figure(row.passed),
            )
            for row in summary.next_offers
        ),
        note=Words(
            "basket.next_offers_note",
            {"days": Figure(summary.next.days), "inside": inside},
        ),
    )
    return [table]


def _several(items: Sequence[str]) -> str:
    return " + ".join(items)


def _count(value: int, *, small: bool) -> Item:
    """Give a number of orders or customers, marked where one buyer weighs 1 % or more."""
    figure = Figure(value)
    return Toned(Joined(("*", figure), ""), "doubtful") if small else figure


def _times(value: float) -> Item:
    return Words("basket.times", {"times": f"{value:,.1f}"})
