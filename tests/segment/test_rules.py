from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.errors import UsageError
from custseg.messages import error_text
from custseg.segment.rules import check_rules, matching, overlaps, read_rule, unknown_values

TODAY = date(2024, 3, 31)

CUSTOMERS = pa.table(
    {
        "customer_id": ["a", "b", "c", "d"],
        "r": [5, 4, 1, 3],
        "monetary": [Decimal("10.50"), Decimal(20), Decimal(30), None],
        "prefecture": ["東京都", "大阪府", None, "O'Hare"],
        "last_order": [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1), None],
        "known": [True, False, True, True],
        "最終購入": ["tea", "Tea", "cake", None],
    }
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("r >= 4 and prefecture = '東京都'", "a"),
        ("r >= 4 or prefecture is null", "abc"),
        ("r = 5 or r = 1 and monetary > 100", "a"),
        ("(r = 5 or r = 1) and monetary > 10", "ac"),
        ("not r = 5", "bcd"),
        ("not (r = 5 or r = 4)", "cd"),
        ("r in (1, 3)", "cd"),
        ("r not in (1, 3)", "ab"),
        ("r between 3 and 4", "bd"),
        ("r not between 3 and 4", "ac"),
        ("prefecture like '大阪%'", "b"),
        ("prefecture = 'O''Hare'", "d"),
        ("monetary <= 10.5", "a"),
        ("monetary is not null and monetary != 20", "ac"),
        ("last_order >= '2024-02-01'", "bc"),
        ("last_order between '2024-01-01' and '2024-01-31'", "a"),
        ("known = false", "b"),
        ("最終購入 = 'tea'", "a"),
        ("lower(最終購入) = 'tea'", "ab"),
        ("length(prefecture) = 3 AND r = 5", "a"),
        ('"r" == 1', "c"),
        ("abs(r) <> 5 and r < 4", "cd"),
        ("r > -1", "abcd"),
        ("monetary > r", "abc"),
        ("r >= 4 and r <= 4.0", "b"),
        ("ｒ＞＝４　ａｎｄ　prefecture ＝ ’東京都’", "a"),
        ("（r ≧ 4） ＯＲ r ≦ 1", "abc"),
        ("r ≠ 5 and ｒ in （3，1、-５）", "cd"),
        ("最終購入 = ‘tea’ and “r” ＝＝ 5", "a"),
        ("「最終購入」 = 'tea'", "a"),
        ("prefecture = 'O’Hare'", ""),
        ("ｍｏｎｅｔａｒｙ > １５．５", "bc"),
        ("R >= 4 and Prefecture = '東京都'", "a"),
        ("Ｒ = 5", "a"),
        ("last_order >= '2024/2/1'", "bc"),
        ("last_order = '２０２４年２月１日' or last_order = '2024.1.1'", "ab"),
        ("days_since(last_order) <= 59", "bc"),
        ("last_order < as_of and month(last_order) = 1", "a"),
        ("prefecture != '東京都'", "bd"),
        ("not prefecture = '東京都'", "bd"),
        ("not (prefecture = '東京都' and monetary > 0)", "bd"),
        ("prefecture in ('東京都') or prefecture not in ('東京都')", "abd"),
        ("monetary = monetary", "abc"),
        ("monetary > 1 or monetary is null", "abcd"),
    ],
)
def test_rules_choose_customers(engine: Engine, text: str, ids: str) -> None:
    mask = matching(engine, CUSTOMERS, read_rule("x", text, CUSTOMERS.schema, TODAY))
    assert "".join(np.array(CUSTOMERS["customer_id"].to_pylist())[mask]) == ids


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "segment.rule_value"),
        ("r", "segment.rule_comparison"),
        ("r >", "segment.rule_value"),
        ("r > 1 and", "segment.rule_value"),
        ("r > 1 r < 2", "segment.rule_end"),
        ("(r > 1", "segment.rule_expected"),
        ("r > 'x'", "segment.rule_kinds_number"),
        ("prefecture > 1", "segment.rule_kinds_text"),
        ("last_order > 20240101", "segment.rule_kinds_date"),
        ("known = 1", "segment.rule_kinds_flag"),
        ("r => 4", "segment.rule_order"),
        ("ｒ＝＜４", "segment.rule_order"),
        ("prefecture = '東京都 and r = 1", "segment.rule_quote"),
        ("prefecture = 「東京都", "segment.rule_quote"),
        ('prefecture = "東京都"', "segment.rule_column"),
        ("prefecture = 東京都", "segment.rule_column"),
        ("r = 1 && r = 2", "segment.rule_unreadable"),
        ("r in ('a')", "segment.rule_kinds_number"),
        ("r = 1 union select r from customers", "segment.rule_end"),
        ("r = 1 or exists(1)", "segment.rule_function"),
        ("r = $1", "segment.rule_unreadable"),
        ("r = ?", "segment.rule_unreadable"),
        ("r = 1; attach 'x'", "segment.rule_unreadable"),
        ("r like 'x'", "segment.rule_kinds_like"),
        ("last_order > 'yesterday'", "segment.rule_date"),
        ("prefektur = 'x'", "segment.rule_column"),
        ("last_order > '2024/2/30'", "segment.rule_date"),
        ("monetary > 10,000", "segment.rule_number"),
        ("monetary > 1万", "segment.rule_number"),
        ("monetary > 1e5", "segment.rule_number"),
        ("r in (1,000, 2000円)", "segment.rule_number"),
        ("r = 1 /* x */", "segment.rule_unreadable"),
        ("r = 1 # x", "segment.rule_unreadable"),
        ("r = 1 || r = 2", "segment.rule_unreadable"),
        ("r = r + 1", "segment.rule_unreadable"),
        ("r::text = 'x'", "segment.rule_unreadable"),
        ("r[1] = 1", "segment.rule_unreadable"),
        ("customers.r = 1", "segment.rule_unreadable"),
        ("case when r = 1 then 1 end = 1", "segment.rule_column"),
        ("r = all (select 1)", "segment.rule_function"),
        ("r = current_setting('x')", "segment.rule_function"),
        ("\"read_text\"('/etc/passwd') = 1", "segment.rule_function"),
        ("prefecture = glob('/*')", "segment.rule_function"),
        ("lower(lower) = 'x'", "segment.rule_column"),
        ("_row = 1", "segment.rule_column"),
        ("r = 1 and " * 9 + "r = nan", "segment.rule_column"),
        ("r ; drop", "segment.rule_unreadable"),
        ("r = 1 -- x", "segment.rule_unreadable"),
        ("read_csv('/etc/passwd') = 'x'", "segment.rule_function"),
        ("getenv('HOME') = 'x'", "segment.rule_function"),
        ("r = (select 1)", "segment.rule_value"),
        ("r in ()", "segment.rule_value"),
        ("r is 1", "segment.rule_expected"),
        ("r not = 1", "segment.rule_comparison"),
        ("lower(r) = 'x'", "segment.rule_kinds_text"),
        ("(" * 60 + "r = 1" + ")" * 60, "segment.rule_deep"),
        ("not " * 60 + "r = 1", "segment.rule_deep"),
    ],
)
def test_rules_that_cannot_be_used_are_refused(text: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_rule("x", text, CUSTOMERS.schema, TODAY)
    assert caught.value.key == key
    for language in ("en", "ja"):
        what, fix = error_text(caught.value, language)
        assert "x" in what
        assert fix
        assert "O'Hare" not in what + fix
        if "place" in caught.value.params:
            assert str(caught.value.params["place"]) in what
    assert "place" in caught.value.params


@pytest.mark.parametrize(
    "text",
    [
        "r >",
        "(r > 1",
        "prefecture = '東京都",
        "r => 4",
        "r ; drop",
        "r in ()",
        "5 = 'x'",
        "rank(r) = 1",
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_before_the_columns_are_known(text: str) -> None:
    with pytest.raises(UsageError) as before:
        check_rules({"fine": "r = 1", "x": text})
    with pytest.raises(UsageError) as after:
        read_rule("x", text, CUSTOMERS.schema, TODAY)
    assert before.value.key == after.value.key
    assert before.value.params == after.value.params


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("r = 1 and prefektur = 'x'", 11),
        ("r = 1 and rank(r) = 1", 11),
        ("r = 1 and last_order > '2024-13-01'", 24),
        ("r = 1 and monetary > 10,000", 22),
        ("ｒ ＝ １ and monetary > １万", 22),
        ("r = 1 and", 10),
        ("r = 1 and 'x", 11),
        ("r >= '4'", 6),
    ],
)
def test_errors_name_the_place(text: str, place: int) -> None:
    with pytest.raises(UsageError) as caught:
        read_rule("x", text, CUSTOMERS.schema, TODAY)
    assert caught.value.params["place"] == place


def test_a_rule_needs_a_name() -> None:
    for name in ("", " ", "／", "."):
        with pytest.raises(UsageError) as caught:
            check_rules({name: "r = 1"})
        assert caught.value.key == "segment.rule_name"


def test_what_a_rule_holds_in_quotes_is_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        read_rule("x", "r = 1 'someone@example.com' or r = 2", CUSTOMERS.schema, TODAY)
    what, fix = error_text(caught.value, "en")
    assert "'…' or r = 2" in what
    assert "someone" not in what + fix


def test_values_that_nobody_has_are_told() -> None:
    customers = pa.table(
        {
            "segment": ["champions", "loyal"] * 10,
            "email": [f"p{n}@example.com" for n in range(20)],
            "r": [1] * 20,
        }
    )

    def unknown(text: str) -> list[tuple[str, str, str]]:
        return unknown_values(read_rule("x", text, customers.schema, TODAY), customers)

    assert unknown("segment = 'champion' or segment in ('loyal', 'new')") == [
        ("segment", "champion", "champions"),
        ("segment", "new", "champions"),
    ]
    assert unknown("segment != 'loyal' and r = 1 and segment like 'x%'") == []
    assert unknown("'loya' = segment") == [("segment", "loya", "loyal")]
    assert unknown("email = 'p1@example.org'") == [("email", "p1@example.org", "")]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="r=<>()'\",- 15andortinlkemy_%;*/.＝≧’“「」ｒ５（", max_size=30))
