"""What only a process of its own can show: pipes that close, colors, bare environments."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from custseg.cli.main import main; main()"]
ROWS = b"name,email\n" + b"".join(
    b"Ann Lee %d,ann%d@example.com\n" % (number, number) for number in range(20_000)
)


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS)
    with subprocess.Popen(
        [*COMMAND, "standardize", "a.csv", "-o", "-"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"name,email")
        process.stdout.close()
        said = process.stderr.read()
        assert (process.wait(), said) == (0, b"")


def test_a_report_whose_reader_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS[:2000].rpartition(b"\n")[0] + b"\n")
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [*COMMAND, "assess", "a.csv"], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_polite_end_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS)
    with subprocess.Popen(
        [*COMMAND, "clean", "a.csv", "-o", "run"], cwd=tmp_path, stdout=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while not any(path.name.endswith(".partial") for path in tmp_path.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.terminate()
        assert process.wait() == 143
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_without_home_locale_or_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS[:2000].rpartition(b"\n")[0] + b"\n")
    bare = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0"}
    ran = subprocess.run(
        [*COMMAND, "clean", "a.csv", "-o", "run", "--lang", "ja"],
        cwd=tmp_path,
        env=bare,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "名寄せ".encode() in ran.stdout
    assert b"\x1b[" not in ran.stdout


def test_what_a_terminal_sees_while_it_works(tmp_path: Path) -> None:
    lines = [
        f"{number},c{number % 40},2026-01-{number % 28 + 1:02},{number}" for number in range(200)
    ]
    header = "order_id,customer_id,order_date,amount"
    (tmp_path / "orders.csv").write_text("\n".join([header, *lines]) + "\n")
    master, terminal = os.openpty()
    with subprocess.Popen(
        [*COMMAND, "segment", "--orders", "orders.csv", "-o", "seg", "--lang", "en"],
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        shown = b""
        # The terminal is at its end when the last that wrote to it has closed it.
        while piece := _read(master):
            shown += piece
        assert process.wait() == 0, shown
    os.close(master)
    assert b"Segmenting" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_help_speaks_the_language_that_its_line_asks_for() -> None:
    ran = subprocess.run(
        [*COMMAND, "clean", "--help", "--lang", "ja"], capture_output=True, check=True
    )
    assert ran.stdout.decode().startswith("使い方: ")
    assert "Options:" not in ran.stdout.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["--help"], ["rfm", "--help"], ["--version"]])
def test_help_that_has_no_room_is_an_error_and_no_crash(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 4
    assert b"the disk is full" in done.stderr
    assert b"Traceback" not in done.stderr
