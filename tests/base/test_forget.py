"""Forgetting: nothing of a person is left anywhere, nothing of anybody else is lost."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import custseg
from custseg.base import Base, NewList, RunEntry, SentFile, write_consents, write_lists
from custseg.base.check import check
from custseg.cli.main import app
from custseg.jobs.forget import ForgetResult, forget
from custseg.jobs.person_search import Wanted

KEY = "a key of the tests, long enough"

PEOPLE = pd.DataFrame(
    {
        "会員番号": ["0001", "0002", "0003", "0004", "0005"],
        "氏名": ["佐藤　花子", "鈴木 一郎", "高橋 健", "田中 実", "佐藤 次郎"],
        "フリガナ": [
            "サトウ ハナコ",
            "スズキ イチロウ",
            "タカハシ ケン",
            "タナカ ミノル",
            "サトウ ジロウ",
        ],
        "メールアドレス": [
            " Hanako.Sato+News@Gmail.com ",
            "ichiro@example.com",
            "ken@example.com",
            "minoru@example.com",
            "jiro@example.com",
        ],
        "電話番号": [
            "０９０−１２３４−５６７８",
            "090-2345-6789",
            "090-3456-7890",
            "",
            "03-1111-2222",
        ],
        "固定電話": ["03-1111-2222", "", "", "", ""],
        "郵便番号": ["160-0022", "150-0001", "", "", "160-0022"],
        "生年月日": ["1985-07-03", "1970-01-02", "1990-11-12", "1966-03-04", "1984-02-01"],
        "備考": ["", "紹介者は hanako.sato+news@gmail.com さん", "常連", "電話は夕方", "常連"],
    }
)

HERS = (
    *("hanako.sato+news@gmail.com", "hanakosato@gmail.com", "Hanako.Sato+News@Gmail.com"),
    *("+819012345678", "09012345678", "819012345678", "０９０−１２３４−５６７８"),
    *("佐藤　花子", "佐藤 花子", "花子", "サトウ ハナコ"),
)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_KEY", KEY)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make a clean run, a base, and lists that were sent."""
    export = tmp_path / "members.csv"
    PEOPLE.to_csv(export, index=False)
    broken = '0009,"hanako.sato+news@gmail.com 佐藤花子'
    export.write_text(export.read_text(encoding="utf-8") + broken + "\n", encoding="utf-8")
    result = custseg.clean([export], tmp_path / "run", base=tmp_path / "base.duckdb")
    ids = dict(
        zip(
            result.records["record_id"].to_pylist(),
            result.records["customer_id"].to_pylist(),
            strict=True,
        )
    )
    sent = [(ids["0001"], "hanako.sato+news@gmail.com"), (ids["0002"], "ichiro@example.com")]
    hashed = [hashlib.sha256(each.encode()).hexdigest() for _, each in sent]
    rows = pd.DataFrame({"customer_id": [each for each, _ in sent], "key": hashed})
    rows["cells"] = [[each, "jp"] for each in hashed]
    sent_rows = pa.Table.from_pandas(rows, preserve_index=False)
    with Base(tmp_path / "base.duckdb", "audience") as base:
        base.begin(RunEntry(run_id="day1", command="audience", version="0"))
        file = SentFile(
            platform="meta",
            columns=("email", "country"),
            rows=sent_rows,
        )
        members = pa.table({"customer_id": rows["customer_id"]})
        write_lists(base, "audience", {"vip": NewList(members, [file])})
        write_consents(
            base,
            pa.table(
                {
                    "kind": ["email"],
                    "strict": ["hanako.sato+news@gmail.com"],
                    "loose": ["hanakosato@gmail.com"],
                    "channel": ["email"],
                    "moment": pa.array([0], pa.int64()),
                    "granted": [True],
                    "why": pa.array([None], pa.string()),
                }
            ),
        )
        base.commit()
    export.unlink()
    return tmp_path


def hanako(place: Path) -> str:
    with (place / "run" / "records.csv").open(encoding="utf-8") as file:
        return next(
            row["customer_id"] for row in csv.DictReader(file) if row["record_id"] == "0001"
        )


def forget_her(place: Path, **more: object) -> ForgetResult:
    wanted = Wanted(texts=((1, "HANAKO.SATO+news@gmail.com"),))
    return forget(wanted, place / "base.duckdb", place / "removals", **more)  # type: ignore[arg-type]


def files(place: Path) -> Iterator[tuple[Path, bytes]]:
    """Give every file but the removal files, Parquet and the base as text too."""
    for path in sorted(place.rglob("*")):
        if not path.is_file() or ("removals" in path.parts and path.suffix == ".csv"):
            continue
        yield path, path.read_bytes()
        if path.suffix == ".parquet":
            yield path, pq.read_table(path).to_pandas().to_csv().encode()
        if path.suffix == ".duckdb":
            with duckdb.connect(path, read_only=True) as client:
                for (table,) in client.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                    yield path, repr(client.execute(f"FROM {table}").fetchall()).encode()


def found_of(place: Path, value: str) -> list[str]:
    plain = value.encode()
    wanted = [plain, hashlib.sha256(plain).hexdigest().encode()]
    return [str(path) for path, data in files(place) if any(each in data for each in wanted)]


def test_they_are_there_before(place: Path) -> None:
    for value in ("hanako.sato+news@gmail.com", "+819012345678", "佐藤　花子", "花子"):
        assert found_of(place, value)


def test_nothing_of_them_is_left_anywhere(place: Path) -> None:
    forget_her(place)
    left = {value: found for value in HERS if (found := found_of(place, value))}
    assert not left


