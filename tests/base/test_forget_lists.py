"""Forgetting after lists were sent: audience runs, chains, and the lists of days before."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from custseg.cli.main import app
from custseg.tables.excel import read_workbook

HANAKO = {
    "会員番号": "A0001",
    "氏名": "秘密沢 花恵",
    "フリガナ": "ヒミツザワ ハナエ",
    "メールアドレス": " Hanae.Himitsu+News@Gmail.com ",
    "電話番号": "０９０−９８７６−５４３２",
    "郵便番号": "160-0022",
    "性別": "女",
    "生年月日": "1985-07-03",
    "メルマガ": "はい",
    "備考": "",
}
OLD_ADDRESS = "hanae.old@example.jp"
MAILS = ("Hanae.Himitsu+News@Gmail.com", "hanae.himitsu+news@gmail.com", OLD_ADDRESS)
OTHER_MAILS = ("hanaehimitsu@gmail.com", "hanae.himitsu@gmail.com")
PHONES = ("+819098765432", "819098765432", "09098765432", "０９０−９８７６−５４３２")
NAMES = ("秘密沢 花恵", "秘密沢　花恵", "秘密沢花恵", "花恵", "ヒミツザワ ハナエ", "ヒミツザワ")
HERS = (*MAILS, *OTHER_MAILS, *PHONES, *NAMES, HANAKO["会員番号"])
OTHERS = 130

CONFIG = """
[chain]
customers = ["members.csv"]
orders = ["orders.csv"]
consent = ["ledger.csv"]
[gates]
fail_on = ["rows_conserved"]
[segment]
as_of = "2026-06-30"
lists = "LISTS"
[lists]
best = "frequency >= 1"
[audience]
platforms = ["meta", "google", "yahoo", "line", "hubspot"]
as_of = "2026-06-30"
"""


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_KEY", "a key of the tests, long enough")


def write(path: Path, *lines: str) -> None:
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def exports(place: Path, address: str, people: int = OTHERS) -> None:
    """Write what a shop exports: her, and people about whom nothing is secret."""
    hers = {**HANAKO, "メールアドレス": address}
    rows = [",".join(hers.values())]
    for n in range(people):
        mail = f"p{n}@example.com"
        note = "紹介者は hanae.himitsu+news@gmail.com さん" if n == 3 else ""
        phone = f"080-1000-{n:04}"
        gender = "女" if n % 2 else "男"
        rows.append(
            f"B{n:04},苗字{chr(0x4E00 + n)} 名{chr(0x5000 + n)},,{mail},{phone},150-{n:04},"
            f"{gender},19{50 + n % 40}-0{1 + n % 9}-11,はい,{note}"
        )
    write(place / "members.csv", ",".join(HANAKO), *rows)
    orders = [
        f"{n},{number},2026-0{1 + n % 6}-1{n % 9},{1000 + n}"
        for n, number in enumerate(["A0001", *(f"B{n:04}" for n in range(people))])
    ]
    write(place / "orders.csv", "注文番号,会員番号,注文日,金額", *orders)
    ledger = [
        f"{number},{channel},granted,2026-01-01"
        for number in ("A0001", *(f"B{n:04}" for n in range(people)))
        for channel in ("email", "ads", "line")
    ]
    write(place / "ledger.csv", "identifier,channel,status,at", *ledger)


def invoke(*words: str, data: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=data, env={"CUSTSEG_LANG": "en"})


def done(*words: str, data: str | None = None) -> Result:
    result = invoke(*words, data=data)
    assert result.exit_code == 0, result.stderr
    return result


def audience(day: int, *more: str) -> Result:
    platforms = ("meta", "google", "yahoo", "line", "hubspot", "tiktok")
    words = [word for name in platforms[:5] for word in ("--platform", name)]
    return done(
        *("audience", "make", "--customers", f"clean{day}", "--segments", f"segment{day}"),
        *("--consent", "ledger.csv", "--list", "all", *words, "-o", f"lists{day}", *more),
        *("--as-of", f"2026-06-{28 + day}"),
    )


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of cleaning, segments and lists with a base; her address changed in between."""
    place = tmp_path_factory.mktemp("days")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for day, address in ((1, OLD_ADDRESS), (2, HANAKO["メールアドレス"])):
            exports(place, address)
            base = ("--base", "base.duckdb")
            done("clean", "members.csv", "-o", f"clean{day}", *base)
            done(
                *("segment", "--orders", "orders.csv", "--customers", f"clean{day}"),
                *("-o", f"segment{day}", "--as-of", "2026-06-30", "--consent", "ledger.csv"),
            )
            audience(day, *base)
        for name in ("members.csv", "orders.csv", "ledger.csv"):
            (place / name).unlink()
    return place


