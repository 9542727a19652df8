"""Reports: built as data, rendered for the terminal or as JSON."""

from __future__ import annotations

from typing import Literal, TextIO

from custseg.report.model import Report

__all__ = ["Report", "render"]


def render(report: Report, out: TextIO, *, language: str, style: Literal["text", "json"]) -> None:
    """Write a report to `out` in `language`, as text for people or as JSON for programs."""
    if style == "json":
        from custseg.report.as_json import render_json

        render_json(report, out, language)
    else:
        from custseg.report.terminal import render_terminal

        render_terminal(report, out, language)
