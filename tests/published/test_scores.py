"""Orders, scores and named segments: the numbers published for them, through the commands."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from custseg.cli.main import app

Make = Callable[..., Any]

SEGMENTS = {
    "hibernating": 1071,
    "loyal": 819,
    "champions": 633,
    "at_risk": 593,
    "potential_loyalists": 484,
    "about_to_sleep": 352,
    "need_attention": 187,
    "promising": 94,
    "cant_lose": 63,
    "new": 42,
}


DEFAULT_MAP = {
    "[1-2][1-2]": "hibernating",
    "[1-2][3-4]": "at_risk",
    "[1-2]5": "cant_lose",
    "3[1-2]": "about_to_sleep",
    "33": "need_attention",
    "[3-4][4-5]": "loyal",
    "41": "promising",
    "51": "new",
    "[4-5][2-3]": "potential_loyalists",
    "5[4-5]": "champions",
}
"""The default map as it is published; its patterns do not overlap."""


def measures(run: Any) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in run.summary["rfm"]["measures"]}


def test_online_retail_as_it_comes(retail_rfm: Any) -> None:
    orders = retail_rfm.summary["orders"]
    assert orders["rows"] == 541_909
    assert orders["orders"] + orders["orders_left_out"] == 25_900
    assert orders["customers"] + orders["customers_left_out"] == 4_372
    assert {each["reason"]: each["rows"] for each in orders["excluded"]}["no_customer"] == 135_080


def test_online_retail_as_used(retail_rfm: Any) -> None:
    orders = retail_rfm.summary["orders"]
    assert (orders["rows_used"], orders["customers"], orders["orders"]) == (397_884, 4_338, 18_532)
    assert orders["money_used"] == 8_911_407.904
    left = sum(each["money"] for each in orders["excluded"])
    assert orders["money"] == pytest.approx(orders["money_used"] + left, abs=1e-6)
    assert orders["rows"] == orders["rows_used"] + sum(each["rows"] for each in orders["excluded"])
    assert (orders["as_of"], orders["as_of_given"]) == ("2011-12-10", False)
    assert "10 Dec 2011 (the day after the last order" in retail_rfm.shown
    assert orders["one_time_customers"] == 1_493
    assert orders["repeat_rate"] == pytest.approx(0.655832, abs=5e-7)
    assert orders["average_order"] == pytest.approx(480.866, abs=5e-4)


def test_online_retail_spread_and_cuts(retail_rfm: Any) -> None:
    found = measures(retail_rfm)
    names = ("mean", "median", "least", "most")
    spread = {name: [each[part] for part in names] for name, each in found.items()}
    assert spread["recency_days"] == pytest.approx([93.0595, 51, 1, 374], abs=5e-5)
    assert spread["frequency"] == pytest.approx([4.2720, 2, 1, 209], abs=5e-5)
    mean, median, _, most = spread["monetary"]
    assert (mean, median, most) == pytest.approx((2054.266, 674.485, 280_206.02), abs=5e-4)
    saved = retail_rfm.json("model.json")["rfm"]
    cuts = {
        "recency_days": [13.8, 33, 72, 180],
        "frequency": [1, 2, 3, 6],
        "monetary": [250.194, 490.096, 942.276, 2058.426],
    }
    for name, expected in cuts.items():
        assert found[name]["cuts"] == pytest.approx(expected)
        assert saved["cuts"][name] == pytest.approx(expected)
    for words in ("13.8 / 33 / 72 / 180", "1 / 2 / 3 / 6", "250.194 / 490.096 / 942.276"):
        assert words in retail_rfm.shown


def test_frequency_sizes_and_which_score_is_best(retail_rfm: Any) -> None:
    assert measures(retail_rfm)["frequency"]["scores"] == [1493, 835, 508, 802, 700]
    assert retail_rfm.summary["rfm"]["best"] == retail_rfm.json("model.json")["rfm"]["best"] == 5
    told = {(row["file"], row["column"]): row["meaning"] for row in retail_rfm.table("columns")}
    for file in ("scores.parquet", "segments/*.csv"):
        assert all("5 is best" in told[file, score] for score in ("r", "f", "m", "rfm"))
    rows = retail_rfm.table("scores")
    for score, value, way in (
        ("r", "recency_days", -1),
        ("f", "frequency", 1),
        ("m", "monetary", 1),
    ):
        by_score = {n: [way * row[value] for row in rows if row[score] == n] for n in range(1, 6)}
        assert all(max(by_score[n]) < min(by_score[n + 1]) for n in range(1, 5))


def test_named_segments_of_online_retail(retail: Any) -> None:
    rows = {row["name"]: row for row in retail.summary["segments"]["rows"]}
    assert {name: row["customers"] for name, row in rows.items()} == SEGMENTS
    assert Counter(row["segment"] for row in retail.table("scores")) == SEGMENTS
    for name, number in SEGMENTS.items():
        with (retail.folder / "segments" / f"{name}.csv").open(encoding="utf-8-sig") as file:
            assert sum(1 for _ in csv.DictReader(file)) == number
    assert rows["champions"]["money_share"] == pytest.approx(0.4871, abs=5e-5)
    assert {name for name, row in rows.items() if row["small"]} == {"promising", "cant_lose", "new"}
    assert "fewer than 101 customers" in retail.shown
    for name in ("promising *", "can't lose *", "new customers *"):
        assert name in retail.shown


def test_the_default_map_is_the_published_one(retail: Any) -> None:
    codes = set()
    for row in retail.table("scores"):
        code = f"{row['r']}{row['f']}"
        (named,) = (name for codes, name in DEFAULT_MAP.items() if re.fullmatch(codes, code))
        assert row["segment"] == named
        codes.add(code)
    assert len(codes) == 25


def test_cuts_of_the_users_own_are_used_saved_and_shown(
    make: Make, retail_file: Path, retail_roles: list[str]
) -> None:
    cuts = ("r=30,60,90,180", "f=1,2,3,4", "m=100,500,1000,5000")
    words = [word for each in cuts for word in ("--cuts", each)]
    run = make("rfm", retail_file, *retail_roles, *words)
    rows = run.table("scores")
    for score, value, cut, low in (
        ("r", "recency_days", [30, 60, 90, 180], True),
        ("f", "frequency", [1, 2, 3, 4], False),
        ("m", "monetary", [100, 500, 1000, 5000], False),
    ):
        assert run.json("model.json")["rfm"]["cuts"][value] == cut
        for row in rows:
            above = sum(float(row[value]) > each for each in cut)
            assert row[score] == (5 - above if low else 1 + above)
    for shown in ("30 / 60 / 90 / 180", "1 / 2 / 3 / 4", "100 / 500 / 1,000 / 5,000"):
        assert shown in run.shown


def test_other_bins_are_quantiles_of_their_own(
    make: Make, retail_file: Path, retail_roles: list[str], retail_rfm: Any
) -> None:
    run = make("rfm", retail_file, *retail_roles, "--bins", "4")
    plain = retail_rfm.table("scores")
    for name, each in measures(run).items():
        values = np.array([float(row[name]) for row in plain])
        assert each["cuts"] == pytest.approx(np.quantile(values, [0.25, 0.5, 0.75]))
    assert run.summary["rfm"]["best"] == 4
    assert {row["r"] for row in run.table("scores")} == {1, 2, 3, 4}
    assert "scores go from 1 to 4; 4 is the best of each" in run.shown


def test_nested_scores_are_cut_within_the_score_before(
    make: Make, retail_file: Path, retail_roles: list[str]
) -> None:
    run = make("rfm", retail_file, *retail_roles, "--method", "nested")
    rows = run.table("scores")
    saved = run.json("model.json")["rfm"]["cuts"]
    shares = [0.2, 0.4, 0.6, 0.8]
    for r in range(1, 6):
        inside = [row for row in rows if row["r"] == r]
        cut = np.quantile([float(row["frequency"]) for row in inside], shares)
        assert saved["frequency"][r - 1] == pytest.approx(cut)
        assert all(row["f"] == 1 + (cut < row["frequency"]).sum() for row in inside)
    assert "orders: cut anew within each score before it; in model.json" in run.shown


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "leaves 80 codes without a segment: 111,"), ("ja", "組み合わせが 80 個あります: 111,")],
)
def test_a_map_that_leaves_codes_uncovered_is_refused(
    retail_file: Path, retail_roles: list[str], tmp_path: Path, lang: str, said: str
) -> None:
    config = tmp_path / "custseg.toml"
    config.write_text('[maps.mine]\n"5.." = "hot"\n"[1-4]5." = "loyal"\n')
    words = ["rfm", str(retail_file), *retail_roles, "--config", str(config), "--map", "mine"]
    output = tmp_path / "out"
    ran = CliRunner().invoke(app, [*words, "-o", str(output)], env={"CUSTSEG_LANG": lang})
    assert (ran.exit_code, output.exists()) == (2, False)
    assert said in " ".join(ran.output.split())


def test_the_orders_of_r_are_scored_as_r_scores_them(r_orders: Any) -> None:
    cuts = {name: each["cuts"] for name, each in measures(r_orders).items()}
    assert cuts["recency_days"] == pytest.approx([115, 181, 297.4, 482])
    assert cuts["frequency"] == pytest.approx([4, 5, 6, 8])
    assert cuts["monetary"] == pytest.approx([255.8, 382, 506.4, 666])
    assert r_orders.json("model.json")["rfm"]["cuts"] == cuts
    for shown in ("115 / 181 / 297.4 / 482", "4 / 5 / 6 / 8", "255.8 / 382 / 506.4 / 666"):
        assert shown in r_orders.shown
    found = {row["customer_id"]: row for row in r_orders.table("scores")}
    published = {
        "Abbey O'Reilly": (205, 6, 472, "343"),
        "Add Senger": (140, 3, 340, "412"),
        "Aden Lesch": (194, 4, 405, "323"),
        "Aden Murphy": (98, 7, 596, "544"),
        "Admiral Senger": (132, 5, 448, "433"),
        "Agness O'Keefe": (90, 9, 843, "555"),
        "Aileen Barton": (84, 9, 763, "555"),
        "Ailene Hermann": (281, 8, 699, "355"),
        "Aiyanna Bruen": (246, 4, 157, "321"),
        "Ala Schmidt": (349, 3, 363, "212"),
        "Alannah Borer": (619, 4, 196, "121"),
    }
    measured = ("recency_days", "frequency", "monetary")
    assert {
        name: (*(int(found[name][each]) for each in measured), found[name]["rfm"])
        for name in published
    } == published
    assert len(found) == 995
    champions = r_orders.summary["segments"]["rows"][0]
    assert (champions["name"], champions["customers"]) == ("Champions", 158)
    assert (champions["orders"], champions["money"]) == (1_234, 120_178)


def test_the_map_checker_names_what_r_can_never_reach(r_orders: Any) -> None:
    assert r_orders.summary["segments"]["unreachable"] == ["New", "Promising", "Can't Lose"]
    assert "New, Promising, Can't Lose" in r_orders.shown


def test_the_second_built_in_map_names_every_code(
    make: Make, retail_file: Path, retail_roles: list[str], shared_data: Path
) -> None:
    import json

    named = make("rfm", retail_file, *retail_roles, "--map", "map_125")
    common = json.loads((shared_data / "segment" / "segment_map_125.json").read_text())
    pairs = {(common[row["rfm"]], row["segment"]) for row in named.table("scores")}
    assert len(pairs) == len({theirs for theirs, _ in pairs}) == len({ours for _, ours in pairs})


def test_rows_in_any_order_dates_as_text_and_the_file_twice_change_nothing(
    make: Make, retail_rfm: Any, retail_file: Path, retail_roles: list[str], tmp_path: Path
) -> None:
    lines = pq.read_table(retail_file)
    order = np.random.default_rng(7).permutation(len(lines))
    dates = pc.strftime(lines["ts"], "%Y-%m-%d %H:%M:%S")
    text = lines.set_column(lines.column_names.index("ts"), "ts", dates)
    pq.write_table(lines.take(pa.array(order)), tmp_path / "shuffled.parquet")
    pq.write_table(text, tmp_path / "text.parquet")
    (tmp_path / "again.parquet").write_bytes(retail_file.read_bytes())
    for files in (
        [tmp_path / "shuffled.parquet"],
        [tmp_path / "text.parquet"],
        [retail_file, tmp_path / "again.parquet"],
        [retail_file, tmp_path / "shuffled.parquet"],
    ):
        found = make("rfm", *files, *retail_roles)
        assert found.table("scores") == retail_rfm.table("scores")
        assert found.json("model.json") == retail_rfm.json("model.json")
        for part in ("rfm", "segments"):
            assert found.summary[part] == retail_rfm.summary[part]


def test_monthly_exports_that_share_a_week_change_nothing(
    make: Make, retail_rfm: Any, retail_file: Path, retail_roles: list[str], tmp_path: Path
) -> None:
    lines = pq.read_table(retail_file)
    days = lines["ts"].cast(pa.date32()).to_numpy().astype("datetime64[D]")
    months = np.arange(np.datetime64("2010-12"), np.datetime64("2012-01"))
    files = []
    for month in months:
        first = month.astype("datetime64[D]") - 7
        inside = (days >= first) & (days < (month + 1).astype("datetime64[D]"))
        files.append(tmp_path / f"{month}.parquet")
        pq.write_table(lines.filter(pa.array(inside)), files[-1])
    found = make("rfm", *files, *retail_roles)
    assert found.table("scores") == retail_rfm.table("scores")
    orders = found.summary["orders"]
    repeated = next(each for each in orders["excluded"] if each["reason"] == "repeated")
    assert orders["rows"] == 541_909 + repeated["rows"]
    assert orders["money_used"] == 8_911_407.904


def test_empty_rows_by_the_thousand_are_dropped_and_counted(
    make: Make, shared_data: Path, r_orders: Any, tmp_path: Path
) -> None:
    orders = (shared_data / "segment" / "r_rfm_orders.csv").read_text(encoding="utf-8")
    (tmp_path / "orders.csv").write_text(orders + ",,,,,\n" * 90_000, encoding="utf-8")
    found = make("rfm", tmp_path / "orders.csv", "--method", "r-package", "--as-of", "2006-12-31")
    read, plain = found.summary["orders"], r_orders.summary["orders"]
    assert {each["reason"]: each["rows"] for each in read["excluded"]} == {"empty": 90_000}
    assert (read["orders"], read["money"]) == (plain["orders"], plain["money"])
    codes = {row["customer_id"]: row["rfm"] for row in r_orders.table("scores")}
    assert {row["customer_id"]: row["rfm"] for row in found.table("scores")} == codes
