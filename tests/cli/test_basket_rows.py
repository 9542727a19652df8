"""``custseg basket`` of files with one basket a row, in the forms in which people have them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from custseg.jobs.basket import basket
from custseg.segment.basket_rows import BasketRows, unfold

Run = Callable[..., Any]

EVERYTHING = ("--min-count", "1", "--min-lift", "0", "--most-items", "10")
SHOP = (
    ("茶", "湯のみ"),
    ("茶", "急須", "湯のみ"),
    ("急須",),
    ("湯のみ", "茶"),
    ("茶", "菓子"),
    ("菓子",),
)
"""Six baskets; what follows writes them down in every way."""


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(folder: Path) -> dict[str, int]:
    return {row["items"]: int(row["baskets"]) for row in table(folder / "itemsets.csv")}


def expected(baskets: Sequence[Sequence[str]] = SHOP) -> dict[str, int]:
    return dict(
        Counter(
            " + ".join(group)
            for basket in baskets
            for size in range(1, len(basket) + 1)
            for group in combinations(sorted(basket), size)
        )
    )


def flat(words: str) -> str:
    return " ".join(words.split())


def test_published_rules_of_the_file_as_it_is(run: Run, shared_data: Path, tmp_path: Path) -> None:
    """Groceries, one basket a row without a header (Hahsler et al., arules)."""
    file = shared_data / "segment" / "groceries.csv"
    ran = run("basket", file, "-o", "out", *EVERYTHING,
              "--min-support", "0.001", "--min-confidence", "0.8")  # fmt: skip
    assert ran.code == 0, ran.err
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["together"]["baskets"] == summary["together"]["guests"] == 9_835
    assert summary["together"]["items"] == 169
    assert summary["orders"]["rows"] == summary["orders"]["rows_used"] == 43_367
    rules = table(tmp_path / "out" / "rules.csv")
    assert len(rules) == 410
    assert Counter(row["items"] for row in rules) == {"3": 29, "4": 229, "5": 140, "6": 12}
    top = rules[0]
    assert (top["antecedent"], top["consequent"]) == ("liquor + red/blush wine", "bottled beer")
    printed = [f"{float(top[name]):.7g}" for name in ("support", "confidence", "lift")]
    assert printed == ["0.001931876", "0.9047619", "11.23527"]
    # Whole numbers at the threshold: confidence 0.8 is 8 of 10, and support 0.001 is 10 of 9,835.
    lines = [set(line.split(",")) for line in file.read_text().splitlines()]
    edge = [row for row in rules if float(row["confidence"]) == 0.8]
    assert len(edge) > 4
    for row in edge:
        before = {*row["antecedent"].split(" + ")}
        held = [basket for basket in lines if before <= basket]
        both = sum(row["consequent"] in basket for basket in held)
        assert (len(held), both) == (int(row["baskets_antecedent"]), int(row["baskets"]))
        assert 5 * both == 4 * len(held)
    assert min(int(row["baskets"]) for row in rules) == 10
    ran = run("basket", file, "-o", "more", *EVERYTHING,
              "--min-support", "0.006", "--min-confidence", "0.25")  # fmt: skip
    assert ran.code == 0, ran.err
    assert len(table(tmp_path / "more" / "rules.csv")) == 463


def test_the_command_says_what_it_took_rows_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text("".join(f"{','.join(row)}\n" for row in SHOP))
    for lang, words in (("en", "was read as 6 baskets, one a row"), ("ja", "1 行を 1 回の買い物")):
        ran = run("basket", "shop.csv", "-o", f"out-{lang}", *EVERYTHING, lang=lang)
        assert ran.code == 0, ran.err
        assert words in flat(ran.out)
        assert max(map(cell_len, ran.out.splitlines())) <= 80
    ran = run("basket", "shop.csv", "-o", "out", "--rows", "baskets", *EVERYTHING)
    assert "was read as" not in flat(ran.out)
    assert counted(tmp_path / "out") == counted(tmp_path / "out-en") == expected()


def _joined(sign: str) -> str:
    return "".join(f"{sign.join(row)}\n" for row in SHOP)


def _columns(header: str, *, money: bool = False, padded: bool = True) -> str:
    lines = [header]
    for at, row in enumerate(SHOP):
        cells = [*row, *[""] * (3 - len(row))] if padded else list(row)
        lines.append(",".join([f"{at}", f"c{at % 3}", f"2025-01-0{at + 1}", *cells,
                               *(["1,000円".join('""')] if money else [])]))  # fmt: skip
    return "\n".join([*lines, ""])


def _cells(sign: str, suffix: str = "") -> str:
    sink = io.StringIO()
    rows = [(at, f"c{at % 3}", sign.join(each + suffix for each in row))
            for at, row in enumerate(SHOP)]  # fmt: skip
    csv.writer(sink, lineterminator="\n").writerows([("注文番号", "会員番号", "商品名"), *rows])
    return sink.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        _joined(","),
        _joined(", "),
        _joined(";"),
        _joined("\t"),
        _joined("、"),
        "購入商品\n" + _joined("、"),
        "items\n" + _joined(","),
        "".join(f'"{",".join(row)}"\n' for row in SHOP),
        "".join(f"{','.join([*row, '', ''][:3])}\n" for row in SHOP),
        _columns("注文番号,会員番号,注文日,商品1,商品2,商品3"),
        _columns("order_id,customer_id,order_date,item_1,item_2,item_3"),
        _columns("order_id,customer_id,order_date,Item (1),Item (2),Item (3)"),
        _columns("注文番号,会員番号,注文日,商品名１,商品名２,商品名３,合計金額", money=True),
        _cells("、"),
        _cells(", "),
        _cells("\n"),
        _cells("、", "×2"),
        _cells(", ", " x 1"),
        _cells("、").replace("注文番号,会員番号,商品名", "no,who,items"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_basket_a_row(text: str, run: Run, tmp_path: Path) -> None:
    for name, data in (("a.csv", text.encode()), ("b.csv", text.encode("cp932")),
                       ("c.csv.gz", gzip.compress(text.encode("utf-8-sig"), mtime=0))):  # fmt: skip
        (tmp_path / name).write_bytes(data)
        ran = run("basket", name, "-o", f"{name}.out", *EVERYTHING)
        assert ran.code == 0, ran.err
        assert counted(tmp_path / f"{name}.out") == expected()


def test_excel_with_a_basket_a_row(run: Run, tmp_path: Path) -> None:
    for name, above in (("plain", []), ("titled", ["商品1", "商品2", "商品3"])):
        with xlsxwriter.Workbook(tmp_path / f"{name}.xlsx") as book:
            sheet = book.add_worksheet("買い物")
            for at, row in enumerate([*([above] if above else []), *SHOP]):
                sheet.write_row(at, 0, row)
        ran = run("basket", f"{name}.xlsx", "-o", name, *EVERYTHING)
        assert ran.code == 0, ran.err
        assert counted(tmp_path / name) == expected()


def test_customers_days_and_money_of_a_basket_stay(run: Run, tmp_path: Path) -> None:
    text = _columns("注文番号,会員番号,注文日,商品1,商品2,商品3,合計金額", money=True)
    (tmp_path / "wide.csv").write_text(text)
    ran = run("basket", "wide.csv", "-o", "out", *EVERYTHING, "--rule", "茶 -> 菓子")
    assert ran.code == 0, ran.err
    orders = json.loads((tmp_path / "out" / "summary.json").read_text())["orders"]
    assert (orders["rows_used"], orders["orders"], orders["customers"]) == (11, 6, 3)
    assert float(orders["money"]) == float(orders["money_used"]) == 6_000
    (listed,) = (tmp_path / "out" / "lists").iterdir()
    # c0 has the baskets 0 and 3: no 菓子; c1 bought both, c2 no 茶.
    (row,) = table(listed)
    assert (row["customer_id"], float(row["monetary"])) == ("c0", 2_000)


def test_numbered_columns_beside_the_products_are_theirs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text(
        "注文番号,商品名1,数量1,単価1,商品名2,数量2,単価2\n"
        "1,茶,1,100,湯のみ,2,300\n2,湯のみ,1,300,茶,1,100\n3,茶,3,100,,,\n"
    )
    assert run("basket", "wide.csv", "-o", "out", *EVERYTHING).code == 0
    orders = json.loads((tmp_path / "out" / "summary.json").read_text())["orders"]
    assert (orders["rows_used"], float(orders["money_used"])) == (5, 700 + 400 + 300)


def test_several_files_of_baskets_are_told_apart(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(_joined(","))
    (tmp_path / "b.csv").write_text(_joined(",").replace("菓子", "水"))
    assert run("basket", "a.csv", "b.csv", "-o", "out", *EVERYTHING).code == 0
    both = [*SHOP, *([each.replace("菓子", "水") for each in row] for row in SHOP)]
    assert counted(tmp_path / "out") == expected(both)
    (tmp_path / "rev.csv").write_text("".join(reversed(_joined(",").splitlines(keepends=True))))
    assert run("basket", "rev.csv", "-o", "rev", *EVERYTHING).code == 0
    assert counted(tmp_path / "rev") == expected()


@pytest.mark.parametrize(
    "text",
    [
        # Names with commas are names.
        "order_id,product\n" + '1,"BAG, RED"\n1,"BAG, BLUE"\n2,"BAG, RED"\n3,CUP\n',
        "order_id,product\n" + '1,"BAG, RED"\n2,"BAG, BLUE"\n3,"BAG, RED"\n4,CUP\n',
        # Levels of one product are no products of a basket.
        "order_id,product,category1,category2\n1,tea,food,drinks\n2,cup,home,dishes\n",
        # A name on two lines, as on labels of parcels.
        "order_id,商品名1,商品名2\n1,緑茶,100g\n2,湯のみ,大\n3,急須,赤\n",
    ],
)  # fmt: skip
def test_rows_that_are_order_lines_stay_order_lines(text: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "lines.csv").write_text(text)
    assert run("basket", "lines.csv", "-o", "auto", *EVERYTHING).code == 0
    assert run("basket", "lines.csv", "-o", "told", "--rows", "lines", *EVERYTHING).code == 0
    assert counted(tmp_path / "auto") == counted(tmp_path / "told")


@pytest.mark.parametrize(
    ("text", "args", "words"),
    [
        ("name,zip\nA,1,x\nB,2,y\nC,3\n", (), "say --rows baskets"),
        ("order_id,qty\n1,2\n", ("--rows", "baskets"), "item_1, item_2"),
        ("order_id,product\n1,tea\n1,cup\n", ("--rows", "baskets"), "say --rows lines"),
    ],
)
def test_errors_name_the_option(
    text: str, args: tuple[str, ...], words: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "orders.csv").write_text(text)
    for lang in ("en", "ja"):
        ran = run("basket", "orders.csv", "-o", "out", *args, lang=lang)
        assert ran.code == 3
        assert "--rows" in ran.err
        if lang == "en":
            assert words in flat(ran.err)


def test_rules_and_their_number_stand_in_the_config(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text(
        _columns("order_id,customer_id,order_date,item_1,item_2,item_3")
    )
    (tmp_path / "custseg.toml").write_text(
        '[basket]\nrows = "baskets"\nrules = ["茶 -> 菓子", "湯のみ -> 急須"]\nmost_rules = 2\n'
        "min_count = 1\nmin_lift = 0\n"
    )  # fmt: skip
    ran = run("basket", "shop.csv", "-o", "out")
    assert ran.code == 0, ran.err
    assert "rules.* holds 2 (--most-rules)" in flat(ran.out)
    assert len(list((tmp_path / "out" / "lists").iterdir())) == 2
    kept = table(tmp_path / "out" / "rules.csv")
    assert (
        run(
            "basket", "shop.csv", "-o", "all", "--most-rules", "1000", "--rule", "湯のみ -> 菓子"
        ).code
        == 0
    )
    everything = table(tmp_path / "all" / "rules.csv")
    assert len(everything) > 2
    assert kept == everything[:2]
    (only,) = (tmp_path / "all" / "lists").iterdir()
    assert only.name.startswith("01_湯のみ")


def test_findings_are_kept_before_rules_that_chance_explains(
    run: Run, shared_data: Path, tmp_path: Path
) -> None:
    file = shared_data / "segment" / "groceries.csv"
    assert run("basket", file, "-o", "all").code == 0
    assert run("basket", file, "-o", "few", "--most-rules", "70").code == 0
    everything = table(tmp_path / "all" / "rules.csv")
    findings = [row for row in everything if row["finding"] == "true"]
    others = [row for row in everything if row["finding"] == "false"]
    assert len(findings) == 65
    few = table(tmp_path / "few" / "rules.csv")
    assert few == [row for row in everything if row in findings or row in others[:5]]


words = st.sampled_from(["tea", "cup", "pot", "cake", "jam", "bread", "milk"])


@given(st.lists(st.lists(words, min_size=1, max_size=5, unique=True), min_size=2, max_size=12))
def test_what_is_unfolded_is_what_was_folded(baskets: list[list[str]]) -> None:
    width = max(map(len, baskets))
    columns = {f"item_{n + 1}": [row[n] if n < len(row) else None for row in baskets]
               for n in range(max(width, 2))}  # fmt: skip
    wide = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    cells = pa.table({"items": [" , ".join(row) for row in baskets]})
    made = [
        unfold(wide, {"item_1": "product_name"}, "x", asked=True),
        unfold(cells, {"items": "product_name"}, "x", asked=True) if width > 1 else None,
        BasketRows(True, lambda _: False).table(baskets, "x"),
    ]
    for each in made:
        if each is not None:
            names = each.drop_columns("order_id").column(0).to_pylist()
            assert list(zip(each["order_id"].to_pylist(), names, strict=True)) == [
                (f"x:{at}", item) for at, row in enumerate(baskets, 1) for item in row
            ]


def test_a_frame_with_a_basket_a_row() -> None:
    columns = {f"item_{n}": [row[n] if n < len(row) else None for row in SHOP] for n in range(3)}
    found = basket({"shop": pa.table(columns)})
    assert found.summary.together.baskets == len(SHOP)
    assert found.summary.together.items == 4