def test_removal_files_repeat_exactly_what_was_sent(place: Path) -> None:
    result = forget_her(place)
    assert result.removals == {"meta.csv": 1}
    hashed = hashlib.sha256(b"hanako.sato+news@gmail.com").hexdigest()
    assert (place / "removals" / "meta.csv").read_text() == f"email,country\n{hashed},jp\n"


def test_nobody_else_loses_anything(place: Path) -> None:
    path = place / "run" / "records.csv"
    before = pd.read_csv(path, dtype=str)
    forget_her(place)
    after = pd.read_csv(path, dtype=str)
    kept = before[before["record_id"] != "0001"].reset_index(drop=True)
    # One cell of another person named her address; nothing else differs.
    kept.loc[0, "text"] = None
    assert list(after) == list(kept)
    pd.testing.assert_frame_equal(after, kept, check_dtype=False)
    # The number of the household stays with the brother.
    assert found_of(place, "+81311112222")


def test_the_manifest_and_the_base_still_add_up(place: Path) -> None:
    before = json.loads((place / "run" / "manifest.json").read_text())
    forget_her(place)
    after = json.loads((place / "run" / "manifest.json").read_text())
    assert after["counts"]["records"] == before["counts"]["records"] - 1
    assert after["counts"]["forgotten"] == 1
    read = sum(each["rows"] + each["quarantined"] for each in after["inputs"])
    counted = after["counts"]
    assert read == counted["records"] + counted["quarantined"] + counted["forgotten"]
    for output in after["outputs"]:
        assert (place / "run" / output["name"]).stat().st_size == output["bytes"]
    with Base(place / "base.duckdb", "test") as base:
        assert [each for each in check(base) if each.broken] == []


@pytest.mark.parametrize(
    "again",
    [
        {},
        {"メールアドレス": "", "会員番号": "9001"},
        {"メールアドレス": "new@example.com", "会員番号": "9001", "生年月日": ""},
        {
            "メールアドレス": "HANAKOSATO@gmail.com",
            "会員番号": "9001",
            "氏名": "名無し",
            "フリガナ": "",
        },
    ],
)
def test_the_next_import_drops_and_counts_them(place: Path, again: dict[str, str]) -> None:
    forget_her(place)
    rows = PEOPLE.copy()
    for column, value in again.items():
        rows.loc[0, column] = value
    result = custseg.clean({"members.csv": rows}, place / "next", base=place / "base.duckdb")
    assert result.forgotten == 1
    assert result.records.num_rows == len(PEOPLE) - 1
    assert "0001" not in result.records["record_id"].to_pylist()
    assert not [str(p) for p, data in files(place / "next") if "花子".encode() in data]


def test_a_brother_at_the_same_number_and_a_namesake_stay(place: Path) -> None:
    forget_her(place)
    rows = PEOPLE.copy()
    rows.loc[0] = [
        "0800",
        "佐藤 花子",
        "サトウ ハナコ",
        "other@example.com",
        "080-9999-0000",
        "",
        "",
        "2001-01-01",
        "",
    ]
    result = custseg.clean({"members.csv": rows}, base=place / "base.duckdb")
    assert result.forgotten == 0


@pytest.mark.parametrize("other", ["", "another key, as long as that"])
def test_without_the_key_nobody_is_let_in_again(
    place: Path, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_her(place)
    monkeypatch.setenv("CUSTSEG_KEY", other)
    with pytest.raises(custseg.CustsegError) as caught:
        custseg.clean({"members.csv": PEOPLE}, place / "next", base=place / "base.duckdb")
    assert caught.value.key == ("privacy.wrong_key" if other else "privacy.no_key")
    assert not (place / "next").exists()


def test_an_address_of_several_people_names_nobody(place: Path) -> None:
    with pytest.raises(custseg.CustsegError) as caught:
        forget(Wanted(texts=((1, "0311112222"),)), place / "base.duckdb", place / "removals")
    assert caught.value.key == "privacy.several"
    assert hanako(place) in str(caught.value)
    assert "1111" not in str(caught.value)
    assert not (place / "removals").exists()


def test_commands_say_nothing_of_people(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    run = CliRunner().invoke
    base = ["--base", "base.duckdb"]
    shown = run(app, ["subject", "show", "-", *base, "--format", "json"], input="09012345678\n")
    assert shown.exit_code == 0, shown.stderr
    held = json.loads(shown.stdout)[0]
    assert held["ids"] == [hanako(place)]
    assert held["sent"][0]["platform"] == "meta"
    assert {"customers.csv", "records.csv", "changes.csv"} <= set(
        *(r for r in held["runs"].values())
    )
    done = run(app, ["forget", "-", *base, "-o", "removals"], input="hanako.sato+news@gmail.com\n")
    assert done.exit_code == 0, done.stderr
    again = run(app, ["forget", "-", *base, "-o", "more"], input="hanako.sato+news@gmail.com\n")
    assert again.exit_code == 3
    for said in (done.stdout, done.stderr, again.stdout, again.stderr):
        assert not [value for value in HERS if value in said]
    assert run(app, ["base", "check", "base.duckdb"]).exit_code == 0
    assert run(app, ["audit", "verify", *base]).exit_code == 0


def test_a_run_without_names(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    run = CliRunner().invoke
    folder = next(path.parent for path in place.rglob("customers.csv"))
    made = run(app, ["pseudonymize", str(folder), "-o", "shared", "--k", "2"])
    assert made.exit_code == 0, made.stderr
    written = b"".join(path.read_bytes() for path in (place / "shared").rglob("*.csv"))
    for value in HERS:
        assert value.encode() not in written
        assert value not in made.stdout + made.stderr
    monkeypatch.delenv("CUSTSEG_KEY")
    refused = run(app, ["pseudonymize", str(folder), "-o", "again"])
    assert refused.exit_code in (2, 3)
    assert "CUSTSEG_KEY" in refused.stderr
    assert not (place / "again").exists()
