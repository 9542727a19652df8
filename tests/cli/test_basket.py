"""``custseg basket`` from the command line; ``UPDATE_GOLDEN=1`` writes the expected folder."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len

from custseg.engine import Engine
from custseg.jobs import basket as job
from custseg.messages import text
from custseg.segment.basket_summary import BasketSummary

Run = Callable[..., Any]

GOLDEN = Path(__file__).parent / "golden" / "basket"
HEADER = ("注文番号", "会員番号", "注文日", "商品コード", "商品名", "分類", "数量", "金額", "状態")
GOODS = {
    "T1": ("緑茶 100g", "お茶", 1200),
    "T2": ("紅茶 <アッサム>", "お茶", 1500),
    "C1": ("湯のみ ＝大＝", "食器", 2400),
    "C2": ("急須", "食器", 4800),
    "S1": ("羊羹", "菓子", 900),
    "S2": ("せんべい/醤油", "菓子", 600),
    **{f"X{n}": (f"雑貨 {n:02}", "雑貨", 500 + 100 * n) for n in range(14)},
}
RETAIL = (
    *("--role", "cid=customer_id", "--role", "InvoiceNo=order_id", "--role", "ts=order_date"),
    *("--role", "q=quantity", "--role", "p=unit_price", "--role", "StockCode=product_id"),
    *("--role", "Description=product_name"),
)


def order_rows() -> list[tuple[str, ...]]:
    """A tea shop: who buys green tea often takes a cup along, and a pot a month later."""
    rng = np.random.default_rng(3)
    rows = []

    def line(
        order: str, who: str, day: int, code: str, *, pieces: int = 1, state: str = "済"
    ) -> None:
        name, kind, price = GOODS[code]
        date = np.datetime64("2025-01-01") + day
        money = f"{price * pieces:,}円"
        mark = "キャンセル" if state == "取消" else ""
        rows.append((order, who, str(date), code, name, kind, str(pieces), money, mark))

    for who in range(900):
        member = "" if who % 50 == 0 else f"M{who:03}"
        for number in range(int(rng.integers(1, 4))):
            day = int(rng.integers(0, 200))
            codes = set(rng.choice(list(GOODS), int(rng.integers(1, 4)), replace=False).tolist())
            if rng.random() < 0.3:
                codes |= {"T1", "C1"} if rng.random() < 0.7 else {"T1"}
            order = f"{who:03}-{number}"
            for code in sorted(codes):
                line(order, member, day, code, pieces=int(rng.integers(1, 3)))
            if who % 40 == 1:
                line(order, member, day, "S2", pieces=-1)
                line(f"{order}x", member, day, "T2", state="取消")
            if who % 10 == 1:
                rows.append((order, member, rows[-1][2], "", "送料", "", "1", "500円", ""))
            if "T1" in codes and "C2" not in codes and rng.random() < 0.4:
                line(f"{order}n", member, day + 30, "C2")
    return rows


def write(path: Path, rows: list[tuple[str, ...]], encoding: str = "cp932") -> Path:
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def summary(folder: Path) -> BasketSummary:
    return BasketSummary.from_json(json.loads((folder / "summary.json").read_text("utf-8")))


def flat(words: str) -> str:
    return " ".join(words.split())


@pytest.fixture
def orders(tmp_path: Path, run: Run) -> Path:
    return write(tmp_path / "orders.csv", order_rows())


def test_the_golden_folder(run: Run, orders: Path, tmp_path: Path) -> None:
    shown = {}
    for lang in ("en", "ja"):
        out = tmp_path / f"out-{lang}"
        ran = run("basket", orders.name, "-o", out.name, "--lists", 3, "--min-count", 20, lang=lang)
        assert ran.code == 0, ran.err
        assert max(map(cell_len, ran.out.splitlines())) <= 80
        shown[f"screen.{lang}.txt"] = re.sub(r"[\d.,]+ s · [\d.,–]+ MB|[\d.,]+ s · –", "…", ran.out)
    english, japanese = tree(tmp_path / "out-en"), tree(tmp_path / "out-ja")
    assert english.keys() == japanese.keys()
    assert {name for name in english if english[name] != japanese[name]} == {"report.html"}
    found = {name: data.decode() for name, data in english.items() if name.endswith(".csv")} | shown
    if os.environ.get("UPDATE_GOLDEN"):
        for name, content in found.items():
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(content, encoding="utf-8")
    expected = {
        str(path.relative_to(GOLDEN)): path.read_text(encoding="utf-8")
        for path in GOLDEN.rglob("*")
        if path.is_file()
    }
    assert found == expected


def test_what_comes_out_is_what_went_in(run: Run, orders: Path, tmp_path: Path) -> None:
    assert run("basket", orders.name, "-o", "out").code == 0
    rows = order_rows()
    found = summary(tmp_path / "out")
    cents = [Decimal(row[7].removesuffix("円").replace(",", "")) for row in rows]
    read = found.orders
    assert read.rows == len(rows)
    assert read.rows == read.rows_used + sum(each.rows for each in read.excluded)
    assert Decimal(str(read.money)) == sum(cents)
    left = sum(each.money for each in read.excluded)
    assert read.money == pytest.approx(read.money_used + left)
    assert {each.reason for each in read.excluded} == {"cancelled", "quantity"}
    used = [row for row in rows if not row[8] and int(row[6]) > 0]
    baskets: dict[str, set[str]] = {}
    for row in used:
        if row[3]:
            baskets.setdefault(row[0], set()).add(row[4])
    assert found.together.baskets == len(baskets)
    assert found.together.guests == len({row[0] for row in used if not row[1]})
    assert found.left_out == {"送料": sum(row[4] == "送料" for row in used)}
    counted = Counter(name for held in baskets.values() for name in held)
    single = {row["items"]: int(row["baskets"]) for row in table(tmp_path / "out" / "itemsets.csv")
              if row["size"] == "1"}  # fmt: skip
    assert single == dict(counted)


def test_row_order_and_loading_twice_change_nothing(run: Run, orders: Path, tmp_path: Path) -> None:
    rows = order_rows()
    np.random.default_rng(1).shuffle(rows)
    write(tmp_path / "shuffled.csv", rows, "utf-8-sig")
    (tmp_path / "copy.csv").write_bytes(orders.read_bytes())
    for name, files in (("one", ["orders.csv"]), ("two", ["shuffled.csv"]),
                        ("three", ["orders.csv", "copy.csv"]),
                        ("four", ["orders.csv", "shuffled.csv"])):  # fmt: skip
        assert run("basket", *files, "-o", name).code == 0
    one = {name: data for name, data in tree(tmp_path / "one").items() if name.endswith(".csv")}
    for other in ("two", "three", "four"):
        again = tree(tmp_path / other)
        assert {name: again[name] for name in one} == one


def test_a_rule_of_ones_own_and_who_declined(run: Run, orders: Path, tmp_path: Path) -> None:
    people = [
        (f"M{who:03}", f"客{who}", f"m{who}@example.com", "いいえ" if who % 5 == 0 else "はい")
        for who in range(900)
    ]
    with (tmp_path / "people.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("customer_id", "person_name", "email", "メルマガ"), *people])
    (tmp_path / "out.csv").write_text("email\nm1@example.com\n")
    assert run("clean", "people.csv", "-o", "clean", "--role", "customer_id=record_id",
               "--role", "メルマガ=consent:email").code == 0  # fmt: skip
    ran = run("basket", orders.name, "-o", "out", "--customers", "clean", "--suppress", "out.csv",
              "--rule", "緑茶 100ｇ -> せんべい/醤油", "--rule", "t1 + c1 -> S1")  # fmt: skip
    assert ran.code == 0, ran.err
    first, second = summary(tmp_path / "out").offers
    assert (first.antecedent, first.consequent) == (("緑茶 100g",), "せんべい/醤油")
    assert second.antecedent == ("湯のみ ＝大＝", "緑茶 100g")
    assert "chance may explain this rule" in flat(ran.out)
    listed = table(tmp_path / "out" / "lists" / f"{first.file}.csv")
    bought: dict[str, set[str]] = {}
    for row in order_rows():
        if row[1] and not row[8] and int(row[6]) > 0:
            bought.setdefault(row[1], set()).add(row[3])
    expected = {who for who, codes in bought.items() if "T1" in codes and "S2" not in codes}
    declined = {who for who in expected if int(who[1:]) % 5 == 0 or who == "M001"}
    told = summary(tmp_path / "out").lists[0]
    assert (told.customers, told.declined) == (len(expected - declined), len(declined))
    names = {row["person_name"] for row in listed}
    assert names == {f"客{int(who[1:])}" for who in expected - declined}
    assert all(row["email"].startswith("m") for row in listed)
    worth = [float(row["expected_value"]) for row in listed]
    assert worth == sorted(worth, reverse=True)


def test_who_is_to_buy_next(run: Run, orders: Path, tmp_path: Path) -> None:
    """Counted again from the lines: whose days run, whose are over, and how many then bought."""
    days, today = 80, date(2025, 8, 1)
    people = [(f"M{who:03}", f"m{who}@example.com", "いいえ" if who % 5 == 0 else "はい")
              for who in range(900)]  # fmt: skip
    with (tmp_path / "people.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("customer_id", "email", "メルマガ"), *people])
    assert run("clean", "people.csv", "-o", "clean", "--role", "customer_id=record_id",
               "--role", "メルマガ=consent:email").code == 0  # fmt: skip
    ran = run("basket", orders.name, "-o", "out", "--customers", "clean", "--within", days,
              "--min-count", 10, "--lists", 0, "--as-of", today)  # fmt: skip
    assert ran.code == 0, ran.err
    firsts: dict[str, dict[str, date]] = {}
    last = date.min
    for _, who, day, _, name, _, pieces, _, mark in order_rows():
        if who and not mark and int(pieces) > 0 and name != "送料" and day <= str(today):
            when, own = date.fromisoformat(day), firsts.setdefault(who, {})
            own[name] = min(when, own.get(name, when))
            last = max(last, when)
    (offer,) = summary(tmp_path / "out").next_offers
    assert (offer.first, offer.then) == ("緑茶 100g", "急須")
    never = {who: (today - own[offer.first]).days for who, own in firsts.items()
             if offer.first in own and offer.then not in own}  # fmt: skip
    waits = [(own[offer.then] - own[offer.first]).days if offer.then in own else 10**6
             for own in firsts.values() if offer.first in own
             and (last - own[offer.first]).days >= days]  # fmt: skip
    waits = [wait for wait in waits if wait > 0]
    clean = {row["record_id"]: row["customer_id"] for row in table(tmp_path / "clean/records.csv")}
    (told,) = summary(tmp_path / "out").lists
    listed = table(tmp_path / "out" / "lists" / f"{offer.file}.csv")
    expected = {}
    for who, since in never.items():
        if since <= days and int(who[1:]) % 5:
            left = [wait for wait in waits if wait >= since]
            expected[clean[who]] = (since, sum(wait <= days for wait in left) / len(left))
    assert len(expected) > 5
    assert len({chance for _, chance in expected.values()}) > 2
    assert {
        row["customer_id"]: (int(row["days_since"]), pytest.approx(float(row["chance"]), abs=1e-6))
        for row in listed
    } == expected
    assert all(int(row["days_since"]) + int(row["days_left"]) == days for row in listed)
    assert all(row["email"] for row in listed)
    refused = [who for who, since in never.items() if since <= days and int(who[1:]) % 5 == 0]
    assert (told.customers, told.declined) == (len(listed), len(refused))
    assert offer.customers == len(listed) + len(refused)
    assert offer.passed == len(never) - offer.customers
    bought = sum(wait <= days for wait in waits)
    assert offer.share == pytest.approx(bought / len(waits))
    assert offer.support == pytest.approx(bought / len(firsts))
    assert run("basket", orders.name, "-o", "none", "--next-lists", 0).code == 0
    assert not list((tmp_path / "none" / "lists").glob("next*"))


def test_what_is_spilled_lies_in_the_run_that_is_made(
    run: Run, orders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the system's folder, which others may read and which may be small."""
    spilled: list[Path | None] = []

    class Watched(Engine):
        def __init__(
            self, threads: int | None, limit: str | None, temporary: Path | None = None
        ) -> None:
            spilled.append(temporary)
            assert limit == "500MB"
            super().__init__(threads, limit, temporary)

    monkeypatch.setattr(job, "Engine", Watched)
    assert run("basket", orders.name, "-o", "out", "--memory-limit", "500MB").code == 0
    (folder,) = spilled
    assert folder is not None
    assert folder.parent.parent == tmp_path
    assert not folder.exists()
    assert not (tmp_path / "out" / "scratch").exists()


