"""Write docs/codes.md: every code of the log, of a cell and of a finding."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from custseg import errors
from custseg.messages import Message, catalog

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "codes.md"
SOURCE: Final = ROOT / "src" / "custseg"
CODES: Final = catalog("en")
WARN: Final = frozenset(
    {"warn", "_warn", "Notice", "WarningSummary", "Warning", "MatchWarning", "Note"}
)


def codes_reference() -> str:
    """Give the page's text."""
    exits = _exit_codes()
    named = set(exits)
    warnings = {key for key in _given_to(WARN) if isinstance(CODES.get(key), str)}
    events = {key for key in _given_to(frozenset({"event"})) if key in CODES}
    families = {key for key, said in CODES.items() if isinstance(said, tuple)}
    lines = [
        "# Codes\n",
        "With `--log-format json` every line on standard error is one JSON object: `at` (UTC),"
        " `level` (`info`, `warning`, `error`), `event` (a code of this page), and the fields that"
        " stand in braces below. Codes do not change; words may. No line holds a customer's data."
        " This page is made by `python scripts/write_codes_reference.py`; a test fails while it"
        " differs from the code.\n",
        "## Events\n",
        "Besides these, `stage_began` and `stage_ended` with `stage` and `seconds`.\n",
        *_table(sorted(events)),
        "## Warnings\n",
        *_table(sorted(warnings - events)),
        "## Errors\n",
        "`exit` is the exit code; `what` and `fix` are the two sentences. `cli.bug`, with `place`,"
        " is a fault in custseg itself (70).\n",
        "| code | exit | what | fix |",
        "|---|---|---|---|",
    ]
    for key in sorted(named | families):
        said = CODES.get(key)
        if isinstance(said, tuple):
            exit_code = exits.get(key, "")
            lines.append(f"| `{key}` | {exit_code} | {_cell(said[0])} | {_cell(said[1])} |")
    lines += [
        "\n## Cells\n",
        "`status` and `reason` of `changes` and `quality`. Every cell has a status, and every"
        " status but `valid` a reason.\n",
        *_words("standardize.status."),
        *_words("standardize.reason."),
        "## Findings\n",
        "`code` of the findings of `custseg assess --format json`, each with its `columns` and"
        " `rows`.\n",
        *_words("assess.finding."),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _words(prefix: str) -> list[str]:
    keys = [key for key in CODES if key.startswith(prefix)]
    rows = [f"| `{key.removeprefix(prefix)}` | {_cell(CODES[key])} |" for key in keys]
    return ["| code | says |", "|---|---|", *rows, ""]


def _table(keys: list[str]) -> list[str]:
    rows = [f"| `{key}` | {_cell(CODES[key])} |" for key in keys]
    return ["| code | says |", "|---|---|", *rows, ""]


def _cell(message: Message) -> str:
    words = message if isinstance(message, str) else " ".join(message)
    return " ".join(words.split()).replace("|", "\\|").replace("<", "&lt;")


def _calls() -> Iterator[tuple[str, str]]:
    """Give each function or class that is called with a code, and the code."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = [*node.args, *(each.value for each in node.keywords if each.arg == "key")]
            for argument in given[:2]:
                if isinstance(argument, ast.JoinedStr):
                    # Of a code that is put together, the first part tells which it may be.
                    first = argument.values[0]
                    prefix = first.value if isinstance(first, ast.Constant) else None
                    if isinstance(prefix, str) and "." in prefix:
                        yield from ((name, key) for key in CODES if key.startswith(prefix))
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield name, argument.value


def _given_to(names: frozenset[str]) -> set[str]:
    return {key for name, key in _calls() if name in names}


def _exit_codes() -> dict[str, int]:
    kinds = {
        name: int(kind.exit_code)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.CustsegError)
    }
    return {key: kinds[name] for name, key in _calls() if name in kinds}


if __name__ == "__main__":
    PAGE.write_text(codes_reference(), encoding="utf-8")
