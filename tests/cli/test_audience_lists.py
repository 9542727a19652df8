"""Lists from day to day, their limits, and files to the letter, through the command."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from custseg.audience.platforms.check import NOTHING
from custseg.jobs.platforms import known_platforms
from custseg.tables import Manifest, RunFolder, read_frame

Run = Callable[..., Any]

PLATFORM = """
channel = "ads"
[[columns]]
name = "email"
from = "email"
steps = ["email"]
identifier = true
[[columns]]
name = "phone"
from = "phone"
steps = ["phone", "digits"]
identifier = true
[[columns]]
name = "name"
from = "person_name"
steps = ["trim"]
"""


def write(name: str, *lines: str) -> None:
    Path(name).write_text("\n".join([*lines, ""]), encoding="utf-8")


def tree(folder: str) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def clean_run(
    name: str, people: Sequence[Mapping[str, str | None]], merged: Mapping[str, str]
) -> None:
    frame = pd.DataFrame(list(people))
    records = [
        {"source": "a.csv", "row": str(row), "customer_id": person["customer_id"], column: value}
        for row, person in enumerate(people)
        for column, value in person.items()
        if value and column not in ("customer_id", "person_name")
    ]
    for record in records:  # a second address is one of a record of its own
        for column in [key for key in record if key.endswith("_2")]:
            record[column[:-2]] = record.pop(column)
    ids = [str(person["customer_id"]) for person in people]
    book = {
        "customer_id": [*ids, *merged],
        "since": ["0"] * (len(ids) + len(merged)),
        "status": [*["active"] * len(ids), *["retired"] * len(merged)],
        "successor": [*[None] * len(ids), *merged.values()],
    }
    with RunFolder(Path(name)) as folder:
        folder.add_table("customers", read_frame(frame, "a").table)
        folder.add_table("records", read_frame(pd.DataFrame(records), "a").table)
        folder.add_table("id_book", read_frame(pd.DataFrame(book), "a").table, "parquet")
        folder.publish(Manifest(command="clean", version="0", run_id=name))


def person(name: str, number: int, **more: str | None) -> dict[str, str | None]:
    return {
        "customer_id": name,
        "person_name": f"name {name}",
        "email": f"{name.lower()}@x.jp",
        "phone": f"+8190123456{number:02}",
        "email_2": None,
        **more,
    }


GRANTED = [f"{name}@x.jp,ads,granted,2026-01-01" for name in "abcd"]


@pytest.fixture
def days(run: Run) -> None:
    """Day 1: A, B and C. Day 2: B went into A, C opts out, D joins. A and B share a phone."""
    write("p.toml", *PLATFORM.splitlines())
    clean_run("clean1", [person("A", 1), person("B", 1), person("C", 3)], {})
    clean_run("clean2", [person("A", 1, email_2="b@x.jp"), person("C", 3), person("D", 4)],
              {"B": "A"})  # fmt: skip
    write("ledger1.csv", "identifier,channel,status,at", *GRANTED)
    write("ledger2.csv", "identifier,channel,status,at", *GRANTED,
          "c@x.jp,ads,withdrawn,2026-06-30")  # fmt: skip


def make(run: Run, day: int, output: str, *more: str) -> Any:
    return run(
        *("audience", "make", "--customers", f"clean{day}", "--consent", f"ledger{day}.csv"),
        *("--platform-file", "p.toml", "--as-of", f"2026-06-{28 + day}", "-o", output, *more),
    )


DAY_2 = {
    "full": b"email,phone,name\na@x.jp,819012345601,name A\nd@x.jp,819012345604,name D\n",
    "added": b"email,phone,name\nd@x.jp,819012345604,name D\n",
    "kept": b"email,phone,name\na@x.jp,819012345601,name A\n",
    # The phone that A still carries, and the name that goes with it, are not removed.
    "removed": b"email,phone,name\nb@x.jp,,\nc@x.jp,819012345603,name C\n",
}


def of_day_2(output: str) -> dict[str, bytes]:
    return {name: Path(output, f"lists/all/p/{name}.csv").read_bytes() for name in DAY_2}


def test_the_second_day_byte_for_byte_and_twice(run: Run, days: None) -> None:
    assert make(run, 1, "day1").code == 0
    ran = make(run, 2, "day2", "--previous", "day1")
    assert ran.code == 0, ran.err
    assert of_day_2("day2") == DAY_2
    make(run, 2, "again", "--previous", "day1")
    assert tree("again") == tree("day2")


def test_the_second_day_with_a_base_and_twice(run: Run, days: None) -> None:
    base = ("--base", "base.duckdb")
    assert make(run, 1, "day1", *base).code == 0
    ran = make(run, 2, "day2", *base)
    assert ran.code == 0, ran.err
    assert of_day_2("day2") == DAY_2
    ran = make(run, 2, "again", *base)
    assert ran.code == 0, ran.err
    assert tree("again") == tree("day2")


def test_a_run_that_stops_leaves_the_base_as_it_was(run: Run, days: None) -> None:
    make(run, 1, "day1", "--base", "base.duckdb")
    before = Path("base.duckdb").read_bytes()
    ran = make(run, 2, "day2", "--base", "base.duckdb", "--max-change", "0.1")
    assert (ran.code, Path("day2").exists()) == (4, False)
    assert Path("base.duckdb").read_bytes() == before


def test_one_past_is_enough(run: Run, days: None) -> None:
    assert make(run, 1, "day1", "--base", "b.duckdb", "--previous", "x").code == 2


def test_split_apart_again_nothing_is_removed_that_is_there(run: Run, days: None) -> None:
    make(run, 2, "day2")
    ran = make(run, 1, "day3", "--previous", "day2", "--max-change", "9")
    assert ran.code == 0, ran.err
    removed = Path("day3/lists/all/p/removed.csv").read_text().splitlines()
    full = Path("day3/lists/all/p/full.csv").read_text()
    assert removed[1:] == ["d@x.jp,819012345604,name D"]
    assert "b@x.jp" in full


def customers(count: int, **columns: Callable[[int], str]) -> None:
    head = ",".join(["customer_id", "email", *columns])
    rows = (
        ",".join([f"C{n:05}", f"p{n}@x.jp", *(make(n) for make in columns.values())])
        for n in range(count)
    )
    write("customers.csv", head, *rows)
    write(
        "ledger.csv",
        "identifier,channel,status,at",
        *(f"C{n:05},{each},granted,2026-01-01" for n in range(count) for each in ("ads", "email")),
    )


def audience(run: Run, *more: str) -> Any:
    return run(
        *("audience", "make", "--customers", "customers.csv", "--consent", "ledger.csv"),
        *("-o", "aud", "--force", *more),
    )


def summary() -> Any:
    return json.loads(Path("aud/summary.json").read_text(encoding="utf-8"))


def test_a_list_too_small_stops_with_its_numbers(run: Run) -> None:
    customers(99)
    ran = audience(run, "--platform", "google")
    assert (ran.code, Path("aud").exists()) == (4, False)
    assert "all has 99 rows for Google Ads Customer Match, which takes 100 or more" in " ".join(
        ran.err.split()
    )


def test_a_list_of_people_who_never_agreed_says_so(run: Run) -> None:
    customers(200)
    write("ledger.csv", "identifier,channel,status,at")
    ran = audience(run, "--platform", "google")
    assert (ran.code, Path("aud").exists()) == (4, False)
    assert "200 members nothing says that they agreed (ads)" in " ".join(ran.err.split())
    assert "--consent" in ran.err


def test_a_list_too_large_is_written_in_numbered_parts(run: Run) -> None:
    customers(1000)
    rules = PLATFORM.replace('"ads"\n', '"ads"\nmost_rows = 400\n', 1)
    write("p.toml", *rules.splitlines())
    assert audience(run, "--platform-file", "p.toml").code == 0
    parts = sorted(Path("aud/lists/all/p").glob("full*.csv"))
    assert [path.name for path in parts] == ["full-1.csv", "full-2.csv", "full-3.csv"]
    lines = [path.read_text().splitlines() for path in parts]
    assert {each[0] for each in lines} == {"email,phone,name"}
    assert sum(len(each) - 1 for each in lines) == 1000
    rules = PLATFORM.replace('"ads"\n', '"ads"\nmost_bytes = 5000\n', 1)
    write("p.toml", *rules.splitlines())
    assert audience(run, "--platform-file", "p.toml").code == 0
    sizes = [path.stat().st_size for path in Path("aud/lists/all/p").glob("full-*.csv")]
    assert len(sizes) > 1
    assert max(sizes) <= 5000


def test_priority_household_and_overlap(run: Run) -> None:
    customers(400, household_id=lambda n: f"H{n // 2}", points=lambda n: f"{n}")
    lists = ("--list", "low=customer_id < 'C00300'", "--list", "even=customer_id like '%0'")
    assert audience(run, "--platform", "mailchimp", *lists).code == 0
    found = {each["list"]: each for each in summary()["files"]}
    assert (found["low"]["rows"], found["even"]["rows"]) == (300, 40)
    (overlap,) = summary()["overlaps"]
    assert (overlap["customers"], overlap["jaccard"]) == (30, 30 / 310)
    assert audience(run, "--platform", "mailchimp", "--priority", *lists).code == 0
    found = {each["list"]: each for each in summary()["files"]}
    assert (found["even"]["rows"], found["even"]["left_out"]) == (10, {"higher_list": 30})
    assert audience(run, "--platform", "mailchimp", "--one-per-household", *lists[:2]).code == 0
    (found_low,) = summary()["files"]
    assert (found_low["rows"], found_low["left_out"]) == (150, {"same_household": 150})


def test_members_are_in_a_file_or_left_out_by_reason(run: Run) -> None:
    customers(300, phone=lambda n: "bad" if n % 3 else "090-1234-5678")
    write("out.csv", "identifier", *(f"p{n}@x.jp" for n in range(50)))
    assert audience(run, "--platform", "yahoo", "--suppress", "out.csv").code == 0
    (found,) = summary()["files"]
    assert found["rows"] + sum(found["left_out"].values()) == 300
    assert found["left_out"] == {"suppressed": 50}
    assert found["rejects"] == {"phone_number": 167}
    with Path("aud/rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert len(rejects) == 167
    assert set(rejects[0]) == {"list", "platform", "customer_id", "column", "reason"}


def test_every_platform_accepts_what_is_written_for_it(run: Run) -> None:
    def phone(n: int) -> str:
        return f"090-1{n // 1000}00-{n % 10000:04}" if n % 2 else ""

    customers(
        1200,
        phone=phone,
        family_name=lambda n: "佐藤" if n % 2 else "",
        given_name=lambda n: "花子",
        postal_code=lambda n: "160-0022" if n % 5 else "",
        gender=lambda n: "female",
        birth_date=lambda n: "1985-07-03" if n % 4 else "",
        x_handle=lambda n: f"@User{n}",
    )
    names = known_platforms()
    ran = audience(run, *(word for name in names for word in ("--platform", name)))
    assert ran.code == 0, ran.err
    for name in names:
        files = sorted(Path(f"aud/lists/all/{name}").glob("full*.csv"))
        assert files
        for path in files:
            checked = run("audience", "check", path, "--platform", name)
            assert checked.code == 0, checked.out
            data = path.read_bytes()
            assert not data.startswith(b"\xef\xbb\xbf")
            assert not any(each.encode() in data for each in NOTHING)
            assert b"'" not in data
    line = Path("aud/lists/all/line/full-email.csv").read_text().splitlines()
    assert line[0] == hashlib.sha256(b"p0@x.jp").hexdigest()
    assert {path.name for path in Path("aud/lists/all/line").glob("full*")} == {
        "full-email.csv",
        "full-phone.csv",
    }
    assert Path("aud/lists/all/mailchimp/full.csv").read_text().startswith("Email Address,")


def test_tools_for_mailing_are_told_who_refused(run: Run) -> None:
    customers(120)
    write("out.csv", "identifier", "p7@x.jp")
    assert audience(run, "--platform", "hubspot", "--suppress", "out.csv").code == 0
    assert Path("aud/lists/all/hubspot/opt_outs.csv").read_text() == "Email\np7@x.jp\n"
    assert "p7@x.jp" not in Path("aud/lists/all/hubspot/full.csv").read_text()


def test_rules_know_the_day_of_the_run(run: Run) -> None:
    customers(120, birth_date=lambda n: f"19{n % 60 + 40}-0{n % 9 + 1}-11")
    wanted = "july=month(birth_date) = 7 and days_since(birth_date) > 10000"
    ran = audience(run, "--platform", "mailchimp", "--list", wanted, "--as-of", "2026-06-30")
    assert ran.code == 0, ran.err
    assert summary()["lists"][0]["members"] > 0
    assert audience(run, "--platform", "mailchimp", "--list", "x=read_csv('a')").code == 2
    assert audience(run, "--platform", "mailchimp", "--list", "champions").code == 2


def test_what_needs_special_care_is_kept_out_of_ad_files(run: Run) -> None:
    customers(120, 病歴=lambda n: "なし")
    rules = PLATFORM.replace('"person_name"', '"病歴"')
    write("p.toml", *rules.splitlines())
    ran = audience(run, "--platform-file", "p.toml")
    assert (ran.code, "病歴" in ran.err) == (2, True)
    chosen = ("--list", "ill=病歴 = 'なし'")
    assert audience(run, "--platform", "meta", *chosen).code == 2
    assert audience(run, "--platform", "mailchimp", *chosen).code == 0


def test_a_check_exits_with_1_and_shows_no_value(run: Run) -> None:
    write("bad.csv", "email,phone_number", *["secret@example.com,09012345678"] * 120)
    ran = run("audience", "check", "bad.csv", "--platform", "yahoo")
    assert ran.code == 1
    assert "not hashed" in ran.out
    assert "secret" not in ran.out + ran.err
    assert (
        "ハッシュ化されていない"
        in run("audience", "check", "bad.csv", "--platform", "yahoo", lang="ja").out
    )
    assert run("audience", "check", "nowhere.csv", "--platform", "yahoo").code == 3
    assert run("audience", "check", "bad.csv").code == 2


def test_a_run_killed_at_any_moment_leaves_base_and_lists_whole(run: Run, tmp_path: Path) -> None:
    """Kill day 2 over day 1's folder, each time a little later; the run after each succeeds."""
    customers(3000)
    write("p.toml", *PLATFORM.splitlines())
    arguments = [
        *("audience", "make", "--customers", "customers.csv", "--consent", "ledger.csv"),
        *("--platform-file", "p.toml", "--as-of", "2026-06-30", "--max-change", "9"),
        *("--base", "base.duckdb", "-o", "aud", "--force", "--quiet"),
    ]
    assert run(*arguments, "--list", "all").code == 0
    lists, base = tree("aud"), Path("base.duckdb").read_bytes()
    code = "from custseg.cli.main import main; main()"
    command = [sys.executable, "-c", code, *arguments, "--list", "all=customer_id < 'C02000'"]
    killed = 0
    for step in range(8):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=0.3 + 0.25 * step)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if tree("aud") != lists:
            break
        killed += 1
        assert Path("base.duckdb").read_bytes() == base
    assert killed
    assert run(*arguments, "--list", "all=customer_id < 'C02000'").code == 0
    assert summary()["files"][0]["rows"] == 2000
    assert not [path.name for path in tmp_path.iterdir() if path.name.endswith(".partial")]
