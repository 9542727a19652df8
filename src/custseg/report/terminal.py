"""A report on the terminal: aligned by the width of its characters, never wrapped at 80."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from custseg.messages.printable import printable
from custseg.report.model import Column, Command, Figure, Item, Lines, Report, Table, Tone, Toned
from custseg.report.words import Scale, money_scale, say
from custseg.report.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 80
"""Width where the output is no terminal, and the least a terminal is taken for."""

_CONTINUED = " \\"

_INDENT = 2
_GAP = 2
_LEAST_TEXT = 8

_STYLES: Mapping[Tone, str] = {
    "plain": "",
    "good": "green",
    "doubtful": "yellow",
    "bad": "red",
    "quiet": "dim",
}


class _Console(Console):
    """A console that leaves it to the command what a reader who went away means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def render_terminal(report: Report, out: TextIO, language: str) -> None:
    """Write a report to `out`; in color only where that is a terminal and NO_COLOR is unset."""
    console = _Console(file=out, highlight=False, soft_wrap=True, emoji=False, markup=False)
    width = max(WIDTH, min(console.width, 120)) if console.is_terminal else WIDTH
    console.print()
    for block in report.blocks:
        lines = (
            _table(block, width, language)
            if isinstance(block, Table)
            else _lines(block, width, language)
        )
        for line in lines:
            line.rstrip()
            console.print(line)
        console.print()


def _styled(item: Item, language: str, scale: Scale | None = None) -> tuple[str, str]:
    tone: Tone = item.tone if isinstance(item, Toned) else "plain"
    return printable(say(item, language, scale)), _STYLES[tone]


def _scale(items: Sequence[Item], language: str) -> Scale:
    """Give the scale of the money in a column."""
    plain = [item.item if isinstance(item, Toned) else item for item in items]
    return money_scale(
        (
            item.value
            for item in plain
            if isinstance(item, Figure) and item.kind == "money" and item.value is not None
        ),
        language,
    )


def _table(table: Table, width: int, language: str) -> list[Text]:
    titles = [printable(say(column.title, language)) for column in table.columns]
    scales = [_scale([row[at] for row in table.rows], language) for at in range(len(table.columns))]
    cells = [
        [_styled(item, language, scale) for item, scale in zip(row, scales, strict=True)]
        for row in table.rows
    ]
    widths = _fitted(table, titles, cells, width - _INDENT)
    lines = []
    if any(titles):
        heads = [(title, "bold") for title in titles]
        lines.append(_row(heads, table.columns, widths))
    for row in cells:
        lines += [_row(part, table.columns, widths) for part in _broken(row, table, widths)]
    if table.note:
        note = say(table.note, language)
        lines += [
            Text(" " * _INDENT + part, style=_STYLES["quiet"])
            for part in wrapped(note, width - _INDENT)
        ]
    return lines


def _broken(
    row: Sequence[tuple[str, str]], table: Table, widths: Sequence[int]
) -> list[list[tuple[str, str]]]:
    """Break a row into as many as its columns that wrap need lines."""
    if _is_heading(row):
        return [list(row)]
    cells = [
        wrapped(words, width) if column.wraps else [words]
        for (words, _), column, width in zip(row, table.columns, widths, strict=True)
    ]
    return [
        [
            (parts[at] if at < len(parts) else "", style)
            for parts, (_, style) in zip(cells, row, strict=True)
        ]
        for at in range(max(map(len, cells)))
    ]


def _fitted(
    table: Table,
    titles: Sequence[str],
    cells: Sequence[Sequence[tuple[str, str]]],
    width: int,
) -> list[int]:
    """Widths of the columns; where all do not fit, the widest text gives way."""
    measured = [row for row in cells if not _is_heading(row)]
    widths = [
        max([cell_len(title), *(cell_len(row[at][0]) for row in measured)])
        for at, title in enumerate(titles)
    ]
    while sum(widths) + _GAP * (sum(map(bool, widths)) - 1) > width:
        texts = [at for at, column in enumerate(table.columns) if not column.right]
        yielding = [at for at in texts if widths[at] > max(table.columns[at].least, _LEAST_TEXT)]
        widest = max(yielding or texts or range(len(widths)), key=lambda at: widths[at])
        if widths[widest] <= _LEAST_TEXT:
            break
        widths[widest] -= 1
    return widths


def _is_heading(row: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a row is a heading of the rows below: nothing stands beside its words."""
    return len(row) > 1 and not any(words for words, _ in row[1:])


def _row(
    cells: Sequence[tuple[str, str]], columns: Sequence[Column], widths: Sequence[int]
) -> Text:
    if _is_heading(cells) and cells[0][0]:
        return Text(" " * _INDENT).append(*cells[0])
    line = Text(" " * _INDENT)
    shown = [each for each in zip(cells, columns, widths, strict=True) if each[2]]
    for at, ((words, style), column, width) in enumerate(shown):
        if at:
            line.append(" " * _GAP)
        if cell_len(words) > width:
            words = set_cell_size(words, width - 1).rstrip() + "…"
        blank = " " * (width - cell_len(words))
        if column.right:
            line.append(blank).append(words, style)
        else:
            line.append(words, style).append(blank)
    return line


def _lines(block: Lines, width: int, language: str) -> list[Text]:
    labels = [printable(say(label, language)) for label, _ in block.rows]
    indent = max((cell_len(label) for label in labels), default=0)
    lines = []
    for label, (_, item) in zip(labels, block.rows, strict=True):
        words, style = _styled(item, language)
        style = style or _STYLES[block.tone]
        room = max(width - indent - _INDENT - _GAP, _LEAST_TEXT)  # beside a label of any width
        command = item.item if isinstance(item, Toned) else item
        if isinstance(command, Command):
            parts = _command_lines(command, room)
        else:
            parts = wrapped(words, room)
        for number, part in enumerate(parts):
            head = label if number == 0 else ""
            line = Text(" " * _INDENT)
            line.append(head + " " * (indent - cell_len(head)), "bold")
            line.append(" " * (_GAP if indent else 0)).append(part, style)
            lines.append(line)
    return lines


def _command_lines(command: Command, width: int) -> list[str]:
    """Break a command between its arguments, as a shell takes it: a backslash at a line's end."""
    lines: list[str] = []
    for argument in (printable(shlex.quote(each)) for each in command.arguments):
        room = width - len(_CONTINUED)
        if lines and cell_len(f"{lines[-1]} {argument}") <= room:
            lines[-1] += f" {argument}"
        else:
            lines.append(f"  {argument}" if lines else argument)
    return [line + _CONTINUED for line in lines[:-1]] + lines[-1:]
