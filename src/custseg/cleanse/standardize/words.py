"""Word lists, written as plain text in the code."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """Give the words of a text, which white space separates."""
    return tuple(text.split())