def test_orders_of_nobody_known_and_without_days_or_money(run: Run, tmp_path: Path) -> None:
    lines = ["receipt_no,item_name"]
    lines += [f"{n},{item}" for n in range(60) for item in (("a", "b") if n % 3 else ("c",))]
    (tmp_path / "till.csv").write_text("\n".join([*lines, ""]))
    ran = run("basket", "till.csv", "-o", "out", "--min-count", "5")
    assert ran.code == 0, ran.err
    assert "none: the orders have no column of customers" in flat(ran.out)
    assert [row["antecedent"] for row in table(tmp_path / "out" / "rules.csv")] == ["a", "b"]
    assert not (tmp_path / "out" / "next.csv").exists()
    assert run("report", "out", "--format", "html", "-o", "page.html").code == 0


def test_without_order_numbers_a_day_is_an_order(run: Run, tmp_path: Path) -> None:
    lines = ["customer_id,order_date,product,amount"]
    lines += [f"c{n},2025-01-{n % 28 + 1:02},{item},5" for n in range(90) for item in "ab"]
    (tmp_path / "days.csv").write_text("\n".join([*lines, ""]))
    ran = run("basket", "days.csv", "-o", "out")
    assert ran.code == 0, ran.err
    assert "taken for one order" in flat(ran.out + ran.err)
    assert summary(tmp_path / "out").together.baskets == 90


