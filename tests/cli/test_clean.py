"""The main job, end to end, on the small made exports."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custseg.tables import read_table

Run = Callable[..., Any]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
STORE = EXAMPLES / "japanese" / "store_members.csv"
WEB = EXAMPLES / "japanese" / "web_members.csv"


OWN_COLUMNS = ("source", "row", "customer_id", "record_key")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def clusters(folder: Path) -> set[frozenset[tuple[str, ...]]]:
    """Customers as sets of records, each record as its cells (without its row number)."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for row in rows(folder / "records.csv"):
        kept = tuple(v for k, v in row.items() if k not in OWN_COLUMNS[1:])
        found.setdefault(row["customer_id"], set()).add(kept)
    return {frozenset(records) for records in found.values()}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from custseg import clean

    folder = tmp_path_factory.mktemp("clean") / "run"
    clean([STORE, WEB], folder)
    return folder


def test_nothing_is_lost(cleaned: Path) -> None:
    manifest = json.loads((cleaned / "manifest.json").read_text(encoding="utf-8"))
    records, quarantine = rows(cleaned / "records.csv"), rows(cleaned / "quarantine.csv")
    lines = sum(len(path.read_bytes().splitlines()) - 1 for path in (STORE, WEB))
    assert len(records) + len(quarantine) == lines
    assert manifest["counts"]["quarantined"] == len(quarantine) > 0
    customers = rows(cleaned / "customers.csv")
    assert {row["customer_id"] for row in records} == {row["customer_id"] for row in customers}
    assert sum(int(row["n_records"]) for row in customers) == len(records)
    for output in manifest["outputs"]:
        assert (cleaned / output["name"]).stat().st_size == output["bytes"]


def test_nothing_is_garbled(cleaned: Path) -> None:
    text = (cleaned / "customers.csv").read_text(encoding="utf-8")
    assert "�" not in text
    assert any(prefecture in text for prefecture in ("東京都", "大阪府", "北海道"))


def test_files_are_private(cleaned: Path) -> None:
    assert cleaned.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in cleaned.iterdir()} == {0o600}


IN_THE_READERS_LANGUAGE = ("review.csv", "report.html")


def test_the_same_command_gives_the_same_bytes(cleaned: Path, run: Run, tmp_path: Path) -> None:
    assert run("clean", STORE, WEB, "-o", "run", "--threads", "1", lang="ja").code == 0
    again = tmp_path / "run"
    names = sorted(path.name for path in cleaned.iterdir())
    assert sorted(path.name for path in again.iterdir()) == names
    differing = [
        name
        for name in names
        if name not in ("manifest.json", *IN_THE_READERS_LANGUAGE)
        and (cleaned / name).read_bytes() != (again / name).read_bytes()
    ]
    assert differing == []
    before, after = (
        json.loads((folder / "manifest.json").read_text()) for folder in (cleaned, again)
    )
    changing = ("started", "seconds", "peak_memory", "config")
    assert {k: v for k, v in before.items() if k not in changing} == {
        k: v for k, v in after.items() if k not in changing
    } | {"outputs": before["outputs"]}


def test_row_order_does_not_matter(cleaned: Path, run: Run, tmp_path: Path) -> None:
    for path in (STORE, WEB):
        head, *body = path.read_bytes().splitlines(keepends=True)
        random.Random(3).shuffle(body)
        (tmp_path / path.name).write_bytes(head + b"".join(body))
    assert run("clean", STORE.name, WEB.name, "-o", "run").code == 0
    assert clusters(tmp_path / "run") == clusters(cleaned)
    ids = [
        sorted(row["customer_id"] for row in rows(folder / "customers.csv"))
        for folder in (cleaned, tmp_path / "run")
    ]
    assert ids[0] == ids[1]


def test_report_and_its_json(cleaned: Path, run: Run) -> None:
    for lang, word in (("en", "Matched"), ("ja", "名寄せ")):
        ran = run("report", cleaned, lang=lang)
        assert ran.code == 0
        assert word in ran.out
    data = json.loads(run("report", cleaned, "--format", "json").out)
    assert data["report"] == "clean"
    quiet = run("clean", STORE, "-o", "quiet", "--quiet")
    assert (quiet.code, quiet.out) == (0, "")


