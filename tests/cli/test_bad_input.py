"""Bad input: one clear message with the place and the fix, the right code, nothing half-written."""

from __future__ import annotations

import gzip
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Run = Callable[..., Any]

GOOD = b"name,email\nAnn Lee,ann@example.com\nBob Ray,bob@example.com\n"
JAPANESE = "".join(f"山田太郎{at},t{at}@example.jp\n" for at in range(30)).encode()


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"name": ["Ann Lee"] * 500, "email": ["a@example.com"] * 500}), sink)
    return sink.getvalue()


MAKERS: dict[str, tuple[str, Callable[[], bytes | None], str]] = {
    "missing": ("a.csv", lambda: None, "no such file"),
    "empty": ("a.csv", lambda: b"", "is empty"),
    "header only": ("a.csv", lambda: b"name,email\n", "no rows"),
    "one column of nobody": ("a.csv", lambda: b"color\nred\nblue\n", "tells who a person is"),
    "orders": (
        "a.csv",
        lambda: b"order_id,customer_id,order_date,amount\n1,7,2025-01-02,100\n2,7,2025-01-03,50\n",
        "segment --orders",
    ),
    "a first row of data": ("a.csv", lambda: GOOD.partition(b"\n")[2], "not the names"),
    "duplicate columns": ("a.csv", lambda: b"name,name\na,b\n", "same name"),
    "binary": ("a.csv", lambda: bytes(range(256)) * 40, "not text"),
    "png": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "a.csv"),
    "truncated gzip": ("a.csv.gz", lambda: gzip.compress(GOOD * 500)[:-40], "cannot be unpacked"),
    "half a parquet": ("a.parquet", lambda: parquet()[: len(parquet()) // 2], "Parquet"),
    "unterminated quote in the header": ("a.csv", lambda: b'name,"email\na,b\n', "line 1"),
    "mostly ragged": ("a.csv", lambda: b"name,email\n" + b"a,b,c,d\n" * 9, "line 2"),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_unusable_files(kind: str, run: Run, tmp_path: Path) -> None:
    name, make, message = MAKERS[kind]
    content = make()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = run("clean", name, "-o", "out")
    assert (ran.code, ran.out) == (3, ""), ran.err
    assert message in ran.err
    assert "→" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir()] == ([name] if content is not None else [])


@pytest.mark.parametrize(
    ("content", "quarantined"),
    [
        (GOOD + b"a,b,c\n", 1),
        (GOOD + b"Cid \x00Doe,c@example.com\n", 1),
        (GOOD + b'Eve Fox,"e@example.com\n', 1),
        (GOOD + "José Núñez,j@example.com\n".encode("cp1252") + JAPANESE, 1),
    ],
    ids=["ragged", "NUL", "unterminated quote", "mixed encodings"],
)
def test_rows_that_cannot_be_read_are_set_apart(
    content: bytes, quarantined: int, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    ran = run("clean", "a.csv", "-o", "out")
    assert ran.code == 0, ran.err
    lines = (tmp_path / "out" / "quarantine.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + quarantined
    assert lines[1].startswith("a.csv,4,")
    strict = run("clean", "a.csv", "-o", "strict", "--on-bad-rows", "fail")
    assert strict.code == 3
    assert "line 4" in strict.err
    assert not (tmp_path / "strict").exists()


def test_wide_and_long_cells_are_read(run: Run, tmp_path: Path) -> None:
    names = ",".join(f"c{number}" for number in range(10_000))
    (tmp_path / "wide.csv").write_text(f"name,{names}\n" + "Ann Lee" + ",x" * 10_000 + "\n")
    assert run("clean", "wide.csv", "-o", "wide").code == 0
    (tmp_path / "long.csv").write_text("name,note\nAnn Lee," + "x" * 1_000_000 + "\n")
    assert run("clean", "long.csv", "-o", "long").code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--role", "e-mail=email"), "Nearest: email"),
        (("--role", "email=emial"), "Nearest: email"),
        (("--encoding", "klingon"), "klingon"),
        (("--delimiter", "::"), "::"),
        (("--fail-on", "beauty>1"), "quarantined"),
        (("--threshold", "3"), "match.threshold"),
        (("--config", "none.toml"), "none.toml"),
    ],
)
def test_wrong_use(args: tuple[str, ...], message: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD)
    ran = run("clean", "a.csv", "-o", "out", *args)
    assert (ran.code, ran.out) == (2, ""), ran.err
    assert message in ran.err
    assert not (tmp_path / "out").exists()


def test_a_column_of_the_config_that_does_not_exist(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD)
    (tmp_path / "custseg.toml").write_text('[roles]\ntel = "phone"\n')
    ran = run("clean", "a.csv", "-o", "out")
    assert ran.code == 2
    assert "tel" in ran.err


def test_nothing_is_overwritten_without_force(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD)
    assert run("clean", "a.csv", "-o", "out").code == 0
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    refused = run("clean", "a.csv", "-o", "out")
    assert (refused.code, "--force" in refused.err) == (2, True)
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before
    assert run("clean", "a.csv", "-o", "out", "--force").code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    assert run("clean", "a.csv", "-o", "mine", "--force").code == 2
    assert (tmp_path / "mine" / "diary.txt").read_text() == "dear"


@pytest.mark.skipif(sys.platform != "linux", reason="/sys is Linux's")
def test_a_folder_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD)
    (tmp_path / "closed").mkdir(mode=0o500)
    # Root may write into any folder of a disk, but not into the kernel's own.
    closed = Path("/sys") if os.geteuid() == 0 else tmp_path / "closed"
    ran = run("clean", "a.csv", "-o", closed / "out")
    assert ran.code == 3, ran.err
    assert "permission" in ran.err
    assert "-o" in ran.err
    assert not (closed / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD)
    with pytest.MonkeyPatch.context() as patch:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr("custseg.tables.files.os.fsync", full)
        ran = run("clean", "a.csv", "-o", "out")
    assert ran.code == 4, ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_orders_without_one_usable_row(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "order_id,customer_id,order_date,amount\n1,,2024-01-01,10\n2,,2024-01-02,20\n"
    )
    ran = run("segment", "--orders", "orders.csv", "-o", "seg")
    assert ran.code == 3, ran.err
    assert "None of the 2 order lines" in ran.err
    assert not (tmp_path / "seg").exists()


def test_orders_without_a_needed_column_name_those_at_hand(run: Run, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("no,who,order_date,amount\n1,7,2025-01-02,100\n")
    ran = run("segment", "--orders", "o.csv", "-o", "seg")
    assert ran.code == 3
    assert "--role COLUMN=customer_id" in ran.err
    assert "no, who, order_date, amount" in ran.err
    assert run("segment", "--orders", "o.csv", "-o", "seg", "--role", "who=customer_id").code == 0


def test_no_message_holds_a_cell(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD + b"Secretname Person,s@example.com,extra\n")
    for extra in ((), ("--on-bad-rows", "fail"), ("-v",), ("--log-format", "json")):
        ran = run("clean", "a.csv", "-o", "out", "--force", *extra)
        assert "Secretname" not in ran.out + ran.err
        assert "Ann Lee" not in ran.out + ran.err
