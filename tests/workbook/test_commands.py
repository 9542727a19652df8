"""Workbooks by command: every kind of run, names that mean harm, where the file goes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from custseg.cli.main import app
from custseg.config import load
from custseg.demo import generate, write
from custseg.jobs.segment import segment
from custseg.jobs.xlsx import xlsx_of

Read = Callable[[bytes], dict[str, Any]]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "japanese"


@pytest.fixture
def custseg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.chdir(tmp_path)

    def run(*words: object, code: int = 0) -> Any:
        ran = CliRunner().invoke(app, [str(each) for each in words], env={"CUSTSEG_LANG": "en"})
        assert ran.exit_code == code, ran.stderr
        return ran

    return run


def test_the_file_it_is_asked_for(runs: Path, custseg: Callable[..., Any]) -> None:
    asked = ("report", runs / "segment", "--format", "xlsx", "--lang", "ja")
    ran = custseg(*asked, "-o", "board.xlsx")
    assert (ran.stdout, ran.stderr) == ("", "")
    made = Path("board.xlsx")
    assert made.read_bytes() == xlsx_of(runs / "segment", "ja")
    assert made.stat().st_mode & 0o777 == 0o600
    assert "--force" in custseg(*asked, "-o", "board.xlsx", code=2).stderr
    custseg(*asked, "-o", "board.xlsx", "--force")
    assert custseg(*asked).stdout_bytes == made.read_bytes()  # a pipe takes it


def test_a_terminal_gets_no_binary(
    runs: Path, custseg: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from custseg.cli import report

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    class System:
        stdout = Terminal()

    monkeypatch.setattr(report, "sys", System)
    ran = custseg("report", runs / "clean", "--format", "xlsx", code=2)
    assert "-o FILE.xlsx" in ran.stderr
    assert System.stdout.getvalue() == ""


@pytest.mark.parametrize("command", ["clean", "dedupe", "standardize", "rfm", "cluster", "segment"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_command_on_tables(
    command: str, language: str, custseg: Callable[..., Any], read: Read
) -> None:
    files = (
        [EXAMPLES / "orders.csv"]
        if command in ("rfm", "cluster", "segment")
        else [EXAMPLES / "store_members.csv", EXAMPLES / "web_members.csv"]
    )
    if command == "segment":
        custseg("segment", "--orders", *files, "-o", "out", "-q")
    elif command == "standardize":
        custseg("standardize", files[0], "-o", "out", "-q")
    else:
        custseg(command, *files, "-o", "out", "-q")
    book = read(xlsx_of("out", language))
    first, *others = book.values()
    assert first.name == ("概要" if language == "ja" else "Summary")
    assert len(others) >= 2
    for sheet in others:
        assert sheet.cells
    listed = [each for each in first.texts() if each in book]
    assert {each.name for each in others} <= set(listed)
    assert not Path("out/report.xlsx").exists()


def test_lists_and_campaigns(custseg: Callable[..., Any], read: Read) -> None:
    people = [f"C{n:03},p{n}@x.jp" for n in range(200)]
    Path("customers.csv").write_text("\n".join(["customer_id,email", *people]) + "\n")
    said = [f"C{n:03},email,granted,2026-01-01" for n in range(200)]
    Path("ledger.csv").write_text("\n".join(["identifier,channel,status,at", *said]) + "\n")
    Path("key").write_text("0123456789abcdef")
    Path("key").chmod(0o600)
    custseg(
        *("audience", "make", "--customers", "customers.csv", "--consent", "ledger.csv"),
        *("--platform", "mailchimp", "--as-of", "2026-06-30", "-o", "aud"),
        *("--campaign", "summer", "--holdout", 0.3, "--key", "key"),
    )
    orders = ["order_id,customer_id,order_date,amount,channel,campaign"]
    for n in range(0, 200, 2):
        orders.append(f"A{n},C{n:03},2026-07-{n % 28 + 1:02},100,web,summer")
        orders.append(f"B{n},C{n:03},2026-06-15,900,shop,")
    Path("orders.csv").write_text("\n".join(orders) + "\n")
    custseg(
        *("measure", "campaign", "aud", "--orders", "orders.csv", "--customers", "customers.csv"),
        *("--cost", 10, "--margin", 0.5, "-o", "effect"),
    )
    lists = read(xlsx_of("aud", "en"))
    assert list(lists)[:2] == ["Summary", "Target lists"]
    summary = json.loads(Path("aud/summary.json").read_text())
    assert lists["Target lists"].column("Rows") == [each["rows"] for each in summary["files"]]
    effect = read(xlsx_of("effect", "ja"))
    assert "効果" in effect
    found = json.loads(Path("effect/summary.json").read_text())["effects"]
    values = effect["効果"].column("差")
    assert values == pytest.approx([each["difference"] for each in found])
    masked = read(xlsx_of("effect", "ja", 1_000))["効果"]
    assert [each for each in masked.cells.values() if isinstance(each, float)] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_is_bought_together(language: str, custseg: Callable[..., Any], read: Read) -> None:
    rows = ["order_id,customer_id,order_date,product_name,amount"]
    for n in range(1_200):
        goods = ["=tea", "plate" if n % 18 == 0 else "cup"]
        if n % 3:
            goods = [f"thing {n % 7}", f"thing {7 + n % 5}"]
        day = f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}"
        rows += [f"{n},C{n % 500},{day},{each},100" for each in goods]
    Path("orders.csv").write_text("\n".join(rows) + "\n")
    custseg("basket", "orders.csv", "--rule", "=tea -> cup", "-o", "bask", "-q")
    data = xlsx_of("bask", language)
    book = read(data)
    assert data == xlsx_of("bask", language)
    summary = json.loads(Path("bask/summary.json").read_text())
    found = summary["together"]["rows"]
    assert found
    sheet = book["併売" if language == "ja" else "Together"]
    lifts = sheet.column("リフト" if language == "ja" else "Lift")
    assert lifts[: len(found)] == pytest.approx([each["lift"] for each in found])
    (graph,) = sheet.graphs
    assert graph.cached[:1] == pytest.approx([found[0]["low"]])
    lists = book["提案リスト" if language == "ja" else "Offers"]
    assert summary["offers"][0]["customers"] in lists.cells.values()
    masked = read(xlsx_of("bask", language, 10_000))
    assert not masked[sheet.name].graphs
    assert summary["offers"][0]["customers"] not in masked[lists.name].cells.values()


def test_the_chain_writes_it_where_it_is_asked_for(custseg: Callable[..., Any], read: Read) -> None:
    write(generate(600, 5, "japanese"), Path("exports"))
    Path("exports/truth.csv").unlink()
    custseg("init", "exports")
    with Path("custseg.toml").open("a") as file:
        file.write('\n[output]\nworkbook = true\nlang = "ja"\n')
    custseg("run", "--day", "2026-01-31")
    latest = Path("runs/latest")
    data = (latest / "report.xlsx").read_bytes()
    book = read(data)
    assert {"概要", "セグメント", "RFM", "データ品質", "名寄せ"} <= set(book)
    assert data == xlsx_of("runs/2026-01-31", "ja")
    names = {each["name"] for each in json.loads((latest / "manifest.json").read_text())["outputs"]}
    assert "report.xlsx" in names
    for step in ("clean", "segment"):
        step_book = (latest / step / "report.xlsx").read_bytes()
        assert step_book == xlsx_of(latest / step, "ja")


BAD = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "a\x01b\x1fc\ufffe",
    "[x]:*?/\\'",
    "http://x.test/",
    "_x0041_",
    "{=1}",
    "漢字" * 400,
]


def test_names_from_files_are_harmless(tmp_path: Path, read: Read) -> None:
    lines = ["order_id,customer_id,order_date,amount,category,channel"]
    for at in range(1_200):
        bad = '"' + BAD[at % len(BAD)].replace('"', '""') + '"'
        lines.append(f"{at},c{at % 300},2026-{at % 12 + 1:02}-{at % 28 + 1:02},{at},{bad},{bad}")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    quoted = [json.dumps(each, ensure_ascii=True).replace("\\ufffe", "") for each in BAD]
    (tmp_path / "custseg.toml").write_text(
        f'[segment]\nmap = "mine"\n[maps.mine]\n"5." = {quoted[0]}\n"4." = {quoted[6]}\n'
        f'".." = {quoted[4]}\n[actions]\n{quoted[0]} = {quoted[3]}\n'
        f'[rules]\n{quoted[1]} = "frequency > 2"\n{quoted[4]} = "frequency > 1"\n'
    )
    settings = load({}, file=tmp_path / "custseg.toml").settings
    segment(path, None, tmp_path / "seg", settings=settings)
    for language in ("en", "ja"):
        data = xlsx_of(tmp_path / "seg", language, 1)
        book = read(data)
        texts = {text for sheet in book.values() for text in sheet.texts()}
        assert BAD[0] in texts
        assert BAD[3] in texts
        assert BAD[4] in book["条件別" if language == "ja" else "Rules"].texts()
        assert any(BAD[4] in text for text in texts)
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            assert files.testzip() is None
            for name in files.namelist():
                text = files.read(name).decode()
                ET.fromstring(text)
                if name.startswith("xl/worksheets/sheet"):
                    assert "<f>" not in text
                    assert "<f " not in text
                links = re.findall(r'TargetMode="([^"]*)"', text)
                assert "External" not in links
                assert "<script" not in text


@pytest.mark.parametrize(
    ("currency", "form"),
    [
        ("JPY", '"¥"#,##0;-"¥"#,##0'),
        ("USD", '"$"#,##0.00;-"$"#,##0.00'),
        ("SEK", '"SEK "#,##0.00;-"SEK "#,##0.00'),
    ],
)
def test_money_has_its_sign_and_its_decimals(
    currency: str, form: str, tmp_path: Path, read: Read
) -> None:
    settings = load({"segment.currency": currency}, file=None).settings
    segment(EXAMPLES / "orders.csv", None, tmp_path / "seg", settings=settings)
    sheet = read(xlsx_of(tmp_path / "seg", "en"))["Segments"]
    assert form in {each.replace("\\", "") for each in sheet.formats.values()}


def test_forgetting_leaves_the_charts(custseg: Callable[..., Any], read: Read) -> None:
    """The workbook of a report is no table of rows: it is kept as it is, or loses its words."""
    from custseg.privacy.erase import erase_workbook
    from custseg.privacy.person import Person

    custseg("clean", EXAMPLES / "store_members.csv", "-o", "out", "-q", "--workbook")
    data = Path("out/report.xlsx").read_bytes()
    person = Person(emails=frozenset({"store_members.csv"}))
    erased, gone = erase_workbook(data, person)
    assert gone > 0
    book = read(erased)
    assert not any("store_members.csv" in text for s in book.values() for text in s.texts())
    assert [len(s.graphs) for s in book.values()] == [len(s.graphs) for s in read(data).values()]


def test_forgetting_someone_leaves_the_workbook_whole(
    custseg: Callable[..., Any], read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTSEG_KEY", "a key of the tests, long enough")
    rows = [
        "会員番号,氏名,メールアドレス",
        *(f"{n:04},佐藤{n},p{n}@example.com" for n in range(30)),
    ]
    Path("members.csv").write_text("\n".join(rows) + "\n")
    custseg("clean", "members.csv", "-o", "run", "-q", "--workbook", "--base", "base.duckdb")
    before = Path("run/report.xlsx").read_bytes()
    Path("members.csv").unlink()
    Path("who.txt").write_text("p3@example.com\n")
    custseg("subject", "show", "who.txt", "--base", "base.duckdb")
    custseg("forget", "who.txt", "--base", "base.duckdb", "-o", "removals")
    assert "p3@example.com" not in Path("run/customers.csv").read_text("utf-8")
    assert Path("run/report.xlsx").read_bytes() == before
    assert "Summary" in read(before)
