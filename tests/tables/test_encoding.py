"""Encodings are found by content, also in files of a few lines."""

from __future__ import annotations

import codecs
import csv
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from custseg.tables.encoding import MARK, detect_encoding, to_utf8

FAMILY = (
    "佐藤 鈴木 髙橋 田中 伊藤 渡邊 山本 中村 小林 加藤 齋藤 﨑山 桐ヶ谷 五十嵐 薬師寺 "
    "勅使河原 鵜飼 蓑輪"
).split()
GIVEN = (
    "太郎 花子 翔 陽菜 さくら ひろし マリ 健一 美咲 蓮 結衣 悠真 琉璃 禎子 昴 凜 エミリ 穣 惇 冴子"
).split()
KANA = "ﾀﾅｶ ﾀﾛｳ|ｽｽﾞｷ ﾊﾅｺ|ﾜﾀﾅﾍﾞ ｼﾞｭﾝ|ﾊﾟｰｶｰ ｴﾐﾘｰ|ｻｲﾄｳ ﾋﾛｼ|ｺﾊﾞﾔｼ ﾐｻｷ|ｷｸﾁ ﾕｷ|ﾎﾝﾀﾞ ｺﾞﾛｳ".split("|")
PLACES = (
    "東京都千代田区丸の内1-2-3 大阪府堺市堺区南瓦町３－１ 北海道札幌市中央区北１条西２丁目 "
    "京都府京都市上京区藪之内町 沖縄県那覇市泉崎一丁目2-2 青森県西津軽郡鰺ヶ沢町大字舞戸町 "
    "茨城県龍ケ崎市3710番地 愛知県名古屋市中区三の丸3丁目1番2号コーポ青葉201号室"
).split()
HEADERS = (
    "氏名,住所",
    "お名前,ご住所,備考",
    "name,address",
    "会員番号,氏名,フリガナ",
    "ID,顧客名,TEL",
)
NOTES = (
    "",
    "㈱青葉商店",
    "①希望",
    "よろしくお願いします。",
    "メール不可",
    "〒100-0001",
    "２０２４年１月",
)
WESTERN = (
    "José García|Müller|François Lefèvre|Åsa Björk|Søren Ægir|Zoë|Núñez|Straße 12|Café Olé|"
    "São Paulo|Curaçao|naïve|Île-de-France|Königsallee 5|Malmö|Château d’Yquem|€ 12.50|Øystein|"
    "Peña|Gruß|Besançon|Łódź|El Niño|Août|Mädchen|crème brûlée|Ångström|façade|Übung|ÉCOLE"
).split("|")
PLAIN = ("Smith", "London", "12 High Street", "a@example.com", "2024-01-05", "100-0001", "", "42")


def japanese(random_: random.Random, places: list[str]) -> str:
    lines = [random_.choice(HEADERS)]
    for number in range(random_.randint(1, 4)):
        cells = [
            random_.choice(FAMILY) + random_.choice(("", " ", "　")) + random_.choice(GIVEN),
            random_.choice(places),
            random_.choice(NOTES),
        ]
        if random_.random() < 0.3:
            cells.insert(1, random_.choice(KANA))
        if random_.random() < 0.3:
            cells[0] = str(number)
        lines.append(",".join(random_.sample(cells, random_.randint(2, len(cells)))))
    return "\r\n".join(lines) + "\r\n"


def western(random_: random.Random) -> str:
    words = (*WESTERN, *PLAIN)
    rows = (",".join(random_.choices(words, k=3)) for _ in range(random_.randint(1, 5)))
    return "\n".join(["name,city,note", *rows]) + "\n"


def short_files(
    make: Callable[[random.Random], str], encodings: tuple[str, ...], count: int
) -> Iterator[tuple[str, bytes]]:
    """Short files that hold something outside ASCII and that the encoding can hold."""
    random_ = random.Random(20240501)
    made = 0
    while made < count:
        text = make(random_)
        encoding = encodings[made % len(encodings)]
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        if not text.isascii():
            made += 1
            yield encoding, data


def wrong(files: Iterator[tuple[str, bytes]]) -> list[tuple[str, str, str]]:
    found = []
    for encoding, data in files:
        seen = detect_encoding(data)
        if data.decode(seen, "replace") != data.decode(encoding):
            found.append((encoding, seen, data.decode(encoding)))
    return found


def test_short_japanese_files_are_recognized() -> None:
    files = short_files(
        lambda r: japanese(r, PLACES), ("cp932", "euc_jp", "utf-8", "iso2022_jp"), 2000
    )
    failures = wrong(files)
    assert len(failures) <= 2, failures[:10]


def test_short_western_files_are_recognized() -> None:
    failures = wrong(short_files(western, ("cp1252", "utf-8"), 2000))
    assert len(failures) <= 2, failures[:10]


def test_real_addresses_are_recognized(shared_data: Path) -> None:
    with (shared_data / "japan" / "addresses.csv").open(encoding="utf-8") as file:
        places = [row["住所"] for row in csv.DictReader(file)]
    files = short_files(lambda r: japanese(r, places), ("cp932", "euc_jp"), 2000)
    failures = wrong(files)
    assert len(failures) <= 2, failures[:10]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"a,b\n1,2\n", "utf-8"),
        (codecs.BOM_UTF8 + "氏名\n佐藤\n".encode(), "utf-8-sig"),
        ("氏名,住所\n佐藤,東京都\n".encode("utf-16"), "utf-16"),
        ("氏名,住所\n佐藤,東京都\n".encode("utf-16-le"), "utf-16-le"),
        ("氏名,住所\n佐藤,東京都\n".encode("utf-16-be"), "utf-16-be"),
        ("a,b\n1,2\n".encode("utf-32"), "utf-32"),
        ("氏名\n佐藤\n".encode("iso2022_jp"), "iso2022_jp_ext"),
        (b"name\n" + b"Smith\n" * 5000 + "Müller\n".encode("cp1252"), "cp1252"),
        (b"name\n" + b"Smith\n" * 5000 + "渡邊\n".encode("cp932"), "cp932"),
        ("氏名\n佐藤\n鈴木\n高橋\n".encode() + "田中\n".encode("cp932"), "utf-8"),
        (b"a,b\n1,\x00\n" + b"1,2\n" * 50, "utf-8"),
    ],
)
def test_encoding(data: bytes, encoding: str) -> None:
    assert detect_encoding(data) == encoding


@pytest.mark.parametrize("encoding", ["euc_jp", "iso2022_jp"])
def test_characters_that_windows_adds_to_the_standards_are_read(encoding: str) -> None:
    # JIS rows 13 and 92: absent from the standard, present in files.
    prefix, suffix = (b"\x1b$B", b"\x1b(B") if encoding == "iso2022_jp" else (b"", b"")
    pairs = {"①": 0x2D21, "㈱": 0x2D6A, "髙": 0x7C62}
    for character, code in pairs.items():
        raw = code if prefix else code | 0x8080
        data = "会社".encode(encoding).removesuffix(suffix) + raw.to_bytes(2, "big") + suffix
        assert to_utf8(data, encoding).decode() == "会社" + character


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"a\xffb", "utf-8", f"a{MARK}b"),
        (b"\x83,b\n", "cp932", f"{MARK},b\n"),
        (b"a\x81b", "cp1252", f"a{MARK}b"),
        ("a,b".encode("utf-16-le") + b"\n", "utf-16-le", f"a,b{MARK}"),
    ],
)
def test_undecodable_bytes_are_marked_and_take_nothing_with_them(
    data: bytes, encoding: str, text: str
) -> None:
    assert to_utf8(data, encoding).decode() == text
