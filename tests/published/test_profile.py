"""The profile of every customer of Online Retail, against pandas."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

AS_OF = date(2011, 12, 10)


@pytest.fixture(scope="module")
def lines(retail_file: Path) -> pd.DataFrame:
    """The lines that count; money in ten-thousandths, so that sums are exact."""
    table = pd.read_parquet(retail_file)
    used = table["cid"].notna() & (table["q"] > 0) & (table["p"] > 0)
    table = table[used & ~table["InvoiceNo"].str.startswith("C")].copy()
    table["customer"] = table["cid"].astype(int).astype(str)
    table["day"] = table["ts"].dt.normalize()
    table["units"] = (table["q"] * table["p"] * 10_000).round().astype(np.int64)
    return table


@pytest.fixture(scope="module")
def profile(retail: Any) -> pd.DataFrame:
    return pd.DataFrame(retail.table("profile")).set_index("customer_id").sort_index()


def days(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column)


def test_days_orders_and_money(lines: pd.DataFrame, profile: pd.DataFrame) -> None:
    by = lines.groupby("customer")
    assert (days(profile["first_order"]) == by["day"].min()).all()
    assert (days(profile["last_order"]) == by["day"].max()).all()
    orders = by["InvoiceNo"].nunique()
    assert (profile["frequency"] == orders).all()
    money = profile["monetary"].astype(float) * 10_000
    assert (money.round().astype(np.int64) == by["units"].sum()).all()
    average = by["units"].sum() / orders / 10_000
    assert profile["average_order"].to_numpy() == pytest.approx(average.to_numpy(), abs=6e-7)


def test_second_orders_intervals_and_lateness(lines: pd.DataFrame, profile: pd.DataFrame) -> None:
    bought = lines[["customer", "day"]].drop_duplicates().sort_values(["customer", "day"])
    bought["gap"] = bought.groupby("customer")["day"].diff().dt.days
    second = bought[bought.groupby("customer").cumcount() == 1].set_index("customer")
    once = profile.index.difference(second.index)
    assert len(second) == 2_790
    for name in ("second_order", "days_to_second", "interval_days", "lateness"):
        assert profile.loc[once, name].isna().all()
    found = profile.loc[second.index]
    assert (days(found["second_order"]) == second["day"]).all()
    assert (found["days_to_second"] == second["gap"]).all()
    usual = bought.groupby("customer")["gap"].median()[second.index]
    assert (found["interval_days"] == usual).all()
    since = (pd.Timestamp(AS_OF) - days(profile["last_order"])).dt.days
    assert (profile["recency_days"] == since).all()
    late = since[second.index] / usual
    assert found["lateness"].to_numpy() == pytest.approx(late.to_numpy(), abs=6e-7)


def test_the_favorite_product_and_its_share(lines: pd.DataFrame, profile: pd.DataFrame) -> None:
    named = lines[lines["Description"].notna()].copy()
    named["product"] = named["Description"].str.strip()
    spent = named.groupby(["customer", "product"])["units"].sum()
    most = spent.groupby("customer").max()
    share = most / named.groupby("customer")["units"].sum()
    assert profile["favorite_product_share"].to_numpy() == pytest.approx(share.to_numpy(), abs=6e-7)
    own = pd.MultiIndex.from_arrays([profile.index, profile["favorite_product"]])
    assert (spent[own].to_numpy() == most.to_numpy()).all()
