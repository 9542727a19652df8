"""The text of a ``custseg.toml`` with guessed roles, to be corrected by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable

from custseg.fields.guess import FieldGuess
from custseg.messages import text


def config_text(guesses: Iterable[FieldGuess], language: str) -> str:
    """Write guesses as a ``[roles]`` table, each with its reason and confidence.

    Columns without a role stand as comments, ready to be filled in. Where several files have a
    column of the same name, the surest guess stands.
    """
    surest: dict[str, FieldGuess] = {}
    for guess in guesses:
        known = surest.get(guess.column)
        if known is None or guess.confidence > known.confidence:
            surest[guess.column] = guess
    lines = [f"# {text('fields.config.title', language)}", "", "[roles]"]
    lines += [_line(guess, language) for guess in surest.values()]
    return "\n".join(lines) + "\n"


def _line(guess: FieldGuess, language: str) -> str:
    reason = " ".join(guess.reason.text(language).split())
    if guess.use is None:
        return f'# {_quoted(guess.column)} = ""  # {reason}'
    share = "" if guess.attribute and not guess.confidence else f"{guess.confidence:.0%}, "
    return f"{_quoted(guess.column)} = {_quoted(guess.use)}  # {share}{reason}"


def _quoted(word: str) -> str:
    # A JSON string is a TOML basic string; TOML wants DEL escaped too.
    return json.dumps(word, ensure_ascii=False).replace("\x7f", "\\u007f")
