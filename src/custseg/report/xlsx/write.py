"""A workbook as the bytes of an Excel file: the same ones from the same report."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from custseg.report.html.palette import LIGHT
from custseg.report.html.speaker import WITHHELD, Speaker
from custseg.report.model import Figure, Item, Toned, Words
from custseg.report.xlsx.graphs import Place, drawable, make_graph
from custseg.report.xlsx.layout import (
    GAP,
    beside,
    column_widths,
    graph_places,
    graph_rows,
    graphs_wide,
    print_page,
    text_columns,
    text_room,
)
from custseg.report.xlsx.model import (
    Book,
    Cell,
    Contents,
    Grid,
    Number,
    Sentences,
    Sheet,
)
from custseg.report.xlsx.numbers import (
    bare,
    column_format,
    day_of,
    is_number,
    number_of,
    words_of,
)
from custseg.report.xlsx.style import (
    BODY,
    FONTS,
    FULL_ACCENT,
    FULL_OTHER,
    HEAD,
    HEADING,
    LABEL,
    LINK,
    QUIET,
    ROW_PIXELS,
    ROW_POINTS,
    SENTENCE,
    SIZE,
    TITLE,
    Formats,
    Style,
    capital,
    harmless,
    lines_needed,
    pixels,
    toned,
)
from custseg.tables.workbook import EXCEL_EPOCH, sheet_names

_A4: Final = 9
_AS_EVER: Final = 100
"""The index of a median that is that of all customers."""

_ZOOM: Final = 90


def write_book(book: Book, speaker: Speaker) -> bytes:
    """Write a workbook."""
    import xlsxwriter

    made = io.BytesIO()
    font = {"font_name": FONTS[speaker.language], "font_size": SIZE}
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": font,
    }
    with xlsxwriter.Workbook(made, options) as workbook:
        title = harmless(speaker.say(book.title))
        workbook.set_properties({"title": title, "created": EXCEL_EPOCH})
        formats = Formats(workbook, speaker.language)
        sheets = (_masked(each, speaker) for each in book.sheets)
        book = replace(book, sheets=tuple(_drawable(each) for each in sheets))
        wanted = [harmless(speaker.say(each.name)) for each in book.sheets]
        tabs = sheet_names(wanted)
        writers = [
            _SheetWriter(workbook, workbook.add_worksheet(tabs[name]), sheet, formats, speaker)
            for sheet, name in zip(book.sheets, wanted, strict=True)
        ]
        for each in writers:
            each.write(book, [tabs[name] for name in wanted])
    return made.getvalue()


def _masked(sheet: Sheet, speaker: Speaker) -> Sheet:
    """Mask the small groups in the cells of a sheet; sentences are masked as they are said."""
    parts = tuple(
        replace(
            part,
            rows=tuple(tuple(_masked_cell(cell, speaker) for cell in row) for row in part.rows),
        )
        if isinstance(part, Grid)
        else part
        for part in sheet.parts
    )
    return replace(sheet, parts=parts)


def _masked_cell(cell: Cell, speaker: Speaker) -> Cell:
    plain = bare(cell)
    if not isinstance(plain, Figure):
        return cell
    told = speaker.dressed(plain)
    return Toned(told, cell.tone) if isinstance(cell, Toned) else told


def _drawable(sheet: Sheet) -> Sheet:
    parts = tuple(drawable(each) if isinstance(each, Grid) else each for each in sheet.parts)
    return replace(sheet, parts=parts)


def _aligned(column: int, *, right: bool) -> Style:
    """Align a column: numbers to the right, words to the left and away from the number before."""
    if right:
        return {"align": "right"}
    return {"align": "left", "text_wrap": True, "indent": 1 if column else 0}


class _SheetWriter:
    """Writes one sheet from top to bottom."""

    def __init__(
        self, workbook: Any, target: Any, sheet: Sheet, formats: Formats, speaker: Speaker
    ) -> None:
        self._workbook = workbook
        self._target = target
        self._sheet = sheet
        self._formats = formats
        self._speaker = speaker
        self._widths = column_widths(sheet, speaker)
        self._row = 0
        self._high_more = 0
        self._wide = 0

    def write(self, book: Book, tabs: Sequence[str]) -> None:
        """Write all, and set how it scrolls and prints."""
        sheet, target = self._sheet, self._target
        target.set_default_row(ROW_POINTS)
        for at, width in enumerate(self._widths):
            target.set_column(at, at, width)
        self._text(0, 0, sheet.title, TITLE)
        target.set_row(0, 26)
        self._row = 1
        if sheet.about:
            self._sentence(sheet.about, QUIET, first=0)
        self._row += 1
        for part in sheet.parts:
            if isinstance(part, Grid):
                self._grid(part)
            elif isinstance(part, Sentences):
                self._sentences(part)
            else:
                self._contents(part, book, tabs)
            self._row += 1
        if sheet.foot:
            self._sentence(sheet.foot, QUIET, first=0)
        self._page()

    def _page(self) -> None:
        target = self._target
        target.hide_gridlines(2)
        target.set_zoom(_ZOOM)
        target.set_paper(_A4)
        target.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        height = self._row * ROW_PIXELS + self._high_more
        orientation, whole = print_page(self._wide, height)
        if orientation == "landscape":
            target.set_landscape()
        else:
            target.set_portrait()
        target.fit_to_pages(1, 1 if whole else 0)
        title = harmless(self._speaker.say(self._sheet.title)).replace("&", "&&")
        target.set_footer(f"&L{title[:100]}&C&A&R&P / &N")

    def _put(self, row: int, column: int, cell: Cell, number: str, *styles: Style) -> None:
        """Write one cell; what is text stays text, whatever it begins with."""
        if isinstance(cell, Toned | Number):
            styles = (*styles, toned(cell.tone))
        plain = bare(cell)
        if (day := day_of(plain)) is not None:
            form = self._formats.of(*styles, {"num_format": number})
            self._target.write_datetime(row, column, day, form)
        elif isinstance(plain, Number) or (isinstance(plain, Figure) and plain.value is not None):
            form = self._formats.of(*styles, {"num_format": number})
            self._target.write_number(row, column, number_of(plain), form)
        else:
            self._text(row, column, plain, *styles)

    def _text(self, row: int, column: int, item: Item, *styles: Style) -> None:
        words = harmless(self._speaker.say(item))
        if words:
            self._target.write_string(row, column, words, self._formats.of(*styles))
        else:
            self._target.write_blank(row, column, None, self._formats.of(*styles))

    def _over(self, row: int, column: int, count: int, *styles: Style) -> None:
        """Make one cell of several that stand side by side."""
        if count > 1:
            form = self._formats.of(*styles)
            self._target.merge_range(row, column, row, column + count - 1, "", form)

    def _sentence(self, item: Item, style: Style, *, first: int, count: int = 0) -> None:
        """Write a sentence over so many columns, else over the width of the sheet."""
        count = count or text_columns(self._widths) + (1 - first)
        wide = sum(pixels(each) for each in self._widths[: first + count])
        self._wide = max(self._wide, wide)
        self._over(self._row, first, count, style)
        self._text(self._row, first, item, style)
        words, room = self._speaker.say(item), text_room(self._widths, first, count)
        self._high(lines_needed(words, room))
        self._row += 1

    def _high(self, lines: int) -> None:
        if lines > 1:
            more = (lines - 1) * (ROW_POINTS - 4)
            self._target.set_row(self._row, ROW_POINTS + more)
            self._high_more += more * ROW_PIXELS // ROW_POINTS

    def _heading(self, title: Item) -> None:
        if title:
            self._text(self._row, 0, title, HEADING)
            self._row += 1

    def _sentences(self, part: Sentences) -> None:
        self._heading(part.title)
        labelled = any(label for label, _ in part.rows)
        style = SENTENCE | toned("doubtful") if part.doubtful else SENTENCE
        for label, item in part.rows:
            if label:
                self._text(self._row, 0, label, LABEL)
            tone = toned(item.tone) if isinstance(item, Toned) else {}
            self._sentence(item, style | tone, first=1 if labelled else 0)

    def _contents(self, part: Contents, book: Book, tabs: Sequence[str]) -> None:
        self._heading(part.title)
        for tab, sheet in zip(tabs, book.sheets, strict=True):
            if sheet is self._sheet:
                continue
            name = harmless(self._speaker.say(sheet.name))
            quoted = tab.replace("'", "''")
            link = f"internal:'{quoted}'!A1"
            self._target.write_url(self._row, 0, link, self._formats.of(LINK), name)
            self._sentence(sheet.title, SENTENCE, first=1)

    def _grid(self, grid: Grid) -> None:
        self._heading(grid.title)
        head = self._row
        spans = grid.spans or (1,) * len(grid.heads)
        lefts = [sum(spans[:at]) for at in range(len(spans))]
        right = [at > 0 and self._numbers(row[at] for row in grid.rows) for at in range(len(spans))]
        self._wide = max(self._wide, sum(pixels(each) for each in self._widths[: sum(spans)]))
        self._heads(grid, spans, lefts, right)
        styles: list[tuple[str, Style]] = [
            (
                column_format((row[at] for row in grid.rows), self._speaker),
                _aligned(at, right=right[at]),
            )
            for at in range(len(spans))
        ]
        for number, cells in enumerate(grid.rows):
            self._row = head + 1 + number
            lines = 1
            for at, cell in enumerate(cells):
                form, style = styles[at]
                fill = {"bg_color": grid.fills[number, at]} if (number, at) in grid.fills else {}
                if grid.mixed and is_number(cell):
                    form = column_format([cell], self._speaker)
                self._over(self._row, lefts[at], spans[at], BODY, style, fill)
                self._put(self._row, lefts[at], cell, form, BODY, style, fill)
                if not right[at]:
                    room = text_room(self._widths, lefts[at], spans[at])
                    lines = max(lines, lines_needed(words_of(cell, self._speaker), room))
            self._high(lines)
        self._row = head + 1 + len(grid.rows)
        self._shade(grid, head)
        if grid.note:
            at_side = grid.graphs and beside(grid, self._widths)
            self._sentence(grid.note, QUIET, first=0, count=len(grid.heads) if at_side else 0)
        self._graphs(grid, head)
        if grid is self._only_grid():
            self._target.freeze_panes(head + 1, 1)
            self._target.repeat_rows(head)

    def _numbers(self, cells: Iterable[Cell]) -> bool:
        """Tell whether a column holds numbers, some of them masked, or nothing."""
        mask = self._speaker.people(1) if self._speaker.hidden(1) else ""
        found = [cell for cell in cells if cell not in ("", mask, WITHHELD)]
        return any(map(is_number, found)) or not found

    def _only_grid(self) -> Grid | None:
        grids = [part for part in self._sheet.parts if isinstance(part, Grid)]
        return grids[0] if len(grids) == 1 and not self._sheet.widths else None

    def _heads(
        self, grid: Grid, spans: Sequence[int], lefts: Sequence[int], right: Sequence[bool]
    ) -> None:
        lines = 1
        for at, title in enumerate(grid.heads):
            style = _aligned(at, right=right[at])
            self._over(self._row, lefts[at], spans[at], HEAD, style)
            words = self._speaker.say(title)
            own = isinstance(title, str)  # somebody's own name stays as it is
            self._text(self._row, lefts[at], words if own else capital(words), HEAD, style)
            room = text_room(self._widths, lefts[at], spans[at])
            lines = max(lines, lines_needed(self._speaker.say(title), room))
        self._high(lines)

    def _shade(self, grid: Grid, head: int) -> None:
        """Let the spreadsheet color the numbers of a map of cells."""
        if grid.shading is None or not grid.rows or len(grid.heads) <= grid.shaded:
            return
        plain = LIGHT["card"]
        scale: dict[str, Any] = {
            "type": "2_color_scale",
            "min_color": plain,
            "max_color": FULL_ACCENT,
            "min_type": "num",
            "min_value": 0,
        }
        if grid.shading == "index":
            scale = {
                "type": "3_color_scale",
                "min_type": "num",
                "min_value": 0,
                "min_color": FULL_OTHER,
                "mid_type": "num",
                "mid_value": _AS_EVER,
                "mid_color": plain,
                "max_type": "num",
                "max_value": 4 * _AS_EVER,
                "max_color": FULL_ACCENT,
            }
        self._target.conditional_format(
            head + 1, grid.shaded, head + len(grid.rows), len(grid.heads) - 1, scale
        )

    def _graphs(self, grid: Grid, head: int) -> None:
        """Put the charts beside a grid, or below it where it is wide; go on below both."""
        if not grid.graphs:
            return
        at_side = beside(grid, self._widths)
        top, left = (head, len(grid.heads)) if at_side else (self._row + 1, 0)
        gap = GAP if at_side else 0
        place = Place(self._target.get_name(), head)
        for graph, (x, y) in zip(grid.graphs, graph_places(grid, self._widths), strict=True):
            chart = make_graph(self._workbook, graph, grid, place, self._speaker)
            said = Words("xlsx.alt", {"title": graph.title, "about": graph.about})
            self._target.insert_chart(
                top,
                left,
                chart,
                {
                    "x_offset": x + gap,
                    "y_offset": y,
                    "object_position": 3,
                    "description": harmless(self._speaker.say(said)),
                },
            )
        self._wide = max(self._wide, graphs_wide(grid, self._widths))
        self._row = max(self._row, top + graph_rows(grid, self._widths))
