"""Lists of who bought X and not yet Y on Online Retail, counted again line by line with pandas."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

Run = Callable[..., Any]

DAYS = 60
AS_OF = date(2011, 12, 10)
LAST = date(2011, 12, 9)
ROLES = {
    "cid": "customer_id", "InvoiceNo": "order_id", "ts": "order_date", "q": "quantity",
    "p": "unit_price", "StockCode": "product_id", "Description": "product_name",
}  # fmt: skip
NO_GOODS = {"POST", "DOT", "M", "C2", "BANK CHARGES"}


class Shop:
    """What each customer bought, as the lines tell."""

    def __init__(self, lines: pd.DataFrame) -> None:
        lines = lines[(lines.q > 0) & (lines.p > 0) & ~lines.InvoiceNo.str.startswith("C")].copy()
        lines["code"] = lines.StockCode.str.strip().str.upper()
        goods = lines[~lines.code.isin(NO_GOODS)]
        names = goods.assign(name=goods.Description.str.split().str.join(" "))
        counted = names.groupby(["code", "name"]).size().reset_index(name="n")
        counted = counted.sort_values(["code", "n", "name"], ascending=[True, False, True])
        called = counted.drop_duplicates("code")
        alone = called[~called.name.str.casefold().duplicated(keep=False)]
        self.codes = dict(zip(alone.name, alone.code, strict=True))
        # A purchase of a product: its money in one order of a known customer.
        own = goods[goods.cid.notna()].assign(money=lambda lines: lines.q * lines.p)
        money = own.groupby(["code", "InvoiceNo"]).money.sum()
        self.usual = money.groupby(level=0).median()
        known = lines[lines.cid.notna()].assign(cid=lines.cid.dropna().astype(int).astype(str))
        orders = known.assign(money=known.q * known.p).groupby("cid")
        self.facts = pd.DataFrame({
            "frequency": orders.InvoiceNo.nunique(), "monetary": orders.money.sum(),
            "last_order": orders.ts.max().dt.strftime("%Y-%m-%d"),
        })  # fmt: skip
        mine = known[~known.code.isin(NO_GOODS)]
        first = mine.groupby(["cid", "code"]).ts.min().dt.date
        self.first: dict[str, dict[str, date]] = {}
        for (who, code), day in first.items():
            self.first.setdefault(who, {})[code] = day

    def having(self, *names: str) -> set[str]:
        """Customers who ever bought all of some products."""
        wanted = {self.codes[name] for name in names}
        return {who for who, own in self.first.items() if wanted <= own.keys()}


@pytest.fixture(scope="module")
def shop(shared_data: Path) -> Shop:
    return Shop(pd.read_parquet(shared_data / "segment" / "online_retail.parquet"))


@pytest.fixture(scope="module")
def made(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, shop: Shop) -> Path:
    from typer.testing import CliRunner

    from custseg.cli.main import app

    out = tmp_path_factory.mktemp("next") / "out"
    roles = [part for column, role in ROLES.items() for part in ("--role", f"{column}={role}")]
    file = shared_data / "segment" / "online_retail.parquet"
    ran = CliRunner().invoke(
        app, ["basket", str(file), "-o", str(out), *roles, "--within", str(DAYS), "--isolated"]
    )
    assert ran.exit_code == 0, ran.output
    return out


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same_facts(row: dict[str, str], shop: Shop) -> None:
    facts = shop.facts.loc[row["customer_id"]]
    assert int(row["frequency"]) == facts.frequency
    assert float(row["monetary"]) == pytest.approx(facts.monetary)
    assert row["last_order"] == facts.last_order
    usual = shop.usual[shop.codes[row["product"]]]
    assert float(row["usual_amount"]) == pytest.approx(usual, abs=1e-4)
    assert float(row["expected_value"]) == pytest.approx(float(row["chance"]) * usual, abs=1e-3)


def test_who_bought_x_and_not_yet_y(made: Path, shop: Shop) -> None:
    summary = json.loads((made / "summary.json").read_text())
    everyone = len(shop.first)
    assert (summary["together"]["customers"], len(summary["offers"])) == (everyone, 5)
    for offer in summary["offers"]:
        x, y = offer["antecedent"], offer["consequent"]
        bought, owners = shop.having(*x), shop.having(y)
        both = bought & owners
        assert (offer["bought"], offer["both"]) == (len(bought), len(both))
        assert offer["share"] == pytest.approx(len(both) / len(bought))
        assert offer["base"] == pytest.approx(len(owners) / everyone)
        assert offer["support"] == pytest.approx(len(both) / everyone)
        assert offer["lift"] == pytest.approx(len(both) / len(bought) / (len(owners) / everyone))
        listed = table(made / "lists" / f"{offer['file']}.csv")
        assert {row["customer_id"] for row in listed} == bought - owners
        assert len(listed) == offer["customers"] == len(bought - owners) > 100
        worth = [float(row["expected_value"]) for row in listed]
        assert worth == sorted(worth, reverse=True)
        reasons: dict[str, tuple[float, float, float]] = {}
        for row in listed:
            reason = row["because_bought"]
            if reason not in reasons:
                holders = shop.having(*reason.split(" + "))
                with_y = holders & owners
                share = len(with_y) / len(holders)
                assert share >= offer["share"]
                assert len(holders) > 100 or set(reason.split(" + ")) == set(x)
                lift = share / (len(owners) / everyone)
                reasons[reason] = (share, lift, len(with_y) / everyone)
            told = (row["chance"], row["lift"], row["support"])
            assert tuple(map(float, told)) == pytest.approx(reasons[reason], abs=1e-6)
            assert row["customer_id"] in shop.having(*reason.split(" + "))
            assert row["product"] == y
            same_facts(row, shop)


def test_who_is_to_buy_y_next(made: Path, shop: Shop) -> None:
    offers = json.loads((made / "summary.json").read_text())["next_offers"]
    assert len(offers) == 5
    for offer in offers:
        x, y = shop.codes[offer["first"]], shop.codes[offer["then"]]
        never, over, waits = {}, 0, []
        for who, own in shop.first.items():
            if x not in own:
                continue
            if y not in own:
                since = (AS_OF - own[x]).days
                if since <= DAYS:
                    never[who] = since
                else:
                    over += 1
            if (LAST - own[x]).days >= DAYS and not (y in own and own[y] <= own[x]):
                waits.append((own[y] - own[x]).days if y in own else 10**6)
        within = sum(wait <= DAYS for wait in waits)
        assert offer["passed"] == over
        assert offer["share"] == pytest.approx(within / len(waits))
        assert offer["support"] == pytest.approx(within / len(shop.first))
        assert offer["lift"] > 1
        listed = table(made / "lists" / f"{offer['file']}.csv")
        assert {row["customer_id"]: int(row["days_since"]) for row in listed} == never
        assert offer["customers"] == len(never) > 0
        for row in listed:
            since = never[row["customer_id"]]
            left = [wait for wait in waits if wait >= since]
            chance = sum(wait <= DAYS for wait in left) / len(left)
            assert float(row["chance"]) == pytest.approx(chance, abs=1e-6)
            assert row["first_bought"] == str(AS_OF - timedelta(days=since))
            assert int(row["days_left"]) == DAYS - since
            assert (float(row["lift"]), float(row["support"])) == pytest.approx(
                (offer["lift"], offer["support"]), abs=1e-6
            )
            same_facts(row, shop)