def test_evaluate(cleaned: Path, run: Run) -> None:
    ran = run("evaluate", cleaned, "--truth", EXAMPLES / "japanese" / "truth.csv",
              "--truth-id", "person", "--format", "json")  # fmt: skip
    assert ran.code == 0, ran.err
    scores = next(b for b in json.loads(ran.out)["blocks"] if "columns" in b)
    assert float(scores["rows"][0][-1]) >= 0.95


def test_evaluate_by_pair(cleaned: Path, run: Run, tmp_path: Path) -> None:
    records = rows(cleaned / "records.csv")
    known = {f"{row['source']}:{row['row']}": row["customer_id"] for row in records}
    links = rows(cleaned / "links.csv")
    same = [row for row in links if row["decision"] == "match"][:40]
    first = same[0]
    other = next(name for name in known if known[name] != known[first["left"]])
    answers = [(row["left"], row["right"], "same") for row in same]
    answers += [(first["left"], other, "different"), (first["left"], other, "")]
    truth = tmp_path / "pairs.csv"
    lines = [",".join(answer) for answer in [("left", "right", "decision"), *answers]]
    truth.write_text("\n".join(lines), encoding="utf-8")
    ran = run("evaluate", cleaned, "--truth", truth, "--format", "json")
    assert ran.code == 0, ran.err
    scores = next(b for b in json.loads(ran.out)["blocks"] if "columns" in b)
    assert [row[1:] for row in scores["rows"]] == [["1.0000", "1.0000", "1.0000"]]
    wrong = [(first["left"], first["right"], "different"), (first["left"], other, "同じ")]
    lines = [",".join(answer) for answer in [("left", "right", "decision"), *wrong]]
    truth.write_text("\n".join(lines), encoding="utf-8")
    ran = run("evaluate", cleaned, "--truth", truth)
    assert ran.code == 0, ran.err
    assert first["right"] in ran.out
    assert other in ran.out
    truth.write_text("left,right,decision\nnobody:1,nobody:2,same\n", encoding="utf-8")
    assert run("evaluate", cleaned, "--truth", truth).code == 3


