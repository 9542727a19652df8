"""A full disk, too little memory, folders that cannot be written, names that play tricks.

Every fault gives one clear message and the right code, and leaves nothing half-written.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "japanese"
COMMAND = [sys.executable, "-c", "from custseg.cli.main import main; main()"]
MEMBERS = [str(EXAMPLES / name) for name in ("store_members.csv", "web_members.csv")]
ORDERS = str(EXAMPLES / "orders.csv")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and mounts are Linux's")


def custseg(
    *words: str, cwd: Path, limit: int | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    return subprocess.run(
        [*COMMAND, *words],
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environ},
        preexec_fn=limited,
        capture_output=True,
        text=True,
        check=False,
    )


@contextlib.contextmanager
def disk(folder: Path, options: str) -> Iterator[Path]:
    """A file system of its own, where this process may mount one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def commands(out: Path) -> dict[str, list[str]]:
    return {
        "clean": ["clean", *MEMBERS, "-o", str(out / "run")],
        "standardize": ["standardize", *MEMBERS, "-o", str(out / "run")],
        "segment": ["segment", "--orders", ORDERS, "-o", str(out / "run")],
        "one file": ["rfm", ORDERS, "-o", str(out / "scores.csv")],
    }


@pytest.mark.parametrize(
    ("name", "kilobytes"),
    [("clean", 8), ("clean", 80), ("standardize", 8), ("segment", 40), ("one file", 4)],
)
def test_a_full_disk(name: str, kilobytes: int, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", f"size={kilobytes}k") as small:
        ran = custseg(*commands(small)[name], cwd=tmp_path)
        assert ran.returncode == 4, ran.stderr
        assert ran.stdout == ""
        assert "Traceback" not in ran.stderr
        assert "→" in ran.stderr
        assert list(small.iterdir()) == []


def test_a_full_disk_keeps_the_run_of_before(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=600k") as small:
        words = ["clean", MEMBERS[0], "-o", str(small / "run")]
        assert custseg(*words, cwd=tmp_path).returncode == 0
        before = {path.name: path.read_bytes() for path in (small / "run").iterdir()}
        ran = custseg(*commands(small)["clean"], "--force", cwd=tmp_path)
        assert ran.returncode == 4, ran.stderr
        assert {path.name: path.read_bytes() for path in (small / "run").iterdir()} == before
        assert [path.name for path in small.iterdir()] == ["run"]


@pytest.mark.parametrize("name", ["clean", "one file"])
def test_a_disk_that_may_only_be_read(name: str, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "ro") as closed:
        ran = custseg(*commands(closed)[name], cwd=tmp_path)
        assert ran.returncode == 3, ran.stderr
        assert "-o" in ran.stderr
        assert ran.stdout == ""


@pytest.mark.parametrize("megabytes", [150, 1300, 2000])
@pytest.mark.parametrize("name", ["clean", "segment"])
def test_too_little_memory(name: str, megabytes: int, tmp_path: Path) -> None:
    ran = custseg(*commands(tmp_path)[name], cwd=tmp_path, limit=megabytes << 20)
    assert ran.returncode == 4, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "2,048 MiB" in ran.stderr
    assert "→" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_spilled_is_taken_away(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f"custseg-{dead.pid}-abcdefgh"
    ours = tmp_path / f"custseg-{os.getpid()}-abcdefgh"
    others = tmp_path / "custseg-notes"
    for folder in (left, ours, others):
        folder.mkdir()
    ran = custseg("rfm", ORDERS, "-o", "-", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([ours.name, others.name])


CHANGED = """
import custseg.jobs.chain as chain
found = chain.find_inputs
def find_and_change(*args):
    inputs = found(*args)
    with open("exports/orders.csv", "a") as file:
        file.write("\\n")
    return inputs
chain.find_inputs = find_and_change
from custseg.cli.main import main
main()
"""


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "exports")
    assert custseg("init", *MEMBERS, "exports/orders.csv", cwd=tmp_path).returncode == 0
    ran = subprocess.run(
        [sys.executable, "-c", CHANGED, "run"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, "orders.csv changed" in ran.stderr) == (3, True)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["last-run.json"]
    assert json.loads((tmp_path / "runs" / "last-run.json").read_text())["exit_code"] == 3


TRICKS = (
    "../../x",
    "/etc/x",
    "con",
    "a/b\\\\c",
    "<script>alert(1)</script>",
    "x" * 300,
    "👪 家族",
    ".hidden",
    "..",
    "segment\\nwith a line",
    "=cmd|' /C calc'!A0",
)


def test_names_of_segments_that_play_tricks(tmp_path: Path) -> None:
    lines = ["[maps.mine]"]
    lines += [f'"[{at % 5 + 1}]{at // 5 + 1}" = "{name}"' for at, name in enumerate(TRICKS)]
    lines += ['".." = "rest"', "[rules]"]
    # A rule's name is that of its list: one of points alone is refused.
    lines += [f'"{name}" = "frequency > {at}"' for at, name in enumerate(TRICKS) if name != ".."]
    (tmp_path / "custseg.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "in").mkdir()
    shutil.copy(ORDERS, tmp_path / "in" / "orders.csv")
    words = ["segment", "--orders", "in/orders.csv", "--map", "mine", "-o", "deep/er/seg"]
    ran = custseg(*words, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    outside = [path for path in made if "seg" not in path.relative_to(tmp_path).parts]
    assert sorted(path.name for path in outside) == ["custseg.toml", "orders.csv"]
    for path in made:
        assert len(path.name.encode()) <= 255
        assert path.stem.lower() not in {"con", "nul", "aux", "prn", ""}
        assert path.name == path.name.strip(". ")
    assert "\x1b" not in ran.stdout


def test_columns_that_play_tricks(tmp_path: Path) -> None:
    names = [name.replace("\\\\", "\\").replace("\\n", " ") for name in TRICKS]
    header = ",".join(f'"{name}"' for name in ["name", "email", *names])
    row = ",".join(["Ann Lee", "ann@example.com", *("=1+1" for _ in names)])
    (tmp_path / "a.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    ran = custseg("clean", "a.csv", "-o", "run", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "run"]


def test_a_config_is_data(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nxyzzy\n")
    for rule in (
        f"frequency > (select count(*) from read_csv('{secret}'))",
        f"frequency in (select 1 from '{secret}')",
        "frequency > 1; attach 'x.db'",
        "read_text('secret.csv') = 'x'",
        "getenv('HOME') = 'x'",
        "frequency > 1 -- comment",
    ):
        text = json.dumps(rule)
        (tmp_path / "custseg.toml").write_text(f"[rules]\nmine = {text}\n", encoding="utf-8")
        ran = custseg("segment", "--orders", ORDERS, "-o", "seg", cwd=tmp_path)
        assert ran.returncode == 2, (rule, ran.stderr)
        assert "xyzzy" not in ran.stderr
        assert not (tmp_path / "seg").exists()


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    for name in ("clean", "segment"):
        words = commands(tmp_path / name)[name]
        (tmp_path / name).mkdir()
        ran = custseg(*words, cwd=tmp_path, TMPDIR=str(tmp_path / "temporary"))
        assert ran.returncode == 0, ran.stderr
    assert list((tmp_path / "temporary").iterdir()) == []
    assert tempfile.gettempdir() != str(tmp_path / "temporary")
