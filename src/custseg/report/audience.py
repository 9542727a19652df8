"""The reports of ``audience make``, ``check`` and ``platforms``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from custseg.audience.platforms.check import Checked
from custseg.audience.platforms.model import Platform
from custseg.audience.summary import AudienceSummary, PlatformFile
from custseg.report.common import RunFacts, closing, warnings
from custseg.report.model import (
    Block,
    Column,
    Date,
    Figure,
    Item,
    Joined,
    Lines,
    Report,
    Table,
    Toned,
    Words,
)

_OVERLAPS_SHOWN = 5


def audience_report(summary: AudienceSummary, facts: RunFacts) -> Report:
    """Build the report of a run from its summary."""
    blocks: list[Block] = [facts_used(summary), lists_made(summary)]
    if left_out := members_left_out(summary):
        blocks.append(left_out)
    if overlaps := lists_shared(summary):
        blocks.append(overlaps)
    blocks += warnings(summary.warnings)
    blocks.append(closing(facts, "report", facts.folder, "--format", "json"))
    return Report("audience", tuple(blocks))


def facts_used(summary: AudienceSummary) -> Lines:
    """The day whose consents hold, the customers there are, and who is kept out."""
    rows: list[tuple[Item, Item]] = [
        (Words("audience.report.as_of"), Date(summary.as_of)),
        (Words("audience.report.customers"), Figure(summary.customers, "people")),
    ]
    if summary.suppressed:
        rows.append((Words("audience.report.suppressed"), Figure(summary.suppressed, "people")))
    if summary.holdout:
        line = Words(
            "audience.report.holdout_line",
            {
                "campaign": summary.campaign,
                "share": Figure(summary.holdout, "share"),
                "customers": Figure(summary.held_out, "people"),
            },
        )
        rows.append((Words("audience.report.holdout"), line))
    return Lines(tuple(rows))


def lists_made(summary: AudienceSummary) -> Table:
    """Each list for each platform: its rows, and what came and went."""
    members = {each.name: each.members for each in summary.lists}
    return Table(
        columns=(
            Column(Words("audience.report.list")),
            Column(Words("audience.report.platform")),
            Column(Words("audience.report.members"), right=True),
            Column(Words("audience.report.rows"), right=True),
            Column(Words("audience.report.added"), right=True),
            Column(Words("audience.report.kept"), right=True),
            Column(Words("audience.report.removed"), right=True),
        ),
        rows=tuple(
            (
                each.list,
                each.platform,
                Figure(members[each.list], "people", group=("members", each.list)),
                *(
                    Figure(value, "people", group=(name, each.list, each.platform))
                    for name, value in (
                        *(("rows", each.rows), ("added", each.added)),
                        *(("kept", each.kept), ("removed", each.removed)),
                    )
                ),
            )
            for each in summary.files
        ),
        note=Words(
            "audience.report.compared" if summary.compared else "audience.report.first_time"
        ),
    )


def members_left_out(summary: AudienceSummary) -> Table | None:
    """Members who are not in a file, by reason; None where all are."""
    rows = []
    for each in summary.files:
        rows += _reasons(each)
    if not rows:
        return None
    return Table(
        columns=(
            Column(Words("audience.report.left_out")),
            Column(),
            Column(right=True),
            Column(),
        ),
        rows=tuple(rows),
    )


def _reasons(file: PlatformFile) -> list[tuple[Item, ...]]:
    found: Mapping[str, int] = file.left_out
    rows: list[tuple[Item, ...]] = [
        (
            file.list,
            file.platform,
            Figure(count, "people", group=("out", file.list, file.platform, reason)),
            Words(f"audience.reason.{reason}"),
        )
        for reason, count in sorted(found.items(), key=lambda each: (-each[1], each[0]))
    ]
    rows += [
        (
            file.list,
            file.platform,
            Figure(count, "people"),
            Words("audience.report.rejected", {"column": column}),
        )
        for column, count in file.rejects.items()
    ]
    return rows


def lists_shared(summary: AudienceSummary) -> Table | None:
    """The lists that share most of their members; None where none do."""
    ranked = sorted(summary.overlaps, key=lambda each: (-each.jaccard, each.left, each.right))
    shown = [each for each in ranked if each.customers][:_OVERLAPS_SHOWN]
    if not shown:
        return None
    return Table(
        columns=(
            Column(Words("audience.report.overlap")),
            Column(),
            Column(Words("audience.report.customers"), right=True),
            Column(Words("audience.report.jaccard"), right=True),
        ),
        rows=tuple(
            (each.left, each.right, Figure(each.customers, "people"), Figure(each.jaccard, "share"))
            for each in shown
        ),
    )


def check_report(found: Checked, platform: Platform, name: str) -> Report:
    """Build the report of a check: accepted or not, and why."""
    accepted = Words("audience.check.accepted", {"platform": platform.label})
    refused = Words("audience.check.refused", {"platform": platform.label})
    verdict: Item = Toned(accepted, "good") if found.accepted else Toned(refused, "bad")
    rows: list[tuple[Item, Item]] = [
        (name, verdict),
        (Words("audience.report.rows"), Figure(found.rows)),
        (Words("audience.check.version"), platform.version),
    ]
    rows += [
        (Words("audience.check.filled", {"column": column or "1"}), Figure(count))
        for column, count in found.filled.items()
    ]
    blocks: list[Block] = [Lines(tuple(rows))]
    if found.problems:
        blocks.append(
            Table(
                columns=(
                    Column(Words("audience.check.problem")),
                    Column(Words("audience.check.column")),
                    Column(Words("audience.check.count"), right=True),
                    Column(Words("audience.check.lines")),
                ),
                rows=tuple(
                    (
                        Words(f"audience.problem.{each.reason}"),
                        each.column,
                        Figure(each.count),
                        ", ".join(f"{line:,}" for line in each.lines),
                    )
                    for each in found.problems
                ),
            )
        )
    return Report("audience check", tuple(blocks))


def platforms_report(platforms: Iterable[Platform]) -> Report:
    """Build the table of platforms whose rules are known."""
    rows = []
    for each in platforms:
        bounds: list[Item] = []
        if each.least > 1:
            bounds.append(Words("audience.bound.least", {"rows": Figure(each.least)}))
        if each.most_rows:
            bounds.append(Words("audience.bound.rows", {"rows": Figure(each.most_rows)}))
        if each.most_bytes:
            size = Figure(each.most_bytes / 1e6)
            bounds.append(Words("audience.bound.bytes", {"size": size}))
        kinds = {column.hash for column in each.columns}
        hashing = "sha256" if "sha256" in kinds else "md5" if "md5" in kinds else "–"
        rows.append(
            (each.name, each.label, each.version, each.channel, hashing, Joined(tuple(bounds), " "))
        )
    table = Table(
        columns=(
            Column(Words("audience.report.platform")),
            Column(),
            Column(Words("audience.check.version")),
            Column(Words("audience.platforms.channel")),
            Column(Words("audience.platforms.hash")),
            Column(Words("audience.platforms.bounds")),
        ),
        rows=tuple(rows),
        note=Words("audience.platforms.note"),
    )
    return Report("audience platforms", (table,))
