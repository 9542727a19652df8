"""The report of ``clean``, ``dedupe`` and ``standardize``: what was read, done, and to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from custseg.cleanse.summary import (
    CleanSummary,
    ColumnSummary,
    FieldWeight,
    InputSummary,
    MatchingSummary,
    QualitySummary,
)
from custseg.report.common import RunFacts, closing, warnings
from custseg.report.model import (
    Block,
    Column,
    Counted,
    FieldName,
    Figure,
    Item,
    Joined,
    Lines,
    Report,
    RoleName,
    Table,
    Toned,
    Words,
)

SHOWN_COLUMNS = 16
"""Columns of the standardizing table at most; the rest are in ``quality.csv``."""

_INDENT = "  "
SHOWN_ROLES = 8
"""Roles whose quality is shown, those that gained most."""

_MUCH_DOUBT = 0.05
_PAIRS_A_MINUTE = 10
_ROUGH_MINUTES = 5
_FEW_PAIRS = 15
"""Below this many pairs to review no time is named."""

_MINUTES_TOLD = 600
"""Beyond this many minutes hours are told."""

_ROLE_WIDTH = 21
"""Cells that the longest name of a usual role takes."""


def clean_report(summary: CleanSummary, facts: RunFacts, *, show_next: bool = True) -> Report:
    """Build the report of a run from its summary; `show_next` adds the command to run next."""
    blocks: list[Block] = [inputs_read(summary)]
    if summary.columns and summary.command != "dedupe":
        blocks.append(columns_standardized(summary, facts))
    if summary.matching is not None:
        blocks += matched(summary.matching, facts)
        blocks += evidence(summary.matching)
    if summary.quality is not None:
        blocks.append(quality_line(summary.quality))
    blocks += warnings(summary.warnings)
    blocks.append(closing(facts, *(_next(summary, facts) if show_next else ())))
    return Report(summary.command, tuple(blocks))


def inputs_read(summary: CleanSummary) -> Table:
    """The inputs: encoding, rows, columns, what could not be read."""
    country = Words(
        "report.country_guessed" if summary.country_guessed else "report.country",
        {"country": summary.country},
    )
    return Table(
        columns=(Column(), Column(), Column(right=True), Column(right=True), Column()),
        rows=tuple(_input(each) for each in summary.inputs),
        note=country if summary.country else "",
    )


def _input(each: InputSummary) -> tuple[Item, ...]:
    unread: Item = ""
    if each.quarantined:
        words = Words("report.quarantined", {"count": Figure(each.quarantined)})
        unread = Toned(words, "doubtful")
    return (
        each.name,
        each.encoding or each.format,
        Counted(each.rows, "row"),
        Counted(each.columns, "column"),
        unread,
    )


def columns_standardized(summary: CleanSummary, facts: RunFacts) -> Table:
    """What standardizing did to each column."""
    several = len(summary.inputs) > 1
    shown = summary.columns[:SHOWN_COLUMNS]
    if len(summary.columns) > SHOWN_COLUMNS:
        # The columns with something to look at come first, in the order of the file.
        weights = sorted(summary.columns, key=lambda each: -(each.doubtful * 4 + each.changed))
        kept = {id(each) for each in weights[:SHOWN_COLUMNS]}
        shown = tuple(each for each in summary.columns if id(each) in kept)
    left_out = len(summary.columns) - len(shown)
    note = "report.changes_note_more" if left_out else "report.changes_note"
    more = Counted(left_out, "more_column")
    addresses = any(each.parsed is not None for each in summary.columns)
    return Table(
        columns=(
            Column(Words("report.standardized")),
            Column(least=_ROLE_WIDTH),
            Column(Words("report.changed"), right=True),
            Column(Words("report.doubtful"), right=True),
            Column(Words("report.empty"), right=True),
            Column(Words("report.parsed") if addresses else "", right=True),
        ),
        rows=tuple(_rows(shown, several)),
        note=Words(note, {"file": facts.file("changes"), "more": more}),
    )


def _rows(columns: Sequence[ColumnSummary], several: bool) -> Iterator[tuple[Item, ...]]:
    """Give a row a column; with several inputs, below the name of each."""
    source = ""
    for each in columns:
        if several and each.source != source:
            yield (each.source, *("" for _ in range(5)))
        source = each.source
        yield _column(each, _INDENT if several else "")


def _column(each: ColumnSummary, indent: str) -> tuple[Item, ...]:
    doubtful: Item = Figure(each.doubtful, "share")
    extra: Item = "" if each.parsed is None else Figure(each.parsed, "share")
    return (
        indent + each.column,
        RoleName(each.role),
        Figure(each.changed, "share"),
        Toned(doubtful, "doubtful") if each.doubtful > _MUCH_DOUBT else doubtful,
        Figure(each.empty, "share"),
        extra,
    )


def matched(matching: MatchingSummary, facts: RunFacts) -> list[Block]:
    """Who was found to be whom, and how surely."""
    several = matching.customers_with_several / matching.customers if matching.customers else 0.0
    headline = Words(
        "report.matched",
        {
            "records": Counted(matching.records, "record"),
            "customers": Counted(matching.customers, "customer"),
            "share": Figure(several, "share"),
        },
    )
    most = max([zone.links for zone in matching.zones], default=0) or 1
    rows: list[tuple[Item, ...]] = []
    for zone in matching.zones:
        detail: Item = Figure(zone.links / most, "bar")
        if zone.zone == "review" and zone.links:
            detail = _review(zone.links, facts.file("review"))
        rows.append(
            (
                Words(f"report.zone.{zone.zone}"),
                Counted(zone.links, "pair"),
                f"p ≥ {zone.probability:.2f}".replace("0.", "."),
                detail,
            )
        )
    if matching.household_pairs_kept_apart:
        pairs = Counted(matching.household_pairs_kept_apart, "pair")
        rows.append(
            (
                Words("report.zone.household"),
                pairs,
                "",
                Words("report.kept_apart"),
            )
        )
    return [
        Lines(((Words("report.matched_label"), headline),)),
        Table(columns=(Column(), Column(right=True), Column(), Column()), rows=tuple(rows)),
    ]


def evidence(matching: MatchingSummary) -> list[Block]:
    """By what records were judged to be of one person."""
    blocks: list[Block] = []
    if matching.evidence:
        names = ", ".join(matching.evidence)
        blocks.append(Lines(((Words("report.evidence"), names),), tone="quiet"))
    if matching.weights:
        blocks.append(_weights(matching.weights))
    return blocks


def _weights(weights: Sequence[FieldWeight]) -> Lines:
    """Say how much likelier one person is for agreement, and how much less for difference."""
    rows: list[tuple[Item, Item]] = []
    for label, key, sign in (
        ("report.agreement_counts", "report.times_likelier", 1),
        ("report.difference_counts", "report.times_less", -1),
    ):
        bits = {each.field: each.same if sign > 0 else -each.different for each in weights}
        telling = sorted((field for field in bits if bits[field] >= 1), key=lambda f: (-bits[f], f))
        parts = [
            Words(key, {"field": FieldName(field), "times": Figure(rough(2 ** bits[field]))})
            for field in telling
        ]
        if parts:
            rows.append((Words(label), Joined(tuple(parts), " · ")))
    return Lines(tuple(rows), tone="quiet")


def rough(times: float) -> int:
    """Round to two leading digits: a fitted ratio is not known better."""
    digits = len(str(int(times)))
    return int(round(times, 2 - digits))


def _review(pairs: int, file: str) -> Item:
    """Say where the pairs to review are, and what time a person needs for them if it is any."""
    if pairs < _FEW_PAIRS:
        return file
    minutes = max(1, round(pairs / _PAIRS_A_MINUTE / _ROUGH_MINUTES)) * _ROUGH_MINUTES
    if minutes <= _MINUTES_TOLD:
        return Words("report.review_minutes", {"file": file, "minutes": Figure(minutes)})
    return Words("report.review_hours", {"file": file, "hours": Figure(round(minutes / 60))})


def quality_line(quality: QualitySummary) -> Lines:
    """The score before and after, and what gained most."""
    headline = Words(
        "report.quality_line",
        {"before": Figure(quality.before, "score"), "after": Figure(quality.after, "score")},
    )
    gains = sorted(quality.by_role.items(), key=lambda each: each[1][0] - each[1][1])
    shown = [role for role, (before, after) in gains if after - before >= 1][:SHOWN_ROLES]
    parts = [
        Words(
            "report.quality_role",
            {
                "role": RoleName(role),
                "before": Figure(quality.by_role[role][0], "score"),
                "after": Figure(quality.by_role[role][1], "score"),
            },
        )
        for role in shown
    ]
    rows: list[tuple[Item, Item]] = [(Words("report.quality"), headline)]
    if parts:
        rows.append(("", _joined(parts)))
    return Lines(tuple(rows))


def _joined(parts: Sequence[Item]) -> Item:
    """Put items into one line."""
    line = parts[0]
    for part in parts[1:]:
        line = Words("report.joined", {"first": line, "second": part})
    return line


def _next(summary: CleanSummary, facts: RunFacts) -> tuple[str, ...]:
    if summary.matching is None:
        return ("clean", *facts.inputs, "-o", "run")
    return ("segment", "--customers", facts.folder, "--orders", "orders.csv", "-o", "segments")