@pytest.mark.parametrize(
    ("header", "args", "code", "words"),
    [
        ("order_id,customer_id,date,amount", (), 3, "product_id (product number) or product_name"),
        ("order_id,product", ("--level", "category"), 3, "recognized as category"),
        ("product,amount", (), 3, "order_id (order number)"),
        ("order_id,product", ("--by", "customer"), 3, "customer_id"),
        ("order_id,product", ("--rule", "1 -> 2"), 2, "names no product of the orders: 2"),
        ("order_id,product", ("--rule", "1"), 2, "Write it as 'X -> Y'"),
        ("order_id,product", ("--min-support", "2"), 2, "min_support"),
        ("order_id,product", ("--leave-out", "1"), 3, "No line names a product"),
    ],
)
def test_what_cannot_be_done_says_why(
    header: str, args: tuple[str, ...], code: int, words: str, run: Run, tmp_path: Path
) -> None:
    row = ",".join("2025-01-01" if name == "date" else "1" for name in header.split(","))
    (tmp_path / "orders.csv").write_text(f"{header}\n{row}\n")
    for lang in ("en", "ja"):
        ran = run("basket", "orders.csv", "-o", "out", *args, lang=lang)
        assert ran.code == code
        assert not (tmp_path / "out").exists()
        if lang == "en":
            assert words in flat(ran.err)


