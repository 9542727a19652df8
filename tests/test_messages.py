"""Every message that the code names exists in each language with the same fields, and is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import numpy as np
import pytest

from custseg.errors import InputError, UsageError
from custseg.messages import LANGUAGES, NUMBERED, Message, catalog, error_text, text

SOURCE = Path(__file__).resolve().parent.parent / "src" / "custseg"

SAYING = re.compile(r"\w+Error|Words|Note|Notice|text|say_text|help_text|warn|event")
"""Names of what takes a message's key as its first argument."""


@cache
def trees() -> list[tuple[str, ast.Module]]:
    paths = sorted(path for path in SOURCE.rglob("*.py") if "messages" not in path.parts)
    return [(str(path.relative_to(SOURCE)), ast.parse(path.read_text())) for path in paths]


def parts(message: Message) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message


def fields(message: Message) -> set[str]:
    return {
        name.split(".")[0].split("[")[0]
        for part in parts(message)
        for _, name, _, _ in Formatter().parse(part)
        if name is not None
    }


def constants(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, where they stand in the code."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def sayings() -> Iterator[tuple[str, ast.Call]]:
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                name = node.func.id if isinstance(node.func, ast.Name) else name
                if SAYING.fullmatch(name):
                    yield f"{file}:{node.lineno}", node


def looks_like_key(text: str) -> bool:
    return re.fullmatch(r"[a-z_]+(\.[a-z0-9_-]+)+", text) is not None


def test_the_languages_say_the_same_things() -> None:
    first, *others = LANGUAGES
    for language in others:
        assert catalog(language).keys() == catalog(first).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_have_the_same_parts_and_fields_in_each_language(language: str) -> None:
    differing = [
        key
        for key, message in catalog(language).items()
        if fields(message) != fields(catalog("en")[key])
        or isinstance(message, str) != isinstance(catalog("en")[key], str)
        or not all(parts(message))
    ]
    assert not differing, "\n".join(differing)


def test_what_the_code_says_exists() -> None:
    missing = [
        f"{place} {key}"
        for place, call in sayings()
        for key in constants(call.args[0])
        if looks_like_key(key) and key not in catalog("en")
    ]
    assert not missing, "\n".join(missing)


def test_messages_are_given_their_fields() -> None:
    lacking = []
    for place, call in sayings():
        given = {keyword.arg for keyword in call.keywords}
        if len(call.args) > 1 and isinstance(call.args[1], ast.Dict):
            given |= {each.value for each in call.args[1].keys if isinstance(each, ast.Constant)}
        elif None in given or len(call.args) > 1:
            continue  # filled in elsewhere
        lacking += [
            f"{place} {key}: {sorted(fields(catalog('en')[key]) - given)}"
            for key in constants(call.args[0])
            if key in catalog("en") and not fields(catalog("en")[key]) <= given
        ]
    assert not lacking, "\n".join(lacking)


def test_no_message_is_unused() -> None:
    written = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    patterns = [
        re.compile(
            "".join(
                re.escape(p.value) if isinstance(p, ast.Constant) else r".+" for p in node.values
            )
        )
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and re.match(r"[a-z_]+\.", str(node.values[0].value))
    ]
    unused = [
        key
        for key in catalog("en")
        if key not in written and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert not unused, "\n".join(unused)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_has_words(language: str) -> None:
    named = {
        node.args[0].value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "stage"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert {"read", "match", "forecast"} <= named
    missing = {f"stage.{name}" for name in named} - catalog(language).keys()
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [27_108, np.int64(27_108)])
def test_counts_are_written_as_in_the_reports(language: str, number: int) -> None:
    assert "27,108" in text("segment.warn.undated", language, rows=number)
    error = InputError("segment.none_used.cancelled", rows=number, number=number)
    assert error_text(error, language)[0].count("27,108") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_number_names_is_written_as_it_stands_there(language: str) -> None:
    error = UsageError("segment.rule_column", name="a", column="b", place=27_108, nearest="c")
    assert "27108" in error_text(error, language)[0]
    assert "2025" in text("chart.cohort_span", language, first="1", last="2", year=2025)


def test_each_field_of_what_a_number_names_is_one_of_a_message() -> None:
    known = set.union(*(fields(message) for message in catalog("en").values()))
    assert known >= NUMBERED
