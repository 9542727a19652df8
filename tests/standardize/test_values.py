"""Amounts, shares, numerals, genders, consent, countries, companies: tables of cases."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.standardize.amount import standardize_amount, survey
from custseg.cleanse.standardize.base import Cell, Context, Status
from custseg.cleanse.standardize.company import company_key, core_key, standardize_company
from custseg.cleanse.standardize.consent import standardize_consent
from custseg.cleanse.standardize.corporate_number import is_valid, standardize_corporate_number
from custseg.cleanse.standardize.country import country_code, standardize_country
from custseg.cleanse.standardize.gender import standardize_gender
from custseg.cleanse.standardize.numerals import japanese_number
from custseg.cleanse.standardize.percent import standardize_percent
from custseg.resources.countries import countries

CONTEXT = Context()

AMOUNTS = (
    ("1234.0", "1234.0", None),
    ("-1,234", "-1234", None),
    ("1,234-", "-1234", None),
    ("¥-1,234", "-1234", None),
    ("▲ 1,234 円", "-1234", None),
    ("\\1,234", "1234", None),
    ("\\-1,234", "-1234", None),
    ("-\\1,234-", "-1234", None),
    ("(¥1,234)", "-1234", None),
    ("12,34,567", "1234567", None),
    ("1 234 567,89", "1234567.89", None),
    ("1'234.50", "1234.50", None),
    ("EUR 1.234,56", "1234.56", None),
    ("1.234", "1.234", None),
    ("1,23", "1.23", None),
    ("1.234 €", None, "decimal_mark"),
    ("1,2345", None, "not_a_number"),
    ("01234", "1234", None),
    (".5", "0.5", None),
    ("-0", "0", None),
    ("+5", "5", None),
    ("二万五千円", "25000", None),
    ("1,234千円", "1234000", None),
    ("12百万円", "12000000", None),
    ("1,234円(税込)", "1234", None),
    ("5個", "5", None),
    ("$1.5M", "1500000", None),
    ("無料", "0", None),
    ("1e-05", "0.00001", "scientific_notation"),
    ("1.5E+1", "15", "scientific_notation"),
    ("1.23457E+11", None, "excel_precision_lost"),
    ("円", None, "not_a_number"),
    ("1,000円～", None, "not_a_number"),
    ("12-34", None, "not_a_number"),
    ("1" * 70, "1" * 70, None),
)

PERCENTS = (
    ("50%", "0.5", Status.STANDARDIZED, None),
    ("12,5 %", "0.125", Status.STANDARDIZED, None),
    ("５％オフ", "0.05", Status.STANDARDIZED, None),
    ("3割5分2厘", "0.352", Status.STANDARDIZED, None),
    ("2割引", "0.2", Status.STANDARDIZED, None),
    ("5‰", "0.005", Status.STANDARDIZED, None),
    ("150%", "1.5", Status.STANDARDIZED, None),
    ("0.125", "0.125", Status.VALID, None),
    ("12.5", "12.5", Status.SUGGESTED, "0.125"),
    ("¥5", None, Status.INVALID, None),
)

NUMERALS = (
    ("二千二十四", "2024"),
    ("二〇二四", "2024"),
    ("壱萬", "10000"),
    ("1億2000万", "120000000"),
    ("3.5万", "35000"),
    ("一千万", "10000000"),
    ("1百50", "150"),
    ("廿五", "25"),
    ("三五十", None),
    ("1万1億", None),
    ("万", None),
    ("", None),
)

COMPANIES = (
    ("山田商店㈱ 東京支店", "山田商店株式会社", ("山田商店", "株式会社", "after", "東京支店")),
    ("山田商店株式会社東京支店", "山田商店株式会社", ("山田商店", "株式会社", "after", "東京支店")),
    ("NPO法人みらい", "特定非営利活動法人みらい", ("みらい", "特定非営利活動法人", "before", None)),
    ("ﾔﾏﾀﾞ(ｶ)", "ヤマダ株式会社", ("ヤマダ", "株式会社", "after", None)),
    ("㈱ 山田 商店", "株式会社山田 商店", ("山田 商店", "株式会社", "before", None)),
    ("株式会社山田 御中", "株式会社山田", ("山田", "株式会社", "before", None)),
    ("中央 書店", "中央 書店", ("中央 書店", None, None, None)),
    ("株式会社", "株式会社", ("株式会社", None, None, None)),
    (
        "Yamada Co., Ltd. Tokyo Branch",
        "Yamada Co., Ltd.",
        ("Yamada", "Co., Ltd.", "after", "Tokyo Branch"),
    ),
    ("Bed Bath & Beyond", "Bed Bath & Beyond", ("Bed Bath & Beyond", None, None, None)),
    (
        "Grupo Bimbo, S.A.B. de C.V.",
        "Grupo Bimbo, S.A.B. de C.V.",
        ("Grupo Bimbo", "S.A.B. de C.V.", "after", None),
    ),
    ("Company Inc", "Company Inc", ("Company", "Inc", "after", None)),
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        # A dash that closes the amount is no minus.
        ("￥１，０００－", "1000"),
        ("¥1,000.-", "1000"),
        ("1,000円-", "1000"),
        ("100,- €", "100"),
        ("Fr. 100.--", "100"),
        ("-100,-", "-100"),
        ("¥-1,000-", "-1000"),
        # One without a currency, as accounts write it, is.
        ("1,000-", "-1000"),
        ("$100-", "-100"),
    ],
)
def test_dashes_behind_amounts(raw: str, value: str) -> None:
    assert standardize_amount(raw, CONTEXT).value == value


@pytest.mark.parametrize(("raw", "value", "reason"), AMOUNTS)
def test_amounts(raw: str, value: str | None, reason: str | None) -> None:
    cell = standardize_amount(raw, CONTEXT)
    assert (cell.value, cell.reason) == (value, reason)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234", "1.234,56"], ","),
        (["12,5", "7,25"], ","),
        (["1,234", "1.5"], "."),
        (["1,234", "1.234"], "."),
        (["1.234,56", "1,234.56"], "."),
    ],
)
def test_the_column_proves_its_decimal_mark(cells: list[str], mark: str) -> None:
    assert survey(cells, CONTEXT).decimal_mark == mark


def test_a_proven_mark_reads_what_is_doubtful_alone() -> None:
    context = Context(decimal_mark=",")
    assert standardize_amount("1.234", context).value == "1234"
    assert standardize_amount("12,345", context).value == "12.345"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_no_digit_of_an_amount_is_lost(amount: Decimal) -> None:
    for raw in (f"{amount:f}", f"¥{amount:,f}", f"{amount:,f}円"):
        if len(raw) <= 80:
            value = standardize_amount(raw, CONTEXT).value
            assert value is not None
            assert Decimal(value) == amount


@pytest.mark.parametrize(("raw", "value", "status", "suggestion"), PERCENTS)
def test_percents(raw: str, value: str | None, status: Status, suggestion: str | None) -> None:
    cell = standardize_percent(raw, CONTEXT)
    assert (cell.value, cell.status, cell.suggestion) == (value, status, suggestion)


@pytest.mark.parametrize(("text", "number"), NUMERALS)
def test_numerals(text: str, number: str | None) -> None:
    assert japanese_number(text) == (None if number is None else Decimal(number))


def in_numerals(number: int) -> str:
    """Write a number below 10^16 as a register would."""
    digits = "〇一二三四五六七八九"
    if number == 0:
        return "〇"
    written = ""
    for power, unit in ((12, "兆"), (8, "億"), (4, "万"), (0, "")):
        section = number // 10**power % 10**4
        text = "".join(
            ("" if digit == 1 and small else digits[digit]) + small
            for place, small in ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
            if (digit := section // place % 10)
        )
        written += text + unit if section else ""
    return written


@given(st.integers(0, 10**16 - 1))
def test_every_numeral_is_read(number: int) -> None:
    assert japanese_number(in_numerals(number)) == number


@pytest.mark.parametrize(
    ("standardize", "raw", "cell"),
    [
        (standardize_gender, "1:男", Cell("male", Status.STANDARDIZED)),
        (standardize_gender, "（女）", Cell("female", Status.STANDARDIZED)),
        (standardize_gender, "回答しない", Cell(None, Status.MISSING, "not_told")),
        (standardize_gender, "太郎", Cell(None, Status.INVALID, "unknown_word")),
        (standardize_consent, "なし", Cell("false", Status.STANDARDIZED)),
        (standardize_consent, "不明", Cell(None, Status.MISSING)),
        (standardize_consent, "停止希望", Cell("false", Status.STANDARDIZED)),
        (standardize_consent, "配信を希望します", Cell("true", Status.STANDARDIZED)),
        (standardize_consent, "案内を希望しません", Cell("false", Status.STANDARDIZED)),
        (standardize_consent, "Opt-Out", Cell("false", Status.STANDARDIZED)),
        (standardize_consent, "x", Cell(None, Status.AMBIGUOUS, "tick_or_cross")),
        (standardize_consent, "たぶん", Cell(None, Status.INVALID, "unknown_word")),
        (standardize_country, "the Netherlands", Cell("NL", Status.STANDARDIZED)),
        (standardize_country, "NA", Cell("NA")),
        (standardize_country, "火星", Cell(None, Status.INVALID, "unknown_country")),
        (
            standardize_corporate_number,
            "7000012050002.0",
            Cell("7000012050002", Status.CORRECTED, "decimal_removed"),
        ),
        (
            standardize_corporate_number,
            "7.00001E+12",
            Cell(None, Status.INVALID, "excel_precision_lost"),
        ),
        (standardize_corporate_number, "700001205000", Cell(None, Status.INVALID, "wrong_length")),
    ],
)
def test_words_and_codes(standardize: Callable[[str, Context], Cell], raw: str, cell: Cell) -> None:
    assert standardize(raw, CONTEXT) == cell


def test_every_country_is_known_by_its_code_and_names() -> None:
    for country in countries():
        assert {country_code(country.code), country_code(country.en)} == {country.code}
        assert country_code(country.ja) == (country.code if country.ja else "")


@given(st.integers(0, 10**12 - 1))
def test_one_check_digit_is_right(number: int) -> None:
    right = [digit for digit in "0123456789" if is_valid(f"{digit}{number:012d}")]
    assert len(right) == 1
    assert right != ["0"]


@pytest.mark.parametrize(("raw", "value", "parts"), COMPANIES)
def test_companies(raw: str, value: str, parts: tuple[str | None, ...]) -> None:
    cell = standardize_company(raw, CONTEXT)
    assert (cell.value, cell.parts) == (value, parts)


def test_the_place_of_the_form_parts_two_companies_that_share_a_name() -> None:
    before, after = "株式会社山田商店", "山田商店株式会社"
    assert company_key(before) != company_key(after)
    assert core_key(before) == core_key(after) == core_key("㈱山田商店")
    assert company_key("Yamada Co., Ltd.") == company_key("YAMADA CO.,LTD.")
