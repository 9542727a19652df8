"""A run folder is complete or absent, whatever happens while it is made."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from custseg.errors import InputError, LockedError, UsageError
from custseg.tables import InputRecord, Manifest, RunFolder, read_manifest, read_table, run_id
from custseg.tables import runs as runs_module

TABLE = pa.table({"customer_id": ["1", "2"], "氏名": ["佐藤", None]})
MANIFEST = Manifest(command="clean", version="0.1.0", run_id="abc", counts={"customers": 2})


def make(target: Path, *, force: bool = False, text: str = "x") -> None:
    with RunFolder(target, force=force) as run:
        run.add_table("customers", TABLE)
        run.add_table("segments/champions", TABLE, "parquet")
        run.add_text("notes/summary.json", text)
        run.publish(MANIFEST)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_run_holds_its_files_and_their_record(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run"
    make(target)
    assert sorted(files(target)) == [
        "customers.csv",
        "manifest.json",
        "notes/summary.json",
        "segments/champions.parquet",
    ]
    manifest = read_manifest(target)
    assert [(each.name, each.rows) for each in manifest.outputs] == [
        ("customers.csv", 2),
        ("notes/summary.json", None),
        ("segments/champions.parquet", 2),
    ]
    assert manifest.counts == {"customers": 2}
    assert read_table(target / "segments" / "champions.parquet").table.equals(TABLE)
    assert list(target.parent.iterdir()) == [target]
    for path in target.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    make(tmp_path / "again")
    assert files(tmp_path / "again") == files(target)


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    make(tmp_path / "run")
    assert read_manifest(tmp_path / "run").command == "clean"


@pytest.mark.parametrize("with_exchange", [True, False])
def test_an_older_run_is_replaced_on_demand_alone(
    tmp_path: Path, with_exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_exchange:
        monkeypatch.setattr(runs_module, "_exchange", lambda: None)
    target = tmp_path / "run"
    make(target, text="old")
    with pytest.raises(UsageError) as caught:
        make(target, text="new")
    assert caught.value.key == "tables.target_exists"
    assert files(target)["notes/summary.json"] == b"old"
    make(target, force=True, text="new")
    assert files(target)["notes/summary.json"] == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_no_run_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.jpg").write_bytes(b"x")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for target, key in [
        (photos, "tables.target_is_no_run"),
        (photos / "a.jpg", "tables.target_is_file"),
        (Path(), "tables.target_is_here"),
    ]:
        with pytest.raises(UsageError) as caught:
            make(target, force=True)
        assert caught.value.key == key
    (photos / "manifest.json").write_text('{"name": "of something else"}')
    with pytest.raises(UsageError):
        make(photos, force=True)
    assert sorted(files(photos)) == ["a.jpg", "manifest.json"]


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "a\\b", ""])
def test_names_cannot_leave_the_run(tmp_path: Path, name: str) -> None:
    with RunFolder(tmp_path / "run") as run, pytest.raises(UsageError) as caught:
        run.add_bytes(name, b"x")
    assert caught.value.key == "tables.output_name"


def test_without_publishing_nothing_remains(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "run") as run:
        run.add_table("customers", TABLE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (None, "tables.not_a_run"),
        ("{", "tables.not_a_run"),
        ("[]", "tables.not_a_run"),
        ('{"name": "x"}', "tables.not_a_run"),
        ('{"custseg": 2}', "tables.manifest_newer"),
        ('{"custseg": 1}', "tables.manifest_damaged"),
        ('{"custseg": 1, "inputs": [{"x": 1}]}', "tables.manifest_damaged"),
    ],
)
def test_manifests_that_cannot_be_used(tmp_path: Path, text: str | None, key: str) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError) as caught:
        read_manifest(tmp_path)
    assert caught.value.key == key


def test_the_run_id_stands_for_everything_the_result_depends_on(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    record = InputRecord.of(read_table(path))
    first = run_id("clean", "0.1.0", {"x": 1}, (record,))
    assert first == run_id("clean", "0.1.0", {"x": 1}, (record,))
    path.write_text("a,b\n1,3\n")
    other = InputRecord.of(read_table(path))
    variants = [
        run_id("dedupe", "0.1.0", {"x": 1}, (record,)),
        run_id("clean", "0.1.1", {"x": 1}, (record,)),
        run_id("clean", "0.1.0", {"x": 2}, (record,)),
        run_id("clean", "0.1.0", {"x": 1}, (other,)),
    ]
    assert len({first, *variants}) == 5


# Imports once, then makes runs over and over in a child for each line it is given.
WORKER = """
import os, sys
from pathlib import Path
import pyarrow as pa
from custseg.tables import Manifest, RunFolder, runs
if sys.argv[2] == "two renames":
    runs._exchange = lambda: None
table = pa.table({"a": ["x" * 50] * 2000})
for _ in sys.stdin:
    child = os.fork()
    while child == 0:
        with RunFolder(Path(sys.argv[1]), force=True) as run:
            for name in ("customers", "records", "links"):
                run.add_table(name, table)
            run.publish(Manifest(command="clean", version="0", run_id="x"))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_kill_leaves_a_whole_run_or_none(tmp_path: Path, way: str) -> None:
    random_ = random.Random(7)
    target = tmp_path / "run"
    seen = 0
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(target), way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(15):
            process.stdin.write("go\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            time.sleep(random_.uniform(0.0, 0.2))
            os.kill(child, signal.SIGKILL)
            process.stdout.readline()
            if target.exists():
                seen += 1
                names = ["customers.csv", "links.csv", "manifest.json", "records.csv"]
                assert sorted(files(target)) == names
                assert [each.rows for each in read_manifest(target).outputs] == [2000] * 3
            else:  # before the first run, or between two renames: the next run recovers
                assert seen == 0 or way == "two renames"
        process.stdin.close()
    assert seen > 0
    make(target, force=True)
    assert list(tmp_path.iterdir()) == [target]


def test_a_run_set_aside_by_a_dead_process_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "run"
    make(target, text="old")
    died = subprocess.Popen([sys.executable, "-c", ""])
    died.wait()
    aside = tmp_path / f".run.{died.pid}-0123abcd.partial" / "old"
    aside.parent.mkdir()
    target.rename(aside)
    with pytest.raises(UsageError):
        make(target, text="new")
    assert files(target)["notes/summary.json"] == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_folders_of_living_processes_are_left_alone(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "a") as first:
        first.add_text("x.txt", "x")
        make(tmp_path / "b")
        first.publish(MANIFEST)
    mine = tmp_path / f".c.{os.getpid()}-0123abcd.partial"
    mine.mkdir()
    make(tmp_path / "d")
    assert sorted(path.name for path in tmp_path.iterdir()) == [mine.name, "a", "b", "d"]


def test_two_runs_at_once_on_one_target(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "run"):
        with pytest.raises(LockedError) as caught, RunFolder(tmp_path / "run"):
            pass
        assert caught.value.exit_code == 5
        with RunFolder(tmp_path / "other"):
            pass
    with RunFolder(tmp_path / "run"):
        pass
    assert list(tmp_path.iterdir()) == []