def test_any_text_is_a_rule_or_refused(engine: Engine, text: str) -> None:
    try:
        rule = read_rule("x", text, CUSTOMERS.schema, TODAY)
    except UsageError:
        return
    matching(engine, CUSTOMERS, rule)


CELLS: dict[str, list[str | int | None]] = {
    "kind": ["a", "b", "c", None] * 3,
    "size": [1, 2, 3, None, 1, None, 3, 2, None, None, 1, 2],
}
MANY = pa.table(CELLS)

comparisons = st.one_of(
    st.tuples(st.just("kind"), st.sampled_from(["=", "!="]), st.sampled_from("abcx")),
    st.tuples(st.just("size"), st.sampled_from(["=", "!=", "<"]), st.integers(0, 4)),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["or", "and"]), st.lists(inner, min_size=2, max_size=6)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=20,
)
Condition = tuple[Any, ...]


def written(condition: Condition) -> str:
    match condition:
        case ("not", inner):
            return f"not ({written(inner)})"
        case ("or" | "and" as word, inner):
            return f" {word} ".join(f"({written(each)})" for each in inner)
        case (column, sign, value):
            return f"{column} {sign} {value!r}"
    raise AssertionError


def holds(condition: Condition, row: int) -> bool | None:
    """The slow and plain way: yes, no, or unknown."""
    match condition:
        case ("not", inner):
            found = holds(inner, row)
            return None if found is None else not found
        case ("or" | "and" as word, inner):
            each = {holds(part, row) for part in inner}
            settled = word == "or"
            return settled if settled in each else None if None in each else not settled
        case (column, sign, value):
            cell = CELLS[column][row]
            if cell is None:
                return None
            return {"=": cell == value, "!=": cell != value, "<": cell < value}[sign]
    raise AssertionError


