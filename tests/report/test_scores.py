"""The grid of scores: customers and money by recency and frequency."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len

from custseg.report import Report, render
from custseg.report.scores import score_grid
from custseg.segment.summary import RfmSummary

RFM = RfmSummary(
    method="quantile",
    bins=5,
    best=5,
    measures=(),
    customers=((9, 0, 8, 7, 6), *(((12_345, 3, 2, 1, 1),) * 4)),
    money=((1.0, 0.0, 1.0, 1.0, 1.0), *(((20.0, 1.0, 1.0, 1.0, 1.0),) * 4)),
)


def shown(rfm: RfmSummary, language: str) -> list[str]:
    file = io.StringIO()
    render(Report("rfm", tuple(score_grid(rfm))), file, language=language, style="text")
    return [line for line in file.getvalue().splitlines() if line.strip()]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_grid_stands_beside_the_money_where_both_fit(language: str) -> None:
    few = replace(RFM, customers=tuple(tuple(n % 1000 for n in row) for row in RFM.customers))
    lines = shown(few, language)
    assert [line.split()[0] for line in lines[1:6]] == ["R5", "R4", "R3", "R2", "R1"]
    assert "F5" in lines[0]
    assert lines[1].split().count("R5") == 2
    lowest = lines[5].replace(" %", "%").split()
    assert lowest == ["R1", "9", "–", "8", "7", "6", "R1", "1%", "–", "1%", "1%", "1%"]
    assert max(map(cell_len, lines)) <= 80


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("bins", [5, 9])
def test_else_it_stands_above(language: str, bins: int) -> None:
    wide = replace(
        RFM,
        bins=bins,
        customers=((1_234_567,) * bins,) * bins,
        money=((1e9,) * bins,) * bins,
    )
    lines = shown(wide, language)
    assert [line.split()[0] for line in lines[:1] + lines[bins + 1 : bins + 2]] == (
        ["customers", "money"] if language == "en" else ["顧客", "金額"]
    )
    assert lines[1].count("1,234,567") == (bins if bins == 5 else 0)
    assert "…" not in "".join(lines)
    assert max(map(cell_len, lines)) <= 80


def test_scores_without_customers_by_both_have_no_grid() -> None:
    assert score_grid(replace(RFM, customers=(), money=())) == []
