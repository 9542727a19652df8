"""Write docs/cli.md and docs/configuration.md from the commands and the schema themselves."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["CUSTSEG_LANG"] = "en"
os.environ["COLUMNS"] = "80"

import typer
from typer.testing import CliRunner

from custseg.cli.main import COMMANDS, app
from custseg.config.load import keys
from custseg.config.schema import FREE_TABLES
from custseg.messages import text

DOCS = Path(__file__).resolve().parent.parent / "docs"
GROUPS = {
    "audience": ("make", "check", "platforms"),
    "measure": ("campaign", "table", "channels", "plan"),
    "base": ("show", "check"),
    "subject": ("show",),
    "audit": ("verify",),
    "config": ("show",),
}
FREE = {
    "roles": ("A column's name", "its role, where the guess is wrong", 'tel = "phone"'),
    "golden": (
        "A role, or `default` for every other one",
        "the rules by which the value of a customer's several records is chosen, between commas:"
        " the first that tells decides, after them the usual ones (`source_priority`,"
        " `most_recent`, `most_frequent`, `most_complete`, `longest`; `latest` and `earliest` are"
        " for dates). Roles that come from one record (the parts of an address, of a name, of a"
        " reading) have one rule; a refusal of consent wins always",
        'phone = "most_frequent"\nbirth_date = "most_frequent, earliest"\ndefault = "longest"',
    ),
    "maps": (
        "A map's name, with a table of patterns",
        "segments over R, F (and M) of your own",
        '[maps.mine]\n"[4-5]." = "active"\n".." = "others"',
    ),
    "rules": (
        "A list's name",
        "a condition over scores and profile; the list goes to `segments/rules/NAME.csv`",
        "tea_lovers = \"r >= 4 and favorite_category = 'tea'\"",
    ),
    "lists": (
        "A target list's name",
        "`segment:NAME`, `cluster:NUMBER`, `all`, or a condition; the first list has the highest"
        " priority",
        'best = "segment:champions"\nlapsed_tea = "days_since(last_order) > 180"',
    ),
    "actions": ("A segment's name", "what to do with it, in the report", 'at_risk = "call them"'),
}


def cli_reference() -> str:
    """Give the text of docs/cli.md: every command's own help."""
    parts = [
        "# Commands\n",
        "What every command says of itself. This page is made by"
        " `python scripts/write_reference.py`; a test fails while it differs from the commands.\n",
        _section("custseg", []),
    ]
    commands = [
        words
        for name in COMMANDS
        for words in ([[name, each] for each in GROUPS[name]] if name in GROUPS else [[name]])
    ]
    parts += [_section(" ".join(["custseg", *words]), words) for words in commands]
    return "\n".join(parts)


def _section(title: str, words: list[str]) -> str:
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="custseg")
    if result.exit_code:
        raise typer.Exit(result.exit_code)
    shown = "\n".join(line.rstrip() for line in result.stdout.strip().splitlines())
    return f"## {title}\n\n```text\n{shown}\n```\n"


def configuration_reference() -> str:
    """Give the text of docs/configuration.md: every setting, its bounds and its default."""
    lines = [
        "# Configuration\n",
        "Settings come from, in this order: the flag, the environment variable, the nearest"
        " `custseg.toml` (in this folder or one above; `--config FILE` names another, `--isolated`"
        " uses none), the default. `custseg config show` says where each came from. An unknown"
        " name is an error that suggests the nearest known one.\n",
        "This page is made by `python scripts/write_reference.py`; a test fails while it differs"
        " from the settings.\n",
    ]
    section = ""
    for key in keys().values():
        if key.section != section:
            section = key.section
            lines += [
                f"## [{section}]\n",
                "| setting | default | what it is for | environment |",
                "|---|---|---|---|",
            ]
        choices = f" One of: {', '.join(f'`{each}`' for each in key.choices)}." * bool(key.choices)
        bounds = f" From {key.between[0]:g} to {key.between[1]:g}." if key.between else ""
        default = "" if key.default in (None, ()) else f"`{key.default}`".lower()
        about = text(f"config.about.{key.name}", "en")
        lines.append(
            f"| `{key.attribute}` | {default} | {about}{choices}{bounds} | `{key.environment}` |"
        )
        following = [other for other in keys().values() if other.section == section]
        if key is following[-1]:
            lines.append("")
    for table in FREE_TABLES:
        name, value, example = FREE[table]
        head = "" if example.startswith("[") else f"[{table}]\n"
        lines.append(f"## [{table}]\n\n{name}: {value}.\n\n```toml\n{head}{example}\n```\n")
    return "\n".join(lines)


def main() -> None:
    """Write both pages."""
    (DOCS / "cli.md").write_text(cli_reference(), encoding="utf-8")
    (DOCS / "configuration.md").write_text(configuration_reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
