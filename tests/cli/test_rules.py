"""Segments by rule through ``custseg segment``: columns, names, lists, consent, errors."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from custseg.jobs import segment_make
from custseg.messages import text
from custseg.report.groups import withheld_groups
from custseg.segment.summary import SegmentSummary
from custseg.tables.excel import read_workbook

Run = Callable[..., Any]

CUSTOMERS = 240
PREFECTURES = ("東京都", "大阪府", "愛知県")
ANSWERS = ("はい", "いいえ", "", "はい", "はい")


@pytest.fixture
def shop(tmp_path: Path, run: Run) -> Path:
    """Orders and events of a shop, its cleaned customers, of whom every fifth declined e-mail."""
    rng = random.Random(7)
    orders = []
    for who in range(CUSTOMERS):
        for _ in range(rng.randint(1, 6)):
            day = f"2025-{rng.randint(1, 9):02}-{rng.randint(1, 28):02}"
            kind = rng.choice(["お茶", "菓子", "食器"])
            orders.append((len(orders), f"M{who:03}", day, kind, rng.randint(100, 9000),
                           rng.choice(["web", "店舗"])))  # fmt: skip
    _write(
        tmp_path / "orders.csv",
        ("注文番号", "会員番号", "注文日", "分類", "金額", "販売チャネル"),
        orders,
    )
    people = [
        (f"M{who:03}", f"佐藤 {who}", f"m{who}@example.com", PREFECTURES[who % 3],
         "男" if who % 2 else "女", f"{1950 + who % 50}-03-11", ANSWERS[who % 5])
        for who in range(CUSTOMERS)
    ]  # fmt: skip
    header = ("会員番号", "氏名", "メールアドレス", "都道府県", "性別", "生年月日", "メルマガ可否")
    _write(tmp_path / "people.csv", header, people)
    events = [(f"M{who:03}", "2025-09-20", "苦情" if who % 2 else "問い合わせ", "電話", "対応中")
              for who in range(0, CUSTOMERS, 4)]  # fmt: skip
    events += [("M001", "2025-09-21", "クレーム", "電話", "未対応")]
    _write(tmp_path / "events.csv", ("会員番号", "発生日", "種別", "経路", "状態"), events)
    assert run("clean", "people.csv", "-o", "clean").code == 0
    return tmp_path


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def segmented(run: Run, shop: Path, rules: dict[str, str], *args: str, lang: str = "en") -> Any:
    lines = [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(text, ensure_ascii=False)}"
             for name, text in rules.items()]  # fmt: skip
    (shop / "custseg.toml").write_text("\n".join(["[rules]", *lines, ""]), encoding="utf-8")
    return run("segment", "--orders", "orders.csv", "--customers", "clean", "-o", "seg", "--force",
               *args, lang=lang)  # fmt: skip


def summary(shop: Path) -> SegmentSummary:
    return SegmentSummary.from_json(json.loads((shop / "seg" / "summary.json").read_text("utf-8")))


def test_rules_over_every_kind_of_column(run: Run, shop: Path) -> None:
    """Scores, profile, events, forecast and attributes; sizes and overlaps counted again."""
    asked: dict[str, tuple[str, Callable[[dict[str, str]], bool]]] = {
        "tea_tokyo": (
            "r >= 4 and prefecture = '東京都' and last_category = 'お茶'",
            lambda row: int(row["r"]) >= 4 and row["prefecture"] == "東京都"
            and row["last_category"] == "お茶",
        ),
        "東京の優良客／お茶": (
            "Ｒ ＞＝ ４ ａｎｄ（prefecture ＝ ’東京都’ ｏｒ last_category ＝ ‘お茶’）",
            lambda row: int(row["r"]) >= 4
            and (row["prefecture"] == "東京都" or row["last_category"] == "お茶"),
        ),
        "complaints": ("open_complaints >= 1", lambda row: row["open_complaints"] not in ("", "0")),
        "web": ("last_channel = 'web' and contacts is null",
                lambda row: row["last_channel"] == "web" and not row["contacts"]),
        "alive": ("alive > 0.5 and expected_purchases >= 0.8",
                  lambda row: float(row["alive"]) > 0.5
                  and float(row["expected_purchases"]) >= 0.8),
        "new": ("first_order >= '2025/7/1' and second_order is null",
                lambda row: row["first_order"] >= "2025-07-01" and not row["second_order"]),
        "thirty": ("days_since(last_order) <= 30", lambda row: int(row["recency_days"]) <= 30),
        "march": ("month(birth_date) = 3 and gender = 'female' and age_band like '30%'",
                  lambda row: row["gender"] == "female" and row["age_band"].startswith("30")),
        "segment": ("segment in ('champions', 'loyal') or cluster = 1",
                    lambda row: row["segment"] in ("champions", "loyal") or row["cluster"] == "1"),
        "not_tokyo": ("not prefecture = '東京都'", lambda row: row["prefecture"] != "東京都"),
        "nobody": ("monetary < 0", lambda row: False),
    }  # fmt: skip
    ran = segmented(run, shop, {name: text for name, (text, _) in asked.items()},
                    "--events", "events.csv")  # fmt: skip
    assert ran.code == 0, ran.err
    assert max(map(cell_len, ran.out.splitlines())) <= 80
    profile = {row["customer_id"]: row for row in table(shop / "seg" / "profile.csv")}
    known = [{**profile[row["customer_id"]], **row} for row in table(shop / "seg" / "scores.csv")]
    found = summary(shop)
    assert found.rules is not None
    assert [row.name for row in found.rules.rows] == list(asked)
    members = {name: {row["customer_id"] for row in known if meets(row)}
               for name, (_, meets) in asked.items()}  # fmt: skip
    assert 0 < len(members["tea_tokyo"]) < len(members["東京の優良客／お茶"]) < CUSTOMERS
    for row, counts in zip(found.rules.rows, found.rules.overlaps, strict=True):
        own = members[row.name]
        assert row.customers == len(own), row.name
        assert row.money == sum(float(each["monetary"]) for each in known
                                if each["customer_id"] in own)  # fmt: skip
        assert list(counts) == [len(own & members[other]) for other in asked]
    declined = {row["customer_id"] for row in table(shop / "clean" / "customers.csv")
                if row["consent_email"] == "false"}  # fmt: skip
    assert len(declined) == CUSTOMERS / 5
    told = {each.segment: each for each in found.lists if each.file.startswith("rules/")}
    for row in found.rules.rows:
        own = members[row.name]
        path = shop / "seg" / "segments" / f"{row.file}.csv"
        if not own:
            assert not path.exists()
            continue
        listed = table(path)
        assert {each["customer_id"] for each in listed} == own - declined
        assert (told[row.name].customers, told[row.name].declined) == (
            len(own - declined), len(own & declined),
        )  # fmt: skip
        assert all({"person_name", "email"} <= each.keys() for each in listed)
        money = [float(each["monetary"]) for each in listed]
        assert money == sorted(money, reverse=True)
    with_email = {each["customer_id"] for each in table(shop / "seg/segments/rules/not_tokyo.csv")
                  if each["email"]}  # fmt: skip
    agreed = {row["customer_id"] for row in table(shop / "clean" / "customers.csv")
              if row["consent_email"] == "true"}  # fmt: skip
    assert with_email == members["not_tokyo"] & agreed


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_report_says_how_many_are_on_the_list_of_a_rule(
    lang: str, run: Run, shop: Path
) -> None:
    ran = segmented(run, shop, {"best": "r >= 4", "few": "r >= 1"}, lang=lang)
    assert ran.code == 0, ran.err
    found = summary(shop)
    assert found.rules is not None
    for row in found.rules.rows:
        (told,) = (each for each in found.lists if each.file == row.file)
        assert told.declined > 0
        (line,) = (line for line in ran.out.splitlines() if line.split()[:1] == [row.name])
        assert line.split()[1] == str(row.customers)
        assert str(told.customers) in line.split()[2:6]


def test_who_declined_of_a_rule_cannot_be_computed_from_its_list(run: Run, shop: Path) -> None:
    """Page and workbook tell no group under ten: nor by the difference of two that they tell."""
    assert segmented(run, shop, {"best": "r = 5 and f >= 4", "all": "r >= 1"}).code == 0
    found = summary(shop)
    told = {each.segment: each for each in found.lists if each.file.startswith("rules/")}
    assert 0 < told["best"].declined < 10 < told["best"].customers
    hidden = withheld_groups(10, segments=found)
    on = ("list", told["best"].file)
    assert ("declined", told["best"].file) in hidden
    assert on in hidden or ("rule", "best") in hidden
    assert ("rule", "all") not in hidden


NAMES = {
    "../../etc/passwd": "etc_passwd", "con": "con_", "CON": "con__2", "a/b": "a_b", "a:b": "a_b_2",
    "ａｂ": "ab", "AB": "ab_2", " x ": "x", "=cmd()": "cmd", "champions": "champions",
    "が": "が", "か\u3099": "が_2", "東京の優良客／お茶": "東京の優良客_お茶", "nul.csv": "nul_csv",
    "n" * 300: "n" * 60,
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_names_are_files_anywhere_and_those_that_files_cannot_tell_apart_are_said(
    lang: str, run: Run, shop: Path
) -> None:
    ran = segmented(run, shop, {name: f"r >= {1 + at % 3}" for at, name in enumerate(NAMES)},
                    lang=lang)  # fmt: skip
    assert ran.code == 0, ran.err
    found = summary(shop)
    assert found.rules is not None
    files = {row.name: row.file.removeprefix("rules/") for row in found.rules.rows}
    assert files == NAMES
    written = {path.stem for path in (shop / "seg" / "segments" / "rules").iterdir()}
    assert written == set(NAMES.values())
    assert {path.name for path in shop.rglob("*passwd*")} == {"etc_passwd.csv"}
    told = [each for each in found.warnings if each.key == "segment.warn.rule_names"]
    assert [each.params["names"] for each in told] == [
        "con, CON",
        "a/b, a:b",
        "ａｂ, AB",
        "が, か\u3099",
    ]
    assert told[1].params["files"] == "rules/a_b, rules/a_b_2"
    assert max(map(cell_len, ran.out.splitlines())) <= 80


ERRORS = (
    ("", "r = 1", ("''",)),
    ("お茶", "都道府県 = '東京都'", ("1", "都道府県", "prefecture")),
    ("お茶", "r = 1 and 会員番号 = 'M001'", ("11", "customer_id")),
    ("お茶", "r = 1 and favorit_category = 'tea'", ("11", "favorite_category")),
    ("お茶", "monetary > 10,000", ("12", "10000")),
    ("お茶", "monetary > 1万", ("12", "10000")),
    ("お茶", "r = 1 or read_csv('/etc/passwd') = 1", ("10", "read_csv", "days_since")),
    ("お茶", "last_order > '昨日'", ("14", "2024-12-31")),
    ("お茶", "r = (select 1)", ("5", "(select 1)")),
    ("お茶", "r = 1 -- x", ("7", "-")),
    ("お茶", "prefecture = '東京都", ("14", "'")),
    ("お茶", "not " * 60 + "r = 1", ("205", "50")),
)


def test_a_column_that_is_not_there_is_told_before_forecast_and_tables_are_made(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(segment_make, "_more", too_late)
    monkeypatch.setattr(segment_make, "_analyses", too_late)
    ran = segmented(run, shop, {"fine": "alive > 0.5", "x": "prefektur = '東京都'"})
    assert ran.code == 2, ran.err
    assert "prefektur" in ran.err


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_errors_name_segment_place_and_fix(lang: str, run: Run, shop: Path) -> None:
    for name, rule, words in ERRORS:
        ran = segmented(run, shop, {"fine": "r = 1", name: rule}, lang=lang)
        assert ran.code == 2
        what, fix = ran.err.split("→")
        assert fix.strip()
        assert name in what
        assert all(word in ran.err for word in words), ran.err
        assert not (shop / "seg").exists()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_actions_of_segments_and_rules(lang: str, run: Run, shop: Path) -> None:
    """Every segment's action stands in the page, those of the config in place of custseg's own."""
    (shop / "actions.toml").write_text(
        '[rules]\n"お茶" = "last_category = \'お茶\'"\nsilent = "r = 1"\n[actions]\n'
        'champions = "新作の試飲会にご招待"\n"お茶" = "お茶の便りを送る"\nloyall = "x"\n',
        encoding="utf-8",
    )
    ran = run("segment", "--orders", "orders.csv", "--customers", "clean", "-o", "seg",
              "--config", "actions.toml", "--workbook", lang=lang)  # fmt: skip
    assert ran.code == 0, ran.err
    found = summary(shop)
    assert found.segments is not None
    assert found.rules is not None
    assert [row.action for row in found.rules.rows] == ["お茶の便りを送る", ""]
    page = (shop / "seg" / "report.html").read_text("utf-8")
    shown = " ".join(ran.out.split())
    for row in found.segments.rows:
        words = row.action or text(f"segment.action.{row.name}", lang)
        if row.customers:
            assert escape(words, quote=False) in page.replace("&#39;", "'")
        if row.name == "champions":
            assert words == "新作の試飲会にご招待"
    assert "お茶の便りを送る" in page
    assert "お茶の便りを送る → segments/rules/お茶.csv" in shown
    (told,) = (each for each in found.warnings if each.key == "segment.warn.action")
    assert told.params == {"name": "loyall", "nearest": "loyal"}
    assert "loyall" in shown
    book = (shop / "seg" / "report.xlsx").read_bytes()
    sheets = read_workbook(book, "report.xlsx")
    cells = [str(cell) for table in sheets.values() for column in table.columns
             for cell in column.to_pylist()]  # fmt: skip
    assert "お茶の便りを送る" in cells


def test_lists_are_safe_and_whole_in_a_spreadsheet(run: Run, shop: Path) -> None:
    """No name becomes a formula, no zero in front is lost, and Excel knows the encoding."""
    tricks = ("=cmd()", "@SUM(A1)", "-1+2", "+1+2", "佐藤")
    people = [(f"M{who:03}", f"{tricks[who % 5]} {who}", f"m{who}@example.com", "010-0001", "可")
              for who in range(CUSTOMERS)]  # fmt: skip
    header = ("会員番号", "氏名", "メールアドレス", "郵便番号", "DM可否")
    _write(shop / "tricks.csv", header, people)
    assert run("clean", "tricks.csv", "-o", "clean", "--force").code == 0
    names = {row["person_name"] for row in table(shop / "clean" / "customers.csv")}
    assert any(name.startswith("=cmd()") for name in names)
    assert segmented(run, shop, {"all": "r >= 1"}, "--for", "excel").code == 0
    data = (shop / "seg" / "segments" / "rules" / "all.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert len(rows) == CUSTOMERS
    assert {row["postal_code"] for row in rows} == {"010-0001"}
    cells = [cell for row in rows for cell in row.values()]
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)
    assert {row["person_name"].removeprefix("'") for row in rows} == names
    assert any(cell.startswith("'=cmd()") for cell in cells)
    assert segmented(run, shop, {"all": "r >= 1"}, "--lists", "xlsx").code == 0
    book = (shop / "seg" / "segments" / "segments.xlsx").read_bytes()
    sheets = read_workbook(book, "segments.xlsx")
    (whole,) = (sheet for sheet in sheets.values() if sheet.num_rows == CUSTOMERS)
    assert set(whole["person_name"].to_pylist()) == names
    assert set(whole["postal_code"].to_pylist()) == {"010-0001"}
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert not any(b"<f>" in parts.read(part) for part in parts.namelist())
    assert segmented(run, shop, {"all": "r >= 1"}, "--format", "parquet").code == 0
    kinds = {path.suffix for path in (shop / "seg").glob("[sp][cr]o*")}
    assert kinds == {".parquet"}
    assert (shop / "seg" / "segments" / "rules" / "all.csv").exists()


def test_an_audience_knows_the_rules_of_the_segmentation_it_is_made_of(
    run: Run, shop: Path
) -> None:
    """Whatever config is in use now; one that has the name in its own rules comes first."""
    rules = {"お茶": "last_category = 'お茶'", "tokyo": "prefecture = '東京都'"}
    assert segmented(run, shop, rules).code == 0
    (shop / "custseg.toml").unlink()
    args = ("audience", "make", "--customers", "clean", "--segments", "seg",
            "--platform", "mailchimp", "--as-of", "2026-01-01", "--force", "-o", "aud")  # fmt: skip

    def listed(*more: str) -> dict[str, dict[str, Any]]:
        ran = run(*args, *more)
        assert ran.code == 0, ran.err
        found = json.loads((shop / "aud" / "summary.json").read_text("utf-8"))
        return {each["name"]: each for each in found["lists"]}

    found = listed("--list", "お茶", "--list", "tokyo", "--list", "champions")
    sizes = {row.name: row.customers for row in summary(shop).rules.rows}  # type: ignore[union-attr]
    assert {name: found[name]["members"] for name in sizes} == sizes
    assert found["champions"]["wanted"] == "segment:champions"
    (shop / "other.toml").write_text("[rules]\ntokyo = \"prefecture = '大阪府'\"\n", "utf-8")
    found = listed("--config", "other.toml", "--list", "tokyo")
    assert found["tokyo"]["wanted"] == "prefecture = '大阪府'"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_list_of_no_name_is_refused_with_the_names_there_are(
    run: Run, shop: Path, lang: str
) -> None:
    assert segmented(run, shop, {"お茶": "last_category = 'お茶'"}).code == 0
    (shop / "custseg.toml").write_text('[lists]\nnew_ones = "segment:new"\n', "utf-8")
    ran = run("audience", "make", "--customers", "clean", "--segments", "seg", "--list", "紅茶",
              "--platform", "mailchimp", "-o", "aud", lang=lang)  # fmt: skip
    assert ran.code == 2
    assert all(name in ran.err for name in ("紅茶", "お茶", "new_ones", "champions", "hibernating"))
    assert not (shop / "aud").exists()
