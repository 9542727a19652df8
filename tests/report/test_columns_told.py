"""The table of what the columns of a run's tables mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from custseg.config import Settings
from custseg.config.schema import OutputSettings, SegmentSettings
from custseg.jobs.segment import cluster, rfm, segment
from custseg.messages import LANGUAGES, text
from custseg.report.columns_told import columns_told
from custseg.tables import read_table

HEADER = (
    "order_id,customer_id,order_date,product_id,category,channel,campaign,store,"
    "quantity,unit_price,discount,cost\n"
)
ORDERS = HEADER + "".join(
    f"{n},c{n * n % 701},2025-{1 + n % 9:02d}-{1 + n % 28:02d},p{n % 5},k{n % 3},web,x,s{n % 2},"
    f"{1 + n % 3},{100 + n % 70},5,40\n"
    for n in range(1500)
)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


def told(folder: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in read_table(folder / "columns.csv").table.to_pylist():
        found.setdefault(row["file"], {})[row["column"]] = row["meaning"]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_a_segmentation_is_told(
    orders: Path, tmp_path: Path, language: str
) -> None:
    chosen = Settings(
        output=OutputSettings(lang=language),  # type: ignore[arg-type]
        segment=SegmentSettings(lookalikes=5, map="two"),
        maps={"two": {"[4-5]..": "best", "...": "others"}},
    )
    (tmp_path / "events.csv").write_text(
        "customer_id,event_date,event_type\nc1,2025-01-05,complaint\nc2,2025-01-06,visit\n"
    )
    run = segment(orders, None, tmp_path / "run", settings=chosen, events=tmp_path / "events.csv")
    found = told(tmp_path / "run")
    assert run.profile is not None
    assert list(found["scores.csv"]) == run.scores.column_names
    assert list(found["profile.csv"]) == run.profile.column_names
    listed = {name for each in run.lists for name in each.table.column_names}
    assert all(each.columns == each.table.column_names for each in run.lists)
    assert found["segments/*.csv"].keys() == listed
    assert "likeness" in listed
    given = text("column.given", language)
    assert not [name for file in found.values() for name, said in file.items() if said == given]
    for name in ("r", "f", "m", "rfm"):
        for file in ("scores.csv", "segments/*.csv"):
            assert "5 is best" in found[file][name] or "5 が最良" in found[file][name]
    assert "90" in found["scores.csv"]["buys_within"]


def test_other_numbers_of_scores_have_another_best(orders: Path, tmp_path: Path) -> None:
    rfm(orders, None, tmp_path / "run", settings=Settings(segment=SegmentSettings(bins=4)))
    assert "1 to 4; 4 is best" in told(tmp_path / "run")["scores.csv"]["r"]


def test_columns_of_the_users_own_are_as_given(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer_id,age\n" + "".join(f"c{n},{20 + n}\n" for n in range(30)))
    chosen = Settings(segment=SegmentSettings(features=("age",), clusters="2"))
    cluster(path, None, tmp_path / "run", settings=chosen)
    assert told(tmp_path / "run")["scores.csv"]["age"] == text("column.given", "en")


def test_roles_shares_and_contacts_are_told_by_name() -> None:
    columns = ["prefecture", "category_share_tea", "contacts_visit", "first_channel", "rank"]
    table = columns_told({"x.csv": columns}, best=None, horizon=30, language="ja")
    assert table["meaning"].to_pylist() == [
        "都道府県",
        "「tea」の割合",
        "種別「visit」の接触回数",
        "初回のチャネル",
        "元のデータのまま",
    ]
