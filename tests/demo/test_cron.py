"""examples/cron: the wrapper handles every exit code, holds its lock, and leaves a heartbeat."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CRON = Path(__file__).resolve().parents[2] / "examples" / "cron"
WRAPPER = CRON / "custseg-run.sh"

STUB = """#!/bin/sh
echo "$*" >>"$CALLS"
number=$(wc -l <"$CALLS")
code=$(echo "$CODES" | cut -d' ' -f"$number")
echo '{"level": "warning"}' >&2
exit "$code"
"""

Ran = tuple[int, str, list[str]]


@pytest.fixture
def wrapper(tmp_path: Path) -> Callable[..., Ran]:
    stub = tmp_path / "stub"
    stub.write_text(STUB)
    stub.chmod(0o700)
    (tmp_path / "custseg.toml").write_text("")

    def run(codes: str, **environ: str) -> Ran:
        calls = tmp_path / "calls"
        calls.unlink(missing_ok=True)
        done = subprocess.run(
            [WRAPPER, tmp_path / "custseg.toml"],
            env={
                "PATH": os.environ["PATH"],
                "CUSTSEG": str(stub),
                "PAUSE": "0",
                "CALLS": str(calls),
                "CODES": codes,
                **environ,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == ""
        called = calls.read_text().splitlines() if calls.exists() else []
        return done.returncode, done.stderr, called

    return run


def heartbeat(folder: Path) -> dict[str, str]:
    lines = (folder / "custseg-cron" / "heartbeat").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize(
    ("codes", "code", "says", "calls"),
    [
        ("0", 0, "", 1),
        ("1", 1, "a gate did not hold", 1),
        ("2", 2, "the config", 1),
        ("3", 3, "an export", 1),
        ("4 0", 0, "", 2),
        ("4 4", 4, "not enough memory", 2),
        ("5", 5, "another custseg run", 1),
        ("70", 70, "a fault in custseg", 1),
    ],
)
def test_every_exit_code(
    codes: str, code: int, says: str, calls: int, wrapper: Callable[..., Ran], tmp_path: Path
) -> None:
    ended, said, called = wrapper(codes)
    assert (ended, len(called)) == (code, calls)
    assert says in said
    assert (said == "") == (code == 0)
    assert heartbeat(tmp_path)["exit"] == str(code)
    assert (heartbeat(tmp_path)["last_good"] != "") == (code == 0)
    assert f"exit={code}" in (tmp_path / "custseg-cron" / "run.log").read_text()
    assert sorted(path.name for path in (tmp_path / "custseg-cron").iterdir()) == [
        "heartbeat",
        "run.log",
    ]


def test_a_bad_night_does_not_hide_the_last_good_one(
    wrapper: Callable[..., Ran], tmp_path: Path
) -> None:
    wrapper("0")
    good = heartbeat(tmp_path)["last_good"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", good)
    wrapper("3")
    assert heartbeat(tmp_path)["last_good"] == good
    assert heartbeat(tmp_path)["exit"] == "3"


def test_one_at_a_time(wrapper: Callable[..., Ran], tmp_path: Path) -> None:
    lock = tmp_path / "custseg-cron" / "running"
    lock.parent.mkdir()
    lock.symlink_to(str(os.getpid()))
    code, said, called = wrapper("0")
    assert (code, called) == (5, [])
    assert "at work" in said
    assert lock.is_symlink()


def test_what_a_killed_run_left_is_not_said_of_the_next(
    wrapper: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "custseg-cron").mkdir()
    for name in ("said.new", "report.txt.new"):
        (tmp_path / "custseg-cron" / name).write_text("the night before\n")
    _, said, _ = wrapper("3")
    assert "the night before" not in said + (tmp_path / "custseg-cron" / "run.log").read_text()


def test_a_lock_of_a_dead_process_is_taken_over(
    wrapper: Callable[..., Ran], tmp_path: Path
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lock = tmp_path / "custseg-cron" / "running"
    lock.parent.mkdir()
    lock.symlink_to(str(dead.pid))
    assert wrapper("0")[0] == 0
    assert not lock.is_symlink()


def test_who_wants_to_know_is_told(wrapper: Callable[..., Ran], tmp_path: Path) -> None:
    told = tmp_path / "tell"
    told.write_text(f'#!/bin/sh\necho "$*" >"{tmp_path}/told"\n')
    told.chmod(0o700)
    wrapper("1", ON_END=str(told))
    assert (tmp_path / "told").read_text() == f"1 {tmp_path}/custseg.toml\n"


def crontab_lines() -> list[str]:
    lines = (CRON / "crontab").read_text().splitlines()
    return [line for line in lines if re.match(r"[\d*]", line)]


def commands() -> list[str]:
    """What cron and systemd would run: the crontab's commands, and the service's."""
    service = re.findall("^ExecStart=(.*)$", (CRON / "custseg.service").read_text(), re.MULTILINE)
    return [*(line.split(maxsplit=5)[5] for line in crontab_lines()), *service]


def test_what_cron_and_the_timer_run(tmp_path: Path) -> None:
    shutil.copytree(CRON.parent / "japanese", tmp_path / "exports")
    (tmp_path / "exports" / "truth.csv").unlink()
    command = Path(sys.executable).with_name("custseg")
    subprocess.run([command, "init", "exports"], cwd=tmp_path, check=True, capture_output=True)
    path = re.search("^PATH=(.*)$", (CRON / "crontab").read_text(), re.MULTILINE)
    assert path is not None
    # As cron does: no home, no terminal, only what the crontab sets.
    bare = {"PATH": f"{command.parent}:{path[1]}", "LANG": "C.UTF-8"}
    assert len(commands()) == 3
    for at, line in enumerate(commands()):
        here = line.replace("/srv/custseg", str(CRON)).replace("/srv/shop", str(tmp_path))
        done = subprocess.run(
            ["sh", "-c", here],
            cwd="/",
            env=bare,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), line
        heard = json.loads((tmp_path / "runs" / "last-run.json").read_text())
        assert heard["status"] == ("done", "done", "unchanged")[at]
    assert (tmp_path / "runs" / "latest" / "segment" / "segments").is_dir()


def test_the_times_are_those_of_cron_and_of_systemd() -> None:
    assert [line.split()[:5] for line in crontab_lines()] == [
        ["15", "2", "*", "*", "*"],
        ["0", "6", "1", "*", "*"],
    ]
    assert "OnCalendar=*-*-* 02:15:00" in (CRON / "custseg.timer").read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in ("custseg.service", "custseg.timer"):
        text = (CRON / name).read_text()
        (tmp_path / name).write_text(text.replace("/srv/custseg/custseg-run.sh", str(WRAPPER)))
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "custseg.service", tmp_path / "custseg.timer"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
