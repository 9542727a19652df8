"""The examples are what the generator makes, and the nightly script does what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

STUB = """#!/bin/sh
# Stands in for custseg: says what it was asked, ends as it is told for the n-th call.
printf '%s\\n' "$*" >> "$CALLS"
count=$(wc -l < "$CALLS")
code=$(printf '%s' "$CODES" | cut -d' ' -f"$count")
while [ $# -gt 0 ]; do
    [ "$1" = -o ] && [ "${code:-0}" -le 1 ] && mkdir -p "$2"
    shift
done
exit "${code:-0}"
"""


def load(path):
    spec = spec_from_file_location(path.stem, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_made_set_is_what_the_generator_makes(tmp_path):
    load(EXAMPLES / "make.py").main(tmp_path)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert len(made) == 9
    for path in made:
        fresh = (tmp_path / path).read_bytes()
        assert (EXAMPLES / path).read_bytes() == fresh, f"run examples/make.py: {path} differs"


@pytest.fixture
def nightly(tmp_path):
    """Run the script with a stub that ends with the given codes, one a call."""
    stub = tmp_path / "custseg"
    stub.write_text(STUB)
    stub.chmod(0o755)

    def run(codes, night="2026-01-01"):
        calls = tmp_path / f"calls-{night}"
        done = subprocess.run(
            [EXAMPLES / "nightly.sh"],
            env={
                "PATH": os.environ["PATH"],
                "EXPORTS": "/exports",
                "WORK": str(tmp_path / "work"),
                "CUSTSEG": str(stub),
                "NIGHT": night,
                "CALLS": str(calls),
                "CODES": codes,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.stderr
        return done.returncode, done.stdout, calls.read_text().splitlines()

    return run


@pytest.mark.parametrize(
    ("codes", "returned", "says", "commands"),
    [
        ("0 0", 0, "done", ["clean", "segment"]),
        ("1 0", 1, "gate", ["clean", "segment"]),
        ("2", 2, "custseg.toml", ["clean"]),
        ("3", 3, "ask who delivers it", ["clean"]),
        ("0 3", 3, "segment: an export", ["clean", "segment"]),
        ("4 0 0", 0, "one thread", ["clean", "clean", "segment"]),
        ("4 4", 4, "not enough memory", ["clean", "clean"]),
        ("5", 0, "still at work", ["clean"]),
        ("70", 70, "a fault in custseg", ["clean"]),
    ],
)
def test_every_exit_code_is_handled(nightly, tmp_path, codes, returned, says, commands):
    code, output, calls = nightly(codes)
    assert code == returned
    assert says in output
    assert [call.split()[0] for call in calls] == commands
    log = (tmp_path / "work" / "nightly.log").read_text()
    assert log == output
    latest = tmp_path / "work" / "latest-clean"
    assert latest.is_symlink() == (returned == 0 and "segment" in commands)


def test_the_retry_uses_one_thread(nightly):
    _, _, calls = nightly("4 0 0")
    assert "--threads 1" not in calls[0]
    assert "--threads 1" in calls[1]


def test_the_next_night_goes_on_from_the_last_good_one(nightly, tmp_path):
    _, _, first = nightly("0 0")
    nightly("3", night="2026-01-02")
    _, _, third = nightly("0 0", night="2026-01-03")
    assert "--previous" not in first[0]
    assert f"--previous {tmp_path}/work/latest-clean" in third[0]
    assert (tmp_path / "work" / "latest-clean").readlink().name == "clean-2026-01-03"


def test_the_python_example_gives_people_to_write_to(tmp_path):
    best = load(EXAMPLES / "python_api.py").main(EXAMPLES / "japanese", tmp_path)
    assert 5 < len(best) < 60
    assert set(best["segment"]) == {"champions", "loyal"}
    assert best["monetary"].is_monotonic_decreasing
    assert not best["customer_id"].duplicated().any()


def test_the_script_runs_the_real_command(tmp_path):
    command = Path(sys.executable).with_name("custseg")
    done = subprocess.run(
        [EXAMPLES / "nightly.sh"],
        env={
            "PATH": os.environ["PATH"],
            "EXPORTS": str(EXAMPLES / "japanese"),
            "WORK": str(tmp_path / "work"),
            "CUSTSEG": str(command),
            "NIGHT": "2026-01-01",
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert list((tmp_path / "work" / "latest-segments" / "segments").glob("*.csv"))
    assert (tmp_path / "work" / "logs" / "2026-01-01.jsonl").read_text().count("\n") > 3


def test_the_month_runs_from_exports_to_the_effect(tmp_path):
    done = subprocess.run(
        [EXAMPLES / "month.sh", tmp_path / "month"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "CUSTSEG": str(Path(sys.executable).with_name("custseg")),
            "CUSTSEG_LANG": "en",
            "ROWS": "1200",
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "would be accepted by Mailchimp" in done.stdout
    assert "Everyone assigned is counted" in done.stdout
    effect = json.loads((tmp_path / "month" / "effect" / "summary.json").read_text())
    assert effect["first_day"] == "2025-12-01"
    assert effect["assigned"].keys() == {"treated", "holdout"}
    assert (tmp_path / "month" / "base.duckdb").stat().st_size > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "title"), [("japanese", "顧客レポート"), ("english", "Customer report")]
)
def test_the_example_of_a_report(kind, title, tmp_path):
    done = subprocess.run(
        [EXAMPLES / "report.sh", tmp_path / "a report"],
        env={
            "PATH": os.environ["PATH"],
            "KIND": kind,
            "ROWS": "1500",
            "CUSTSEG": str(Path(sys.executable).with_name("custseg")),
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = tmp_path / "a report" / "report.html"
    assert str(page) in done.stdout
    assert title in page.read_text("utf-8")
    assert page.stat().st_size < 300_000
    runs = sorted(path.name for path in (tmp_path / "a report" / "runs").iterdir())
    assert runs == ["2025-09-30", "2025-12-31", "last-run.json", "latest"]
