"""Undo gives the file back that was standardized, whatever encoding lay between."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custseg.tables import write_table

Run = Callable[..., Any]

EXPORT = (
    "氏名,メモ,電話番号,住所\r\n"
    "山田　太郎,𠮷 é,０９０１２３４５６７８,千代田区丸ノ内１丁目２－３\r\n"
    "佐藤花子,10〜20😀,,大阪市北区梅田3-1-3 𠮷ビル\r\n"
)


@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_bytes_of_the_input(written: str, encoding: str, run: Run, tmp_path: Path) -> None:
    export = tmp_path / "people.csv"
    export.write_bytes(EXPORT.encode(encoding))
    assert run("standardize", "people.csv", "-o", "out", "--output-encoding", written).code == 0
    undone = run("undo", "out", "-o", "back.csv")
    assert (undone.code, undone.out, undone.err) == (0, "", "")
    assert Path("back.csv").read_bytes() == export.read_bytes()


def test_an_input_in_cp932_with_tabs(run: Run, tmp_path: Path) -> None:
    text = EXPORT.replace("𠮷", "吉").replace("é", "e").replace("〜", "～").replace("😀", "")
    export = tmp_path / "people.tsv"
    export.write_bytes(text.replace(",", "\t").encode("cp932"))
    assert run("standardize", "people.tsv", "-o", "out").code == 0
    assert run("undo", "out", "-o", "back.tsv").err == ""
    assert Path("back.tsv").read_bytes() == export.read_bytes()


def test_an_encoding_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(EXPORT.encode("utf-8-sig"))
    assert run("standardize", "people.csv", "-o", "out").code == 0
    undone = run("undo", "out", "-o", "back.csv", "--output-encoding", "cp932")
    assert "4 characters do not exist in this encoding" in " ".join(undone.err.split())
    assert "山田　太郎,〓 〓,０９０" in Path("back.csv").read_text(encoding="cp932")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('名前,メモ\n"山田　太郎",a\n佐藤　花子,"b"\n', "the bytes are not those of the input"),
        ("名前,メモ\n山田　太郎,a\n\n佐藤　花子,b\n", "the bytes are not those of the input"),
        ("名前,メモ\n山田　太郎,a\n佐藤　花子,b\n鈴木,b,c,d\n", "1 rows that could not be read"),
    ],
)
def test_other_bytes_are_told(text: str, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    assert run("standardize", "people.csv", "-o", "out").code == 0
    undone = run("undo", "out", "-o", "back.csv")
    assert undone.code == 0
    assert said in undone.err
    back = Path("back.csv").read_text(encoding="utf-8")
    assert back == "名前,メモ\n山田　太郎,a\n佐藤　花子,b\n"


def test_signs_that_windows_writes_and_the_encoding_lacks(run: Run, tmp_path: Path) -> None:
    """EUC-JP with ① of Windows: read, and given back in UTF-8."""
    data = "名前,メモ\n山田　太郎,".encode("euc_jp") + b"\xad\xa1" + "\n".encode("euc_jp")
    (tmp_path / "people.csv").write_bytes(data)
    assert run("standardize", "people.csv", "-o", "out", "--encoding", "euc_jp").code == 0
    undone = run("undo", "out", "-o", "back.csv")
    assert "the bytes are not those of the input" in undone.err
    assert Path("back.csv").read_text(encoding="utf-8") == "名前,メモ\n山田　太郎,①\n"


def test_other_commands_read_runs_in_cp932(run: Run, tmp_path: Path) -> None:
    same = "髙橋吉子,a@example.com"
    people = f"番号,氏名,メール\n1,{same}\n2,{same}\n3,佐藤一郎,b@example.com\n"
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")
    assert run("clean", "people.csv", "-o", "out", "--output-encoding", "cp932").code == 0
    assert run("explain", "out", "people.csv:1", "people.csv:2").code == 0
    assert run("clean", "people.csv", "-o", "next", "--previous", "out").code == 0


def test_a_compressed_input_is_given_back_as_plain_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv.gz").write_bytes(gzip.compress(EXPORT.encode("utf-8-sig")))
    assert run("standardize", "people.csv.gz", "-o", "out").code == 0
    undone = run("undo", "out", "-o", "back.csv")
    assert "the input was compressed (gzip)" in " ".join(undone.err.split())
    assert Path("back.csv").read_bytes() == EXPORT.encode("utf-8-sig")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding: str, run: Run, tmp_path: Path) -> None:
    """Wide spaces and 一 have their zeros where ASCII has none."""
    text = EXPORT + "鈴木　一郎,一二三　一,,\r\n" * 20
    (tmp_path / "people.csv").write_bytes(text.encode(encoding))
    assert run("standardize", "people.csv", "-o", "out").code == 0
    assert run("undo", "out", "-o", "back.csv").err == ""
    assert Path("back.csv").read_bytes() == text.encode(encoding)


def test_what_a_workbook_alone_holds_is_told(run: Run, tmp_path: Path) -> None:
    write_table(
        pa.table({"氏名": ["山田　太郎"], "電話番号": [9012345678]}),
        tmp_path / "a.xlsx",
        format="xlsx",
    )
    assert run("standardize", "a.xlsx", "-o", "out").code == 0
    for name in ("back.csv", "back.xlsx"):
        assert "other sheets" in " ".join(run("undo", "out", "-o", name).err.split())
    assert Path("back.csv").read_text(encoding="utf-8") == "氏名,電話番号\n山田　太郎,9012345678\n"
