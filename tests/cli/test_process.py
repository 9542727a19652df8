"""What only a process of its own can show: pipes that close, colors, bare environments."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

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
