"""The report of ``fields``: what each column was recognized as, why, and how surely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custseg.fields import FieldGuess
from custseg.fields.registry import roles
from custseg.fields.roles import Role
from custseg.report.model import Block, Column, Figure, Item, Lines, Report, Table, Toned, Words

_HEADERS_SHOWN: Final = 3
_SURE: Final = 0.75
_NAME_WIDTH: Final = 20
_ROLE_WIDTH: Final = 16
_WHY_WIDTH: Final = 30
_KANA_OR_KANJI: Final = re.compile(r"[\u3005-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class GuessedTable:
    """The guesses for one input, with masked samples of each column."""

    name: str
    guesses: Sequence[FieldGuess]
    samples: Sequence[Sequence[str]]


def fields_report(tables: Sequence[GuessedTable], language: str, written: str = "") -> Report:
    """Build the report; `written` names the config file made, if one was."""
    blocks: list[Block] = []
    for table in tables:
        blocks.append(Lines(((table.name, ""),)))
        blocks.append(_table(table, language))
    note: Item = Words("report.fields_note")
    if written:
        note = Words("report.fields_written", {"path": written})
    blocks.append(Lines((("", note),), tone="quiet"))
    return Report("fields", tuple(blocks))


def _table(table: GuessedTable, language: str) -> Table:
    return Table(
        columns=(
            Column(Words("report.column"), least=_NAME_WIDTH),
            Column(Words("report.role"), least=_ROLE_WIDTH),
            Column(Words("report.sure"), right=True),
            Column(Words("report.samples")),
            Column(Words("report.why"), least=_WHY_WIDTH, wraps=True),
        ),
        rows=tuple(
            _row(guess, samples, language)
            for guess, samples in zip(table.guesses, table.samples, strict=True)
        ),
    )


def _row(guess: FieldGuess, samples: Sequence[str], language: str) -> tuple[Item, ...]:
    role: Item = guess.role or Words("report.no_role")
    if guess.attribute:
        role = Words("report.attribute")
    sure: Item = Figure(guess.confidence, "share") if guess.role else ""
    if guess.role and guess.confidence < _SURE:
        sure = Toned(sure, "doubtful")
    return (guess.column, role, sure, samples[0] if samples else "", guess.reason.text(language))


def roles_report(language: str) -> Report:
    """List every role: its name, what a person calls it, and some headers it goes by."""
    rows = tuple(
        (role.name, role.label[language], ", ".join(_headers(role, language)))
        for role in roles().values()
    )
    table = Table(
        columns=(
            Column(Words("report.role")),
            Column(Words("report.role_label")),
            Column(Words("report.role_headers")),
        ),
        rows=rows,
    )
    return Report("roles", (table,))


def _headers(role: Role, language: str) -> list[str]:
    """Some headers of a role, those of the reader's language first."""
    own = [
        header
        for header in role.headers
        if (header.isascii() if language == "en" else _KANA_OR_KANJI.search(header))
    ]
    return own[:_HEADERS_SHOWN]
