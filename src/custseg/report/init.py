"""The report of ``init``: what each file was taken for, and what was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from custseg.chain.facts import InputKind
from custseg.report.model import Column, Item, Lines, Report, Table, Toned, Words


class InitFile(NamedTuple):
    """A file that was looked at; `kind` is None where it is of no use."""

    name: str
    kind: InputKind | None
    pattern: str


def init_report(files: Sequence[InitFile], written: str) -> Report:
    """Build the report."""
    table = Table(
        columns=(
            Column(Words("init.file")),
            Column(Words("init.use")),
            Column(Words("init.pattern")),
        ),
        rows=tuple(_row(each) for each in files),
    )
    said = Words("init.written")
    return Report("init", (table, Lines(((Words("init.config"), written), ("", said)))))


def _row(file: InitFile) -> tuple[Item, ...]:
    if file.kind is None:
        return (file.name, Toned(Words("init.left_out"), "doubtful"), "")
    return (file.name, Words(f"chain.kind.{file.kind}"), file.pattern)
