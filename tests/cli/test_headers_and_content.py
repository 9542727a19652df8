"""Block numbers stay block numbers; where content overrules a header, the commands say so."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(
    "header",
    [
        "町名番地",
        "番地",
        "Street",
        "それ以降の住所",
        "住所",
        "建物名",
        "以下の住所",
        "市区町村以降の住所",
    ],
)
@pytest.mark.parametrize(
    "numbers", [("1-2-3", "2-3-4"), ("１－２－３", "12-3-4"), ("5-6", "10-11")]
)
def test_numbers_of_blocks_are_no_dates(
    header: str, numbers: tuple[str, str], run: Run, tmp_path: Path
) -> None:
    rows = [("山田太郎", "東京都", "港区"), ("佐藤花子", "大阪府", "吹田市")]
    lines = [",".join((*row, number)) for row, number in zip(rows, numbers, strict=True)]
    text = "\n".join((f"氏名,都道府県,市区町村,{header}", *lines, ""))
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    assert run("standardize", "people.csv", "-o", "out.csv").code == 0
    cells = pa.csv.read_csv(
        "out.csv", convert_options=pa.csv.ConvertOptions(column_types={header: pa.string()})
    ).column(header)
    for written, given in zip(cells.to_pylist(), numbers, strict=True):
        # Under a header of no role they stay as they are.
        plain = unicodedata.normalize("NFKC", written)
        assert plain.endswith(unicodedata.normalize("NFKC", given))


@pytest.mark.parametrize("command", ["standardize", "clean"])
@pytest.mark.parametrize(("lang", "said"), [("en", "the header says"), ("ja", "列名は")])
def test_content_against_a_header_is_told(
    command: str, lang: str, said: str, run: Run, tmp_path: Path
) -> None:
    text = "氏名,住所\n" + "".join(f"山田太郎,taro{n}@example.com\n" for n in range(9))
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    done = run(command, "people.csv", "-o", "out", lang=lang)
    assert done.code == 0
    told = "".join(done.out.split())
    assert said.replace(" ", "") in told
    assert "`email`" in told
    assert "`address`" in told


def test_dates_under_a_header_of_an_address_are_dates_and_told(run: Run, tmp_path: Path) -> None:
    text = "氏名,住所\n" + "".join(f"山田太郎,2024-01-{n:02}\n" for n in range(1, 20))
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    assert "`date`" in run("standardize", "people.csv", "-o", "out").out
