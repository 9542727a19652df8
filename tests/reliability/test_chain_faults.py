"""`custseg run` where the world is not as it should be: disks, logs, umasks, odd paths, odd files.

Whatever happens, what was published stays, and the code and the words say what is wrong.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "japanese"
COMMAND = [sys.executable, "-c", "from custseg.cli.main import main; main()"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and mounts are Linux's")

CONFIG = """
[chain]
customers = ["*_members*.csv"]
orders = ["orders*.csv"]
"""


def run(
    *words: str, cwd: Path, mask: int = 0o022, stderr: int | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "run", *words],
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environ},
        umask=mask,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if stderr is None else stderr,
        text=True,
        check=False,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "顧客 データ (2026)"
    shutil.copytree(EXAMPLES, folder)
    (folder / "truth.csv").unlink()
    (folder / "custseg.toml").write_text(CONFIG, encoding="utf-8")
    return folder


@pytest.fixture
def disk(shop: Path) -> Iterator[Path]:
    """The folder of the runs, as a disk of its own that is nearly full."""
    runs = shop / "runs"
    runs.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", runs], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield runs
    finally:
        subprocess.run(["umount", runs], check=True)


def published(shop: Path) -> list[str]:
    return sorted(path.name for path in (shop / "runs").iterdir())


def last_run(shop: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((shop / "runs" / "last-run.json").read_text("utf-8"))
    return found


def test_a_disk_that_fills_up(shop: Path, disk: Path) -> None:
    first = run("--day", "2026-01-31", cwd=shop)
    assert first.returncode == 0, first.stderr
    filler = disk / "filler"
    free = os.statvfs(disk)
    filler.write_bytes(b"x" * (free.f_bavail * free.f_bsize - 300_000))
    with (shop / "orders.csv").open("a") as file:
        file.write("\n")
    ran = run("--day", "2026-02-28", "--full", cwd=shop)
    assert ran.returncode == 4, ran.stderr
    assert "→" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert published(shop) == ["2026-01-31", "filler", "last-run.json", "latest"]
    assert (disk / "latest").readlink() == Path("2026-01-31")
    assert last_run(shop)["exit_code"] == 4
    filler.unlink()
    again = run("--day", "2026-02-28", "--full", cwd=shop)
    assert again.returncode == 0, again.stderr
    assert (disk / "latest").readlink() == Path("2026-02-28")


def test_a_disk_that_became_read_only(shop: Path, disk: Path) -> None:
    assert run("--day", "2026-01-31", cwd=shop).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    ran = run("--day", "2026-02-28", "--full", cwd=shop)
    assert ran.returncode == 3, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "→" in ran.stderr
    assert published(shop) == ["2026-01-31", "last-run.json", "latest"]


@pytest.mark.parametrize("log", ["text", "json"])
def test_a_log_that_cannot_be_written(log: str, shop: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = run("--log-format", log, "--verbose", cwd=shop, stderr=full.fileno())
        assert ran.returncode == 0
        assert (shop / "runs" / "latest" / "manifest.json").is_file()
        (shop / "custseg.toml").write_text("[chain]\nkeep = 0\n")
        assert run("--log-format", log, cwd=shop, stderr=full.fileno()).returncode == 2


@pytest.mark.parametrize(
    "words",
    [["assess", "orders.csv"], ["standardize", "store_members.csv", "-o", "-"]],
    ids=["report", "table"],
)
def test_standard_output_on_a_full_disk(words: list[str], shop: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*COMMAND, *words],
            cwd=shop,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ran.returncode, "disk is full" in ran.stderr) == (4, True), ran.stderr


def test_a_reader_who_goes_away_does_not_hide_a_gate(shop: Path) -> None:
    (shop / "custseg.toml").write_text(CONFIG.replace("orders*", "nothing_*"), encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [*COMMAND, "run"], cwd=shop, stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert ran.returncode == 1, ran.stderr
    assert "input_missing" in ran.stderr


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_nobody_else_may_read_whatever_the_umask(mask: int, shop: Path) -> None:
    ran = run(cwd=shop, mask=mask)
    assert ran.returncode == 0, ran.stderr
    for path in (shop / "runs").rglob("*"):
        if not path.is_symlink():
            allowed = 0o700 if path.is_dir() else 0o600
            assert path.stat().st_mode & 0o777 == allowed, path
    assert (shop / "runs").stat().st_mode & 0o077 == 0


def test_exports_of_the_same_kind_with_other_columns(shop: Path) -> None:
    with (shop / "orders_2.csv").open("w", encoding="utf-8") as file:
        file.write("order id,order date,customer id,total\nX1,2025-12-01,1,1200\n")
    ran = run(cwd=shop)
    assert ran.returncode == 0, ran.stderr
    found = json.loads((shop / "runs" / "latest" / "summary.json").read_text("utf-8"))
    rows = {each["name"]: each["rows"] for each in found["inputs"]}
    assert rows["orders_2.csv"] == 1


def test_a_glob_that_names_nothing(shop: Path) -> None:
    (shop / "custseg.toml").write_text(CONFIG.replace("orders*", "nothing_*"), encoding="utf-8")
    ran = run(cwd=shop)
    assert (ran.returncode, "nothing_*.csv" in ran.stdout) == (1, True)
    assert published(shop) == ["last-run.json"]
    assert run("--fail-on", "none", cwd=shop).returncode == 0
    assert not (shop / "runs" / "latest" / "segment").exists()


def test_too_little_memory_for_the_chain(shop: Path) -> None:
    ran = subprocess.run(
        [*COMMAND, "run"],
        cwd=shop,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1300 << 20, 1300 << 20)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 4, ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (shop / "runs" / "latest").exists()


TRICKS = ("../../x", "/etc/x", "con", "a/b", "x" * 300, "👪", "..", "<script>", "=1+1")


def test_names_of_lists_that_play_tricks(shop: Path) -> None:
    lists = "".join(
        f"{json.dumps(name, ensure_ascii=False)} = \"customer_id <> ''\"\n" for name in TRICKS
    )
    more = f'[lists]\n{lists}[audience]\nplatforms = ["mailchimp"]\n'
    (shop / "custseg.toml").write_text(CONFIG + more, encoding="utf-8")
    before = {path for path in shop.parent.rglob("*") if path.is_file()}
    for day in ("2026-01-31", "2026-02-28"):
        ran = run("--day", day, "--full", cwd=shop)
        assert ran.returncode == 0, ran.stderr
    made = {path for path in shop.parent.rglob("*") if path.is_file()} - before
    assert all(path.is_relative_to(shop / "runs") for path in made)
    places = list((shop / "runs" / "latest" / "audience" / "lists").iterdir())
    assert len(places) == len(TRICKS)
    for place in places:
        assert len(place.name.encode()) <= 255
        assert place.name.lower() not in {"con", "nul", "aux", "prn", ""}
        assert place.name == place.name.strip(". ")
    page = (shop / "runs" / "latest" / "report.html").read_text("utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "rule",
    [
        "read_text('/etc/passwd') = 'x'",
        "customer_id in (select content from read_text('/etc/passwd'))",
        "1 = 1; copy (select 1) to 'made.csv'",
        "getenv('HOME') = 'x'",
        "r >= 1 union select 1",
        "r >= 1 -- all",
    ],
)
def test_a_list_is_a_condition_and_nothing_else(rule: str, shop: Path) -> None:
    more = f'[lists]\nmine = {json.dumps(rule)}\n[audience]\nplatforms = ["mailchimp"]\n'
    (shop / "custseg.toml").write_text(CONFIG + more, encoding="utf-8")
    ran = run(cwd=shop)
    assert ran.returncode == 2, ran.stderr
    assert "root:" not in ran.stderr
    assert not (shop / "made.csv").exists()
    assert published(shop) == ["last-run.json"]
