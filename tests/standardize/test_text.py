"""Free text: width and spaces, and encodings that went wrong."""

from __future__ import annotations

import csv
import gzip
import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.standardize.mojibake import FIXED, LOSSY, repair
from custseg.cleanse.standardize.text import clean, cleaned_at_once, fold

FOLDED = (
    ("ﾀﾅｶ ﾀﾛｳ", "タナカ タロウ"),
    ("ｶﾞﾊﾟｳﾞ", "ガパヴ"),
    ("カ゛ハ゜", "ガパ"),
    ("あ゛", "あ゛"),
    ("ﾞ", "゛"),
    ("か\u3099", "が"),
    ("ＡＢＣ　１２３", "ABC 123"),
    ("10～20", "10～20"),
    ("ニュー八重洲ビル３６階", "ニュー八重洲ビル36階"),
    ("  a \t b\u3000\u00a0c\r\n", "a b c"),
    ("a\u200bb\ufeffc\u00add", "abcd"),
    ("e\u0301", "é"),
    ("\ufa19戸", "\ufa19戸"),
    ("渡邊\U000e0100", "渡邊\U000e0100"),
    ("葛\ufe00城", "葛\ufe00城"),
    ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("a\u200cb", "ab"),
    ("￥１００", "¥100"),
    ("｢ｱ･ｲ｣｡", "「ア・イ」。"),
)

ORDINARY = (
    *("山田太郎", "ｽｽﾞｷ ｲﾁﾛｳ", "ﾕｷ ﾏｷ", "莉子", "笙子", "驛田", "茱崎町", "笂井町", "逍遥"),
    *("José García", "François", "Zoë", "Éléa", "Hélène Béraud", "Agnès", "Žižka", "Šárka"),
    *("ŠKODA", "Łódź", "Øystein Ærø", "Ångström", "São João", "Conceição", "naïve", "Straße"),
    *("NESTLÉ®", "Häagen-Dazs™", "ESPAÑ…", "café”…", "“café”…", "L’Oréal", "it’s", "rock ’n’ roll"),
    *("A–B–C", "A–B—C", "LÉON–MÉDARD", "MAÇÃ®", "Â", "Ã", "£5 – €7", "‘T Hart", "10 °C ± 1"),
    *("Ελλάδα", "Привет", "한국어", "ไทย", "東京・大阪", "何？", "Café 東京"),
)

JAPANESE = ("山田太郎", "こんにちは", "タナカ", "株式会社山田商店", "東京都千代田区", "佐藤花子")


def western(data: bytes, encoding: str) -> str:
    """Decode as a reader does that leaves undefined bytes as they are."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in data)


@pytest.mark.parametrize(("raw", "folded"), FOLDED)
def test_folding(raw: str, folded: str) -> None:
    assert fold(raw) == folded


@pytest.mark.parametrize("text", JAPANESE)
@pytest.mark.parametrize(
    ("written", "read"),
    [("utf-8", "cp1252"), ("utf-8", "latin-1"), ("cp932", "cp1252")],
)
def test_accidents_that_can_be_undone(text: str, written: str, read: str) -> None:
    assert repair(western(text.encode(written), read)) == (text, FIXED)


@pytest.mark.parametrize("text", ["こんにちは", "スズキイチロー", "令和元年 ５月", "it’s"])
def test_utf8_read_as_cp932(text: str) -> None:
    broken = text.encode("utf-8").decode("cp932", "replace")
    assert repair(broken) == ((broken, LOSSY) if "\ufffd" in broken else (text, FIXED))


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("éRìcëæòY", "山田太郎"),
        ("JosÃ© GarcÃ­a", "José García"),
        ("Josﾃｩ", "José"),
        ("WÄ™grzyn", "Węgrzyn"),
        ("itâ€™s", "it’s"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("ABC\x8f¤Ž–", "ABC商事"),
        ("ðŸ˜€å±±ç”°", "😀山田"),
        ("å±±ç”°å¤ªéƒŽ".encode().decode("latin-1"), "山田太郎"),
    ],
)
def test_further_accidents(broken: str, text: str) -> None:
    assert repair(broken) == (text, FIXED)


@pytest.mark.parametrize(
    "broken",
    ["螻ｱ逕ｰ螟ｪ驛\ufffd", "螻ｱ逕ｰ螟ｪ驛・", "縺薙ｓ縺ｫ縺｡縺?", "a\ufffdb", "æ–‡å\xad—åŒ–ã'"],
)
def test_what_is_lost_is_left_and_flagged(broken: str) -> None:
    assert clean(broken) == (broken, LOSSY)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_never_repaired(text: str) -> None:
    assert repair(text) == (text, None)


CODES = (
    bytes([lead, trail])
    for lead in (0x82, 0x83, *range(0x89, 0x98))
    for trail in (*range(0x41, 0x7F), *range(0x9F, 0xF2))
)
DAILY = st.text(
    alphabet="".join(code.decode("cp932", "ignore") for code in CODES), min_size=1, max_size=12
)


@given(DAILY)
def test_ordinary_japanese_is_never_repaired(text: str) -> None:
    assert repair(text)[1] is None
    assert repair(unicodedata.normalize("NFD", text))[1] is None


TWO_WIDTHS = "Ａb１2 　ｱｶﾞﾟｰーカガ゛゜山髙東縺螻é①㈱～\u3099\ufa19"


@given(st.lists(st.text(alphabet=TWO_WIDTHS, min_size=1, max_size=8), min_size=1, max_size=40))
def test_width_at_once_is_width_one_by_one(values: list[str]) -> None:
    done = cleaned_at_once(pa.array(values)).to_pylist()
    for value, text in zip(values, done, strict=True):
        assert text is None or clean(value) == (text, None)


def test_plain_japanese_of_another_width_is_done_at_once() -> None:
    done = cleaned_at_once(pa.array(["ﾀﾅｶ ｶﾞﾊﾟ", "ＡＢＣ　１２３", " 山田", "㈱山田"]))
    assert done.to_pylist() == ["タナカ ガパ", "ABC 123", "山田", "㈱山田"]


@given(DAILY, st.sampled_from(["cp1252", "latin-1"]))
def test_a_repair_gives_back_what_was_written(text: str, read: str) -> None:
    broken = western(text.encode("utf-8"), read)
    assert repair(broken)[0] in (text, broken)
    assert repair(western(text.encode("cp932"), read))[0] in (
        text,
        western(text.encode("cp932"), read),
    )


def test_no_real_name_or_address_is_repaired(shared_data: Path) -> None:
    folder = shared_data / "japan"
    cells: set[str] = set()
    for name in ("ipadic_names.csv", "addresses.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            cells.update(cell for row in csv.reader(file) for cell in row)
    with gzip.open(folder / "ken_all.tsv.gz", "rt", encoding="utf-8") as file:
        cells.update(cell for line in file for cell in line.rstrip("\n").split("\t"))
    assert len(cells) > 300_000
    assert [cell for cell in cells if repair(cell)[1] is not None] == []
