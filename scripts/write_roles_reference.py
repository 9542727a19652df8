"""Write docs/roles.md from the registry of roles and the words of statuses and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from custseg.cleanse.standardize.reasons import reason_text, reasons, status_text, statuses
from custseg.fields.fallbacks import FALLBACKS
from custseg.fields.registry import roles
from custseg.fields.roles import Role

PAGE = Path(__file__).resolve().parent.parent / "docs" / "roles.md"

INTRODUCTION = """\
# Roles

A role is what a column means. `custseg fields FILE` shows which role each column was recognized
as; `--role COLUMN=ROLE` or the table `[roles]` of `custseg.toml` corrects it. This page is made
by `python scripts/write_roles_reference.py`; a test fails while it differs from the code, and
every example in it is a test.

Headers are compared without case, width, spaces and punctuation. A value that cannot be read
leaves the cell empty where a wrong one would do harm (phones, e-mail addresses, dates, amounts,
genders, consent), and stays where it is a name, an address, a postal code or text; either way it
stands in `changes`, and `custseg undo` gives every original back.
"""

KINDS = (("people", "People"), ("orders", "Orders"), ("events", "Events"))


def reference() -> str:
    """Give the text of the page."""
    lines = [INTRODUCTION, "## What became of a cell\n"]
    lines += ["| `status` | English | Japanese |", "|---|---|---|"]
    lines += [f"| `{one}` | {status_text(one)} | {status_text(one, 'ja')} |" for one in statuses()]
    done: set[str] = set()
    for kind, title in KINDS:
        chosen = [one for one in roles().values() if kind in one.tables and one.name not in done]
        done.update(one.name for one in chosen)
        if chosen:
            lines.append(f"\n## {title}")
        for role in chosen:
            lines += section(role)
    lines += ["\n## Reasons\n", "| `reason` | English | Japanese |", "|---|---|---|"]
    lines += [f"| `{one}` | {reason_text(one)} | {reason_text(one, 'ja')} |" for one in reasons()]
    return "\n".join(lines) + "\n"


def section(role: Role) -> Iterator[str]:
    """Give the lines about one role."""
    yield f"\n### `{role.name}` · {role.label['en']} · {role.label['ja']}\n"
    yield f"{role.about}\n"
    standardizer = role.standardizer
    facts = []
    if standardizer is None:
        facts.append("Carried through as it is.")
    else:
        if standardizer.parts:
            facts.append(f"Parts, as added columns: {quoted(standardizer.parts)}.")
        if standardizer.neighbors:
            facts.append(f"Read with the columns beside it: {quoted(standardizer.neighbors)}.")
        if standardizer.fills:
            facts.append(f"Fills empty cells of: {quoted(standardizer.fills)}.")
        if not standardizer.null_markers:
            facts.append("Words such as なし or N/A are values here, not empty cells.")
    others = sorted(set(role.tables) - {"people"})
    if "people" in role.tables and others:
        facts.append(f"Also in tables of {' and '.join(others)}.")
    if role.several:
        facts.append("A table may have several.")
    yield from (f"- {fact}" for fact in facts)
    if role.headers:
        yield f"- Headers: {', '.join(cell(header) for header in role.headers)}."
    if role.name in FALLBACKS:
        rest = ", ".join(cell(word) for word in FALLBACKS[role.name])
        yield f"- In orders, where no other column says it and the values fit: {rest}."
    if role.examples:
        yield "\n| cell | standard value |\n|---|---|"
        yield from (
            f"| {cell(raw)} | {cell(value) if value else ''} |" for raw, value in role.examples
        )


def quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def cell(text: str) -> str:
    """Show a cell in a table of Markdown."""
    return f"`{text}`".replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
