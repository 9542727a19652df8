"""Names and readings: cells, their parts, keys, and what holds for every text."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.kana import KANA, KANA_PART, standardize_kana
from custseg.cleanse.standardize.name_keys import name_key, name_weak_key
from custseg.cleanse.standardize.name_part import AFFIX, NAME_PART
from custseg.cleanse.standardize.nulls import is_blank
from custseg.cleanse.standardize.person_name import PARTS, PERSON_NAME, standardize_person_name
from custseg.cleanse.standardize.western_name import with_capitals
from custseg.fields.registry import roles

CONTEXT = Context()

NAME_ROLES = (
    *("person_name", "family_name", "given_name", "middle_name", "name_suffix", "name_title"),
    *("kana", "family_kana", "given_kana"),
)

PIECES = st.sampled_from(
    [
        *(
            "山田",
            "太郎",
            "長谷川太",
            "髙橋",
            "渡邊\U000e0100",
            "花子",
            "様",
            "御中",
            "先生",
            "さん",
            "㈱",
        ),
        *(
            "株式会社",
            "銀行",
            "タナカ",
            "たろう",
            "ﾀﾛｳ",
            "・",
            " ",
            "　",
            "  ",
            ",",
            "、",
            "(",
            ")",
            "ー",
        ),
        *("John", "SMITH", "smith", "de la", "VAN", "McDONALD", "O'CONNOR", "Jr.", "III", "II"),
        *("Dr.", "Mr", "J.", "V", "-", "'", "&", "Yamada", "Taro", "Ohno", "é", "İ", "ß", "ǆ"),
        *(
            "Test",
            "テスト",
            "xxx",
            "Ltd",
            "PhD",
            "'t",
            "-san",
            "김",
            "1",
            "@",
            "ΣΑΣ",
            "“",
            "”",
            "(ヤマダ タロウ)",
            "ゞ",
        ),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=20), st.lists(PIECES, min_size=1, max_size=6).map("".join),
    st.lists(PIECES, min_size=1, max_size=6).map(" ".join),
)  # fmt: skip


def parts_of(cell: Cell) -> dict[str, str]:
    return {name: part for name, part in zip(PARTS, cell.parts, strict=False) if part}


@pytest.mark.parametrize(
    ("text", "value", "parts"),
    [
        ("山田　太郎", "山田 太郎", "山田|太郎"),
        ("山 田 太 郎", "山田太郎", "山田|太郎"),
        ("山田,太郎", "山田 太郎", "山田|太郎"),
        ("佐藤 美 香", "佐藤 美香", "佐藤|美香"),
        ("たなか たろう", "たなか たろう", "たなか|たろう"),
        ("John 山田", "John 山田", "山田|John"),
        ("山田 Taro", "山田 Taro", "山田|Taro"),
        ("김 철수", "김 철수", "김|철수"),
        ("佐藤花子（旧姓鈴木）", "佐藤花子(旧姓鈴木)", "佐藤|花子"),
        ("YAMADA Taro", "YAMADA Taro", "Yamada|Taro"),
        ("Taro YAMADA", "Taro YAMADA", "Yamada|Taro"),
        ("YAMADA TARO", "Yamada Taro", "Yamada|Taro"),
        ("Taro Yamada", "Taro Yamada", "Yamada|Taro"),
        ("Ken Ito", "Ken Ito", "Ito|Ken"),
        ("john smith", "John Smith", "Smith|John"),
        ("Anna Abe", "Anna Abe", "Abe|Anna"),
        ("DE LA CRUZ, MARIA", "de la Cruz, Maria", "de la Cruz|Maria"),
        ("de la CRUZ Maria", "de la CRUZ Maria", "de la Cruz|Maria"),
        ("VAN MORRISON", "Van Morrison", "Morrison|Van"),
        ("Ludwig van Beethoven", "Ludwig van Beethoven", "van Beethoven|Ludwig"),
        ("Mary St. John", "Mary St. John", "St. John|Mary"),
        ('Robert "Bob" Smith', 'Robert "Bob" Smith', "Smith|Robert"),
        ("Naoto Ii", "Naoto Ii", "Ii|Naoto"),
        ("JB Smith", "JB Smith", "Smith|JB"),
        ("ИВАН ПЕТРОВ", "Иван Петров", "Петров|Иван"),
    ],
)
def test_full_names_are_taken_apart(text: str, value: str, parts: str) -> None:
    cell = standardize_person_name(text, CONTEXT)
    family, given_name = parts.split("|")
    assert cell.value == value
    assert parts_of(cell) == {"family_name": family, "given_name": given_name}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Dr. Juan Q. Xavier de la Vega III",
            ("de la Vega", "Juan", "Q. Xavier", "III", "Dr."),
        ),
        ("McDONALD, RONALD Jr.", ("McDonald", "Ronald", None, "Jr.", None)),
        ("John Smith, MD, PhD", ("Smith", "John", None, "MD PhD", None)),
        ("María del Carmen García", ("García", "María", "del Carmen", None, None)),
        ("Mr. John Smith V", ("Smith", "John", None, "V", "Mr.")),
    ],
)
def test_western_parts(text: str, parts: tuple[str | None, ...]) -> None:
    assert standardize_person_name(text, CONTEXT).parts[:5] == parts


@pytest.mark.parametrize(
    ("text", "value", "status", "reason"),
    [
        ("山田　太郎　様", "山田 太郎", Status.STANDARDIZED, "honorific_removed"),
        ("鈴木一郎先生", "鈴木一郎", Status.STANDARDIZED, "honorific_removed"),
        ("Tanaka-san", "Tanaka", Status.STANDARDIZED, "honorific_removed"),
        ("Mr. John Smith", "John Smith", Status.STANDARDIZED, "honorific_removed"),
        ("株式会社山田 御中", "株式会社山田", Status.STANDARDIZED, "is_company"),
        ("三菱東京銀行", "三菱東京銀行", Status.VALID, "is_company"),
        ("Acme Ltd.", "Acme Ltd.", Status.VALID, "is_company"),
        ("長谷川太", "長谷川太", Status.AMBIGUOUS, "name_split_ambiguous"),
        ("John S.", "John S.", Status.AMBIGUOUS, "name_split_ambiguous"),
        ("山田太郎・花子", "山田太郎・花子", Status.AMBIGUOUS, "several_persons"),
        ("Mr. & Mrs. Smith", "Mr. & Mrs. Smith", Status.AMBIGUOUS, "several_persons"),
        ("スズキイチロー", "スズキイチロー", Status.VALID, "name_not_split"),
        ("ジョン・スミス", "ジョン・スミス", Status.VALID, "name_not_split"),
        ("Smith", "Smith", Status.VALID, "name_not_split"),
        ("山田", "山田", Status.VALID, "given_name_missing"),
        ("12345", "12345", Status.INVALID, "not_a_name"),
        ("N/A", None, Status.MISSING, None),
        ("－", None, Status.MISSING, None),
        ("(none)", None, Status.MISSING, None),
        ("なし", "なし", Status.VALID, "name_not_split"),
        ("Na", "Na", Status.VALID, "name_not_split"),
        ("テスト　太郎", "テスト 太郎", Status.STANDARDIZED, "placeholder"),
        ("Test User", "Test User", Status.VALID, "placeholder"),
        ("Bart Testa", "Bart Testa", Status.VALID, None),
        ("å±±ç”°å¤ªéƒŽ", "山田太郎", Status.CORRECTED, "mojibake_fixed"),
    ],
)
def test_what_was_found_is_said(
    text: str, value: str | None, status: Status, reason: str | None
) -> None:
    assert standardize_person_name(text, CONTEXT)[:3] == (value, status, reason)


def test_a_reading_in_brackets_becomes_the_reading() -> None:
    cell = standardize_person_name("佐藤花子（ｻﾄｳ ﾊﾅｺ）", CONTEXT)
    assert (cell.value, cell.reason) == ("佐藤花子", "reading_separated")
    assert parts_of(cell)["kana"] == "サトウ ハナコ"


def test_a_reading_in_brackets_stays_beside_another_one() -> None:
    cell = standardize_person_name("佐藤花子(サトウ ハナコ)", CONTEXT, "サトウ カコ")
    assert cell.value == "佐藤花子(サトウ ハナコ)"


@pytest.mark.parametrize(
    "neighbors", [("ハセ　センタ",), ("ﾊｾ ｾﾝﾀ",), ("はせ せんた",), ("", "ハセ", "センタ")]
)
def test_the_reading_beside_a_name_decides(neighbors: tuple[str, ...]) -> None:
    cell = standardize_person_name("長谷川太", CONTEXT, *neighbors)
    assert cell == Cell("長谷川太", parts=("長谷", "川太", None, None, None, None))


def test_the_reading_orders_a_name_in_latin_letters() -> None:
    assert standardize_person_name("Aoi Minami", CONTEXT).parts[:2] == ("Minami", "Aoi")
    assert standardize_person_name("Aoi Minami", CONTEXT, "アオイ ミナミ").parts[:2] == (
        "Aoi",
        "Minami",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("O'CONNOR", "O'Connor"),
            ("van der Berg", "van der Berg"),
            ("VAN DER BERG", "van der Berg"),
        ),
        *(
            ("MCDONALD", "McDonald"),
            ("MacDonald", "MacDonald"),
            ("MACK", "Mack"),
            ("NG", "Ng"),
        ),
        *(("D'ANGELO", "D'Angelo"), ("mary-jane", "Mary-Jane"), ("TJ", "TJ"), ("J.R.", "J.R.")),
        *(("NULL", "Null"), ("McKenzie", "McKenzie"), ("DeVito", "DeVito"), ("k'naan", "K'Naan")),
    ],
)
def test_capitals(text: str, value: str) -> None:
    assert with_capitals(text) == value


@pytest.mark.parametrize(
    ("text", "value", "status", "reason"),
    [
        ("たなか　たろう", "タナカ タロウ", Status.STANDARDIZED, None),
        ("ﾀﾅｶ ﾀﾛ-", "タナカ タロー", Status.STANDARDIZED, None),
        ("タナカ、タロウ", "タナカ タロウ", Status.STANDARDIZED, None),
        ("タナカ タロウ サマ", "タナカ タロウ", Status.STANDARDIZED, "honorific_removed"),
        ("マイケル・ジャクソン", "マイケル・ジャクソン", Status.VALID, None),
        ("田中太郎", "田中太郎", Status.INVALID, "not_kana"),
        ("TANAKA TARO", "TANAKA TARO", Status.INVALID, "not_kana"),
    ],
)
def test_readings(text: str, value: str, status: Status, reason: str | None) -> None:
    assert standardize_kana(text, CONTEXT)[:3] == (value, status, reason)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("髙橋", "高橋"), ("佐佐木", "佐々木"), ("O'Connor", "OConnor"), ("José", "JOSE")),
        *(("van der Berg", "Van Der Berg"), ("さくら", "サクラ"), ("山田 太郎", "山田太郎")),
        *(("鶴ヶ谷", "鶴ケ谷"), ("Müller", "muller"), ("\ufa19谷", "神谷")),
    ],
)
def test_writings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("斉藤", "齋藤"), ("Sato", "Satoh"), ("サトウ", "Sato"), ("一朗", "一郎")]
)
def test_confused_names_agree_in_the_weak_key_alone(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
    assert name_weak_key(one) == name_weak_key(other)


@pytest.mark.parametrize("role", NAME_ROLES)
@settings(deadline=None, max_examples=80)
@given(text=TEXTS)
def test_a_standard_value_is_standard(role: str, text: str) -> None:
    standardizer = roles()[role].standardizer
    assert standardizer is not None
    if is_blank(text):
        return
    once = standardizer.cell(text, CONTEXT)
    assert once.value is not None
    again = standardizer.cell(once.value, CONTEXT)
    assert again.value == once.value
    if once.status in {Status.VALID, Status.INVALID}:
        assert again == once
    if standardizer.key is not None and standardizer.weak_key is not None:
        assert isinstance(standardizer.key(once.value) + standardizer.weak_key(once.value), str)


@pytest.mark.parametrize("standardizer", [PERSON_NAME, NAME_PART, KANA, KANA_PART])
@settings(deadline=None, max_examples=40)
@given(texts=st.lists(TEXTS.filter(lambda text: not is_blank(text)), min_size=1, max_size=8))
def test_the_shortcut_says_what_the_cell_says(standardizer: Standardizer, texts: list[str]) -> None:
    check_shortcut(standardizer, texts)


@pytest.mark.parametrize("standardizer", [PERSON_NAME, NAME_PART, KANA, KANA_PART])
def test_the_shortcut_settles_common_names_as_the_cell_does(standardizer: Standardizer) -> None:
    japanese = (
        "山田",
        "林",
        "高橋",
        "タナカ",
        "たろう",
        "先生",
        "御中",
        "太郎",
        "テスト",
        "サマ",
        "銀行",
        "君",
        "一",
    )
    english = (
        "John",
        "SMITH",
        "smith",
        "Dr",
        "Jr",
        "III",
        "Mcdonald",
        "MCDONALD",
        "GEORGE",
        "Test",
        "User",
        "george",
        "DEL",
        "Ltd",
        "Van",
        "Ohno",
    )
    words = japanese + english
    pairs = [f"{one}{space}{two}" for one in words for two in words for space in (" ", "　", "")]
    settled = check_shortcut(standardizer, [*words, *pairs])
    assert settled >= 3


def check_shortcut(standardizer: Standardizer, texts: list[str]) -> int:
    """Compare every settled cell with the cell function; give how many were settled."""
    assert standardizer.shortcut is not None
    settled = standardizer.shortcut(pa.array(texts, pa.string()), CONTEXT)
    for at, text in enumerate(texts):
        if settled.mask[at]:
            cell = standardizer.cell(text, CONTEXT)
            parts = tuple(part[at].as_py() for part in settled.parts)
            shown = (settled.value[at].as_py(), settled.status[at], None)
            assert shown == cell[:3], text
            assert [p for p in parts if p] == [p for p in cell.parts if p], text
    return int(settled.mask.sum())


@pytest.mark.parametrize("role", NAME_ROLES)
def test_examples_of_the_reference(role: str) -> None:
    standardizer = roles()[role].standardizer
    assert standardizer is not None
    assert roles()[role].examples
    for text, value in roles()[role].examples:
        assert standardizer.cell(text, CONTEXT).value == value


def test_affixes_are_written_one_way() -> None:
    assert [AFFIX.cell(text, CONTEXT).value for text in ("JR", "phd", "MRS", "様")] == [
        *("Jr.", "PhD", "Mrs.", "様")
    ]


@pytest.mark.parametrize(
    ("written", "expected", "reason"),
    [
        ("Dr. Jane", "Jane", "honorific_removed"),
        ("DR JANE", "Jane", "honorific_removed"),
        ("Prof. Dr. Anna", "Anna", "honorific_removed"),
        ("Mr. & Mrs. John", "Mr. & Mrs. John", None),
        ("Dr.", "Dr.", None),
        ("Drew", "Drew", None),
        ("Lord", "Lord", None),
        ("Miss Ellie", "Miss Ellie", None),
        ("Md Rahim", "Md Rahim", None),
    ],
)
def test_a_courtesy_word_before_one_name(written: str, expected: str, reason: str | None) -> None:
    cell = NAME_PART.cell(written, Context())
    assert (cell.value, cell.reason) == (expected, reason)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("田中太郎ご夫妻", "田中太郎"),
        ("田中太郎　御夫妻", "田中太郎"),
        ("田中太郎様ご夫妻", "田中太郎"),
        ("山田 太郎 ご家族様", "山田 太郎"),
        ("山田家御一同様", "山田"),
        ("山田太郎様方", "山田太郎"),
        ("緒方様", "緒方"),
    ],
)
def test_a_courtesy_for_those_beside_a_name(written: str, expected: str) -> None:
    cell = PERSON_NAME.cell(written, Context())
    assert (cell.value, cell.reason) == (expected, "honorific_removed")


@pytest.mark.parametrize(
    "written", ["佐藤様方 鈴木一郎様", "佐藤様方鈴木一郎", "鈴木一郎 佐藤様方"]
)
def test_who_lives_there_and_who_is_written_to_are_two(written: str) -> None:
    cell = PERSON_NAME.cell(written, Context())
    assert (cell.status, cell.reason) == (Status.AMBIGUOUS, "several_persons")
