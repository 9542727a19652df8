"""The page of a run: complete, alone, the same again, and of totals only."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.config.schema import AudienceSettings
from custseg.jobs.audience import audience
from custseg.jobs.basket import basket
from custseg.jobs.clean import clean
from custseg.jobs.html import html_of
from custseg.jobs.measure import measure_channels
from custseg.jobs.segment import segment

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
VOID = {"meta", "br", "link"}
RUNS = ("clean", "segment", "basket")


class Outline(HTMLParser):
    """Collects tags, attributes, headings and ids; fails on tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def outline(page: str) -> Outline:
    parsed = Outline()
    parsed.feed(page)
    parsed.close()
    assert parsed.open == []
    return parsed


def till() -> pa.Table:
    """Receipts on which tea and cups stand together, and the rest at random."""
    held = [
        {f"雑貨 {n * k % 17}" for k in range(1, 2 + n % 4)}
        | ({"緑茶", "湯のみ"} if n % 5 == 0 else set())
        for n in range(1_000)
    ]  # fmt: skip
    lines = [(str(n), item) for n, items in enumerate(held) for item in sorted(items)]
    order, item = zip(*lines, strict=True)
    return pa.table({"order_id": order, "product_name": item})


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    japanese = EXAMPLES / "japanese"
    members = [japanese / "store_members.csv", japanese / "web_members.csv"]
    clean(members, folder / "clean")
    segment(japanese / "orders.csv", folder / "clean", folder / "segment")
    basket({"till": till()}, None, folder / "basket")
    return folder


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", RUNS)
def test_a_page_stands_alone(name: str, language: str, runs: Path) -> None:
    page = html_of(runs / name, language)
    assert len(page.encode()) < 1_000_000
    assert page == html_of(runs / name, language)
    found = outline(page).found
    tags = [tag for tag, _ in found]
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(tags)
    assert tags.count("h1") == 1
    assert tags.count("main") == 1
    assert ("html", {"lang": language}) in found
    ids = [attrs["id"] for _, attrs in found if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in found:
        for key, value in attrs.items():
            assert not key.startswith("on")
            if key != "xmlns":
                assert "://" not in (value or "")
    styles = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert styles is not None
    assert "url(" not in styles[1]
    assert "@import" not in styles[1]
    headings = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert all(b - a <= 1 for a, b in pairwise(headings))
    assert len([tag for tag in tags if tag == "svg"]) >= 2
    assert "{" not in page.partition("</style>")[2]


def test_no_person_stands_in_a_page(runs: Path) -> None:
    import pyarrow.csv as csv

    pages = [html_of(runs / name, lang) for name in RUNS for lang in ("en", "ja")]
    customers = csv.read_csv(runs / "clean" / "customers.csv")
    told = 0
    for column in ("customer_id", "email", "phone", "family_kana"):
        for value in customers.column(column).drop_null().unique().to_pylist()[:300]:
            if len(str(value)) > 3:
                told += 1
                assert not any(f">{value}<" in page for page in pages)
                if column != "family_kana":
                    assert not any(str(value) in page for page in pages)
    assert told > 300


def test_names_from_files_are_harmless(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>"
    lines = [
        f'{at},c{at % 60},2026-{at % 12 + 1:02}-{at % 28 + 1:02},{at},"{bad}","{bad}"'
        for at in range(600)
    ]
    header = "order_id,customer_id,order_date,amount,category,channel"
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    from custseg.config import load

    (tmp_path / "custseg.toml").write_text(
        f'[segment]\nmap = "mine"\n[maps.mine]\n"5." = "{bad}"\n".." = "rest"\n'
        f'[actions]\n"{bad}" = "{bad}"\n[rules]\n"{bad}" = "frequency > 2"\n'
    )
    settings = load({}, file=tmp_path / "custseg.toml").settings
    segment(path, None, tmp_path / "seg", settings=settings)
    page = (tmp_path / "seg" / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    outline(page)


def test_small_groups_are_not_told_apart(runs: Path) -> None:
    open_, masked = (html_of(runs / "segment", "en", mask) for mask in (1, 10_000))
    assert "&lt;10000" in masked
    assert "&lt;1<" not in open_
    for start, end in (
        ('id="rfm-money-title"', "</svg>"),
        ('<h2 id="s-segments">', "</section>"),
        ('<h2 id="s-clusters">', "</section>"),
    ):
        parts = [page.partition(start)[2].partition(end)[0] for page in (open_, masked)]
        assert parts[0].count("%") >= 4, start
        assert "%" not in parts[1], start
    assert 'id="pareto-title"' in open_
    assert 'id="pareto-title"' not in masked
    assert 'id="treemap-title"' in masked


def test_the_commands_write_the_page(runs: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    for name in ("clean", "segment"):
        written = (runs / name / "report.html").read_text("utf-8")
        assert written == html_of(runs / name, "en")
    ran = run("report", runs / "segment", "--format", "html", "-o", "page.html", "--lang", "ja")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / "page.html").read_text("utf-8") == html_of(runs / "segment", "ja")
    assert run("report", runs / "segment", "--format", "html", "-o", "page.html").code == 2
    piped = run("report", runs / "segment", "--format", "html", "--lang", "en")
    assert piped.out == html_of(runs / "segment", "en")
    text = run("report", runs / "segment", "-o", "report.txt")
    assert (text.code, text.out) == (0, "")
    assert (tmp_path / "report.txt").read_text("utf-8").strip()


@pytest.mark.parametrize("text", ["{}", '{"command": "clean", "inputs": [{"lines": 1}]}', "[]"])
def test_a_summary_of_another_version_is_said(
    text: str, runs: Path, tmp_path: Path, run: Callable[..., Any]
) -> None:
    import shutil

    shutil.copytree(runs / "clean", tmp_path / "old")
    (tmp_path / "old" / "summary.json").write_text(text)
    for style in ("text", "html"):
        ran = run("report", "old", "--format", style)
        assert (ran.code, ran.out) == (3, "")
        assert "another version" in ran.err


def test_runs_without_pictures_have_a_page_too(tmp_path: Path) -> None:
    customers = tmp_path / "customers.csv"
    orders = tmp_path / "orders.csv"
    people = [f"c{at:03},person{at}@example.com,yes" for at in range(60)]
    customers.write_text("customer_id,email,consent_email\n" + "\n".join(people) + "\n")
    bought = [f"o{at},c{at:03},2026-01-{at % 28 + 1:02},{at + 10},web" for at in range(60)]
    orders.write_text("order_id,customer_id,order_date,amount,channel\n" + "\n".join(bought) + "\n")
    settings = Settings(
        audience=AudienceSettings(platforms=("mailchimp",)),
        lists={"<b>&all": "customer_id <> ''"},
    )
    audience(customers, output=tmp_path / "lists", settings=settings)
    measure_channels(orders, customers, tmp_path / "effect")
    for name in ("lists", "effect"):
        for language in ("en", "ja"):
            page = html_of(tmp_path / name, language)
            outline(page)
            assert "<b>" not in page
            assert "@example.com" not in page
    assert "&lt;b&gt;&amp;all" in html_of(tmp_path / "lists", "en")
