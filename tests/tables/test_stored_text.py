"""Texts taken to a Parquet file piece by piece hold what reading them as a whole gives."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custseg.tables import ReadOptions, read_table, stored_text

LINES = "id,name,note\n" + "".join(f"{number},茶,note {number}\n" for number in range(200))


def store(path: Path, content: bytes, least: int = 0) -> tuple[ReadOptions, Path]:
    path.write_bytes(content)
    folder = path.parent / "scratch"
    folder.mkdir(exist_ok=True)
    return ReadOptions(typed=True, scan_rows=1, store_in=folder, store_bytes=least), folder


CELL = st.text(st.sampled_from('ab茶",\n 1'), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=3, max_size=30),
    piece=st.integers(60, 200),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_sound_texts_are_the_same(
    tmp_path: Path, rows: list[tuple[str, str, str]], piece: int, end: str, mark: str
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows([("id", "name", "note"), *rows])
    path = tmp_path / "orders.csv"
    options, folder = store(path, (mark + text.getvalue()).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_text, "_PIECE", piece)
        stored = read_table(path, options)
    whole = read_table(path)
    assert (stored.sha256, stored.bytes, stored.encoding) == (
        whole.sha256,
        whole.bytes,
        whole.encoding,
    )
    if stored.scan is None:
        assert list(folder.iterdir()) == []
        assert stored.table.equals(whole.table)
        return
    assert (stored.format, stored.delimiter, stored.layout) == ("csv", ",", whole.layout)
    assert stored.scan.num_rows == stored.table.num_rows == whole.table.num_rows
    kept = pq.read_table(stored.scan.parts[0].path)
    assert kept.to_pylist() == whole.table.to_pylist()
    assert kept.schema.equals(whole.table.schema)
    stored.scan.parts[0].path.unlink()


@pytest.mark.parametrize("piece", [100, 1 << 20])
def test_a_plain_text_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(stored_text, "_PIECE", piece)
    path = tmp_path / "orders.csv"
    options, _ = store(path, LINES.encode())
    scan = read_table(path, options).scan
    assert scan is not None
    assert scan.num_rows == 200
    assert read_table(path, store(path, LINES.encode(), least=10_000)[0]).scan is None


@pytest.mark.parametrize(
    "content",
    [
        LINES.encode("cp932"),
        LINES.encode("utf-16"),
        f"{LINES}1,2\n".encode(),
        f"{LINES}1,2,3,4\n".encode(),
        f'{LINES}1,a"b,3\n'.encode(),
        LINES.encode() + b"1,\xff,3\n",
        f"Orders of May\n\n{LINES}".encode(),
        f"sep=,\n{LINES}".encode(),
        LINES.replace("name", "", 1).encode(),
        LINES.replace("name", "ID", 1).encode(),
    ],
    ids=["cp932", "utf-16", "short", "long", "quote", "damaged", "title", "sep", "unnamed", "case"],
)
def test_an_unsound_text_is_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(stored_text, "_PIECE", 500)
    path = tmp_path / "orders.csv"
    options, folder = store(path, content)
    found, whole = read_table(path, options), read_table(path)
    assert found.scan is None
    assert found.table.equals(whole.table)
    assert found.quarantine.equals(whole.quarantine)
    assert list(folder.iterdir()) == []
