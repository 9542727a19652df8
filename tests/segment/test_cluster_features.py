"""Clusters of other features than RFM, through the command."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from custseg.cli.main import app


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Tea drinkers and cake eaters who are alike in recency, frequency and money."""
    rows = ["customer_id,order_date,category,amount"]
    for who in range(60):
        main, side = ("お茶", "菓子") if who % 2 else ("菓子", "お茶")
        for n, kind in enumerate((main, main, main, side)):
            rows.append(f"c{who},2024-0{n + 1}-{who % 28 + 1:02},{kind},{100 + who}")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return path


def cluster(*args: object, lang: str = "en") -> str:
    ran = CliRunner().invoke(app, ["cluster", *map(str, args)], env={"CUSTSEG_LANG": lang})
    assert ran.exit_code == 0, ran.output
    return " ".join(ran.output.split())


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(
    "feature",
    ["average_order", "interval_days", "days_to_second", "lateness", "favorite_category_share"],
)
def test_every_number_of_the_profile_can_be_shown(
    orders: Path, tmp_path: Path, feature: str, lang: str
) -> None:
    chosen = ("--features", feature, "--features", "recency_days", "--k", "2", "--workbook")
    shown = cluster(orders, *chosen, "-o", tmp_path / "run", lang=lang)
    assert feature not in shown or (feature, lang) == ("lateness", "en")
    assert (tmp_path / "run" / "report.xlsx").is_file()


def test_names_of_an_earlier_run_with_other_features_begin_anew(
    orders: Path, tmp_path: Path
) -> None:
    cluster(orders, "--k", "2", "-o", tmp_path / "first")
    shown = cluster(
        *(orders, "--k", "2", "--features", "monetary", "--features", "average_order"),
        *("--previous", tmp_path / "first", "-o", tmp_path / "second"),
    )
    assert "made of other features (recency_days, frequency, monetary)" in shown
