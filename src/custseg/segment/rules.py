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

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.engine import Engine, quoted
from custseg.errors import UsageError
from custseg.segment.columns import is_number

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<number>-?(?:\d+\.\d+|\.\d+|\d+)(?![\w.]))
    | '(?P<text>(?:[^']|'')*)'
    | "(?P<quoted>(?:[^"]|"")+)"
    | (?P<sign><=|>=|<>|!=|==|=|<|>|\(|\)|,)
    | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE,
)
_KEYWORDS: Final = frozenset(
    {"and", "or", "not", "in", "between", "like", "is", "null", "true", "false"}
)
_FUNCTIONS: Final = {"lower": "text", "upper": "text", "length": "text", "abs": "number"}
_OF_DAYS: Final = {
    "days_since": "date_diff('day', {day}, CAST(? AS DATE))",
    "year": "year({day})",
    "month": "month({day})",
    "day": "day({day})",
}
"""Functions of a day, or of a text that is one, that give a number."""
_COMPARISONS: Final = frozenset({"=", "==", "!=", "<>", "<", "<=", ">", ">="})
_DEEPEST: Final = 50


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
        A condition, and the values of its ``?``.
    columns
        Columns it looks at.
    """

    name: str
    text: str
    sql: str
    parameters: tuple[object, ...]
    columns: frozenset[str]


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


class _Value(NamedTuple):
    """An expression: its SQL, its kind, and the text of a literal."""

    sql: str
    kind: str
    literal: str | None = None


def read_rule(name: str, text: str, schema: pa.Schema, as_of: date | None = None) -> Rule:
    """Read a rule and check it against the columns it may look at.

    `as_of` is the day that ``as_of`` and ``days_since`` mean; without, there are none.

    Raises
    ------
    UsageError
        If it cannot be read, names a column that is not there, or compares unlike things.
    """
    reader = _Reader(name=name, text=text, tokens=_tokens(name, text), schema=schema, as_of=as_of)
    sql = reader.rule(0)
    if reader.at < len(reader.tokens):
        raise reader.problem("end")
    return Rule(name, text, sql, tuple(reader.parameters), frozenset(reader.columns))


def matching(engine: Engine, customers: pa.Table, rule: Rule) -> npt.NDArray[np.bool_]:
    """Whether each customer meets a rule; what is unknown does not."""
    numbered = customers.select(sorted(rule.columns)).append_column(
        "_row", pa.array(np.arange(len(customers)))
    )
    query = ["SELECT _row FROM customers WHERE", rule.sql]
    found = engine.sql(" ".join(query), rule.parameters, customers=numbered)
    mask = np.zeros(len(customers), dtype=bool)
    mask[found["_row"].to_numpy()] = True
    return mask


def overlaps(masks: Mapping[str, npt.NDArray[np.bool_]]) -> tuple[tuple[int, ...], ...]:
    """Customers in both of each pair of segments; the diagonal holds their sizes."""
    columns = list(masks.values())
    return tuple(tuple(int(np.count_nonzero(a & b)) for b in columns) for a in columns)


def _tokens(name: str, text: str) -> list[_Token]:
    tokens = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise UsageError("segment.rule_unreadable", name=name, place=place + 1)
        kind = match.lastgroup or ""
        content = match[kind]
        if kind in ("text", "quoted"):
            content = content.replace("''", "'") if kind == "text" else content.replace('""', '"')
        tokens.append(_Token(kind, content, match.start(kind) + 1))
        place = match.end()
    return tokens


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads tokens from left to right, collecting parameters in the order of their ``?``."""

    name: str
    text: str
    tokens: list[_Token]
    schema: pa.Schema
    as_of: date | None = None
    at: int = 0
    parameters: list[object] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)

    def rule(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise UsageError("segment.rule_deep", name=self.name, most=_DEEPEST)
        parts = [self.term(depth)]
        while self.take("or"):
            parts.append(self.term(depth))
        return f"({' OR '.join(parts)})"

    def term(self, depth: int) -> str:
        parts = [self.factor(depth)]
        while self.take("and"):
            parts.append(self.factor(depth))
        return f"({' AND '.join(parts)})"

    def factor(self, depth: int) -> str:
        if self.take("not"):
            if depth > _DEEPEST:
                raise UsageError("segment.rule_deep", name=self.name, most=_DEEPEST)
            return f"(NOT {self.factor(depth + 1)})"
        if self.take("("):
            inner = self.rule(depth + 1)
            self.expect(")")
            return inner
        return self.comparison()

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
            if left.kind != "text":
                raise self.problem("kinds")
            return f"({left.sql} {negated}LIKE {self.like(left).sql})"
        token = self.peek()
        if negated or token is None or token.text not in _COMPARISONS or token.kind != "sign":
            raise self.problem("comparison")
        self.at += 1
        sign = {"==": "=", "!=": "<>"}.get(token.text, token.text)
        return f"({left.sql} {sign} {self.like(left).sql})"

    def several(self, left: _Value) -> list[str]:
        self.expect("(")
        values = [self.like(left).sql]
        while self.take(","):
            values.append(self.like(left).sql)
        self.expect(")")
        return values

    def like(self, left: _Value) -> _Value:
        """Give the next value, which must be of the kind of the one it is compared with."""
        right = self.value()
        if left.kind == "date" and right.literal is not None and right.kind == "text":
            try:
                self.parameters[-1] = date.fromisoformat(right.literal)
            except ValueError as error:
                raise self.problem("date") from error
            return _Value("CAST(? AS DATE)", "date")
        if left.kind != right.kind:
            raise self.problem("kinds")
        return right

    def value(self) -> _Value:
        token = self.peek()
        if token is None:
            raise self.problem("value")
        self.at += 1
        if token.kind == "number":
            self.parameters.append(float(token.text))
            return _Value("?", "number", token.text)
        if token.kind == "text":
            self.parameters.append(token.text)
            return _Value("CAST(? AS VARCHAR)", "text", token.text)
        word = token.text.lower()
        if token.kind == "word" and word in ("true", "false"):
            return _Value(word.upper(), "flag")
        if self.as_of is not None and token.kind == "word":
            if word in _OF_DAYS and self.take("("):
                return self.of_day(word, self.as_of)
            if word == "as_of" and "as_of" not in self.schema.names:
                self.parameters.append(self.as_of)
                return _Value("CAST(? AS DATE)", "date")
        if token.kind == "word" and word in _FUNCTIONS and self.take("("):
            inner = self.value()
            self.expect(")")
            if inner.kind != _FUNCTIONS[word]:
                raise self.problem("kinds")
            kind = "number" if word == "length" else inner.kind
            return _Value(f"{word.upper()}({inner.sql})", kind)
        if token.kind == "quoted" or (token.kind == "word" and word not in _KEYWORDS):
            return self.column(token.text)
        self.at -= 1
        raise self.problem("value")

    def of_day(self, function: str, as_of: date) -> _Value:
        """Read the day a function is about; a text that is no day is unknown."""
        inner = self.value()
        self.expect(")")
        if inner.kind not in ("date", "text"):
            raise self.problem("kinds")
        if function == "days_since":
            self.parameters.append(as_of)
        day = f"TRY_CAST({inner.sql} AS DATE)"
        return _Value(_OF_DAYS[function].format(day=day), "number")

    def column(self, name: str) -> _Value:
        if name not in self.schema.names:
            nearest = get_close_matches(name, self.schema.names, n=3, cutoff=0.0)
            raise UsageError(
                "segment.rule_column", name=self.name, column=name, nearest=", ".join(nearest)
            )
        self.columns.add(name)
        kind = _kind(self.schema.field(name).type)
        column = quoted(name)
        if kind == "number":
            column = f"CAST({column} AS DOUBLE)"
        return _Value(column, kind)

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, text: str) -> bool:
        token = self.peek()
        if token is None or token.kind not in ("word", "sign") or token.text.lower() != text:
            return False
        self.at += 1
        return True

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.problem("expected")

    def problem(self, what: str) -> UsageError:
        token = self.peek() if what != "kinds" else self.tokens[self.at - 1]
        place = token.place if token else len(self.text) + 1
        return UsageError(f"segment.rule_{what}", name=self.name, place=place)


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "flag"
    if pa.types.is_temporal(kind):
        return "date"
    return "number" if is_number(kind) else "text"