def test_explain_says_the_same_as_the_links(cleaned: Path, run: Run) -> None:
    links = rows(cleaned / "links.csv")
    link = links[len(links) // 2]
    ran = run("explain", cleaned, link["left"], link["right"])
    assert ran.code == 0, ran.err
    assert f"{float(link['probability']):.4f}" in ran.out
    assert f"{float(link['weight']):+.1f}" in ran.out
    assert run("explain", cleaned, "nothing", link["right"]).code == 2
    twice = run("explain", cleaned, link["right"], link["right"])
    assert twice.code == 2
    assert link["right"] in twice.err
    assert run("explain", cleaned, f"{STORE.name}:999999", link["right"]).code == 3


def test_ids_stay_and_decisions_hold(cleaned: Path, run: Run, tmp_path: Path) -> None:
    joined = [row for row in rows(cleaned / "links.csv") if row["decision"] == "match"]
    keys = {f"{r['source']}:{r['row']}": r for r in rows(cleaned / "records.csv")}
    left, right = (keys[joined[0][side]] for side in ("left", "right"))
    with (tmp_path / "decided.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["left_key", "right_key", "decision"])
        writer.writerow([left["record_key"], right["record_key"], "違う"])
    shutil.copytree(cleaned, tmp_path / "before")
    common = (STORE, WEB, "--previous", "before", "-o")
    assert run("clean", *common, "again").code == 0
    ids = [
        {r["record_key"]: r["customer_id"] for r in rows(tmp_path / folder / "records.csv")}
        for folder in ("before", "again")
    ]
    assert ids[0] == ids[1]
    assert run("clean", *common, "parted", "--decisions", "decided.csv").code == 0
    for previous, folder in (("", "parted"), ("parted", "later")):
        if previous:
            ran = run("clean", STORE, WEB, "--previous", previous, "-o", folder)
            assert ran.code == 0, ran.err
        now = {r["record_key"]: r["customer_id"] for r in rows(tmp_path / folder / "records.csv")}
        assert now[left["record_key"]] != now[right["record_key"]]


def test_a_gate_stops_a_script_after_the_work(run: Run, tmp_path: Path) -> None:
    ran = run("clean", STORE, "-o", "run", "--fail-on", "quarantined>0")
    assert ran.code == 1
    assert (tmp_path / "run" / "manifest.json").exists()
    assert run("clean", STORE, "-o", "run2", "--fail-on", "quarantined>50%").code == 0


def test_dedupe_leaves_values_as_they_were(run: Run, tmp_path: Path) -> None:
    assert run("dedupe", WEB, "-o", "run").code == 0
    read = read_table(WEB)
    given = dict(zip(map(str, read.rows.to_pylist()), read.table.to_pylist(), strict=True))
    for record in rows(tmp_path / "run" / "records.csv"):
        cells = sorted(value for value in given[record["row"]].values() if value)
        kept = [value for name, value in record.items() if name not in OWN_COLUMNS and value]
        assert sorted(kept) == cells
    assert not (tmp_path / "run" / "changes.csv").exists()
    link = rows(tmp_path / "run" / "links.csv")[0]
    ran = run("explain", "run", link["left"], link["right"])
    assert f"{float(link['probability']):.4f}" in ran.out


def test_provenance_names_the_record_of_each_value(run: Run, tmp_path: Path) -> None:
    assert run("clean", STORE, WEB, "-o", "run", "--provenance").code == 0
    records = {(r["source"], r["row"]): r for r in rows(tmp_path / "run" / "records.csv")}
    values = rows(tmp_path / "run" / "provenance.csv")
    assert values
    for value in values:
        record = records[value["source"], value["row"]]
        assert value["value"] in record.values()
        assert value["customer_id"] == record["customer_id"]


def test_standardize_and_back(run: Run, tmp_path: Path) -> None:
    assert run("standardize", WEB, "-o", "std").code == 0
    standard = tmp_path / "std" / "standardized" / "web_members.csv"
    assert standard.read_text(encoding="utf-8") != WEB.read_text(encoding="utf-8-sig")
    assert run("undo", "std", "-o", "back.csv").code == 0
    quarantined = {int(row["line"]) for row in rows(tmp_path / "std" / "quarantine.csv")}
    lines = WEB.read_text(encoding="utf-8-sig").splitlines()
    kept = [line for number, line in enumerate(lines, start=1) if number not in quarantined]
    assert list(csv.reader(kept)) == list(
        csv.reader((tmp_path / "back.csv").read_text(encoding="utf-8-sig").splitlines())
    )


def test_a_second_standardizing_changes_nothing(run: Run, tmp_path: Path) -> None:
    for path in (STORE, WEB):
        assert run("standardize", path, "-o", "one", "--force").code == 0
        name = f"one/standardized/{path.name}"
        roles = tmp_path / "again.csv"
        roles.write_bytes((tmp_path / name).read_bytes())
        assert run("standardize", "again.csv", "-o", "two", "--force", "--country", "JP").code == 0
        changed = [r for r in rows(tmp_path / "two" / "changes.csv") if r["before"] != r["after"]]
        assert changed == []


def test_pipes(run: Run) -> None:
    ran = run("standardize", "-", "-o", "-", data=b"name,email\nAnn Lee,ANN@EXAMPLE.COM\n")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0].startswith("name,email")
    assert "ANN@example.com" in ran.out


def test_one_table_in_one_file(run: Run, tmp_path: Path) -> None:
    for name in ("one.csv", "one.xlsx", "one.parquet"):
        assert run("standardize", WEB, "-o", name).code == 0
        assert read_table(tmp_path / name).table.num_rows == read_table(WEB).table.num_rows
    refused = run("standardize", WEB, STORE, "-o", "both.csv")
    assert (refused.code, (tmp_path / "both.csv").exists()) == (2, False)


def test_cp932_out_lists_what_it_cannot_hold(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("氏名,メモ\n𠮷田 花子,é\n山田 太郎,可\n", encoding="utf-8")
    ran = run("clean", "a.csv", "-o", "run", "--output-encoding", "cp932")
    assert ran.code == 0, ran.err
    lost = rows(tmp_path / "run" / "unwritable.csv")
    assert {row["character"] for row in lost if row["table"] == "records"} == {"𠮷", "é"}
    assert "?" not in (tmp_path / "run" / "customers.csv").read_bytes().decode("cp932")
