"""What the commands of privacy and the base say of what they did or found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    Table,
    Tone,
    Toned,
    Words,
)

if TYPE_CHECKING:
    from custseg.base.check import Check
    from custseg.jobs.forget import ForgetResult
    from custseg.jobs.pseudonymize import PseudonymResult
    from custseg.jobs.subject import Subject
    from custseg.privacy.audit import Verdict


def forget_report(result: ForgetResult, output: str) -> Report:
    """Say what was forgotten, and what is left to do."""
    rows: list[tuple[Item, Item]] = [
        (Words("privacy.report.people"), Figure(result.people)),
        (Words("privacy.report.base_rows"), Figure(result.base_rows)),
    ]
    rows += [
        (Words("privacy.report.run"), Joined((Counted(count, "place"), name), " · "))
        for name, count in result.runs.items()
    ]
    rows.append((Words("privacy.report.tombstones"), Figure(result.tombstones)))
    if result.shared:
        rows.append((Words("privacy.report.shared"), Figure(result.shared)))
    blocks: list[Block] = [Lines(tuple(rows))]
    if result.removals:
        sent = [(f"{output}/{name}", Figure(count)) for name, count in result.removals.items()]
        title = Column(Words("privacy.report.removal"))
        blocks.append(Table((title, Column(Words("privacy.report.rows"), right=True)), tuple(sent)))
    left = Words("privacy.report.left")
    blocks.append(Lines(((Words("report.mind"), left),), tone="doubtful"))
    return Report("forget", tuple(blocks))


def subject_report(found: tuple[Subject, ...]) -> Report:
    """Show everything held about people."""
    blocks: list[Block] = []
    for each in found:
        blocks.append(Lines(((Words("privacy.report.ids"), ", ".join(each.ids)),)))
        for table, rows in each.base.items():
            blocks += _held(Words("privacy.report.in_base", {"table": table}), rows)
        for folder, files in each.runs.items():
            for name, rows in files.items():
                blocks += _held(f"{folder}/{name}", rows)
        blocks += _held(Words("privacy.report.sent"), [_cell_by_cell(row) for row in each.sent])
        if not each.sent:
            blocks.append(Lines((("", Words("privacy.report.never_sent")),)))
    return Report("subject", tuple(blocks))


def _held(title: Item, rows: list[dict[str, Any]]) -> list[Block]:
    """Show rows one below the other, a filled cell a line."""
    if not rows:
        return []
    blocks: list[Block] = [Lines((("", title),))]
    for row in rows:
        lines = [(name, _shown(value)) for name, value in row.items() if value not in (None, "")]
        blocks.append(Lines(tuple(lines)))
    return blocks


def _cell_by_cell(row: dict[str, Any]) -> dict[str, Any]:
    """Give a row that was sent with its cells under the names of their columns."""
    more = {name: value for name, value in row.items() if name not in ("columns", "cells")}
    return more | dict(zip(row["columns"], row["cells"], strict=True))


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def audit_report(verdict: Verdict, path: str) -> Report:
    """Say whether the audit log is as it was written."""
    rows: list[tuple[Item, Item]] = [
        (Words("privacy.report.log"), Joined((Counted(verdict.lines, "line"), path), " · "))
    ]
    if verdict.sound:
        rows.append(("", Toned(Words("privacy.report.audit_sound"), "good")))
    if verdict.changed:
        lines = ", ".join(str(each) for each in verdict.changed[:20])
        rows.append(("", Toned(Words("privacy.report.audit_changed", {"lines": lines}), "bad")))
    if verdict.missing:
        count = Figure(verdict.missing)
        rows.append(("", Toned(Words("privacy.report.audit_cut", {"count": count}), "bad")))
    if verdict.head_differs:
        rows.append(("", Toned(Words("privacy.report.audit_head"), "bad")))
    return Report("audit", (Lines(tuple(rows)),))


def check_report(checks: list[Check]) -> Report:
    """Say which rules of the base hold; where one does not, of what table."""
    rows: list[tuple[Item, Item]] = []
    for rule in dict.fromkeys(each.rule for each in checks):
        broken = [each for each in checks if each.rule == rule and each.broken]
        if not broken:
            rows.append((Toned(Words("base.holds"), "good"), Words(f"base.rule.{rule}")))
        for each in broken:
            count = Toned(Words("base.broken", {"count": Figure(each.broken)}), "bad")
            named = Joined((Words(f"base.rule.{rule}"), each.what), ": ")
            rows.append((count, named if each.what else Words(f"base.rule.{rule}")))
    return Report("base", (Lines(tuple(rows)),))


def _minute(moment: str) -> str:
    """Give an ISO time to the minute."""
    return moment[:16].replace("T", " ")


def base_report(
    sizes: dict[str, int], runs: list[dict[str, Any]], lists: list[dict[str, Any]]
) -> Report:
    """Show what is in the base, in numbers."""
    tables = tuple((Words(f"base.table.{name}"), Figure(count)) for name, count in sizes.items())
    latest = tuple(
        (
            str(each["run"]),
            each["command"],
            _minute(each["started"]),
            each["run_id"],
            each["folder"],
        )
        for each in runs
    )
    held = tuple(
        (
            each["name"],
            Words(f"base.kind.{each['kind']}"),
            Figure(each["members"]),
            _minute(each["started"]),
        )
        for each in lists
    )
    count = Column(Words("base.count"), right=True)
    started = Column(Words("base.started"))
    blocks: list[Block] = [Table((Column(Words("base.what")), count), tables)]
    if latest:
        runs_title, command = Column(Words("base.table.runs")), Column(Words("base.command"))
        run_id, folder = Column(Words("base.run_id")), Column(least=12)
        blocks.append(Table((runs_title, command, started, run_id, folder), latest))
    if held:
        title = Column(Words("base.table.lists"))
        blocks.append(Table((title, Column(), count, started), held))
    return Report("base", tuple(blocks))


def pseudonym_report(result: PseudonymResult) -> Report:
    """Say what was removed, and how large the smallest group is."""
    written = tuple((name, Counted(rows, "row")) for name, rows in result.rows.items())
    removed = tuple(
        (Words(f"privacy.removed.{why}"), ", ".join(columns))
        for why, columns in result.removed.items()
        if columns
    )
    alike = Words("report.list_separator")
    columns = Joined(tuple(FieldName(each) for each in result.columns), alike)
    k: list[tuple[Item, Item]] = [
        (Words("privacy.report.alike"), columns),
        (Words("privacy.report.k"), Figure(result.k)),
    ]
    if result.groups:
        params: dict[str, Item] = {
            "groups": Figure(result.groups),
            "rows": Figure(result.small),
            "k": Figure(result.least),
        }
        key = "privacy.report.suppressed" if result.suppressed else "privacy.report.small"
        tone: Tone = "good" if result.suppressed else "doubtful"
        k.append(("", Toned(Words(key, params), tone)))
    blocks: list[Block] = [Lines(written), Lines(removed), Lines(tuple(k))]
    return Report("pseudonymize", tuple(each for each in blocks if each.rows))