@settings(max_examples=150, deadline=None)
@given(conditions)
def test_conditions_mean_the_same_however_they_are_gathered(
    engine: Engine, condition: Condition
) -> None:
    rule = read_rule("x", written(condition), MANY.schema, TODAY)
    wanted = [holds(condition, row) is True for row in range(MANY.num_rows)]
    assert matching(engine, MANY, rule).tolist() == wanted


@pytest.mark.parametrize(
    ("text", "met"),
    [
        (" or ".join(f"kind = '{n}'" for n in [*range(5_000), "a"]), "a"),
        (" or ".join(f"size > 2 and kind = '{n}'" for n in [*range(2_000), "c"]), "c"),
        (" and ".join(f"kind != '{n}'" for n in [*range(5_000), "a"]), "bc"),
        ("kind in ('" + "', '".join(map(str, range(5_000))) + "', 'b')", "b"),
        ("kind not in ('" + "', '".join(map(str, range(5_000))) + "', 'b')", "ac"),
    ],
)
def test_thousands_of_conditions(engine: Engine, text: str, met: str) -> None:
    rule = read_rule("x", text, MANY.schema, TODAY)
    found = MANY["kind"].filter(pa.array(matching(engine, MANY, rule)))
    assert set(found.to_pylist()) == set(met)
    # One look-up, not as many comparisons as there are values.
    assert rule.sql.count(" IN (") + rule.sql.count('kind" =') in (1, 2_001)


def test_of_thousands_of_values_that_nobody_has_the_first_are_told_with_the_nearest() -> None:
    text = " or ".join(f"kind = 'a{n}'" for n in range(100))
    rule = read_rule("x", text, MANY.schema, TODAY)
    customers = pa.concat_tables([MANY] * 2)
    found = unknown_values(rule, customers)
    assert [value for _, value, _ in found] == [f"a{n}" for n in range(100)]
    assert [nearest for _, _, nearest in found] == ["a"] * 20 + [""] * 80


def test_overlaps_count_who_is_in_both() -> None:
    masks = {"x": np.array([True, True, False]), "y": np.array([False, True, True])}
    assert overlaps(masks) == ((2, 1), (1, 2))


def test_days_of_the_calendar_with_the_day_of_the_run() -> None:
    customers = pa.table(
        {
            "birth_date": ["1985-07-03", "1990-06-30", "no day", None],
            "last_order": pa.array([date(2026, 6, 1), date(2026, 1, 1), None, None]),
        }
    )
    as_of = date(2026, 6, 30)
    with Engine(threads=1) as engine:
        for text, expected in {
            "month(birth_date) = 7": [True, False, False, False],
            "year(birth_date) between 1985 and 1990": [True, True, False, False],
            "days_since(last_order) <= 29": [True, False, False, False],
            "days_since(birth_date) > 9000 and day(last_order) = 1": [True, True, False, False],
            "last_order < as_of": [True, True, False, False],
        }.items():
            rule = read_rule("a", text, customers.schema, as_of)
            assert matching(engine, customers, rule).tolist() == expected