@pytest.fixture
def place(two_days: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the two days, whose base knows where the copied runs stand."""
    copy = tmp_path / "days"
    shutil.copytree(two_days, copy)
    with duckdb.connect(copy / "base.duckdb") as client:
        client.execute("UPDATE runs SET folder = replace(folder, ?, ?)", [str(two_days), str(copy)])
    monkeypatch.chdir(copy)
    return copy


def contents(place: Path) -> Iterator[tuple[Path, bytes]]:
    """Give what every file holds, tables and the base as text too; but for the removal files."""
    for path in sorted(place.rglob("*")):
        if not path.is_file() or (path.parent.name == "removals" and path.suffix == ".csv"):
            continue
        yield path, path.read_bytes()
        if path.suffix == ".parquet":
            yield path, repr(pq.read_table(path).to_pydict()).encode()
        if path.suffix == ".xlsx":
            for sheet in read_workbook(path.read_bytes(), path.name).values():
                yield path, repr(sheet.to_pydict()).encode()
        if path.suffix == ".duckdb":
            with duckdb.connect(path, read_only=True) as client:
                for (name,) in client.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                    yield path, repr(client.execute(f"FROM {name}").fetchall()).encode()


def left(place: Path, values: tuple[str, ...] = HERS) -> dict[str, list[str]]:
    """Find every file that holds one of the values, plain or hashed."""
    held = list(contents(place))
    found = {}
    for value in values:
        plain = value.encode()
        hashes = (hashlib.sha256(plain).hexdigest(), hashlib.md5(plain).hexdigest())
        wanted = [plain, *(each.encode() for each in hashes)]
        where = {str(p.relative_to(place)) for p, data in held if any(w in data for w in wanted)}
        if where:
            found[value] = sorted(where)
    return found


def test_the_lists_hold_her_before(place: Path) -> None:
    found = left(place)
    assert set(found) >= {*MAILS[1:], *OTHER_MAILS[:1], *PHONES[:2], "花恵"}
    hashed = [path for path in found[MAILS[1]] if path.startswith("lists")]
    assert "lists2/lists/all/meta/full.csv" in hashed
    assert "lists2/lists/all/line/full-email.csv" in hashed
    # Her old address was sent on the first day, and taken back on the second.
    assert "lists2/lists/all/meta/removed.csv" in found[OLD_ADDRESS]


def test_nothing_of_her_is_left_in_lists_of_any_day(place: Path) -> None:
    forget_her("--run", "segment1", "--run", "segment2")
    assert left(place) == {}
    assert done("base", "check", "base.duckdb")
    assert done("audit", "verify", "--base", "base.duckdb")


def test_lists_are_forgotten_also_where_the_clean_runs_are_gone(place: Path) -> None:
    """What was sent is hashed: without the records, base and lists alone know whose it is."""
    for name in ("clean1", "segment1", "segment2"):
        shutil.rmtree(place / name)
    forget_her()
    assert left(place) == {}


def forget_her(*more: str) -> None:
    base = ("--base", "base.duckdb", "-o", "removals")
    done("forget", "-", *base, *more, data="hanae.himitsu+news@gmail.com\n")


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_others_stay_in_every_list_to_the_letter(place: Path) -> None:
    names = sorted(place.glob("lists*/lists/all/*/*.csv"))
    before = {path: lines(path) for path in names}
    forget_her()
    for path, old in before.items():
        new = lines(path)
        gone = [line for line in old if line not in new]
        assert [line for line in old if line not in gone] == new
        assert len(gone) <= 1, path
    for day in (1, 2):
        manifest = json.loads((place / f"lists{day}" / "manifest.json").read_text())
        for output in manifest["outputs"]:
            path = place / f"lists{day}" / output["name"]
            assert path.stat().st_size == output["bytes"]
            if output["name"].endswith("meta/full.csv"):
                assert output["rows"] == len(lines(path)) - 1 == OTHERS


def test_every_platform_is_told_what_to_remove(place: Path) -> None:
    sent = {
        path.parent.name: lines(path) for path in sorted(place.glob("lists2/lists/all/*/full.csv"))
    }
    forget_her()
    for name in ("meta", "google", "yahoo", "hubspot"):
        removal = lines(place / "removals" / f"{name}.csv")
        assert removal[0] == sent[name][0]
        assert [line for line in removal if line in sent[name][1:]]
        assert len(removal) == 3, "both what was sent on the first day and on the second"
    old = hashlib.sha256(OLD_ADDRESS.encode()).hexdigest()
    assert any(old in line for line in lines(place / "removals" / "meta.csv"))


def test_the_next_import_and_lists_do_not_bring_her_back(place: Path) -> None:
    forget_her()
    for name in ("segment1", "segment2"):
        shutil.rmtree(place / name)
    exports(place, HANAKO["メールアドレス"])
    ledger = place / "ledger.csv"
    said = [f"{each},ads,granted,2026-01-01" for each in (MAILS[1], PHONES[2])]
    write(ledger, ledger.read_text(encoding="utf-8").strip(), *said)
    base = ("--base", "base.duckdb")
    done("clean", "members.csv", "-o", "clean3", *base)
    done(
        *("audience", "make", "--customers", "clean3", "--consent", "ledger.csv", *base),
        *("--list", "all", "--platform", "meta", "-o", "lists3", "--as-of", "2026-07-01"),
    )
    for name in ("members.csv", "orders.csv", "ledger.csv"):
        (place / name).unlink()
    assert left(place) == {}
    assert len(lines(place / "lists3/lists/all/meta/full.csv")) == OTHERS + 1
    assert lines(place / "lists3/lists/all/meta/removed.csv")[1:] == []
    (note,) = [row for row in table(place / "clean3/records.csv") if row["record_id"] == "B0003"]
    assert not note["text"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_of_her_is_left_in_a_chain(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "custseg.toml", CONFIG.replace("LISTS", form))
    for day, address in (("2026-06-29", OLD_ADDRESS), ("2026-06-30", HANAKO["メールアドレス"])):
        exports(tmp_path, address)
        done("run", "--day", day)
    for name in ("members.csv", "orders.csv", "ledger.csv"):
        (tmp_path / name).unlink()
    assert "runs/2026-06-30/audience/lists/best/meta/full.csv" in left(tmp_path)[MAILS[1]]
    forget_her("--run", "runs")
    assert left(tmp_path) == {}
    assert (tmp_path / "runs" / "latest").resolve().name == "2026-06-30"
    assert done("report", "runs/latest")
    assert done("report", "runs/latest/audience")
    rows = lines(tmp_path / "runs/latest/audience/lists/best/meta/full.csv")
    assert len(rows) == OTHERS + 1
    if form == "xlsx":
        book = tmp_path / "runs/latest/segment/segments/segments.xlsx"
        sheets = read_workbook(book.read_bytes(), "segments.xlsx")
        assert len(sheets) > 1
        assert sum(sheet.num_rows for sheet in sheets.values()) == OTHERS
        assert all(str(sheet["frequency"].type) == "int64" for sheet in sheets.values())