def test_names_from_files_are_harmless(run: Run, tmp_path: Path) -> None:
    bad = ("=cmd()", "<script>x</script>", "../../up", "con", "☕️🍰" * 80, "n" * 300)
    lines = ["order_id,customer_id,date,amount,product"]
    for n in range(400):
        held = {bad[n % 6], bad[(n * n) % 6], *(("con", bad[4]) if n % 4 == 0 else ())}
        lines += [f'{n},c{n % 211},2025-{n % 12 + 1:02}-01,5,"{item}"' for item in sorted(held)]
    (tmp_path / "orders.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    rules = [
        each for x in bad for each in ("--rule", f"{x} -> {bad[0] if x != bad[0] else bad[1]}")
    ]
    assert run("basket", "orders.csv", "-o", "out", *rules).code == 0
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    files = sorted(path.name for path in (tmp_path / "out" / "lists").iterdir())
    assert len(files) == 6
    for path in (tmp_path / "out").rglob("*.csv"):
        if path.name != "quarantine.csv":
            for row in table(path):
                assert not any((value or "").startswith("=") for value in row.values())
    assert {path.parent for path in tmp_path.rglob("*up*")} == {tmp_path / "out" / "lists"}


def test_online_retail(run: Run, shared_data: Path, tmp_path: Path) -> None:
    data = shared_data / "segment" / "online_retail.parquet"
    ran = run("basket", data, *RETAIL, "-o", "out", "--within", "0", lang="ja")
    assert ran.code == 0, ran.err
    found = summary(tmp_path / "out")
    assert (found.orders.rows, found.orders.rows_used, found.orders.orders) == (
        541_909, 530_104, 19_960,
    )  # fmt: skip
    assert {each.reason: each.rows for each in found.orders.excluded} == {
        "cancelled": 9_288, "quantity": 1_336, "price": 1_181,
    }  # fmt: skip
    rules = pq.read_table(tmp_path / "out" / "rules.parquet").to_pylist()
    by_pair = {(row["antecedent"], row["consequent"]): row for row in rules}
    for (x, y), row in by_pair.items():
        if row["items"] == 2 and (y, x) in by_pair:
            assert by_pair[y, x]["lift"] == pytest.approx(row["lift"])
    thyme = by_pair["HERB MARKER ROSEMARY", "HERB MARKER THYME"]
    assert thyme["finding"]
    assert thyme["baskets"] > 200
    assert text("basket.offers_note", "ja", inside="")[:10] in ran.out.replace("\n  ", "")
