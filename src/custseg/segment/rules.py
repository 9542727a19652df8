"""Segments by rule: ``r >= 4 and prefecture = '東京都' and last_channel is not null``.

A rule is read by a grammar of its own, checked against the columns at hand, and turned into SQL
whose literals are parameters: there is nothing in it that could read a file or call a function
beyond ``lower``, ``upper``, ``length``, ``abs``, and the days of the calendar: ``days_since``,
``year``, ``month``, ``day``, and ``as_of``, the day of the run.

    rule       = term {"or" term}
    term       = factor {"and" factor}
    factor     = "not" factor | "(" rule ")" | comparison
    comparison = value (("=" | "!=" | "<>" | "<" | "<=" | ">" | ">=") value
               | ["not"] "in" "(" literal {"," literal} ")"
               | ["not"] "between" value "and" value
               | ["not"] "like" text
               | "is" ["not"] "null")
    value      = column | number | text | "true" | "false" | "as_of" | function "(" value ")"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine, quoted
from custseg.errors import UsageError
from custseg.segment.columns import is_number
from custseg.segment.rule_tokens import Token, day_of, narrow, near, read_tokens

_KEYWORDS: Final = frozenset(
    {"and", "or", "not", "in", "between", "like", "is", "null", "true", "false"}
)
_FUNCTIONS: Final = {"lower": "text", "upper": "text", "length": "text", "abs": "number"}
_OF_DAYS: Final = {
    "days_since": "date_diff('day', {day}, CAST({today} AS DATE))",
    "year": "year({day})",
    "month": "month({day})",
    "day": "day({day})",
}
"""Functions of a day, or of a text that is one, that give a number."""
_GATHERED: Final = {"OR": ("=", "IN"), "AND": ("<>", "NOT IN")}
"""Comparisons of one column with many values that are one, which is looked up at once."""

_COMPARISONS: Final = frozenset({"=", "==", "!=", "<>", "<", "<=", ">", ">="})
_DEEPEST: Final = 50
_SHARED: Final = 5
"""Customers that share a value, on average, where a column tells kinds of customers apart."""
_MISSING: Final = 20
"""Values that nobody has for which the nearest there is are looked for: of one rule."""
_ANY: Final = "any"
"""The kind of a column of which nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule.

    Attributes
    ----------
    name
        The segment it makes.
    text
        As it was written.
    sql, parameters
        A condition, and the values of its ``$1`` and so on.
    columns
        Columns it looks at.
    values
        Column and text of each comparison for equality.
    """

    name: str
    text: str
    sql: str
    parameters: tuple[object, ...]
    columns: frozenset[str]
    values: tuple[tuple[str, str], ...] = ()


class _Value(NamedTuple):
    """An expression: its SQL, its kind, the text of a literal, the name of a column."""

    sql: str
    kind: str
    literal: str | None = None
    column: str = ""


def read_rule(name: str, text: str, schema: pa.Schema, as_of: date) -> Rule:
    """Read a rule and check it against the columns it may look at.

    `as_of` is the day that ``as_of`` and ``days_since`` mean.

    Raises
    ------
    UsageError
        If it cannot be read, names a column that is not there, or compares unlike things.
    """
    reader = _read(name, text, schema, as_of)
    columns = frozenset(reader.columns)
    return Rule(name, text, reader.sql, tuple(reader.parameters), columns, tuple(reader.values))


def check_rules(rules: Mapping[str, str]) -> frozenset[str]:
    """See that rules can be read, before anything is known of the columns; give those they name.

    Raises
    ------
    UsageError
        If one cannot, or has a name without a letter or digit.
    """
    names: set[str] = set()
    for name, text in rules.items():
        if not any(map(str.isalnum, name)):
            raise UsageError("segment.rule_name", name=name)
        names |= _read(name, text, None, date.min).columns
    return frozenset(names)


def _read(name: str, text: str, schema: pa.Schema | None, as_of: date) -> _Reader:
    tokens = read_tokens(name, text)
    reader = _Reader(name=name, text=text, tokens=tokens, schema=schema, as_of=as_of)
    reader.sql = reader.rule(0)
    if reader.at < len(reader.tokens):
        raise reader.problem("end")
    return reader


def unknown_values(rule: Rule, customers: pa.Table) -> list[tuple[str, str, str]]:
    """Give column, text and the nearest value there is of each text that no customer has.

    Of a column whose values few customers share, no nearest is given: it may say who somebody is.
    Nor is one where more than :data:`_MISSING` are missing.
    """
    wanted: dict[str, list[str]] = {}
    for column, value in dict.fromkeys(rule.values):
        wanted.setdefault(column, []).append(value)
    missing: list[tuple[str, str]] = []
    known: dict[str, list[str]] = {}
    for column, texts in wanted.items():
        values = customers[column].drop_null().unique()
        there = pc.is_in(pa.array(texts, values.type), value_set=values).to_pylist()
        missing += ((column, text) for text, has in zip(texts, there, strict=True) if not has)
        few = len(values) * _SHARED <= len(customers)
        known[column] = [str(each) for each in values.to_pylist()] if few else []
    found = []
    for place, (column, text) in enumerate(missing):
        near = known[column] if place < _MISSING else []
        found.append((column, text, "".join(get_close_matches(text, near, n=1, cutoff=0.0))))
    return found


def matching(engine: Engine, customers: pa.Table, rule: Rule) -> npt.NDArray[np.bool_]:
    """Whether each customer meets a rule; what is unknown does not."""
    numbered = customers.select(sorted(rule.columns)).append_column(
        "_row", pa.array(np.arange(len(customers)))
    )
    # As a column: a filter of thousands of conditions takes DuckDB minutes to prepare.
    query = ["SELECT _row, CASE WHEN", rule.sql, "THEN TRUE ELSE FALSE END AS met FROM customers"]
    found = engine.sql(" ".join(query), rule.parameters, customers=numbered)
    mask = np.zeros(len(customers), dtype=bool)
    mask[found["_row"].to_numpy()] = found["met"].to_numpy()
    return mask


def overlaps(masks: Mapping[str, npt.NDArray[np.bool_]]) -> tuple[tuple[int, ...], ...]:
    """Customers in both of each pair of segments; the diagonal holds their sizes."""
    columns = list(masks.values())
    return tuple(tuple(int(np.count_nonzero(a & b)) for b in columns) for a in columns)


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads tokens from left to right, and collects parameters.

    Attributes
    ----------
    plain
        Parts of each comparison of something with one value: what, the sign, and the value.
    """

    name: str
    text: str
    tokens: list[Token]
    schema: pa.Schema | None
    as_of: date
    at: int = 0
    sql: str = ""
    parameters: list[object] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    values: list[tuple[str, str]] = field(default_factory=list)
    plain: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)

    def rule(self, depth: int) -> str:
        self.check_depth(depth)
        parts = [self.term(depth)]
        while self.take("or"):
            parts.append(self.term(depth))
        return self.joined(parts, "OR")

    def term(self, depth: int) -> str:
        parts = [self.factor(depth)]
        while self.take("and"):
            parts.append(self.factor(depth))
        return self.joined(parts, "AND")

    def joined(self, parts: list[str], word: str) -> str:
        """Join conditions; comparisons of the same with many values are gathered to one."""
        sign, among = _GATHERED[word]
        alone: list[str] = []
        gathered: dict[str, list[str]] = {}
        for part in parts:
            compared, found, value = self.plain.get(part, ("", "", ""))
            if found == sign:
                gathered.setdefault(compared, []).append(value)
            else:
                alone.append(part)
        alone += (
            f"({compared} {among} ({', '.join(values)}))" for compared, values in gathered.items()
        )
        return alone[0] if len(alone) == 1 else f"({f' {word} '.join(alone)})"

    def factor(self, depth: int) -> str:
        if self.take("not"):
            self.check_depth(depth)
            return f"(NOT {self.factor(depth + 1)})"
        if self.take("("):
            inner = self.rule(depth + 1)
            self.expect(")")
            return inner
        return self.comparison()

    def check_depth(self, depth: int) -> None:
        if depth > _DEEPEST:
            place = self.tokens[self.at - 1].place
            raise UsageError("segment.rule_deep", name=self.name, most=_DEEPEST, place=place)

    def comparison(self) -> str:
        left = self.value()
        if self.take("is"):
            negated = " NOT" if self.take("not") else ""
            self.expect("null")
            return f"({left.sql} IS{negated} NULL)"
        negated = "NOT " if self.take("not") else ""
        if self.take("in"):
            return f"({left.sql} {negated}IN ({', '.join(self.several(left))}))"
        if self.take("between"):
            low = self.like(left)
            self.expect("and")
            return f"({left.sql} {negated}BETWEEN {low.sql} AND {self.like(left).sql})"
        if self.take("like"):
            if left.kind not in ("text", _ANY):
                raise self.unlike("like")
            return f"({left.sql} {negated}LIKE {self.like(left).sql})"
        token = self.peek()
        if negated or token is None or token.text not in _COMPARISONS or token.kind != "sign":
            raise self.problem("comparison")
        self.at += 1
        if token.text == "=" and (self.take(">") or self.take("<")):
            self.at -= 2
            raise self.problem("order")
        sign = {"==": "=", "!=": "<>"}.get(token.text, token.text)
        right = self.equal(left) if sign in ("=", "<>") else self.like(left)
        condition = f"({left.sql} {sign} {right.sql})"
        if right.literal is not None:
            self.plain[condition] = (left.sql, sign, right.sql)
        return condition

    def several(self, left: _Value) -> list[str]:
        self.expect("(")
        values = [self.equal(left).sql]
        while self.take(","):
            values.append(self.equal(left).sql)
        self.expect(")")
        return values

    def equal(self, left: _Value) -> _Value:
        """Give the next value, and remember the text that a column is to be equal to."""
        right = self.like(left)
        for column, value in ((left, right), (right, left)):
            if column.kind == "text" and column.column and value.literal is not None:
                self.values.append((column.column, value.literal))
        return right

    def like(self, left: _Value) -> _Value:
        """Give the next value, which must be of the kind of the one it is compared with."""
        right = self.value()
        if left.kind == "date" and right.literal is not None and right.kind == "text":
            day = day_of(right.literal)
            if day is None:
                place = self.tokens[self.at - 1].place
                raise UsageError("segment.rule_date", name=self.name, place=place)
            self.parameters[-1] = day
            return _Value(f"CAST(${len(self.parameters)} AS DATE)", "date", right.literal)
        if left.kind != right.kind and _ANY not in (left.kind, right.kind):
            raise self.unlike(left.kind)
        return right

    def value(self) -> _Value:
        token = self.peek()
        if token is None:
            raise self.problem("value")
        self.at += 1
        if token.kind == "number":
            return _Value(self.parameter(float(token.text)), "number", token.text)
        if token.kind == "text":
            return _Value(f"CAST({self.parameter(token.text)} AS VARCHAR)", "text", token.text)
        word = narrow(token.text).lower()
        if token.kind == "word" and word in ("true", "false"):
            return _Value(word.upper(), "flag")
        if token.kind == "word" and word in _OF_DAYS and self.take("("):
            return self.of_day(word)
        if token.kind == "word" and word == "as_of" and self.known("as_of") is None:
            return _Value(f"CAST({self.parameter(self.as_of)} AS DATE)", "date")
        if token.kind == "word" and word in _FUNCTIONS and self.take("("):
            inner = self.value()
            self.expect(")")
            if inner.kind not in (_FUNCTIONS[word], _ANY):
                raise self.unlike(_FUNCTIONS[word])
            kind = "number" if word == "length" else inner.kind
            return _Value(f"{word.upper()}({inner.sql})", kind)
        if token.kind == "quoted" or (token.kind == "word" and word not in _KEYWORDS):
            following = self.peek()
            if following is not None and (following.kind, following.text) == ("sign", "("):
                raise self.unknown_function(token)
            return self.column(token)
        self.at -= 1
        raise self.problem("value")

    def of_day(self, function: str) -> _Value:
        """Read the day a function is about; a text that is no day is unknown."""
        inner = self.value()
        self.expect(")")
        if inner.kind not in ("date", "text", _ANY):
            raise self.unlike("date")
        day = f"TRY_CAST({inner.sql} AS DATE)"
        today = self.parameter(self.as_of) if function == "days_since" else ""
        return _Value(_OF_DAYS[function].format(day=day, today=today), "number")

    def parameter(self, value: object) -> str:
        """Give the place of a value, which stands nowhere in the query itself."""
        self.parameters.append(value)
        return f"${len(self.parameters)}"

    def column(self, token: Token) -> _Value:
        if self.schema is None:
            self.columns.add(token.text)
            return _Value("", _ANY)
        found = self.known(token.text)
        if found is None:
            nearest = get_close_matches(narrow(token.text), self.schema.names, n=3, cutoff=0.0)
            raise UsageError(
                "segment.rule_column",
                name=self.name,
                column=token.text,
                place=token.place,
                nearest=", ".join(nearest),
            )
        self.columns.add(found)
        kind = _kind(self.schema.field(found).type)
        column = quoted(found)
        if kind == "number":
            column = f"CAST({column} AS DOUBLE)"
        return _Value(column, kind, column=found)

    def known(self, name: str) -> str | None:
        """Give the column of a name, however wide its letters are, capital or not."""
        if name not in self.names:
            self.names[name] = self.found(name)
        return self.names[name]

    def found(self, name: str) -> str | None:
        names = self.schema.names if self.schema is not None else []
        if name in names:
            return name
        for alike in (narrow, lambda word: narrow(word).casefold()):
            same = [each for each in names if alike(each) == alike(name)]
            if same:
                return same[0] if len(same) == 1 else None
        return None

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, text: str) -> bool:
        token = self.peek()
        if token is None or token.kind not in ("word", "sign"):
            return False
        if narrow(token.text).lower() != text:
            return False
        self.at += 1
        return True

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.problem("expected")

    def problem(self, what: str) -> UsageError:
        token = self.peek()
        place = token.place if token else len(self.text) + 1
        before = self.tokens[self.at - 1] if self.at else None
        if token and before and before.kind == "number" and token.text == ",":
            return UsageError("segment.rule_number", name=self.name, place=before.place)
        there = f" [{near(self.text, place)}]" if token else ""
        return UsageError(f"segment.rule_{what}", name=self.name, place=place, there=there)

    def unknown_function(self, token: Token) -> UsageError:
        """Say which functions there are."""
        return UsageError(
            "segment.rule_function",
            name=self.name,
            function=token.text,
            place=token.place,
            known=", ".join([*_FUNCTIONS, *_OF_DAYS]),
        )

    def unlike(self, kind: str) -> UsageError:
        """Say that the last value is not of the kind it must be."""
        place = self.tokens[self.at - 1].place
        return UsageError(f"segment.rule_kinds_{kind}", name=self.name, place=place)


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "flag"
    if pa.types.is_temporal(kind):
        return "date"
    return "number" if is_number(kind) else "text"
