"""Tables a marketer expects: the numbers computed for Online Retail, through the command."""

from __future__ import annotations

from typing import Any

import pytest


def tables(run: Any) -> dict[str, Any]:
    found: dict[str, Any] = run.summary["tables"]
    return found


def test_deciles_and_gini(retail: Any) -> None:
    rows = tables(retail)["deciles"]
    assert [row["customers"] for row in rows] == [434] * 8 + [433] * 2
    assert [100 * row["money_share"] for row in rows] == pytest.approx(
        [61.38, 13.24, 8.17, 5.52, 3.87, 2.84, 2.02, 1.48, 0.98, 0.52], abs=0.005
    )
    assert 100 * rows[1]["cumulative_share"] == pytest.approx(74.62, abs=0.005)
    assert tables(retail)["gini"] == pytest.approx(0.71514, abs=5e-6)
    assert "74.6 %" in retail.shown


def test_abc(retail: Any) -> None:
    assert [row["customers"] for row in tables(retail)["abc"]] == [688, 1_220, 2_430]
    assert "A 688 · B 1,220 · C 2,430" in retail.shown


def test_months(retail: Any) -> None:
    rows = tables(retail)["months"]
    assert [(row["active"], row["new"]) for row in rows] == [
        *((885, 885), (741, 417), (758, 380), (974, 452), (856, 300), (1056, 284), (991, 242)),
        *((949, 188), (935, 169), (1266, 299), (1364, 358), (1664, 323), (615, 41)),
    ]
    assert (rows[0]["month"], rows[-1]["month"]) == ("2010-12", "2011-12")
    assert [row["partial"] for row in rows] == [False] * 12 + [True]


def test_first_cohort_and_blank_immature_cells(retail: Any) -> None:
    rows = tables(retail)["cohorts"]
    assert rows[0]["customers"] == [
        *(885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235)
    ]
    for place, row in enumerate(rows):
        cells = [*row["customers"], *[None] * (13 - len(row["customers"]))]
        assert all(cell is not None for cell in cells[: 13 - place])
        assert set(cells[13 - place :]) <= {None}


def test_second_purchase(retail: Any) -> None:
    found = tables(retail)["repeat"]
    assert [row["days"] for row in found["second"]] == [30, 60, 90, 180, 365]
    assert [row["share"] for row in found["second"]] == pytest.approx(
        [0.19160, 0.35507, 0.45991, 0.65756, 0.84806], abs=5e-6
    )
    assert found["median_days"] == 104
    assert found["second"][0]["naive"] == pytest.approx(0.18718, abs=5e-6)
    assert found["second"][-1]["naive"] == pytest.approx(0.64292, abs=5e-6)
    assert all(row["naive"] < row["share"] for row in found["second"])
    assert "46.0 % of new customers buy again within 90 days (42.2 % where" in retail.shown


def test_nth_order_and_intervals(retail: Any) -> None:
    found = tables(retail)["repeat"]
    assert found["reached"] == [4338, 2845, 2010, 1502, 1114, 872]
    assert found["interval_mean"] == pytest.approx(39.967, abs=5e-4)
    assert found["interval_median"] == pytest.approx(21.919, abs=5e-4)
    assert "4,338 → 2,845 → 2,010 → 1,502 → 1,114 → 872" in retail.shown


def test_migration_in_a_quarter(retail: Any) -> None:
    changed = retail.summary["migration"]
    assert (changed["first_day"], changed["last_day"]) == ("2011-09-10", "2011-12-10")
    table = changed["table"]
    names = table["segments"]
    moved = {
        name: dict(zip(names, row, strict=True))
        for name, row in zip(names, table["customers"], strict=True)
    }
    assert sum(map(sum, table["customers"])) == 3_370
    assert sum(table["new_customers"]) == 968
    assert sum(map(sum, table["customers"])) + sum(table["new_customers"]) == 4_338
    champions = {name: people for name, people in moved["champions"].items() if people}
    assert champions == {"champions": 236, "loyal": 177, "at_risk": 67, "cant_lose": 20}
    assert sum(moved["hibernating"].values()) == 899
    assert moved["hibernating"]["hibernating"] == 605
    money = sum(map(sum, table["money"])) + sum(table["new_money"])
    assert money == pytest.approx(8_911_407.904)


def test_portfolio(retail: Any) -> None:
    rows = tables(retail)["cpm"]["rows"]
    assert [(row["active"], row["lapsed"]) for row in rows] == [
        (639, 854),
        (403, 248),
        (1055, 311),
        (106, 36),
        (672, 14),
    ]
    assert "first 639/854 · toddler 403/248 · steady 1,055/311" in retail.shown


def test_the_stages_of_the_portfolio_are_explained(retail: Any) -> None:
    assert "steady: over more days, below 2,000 in all · fashion: from 2,000" in retail.shown
    assert "lapsed: 90 days without an order" in retail.shown


def test_key_figures_are_explained_on_terminal_and_page(retail: Any) -> None:
    page = " ".join((retail.folder / "report.html").read_text(encoding="utf-8").split())
    for words in (
        "repeat rate: of the customers with an order, the share with two or more",
        "second order: of the customers whose first order fell in the 90 days before the period",
        "retention: of the customers with an order in the 90 days before the period",
    ):
        assert words in retail.shown
        assert words in page
    for name in ("repeat rate", "second order", "new customers", "average order", "retention"):
        assert f'<span class="label">{name}</span>' in page


def test_money_in_is_money_out_of_every_table(retail: Any) -> None:
    used = 8_911_407.904
    found, summary = tables(retail), retail.summary
    assert sum(row["money"] for row in found["abc"]) == pytest.approx(used)
    assert sum(row["money"] for row in found["months"]) == pytest.approx(used)
    stages = sum(row["active_money"] + row["lapsed_money"] for row in found["cpm"]["rows"])
    assert stages == pytest.approx(used)
    months = found["nlr"]["rows"]
    by_month = sum(
        row[f"{kind}_money"] for row in months for kind in ("new", "returned", "retained")
    )
    assert by_month == pytest.approx(used)
    for part in ("segments", "clusters"):
        assert sum(row["money"] for row in summary[part]["rows"]) == pytest.approx(used)
    assert sum(map(sum, summary["rfm"]["money"])) == pytest.approx(used)
    profile = retail.table("profile")
    assert float(sum(row["monetary"] for row in profile)) == pytest.approx(used)
    assert float(sum(row["monetary"] for row in retail.table("scores"))) == pytest.approx(used)
