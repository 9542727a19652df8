"""A page as one HTML file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from custseg.report.html.model import Card, Chart, Page, Section
from custseg.report.html.palette import styles
from custseg.report.html.speaker import Speaker
from custseg.report.model import Block, Command, Figure, Item, Lines, Table, Toned, Words

if TYPE_CHECKING:
    from jinja2 import Template


_WIDE_COLUMNS: Final = 6


def render_page(page: Page, speaker: Speaker) -> str:
    """Give a page's HTML; every word in it is escaped, and the same page gives the same text."""
    from markupsafe import Markup

    say = speaker.say
    return _template().render(
        language=speaker.language,
        css=Markup(styles() + _resource("page.css")),
        title=say(page.title),
        lead=[say(each) for each in page.lead],
        cards=[_card(each, speaker) for each in page.cards],
        span=say(page.span),
        first=[_section(each, speaker) for each in page.first],
        more=[_section(each, speaker) for each in page.more],
        pictures=[_chart(each, speaker) for each in page.pictures],
        details=[_section(each, speaker) for each in page.details],
        foot=say(page.foot),
        words={
            name: say(Words(f"html.{name}")) for name in ("pictures", "details", "numbers", "first")
        },
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_resource("page.html.j2"))


def _resource(name: str) -> str:
    folder = files("custseg.report.html") / "templates"
    return (folder / name).read_text(encoding="utf-8")


def _card(card: Card, speaker: Speaker) -> dict[str, Any]:
    return {
        "label": speaker.say(card.label),
        "value": speaker.say(card.value),
        "notes": [_cell(each, speaker) for each in card.notes],
    }


def _section(section: Section, speaker: Speaker) -> dict[str, Any]:
    return {
        "name": section.name,
        "title": speaker.say(section.title),
        "tone": section.tone,
        "wide": any(_is_wide(each) for each in section.blocks),
        "blocks": [_block(each, speaker) for each in section.blocks],
    }


def _is_wide(block: Block) -> bool:
    """Tell whether a block needs the whole width of a page."""
    return isinstance(block, Table) and len(block.columns) >= _WIDE_COLUMNS


def _block(block: Block, speaker: Speaker) -> dict[str, Any]:
    if isinstance(block, Lines):
        rows = [{"label": speaker.say(a), **_cell(b, speaker)} for a, b in block.rows]
        return {"kind": "lines", "rows": rows, "labelled": any(row["label"] for row in rows)}
    return {"kind": "table", **_table(block, speaker)}


def _table(table: Table, speaker: Speaker) -> dict[str, Any]:
    heads = [
        {"words": speaker.say(each.title), "right": each.right or (at > 0 and not table.rows)}
        for at, each in enumerate(table.columns)
    ]
    return {
        "heads": heads,
        "headed": any(head["words"] for head in heads),
        "rows": [
            [
                {**_cell(item, speaker), "right": column.right}
                for item, column in zip(row, table.columns, strict=True)
            ]
            for row in table.rows
        ],
        "note": speaker.say(table.note) if table.note else "",
    }


def _cell(item: Item, speaker: Speaker) -> dict[str, Any]:
    inner = item.item if isinstance(item, Toned) else item
    tone = item.tone if isinstance(item, Toned) else ""
    if isinstance(inner, Figure) and inner.kind == "bar":
        return {"bar": max(min(inner.value or 0.0, 1.0), 0.0), "words": "", "tone": tone}
    return {
        "words": speaker.say(inner),
        "tone": tone,
        "code": isinstance(inner, Command),
        "bar": None,
    }


def _chart(chart: Chart, speaker: Speaker) -> dict[str, Any]:
    from markupsafe import Markup

    return {
        "title": speaker.say(chart.title),
        "about": speaker.say(chart.about),
        "svg": Markup(chart.svg),
        "numbers": _table(chart.numbers, speaker) if chart.numbers else None,
    }
