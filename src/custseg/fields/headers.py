"""What a header says: the words of the roles, compared without case, width, spaces, signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from custseg.fields.registry import roles

_SEPARATORS = re.compile(r"(?:[^\w〒]|_)+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)")
_IN_BRACKETS = re.compile(r"[(\[{【〔<〈「]([^)\]}】〕>〉」]*)[)\]}】〕>〉」]")
_TRAILING_NUMBER = re.compile(r"(?<=\D)[\s_.-]*\d{1,2}$")
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

_NAMELESS = re.compile(
    r"|\d+|[a-z]|[a-z]\d+|(unnamed|col|column|field|var|variable|attr|attribute|value|列|項目|"
    r"フィールド|データ|値|変数|カラム)(\d{0,4}[a-z]?|[a-z]\d{0,3})"
)

_OTHER_KANA: Final = 0.97
"""Trust in a word that is written in the other kana: なまえ is a name, ナマエ its reading."""

_OTHERS: Final = 0.55
"""Trust in a header that speaks of another person or place."""

OWN_PREFIXES: Final = (
    *("customer", "cust", "client", "user", "member", "buyer", "contact", "subscriber", "person"),
    *("primary", "main", "home", "personal", "billing", "bill to", "account", "owner", "my"),
    *(
        "顧客",
        "会員",
        "お客様",
        "お客さま",
        "客",
        "利用者",
        "ユーザー",
        "ユーザ",
        "購入者",
        "注文者",
    ),
    *(
        "ご注文者",
        "契約者",
        "本人",
        "申込者",
        "登録者",
        "請求先",
        "請求者",
        "自宅",
        "代表",
        "連絡先",
    ),
    *("担当者", "主たる", "ご", "お", "生徒", "患者", "オーナー", "カスタマー"),
)
"""Words before a role's own word that leave the person the same: ``customer_email``, 会員氏名."""

OTHER_PREFIXES: Final = (
    *("shipping", "ship to", "ship", "delivery", "deliver to", "recipient", "receiver", "gift"),
    *("work", "office", "business", "emergency", "spouse", "partner", "guardian", "parent"),
    *("previous", "old", "former", "alternate", "alternative", "secondary", "other", "referrer"),
    *(
        "配送先",
        "配達先",
        "送付先",
        "お届け先",
        "届け先",
        "届先",
        "お届先",
        "発送先",
        "送り先",
        "納品先",
    ),
    *(
        "出荷先",
        "宛先",
        "緊急連絡先",
        "緊急",
        "勤務先",
        "勤め先",
        "会社",
        "職場",
        "保護者",
        "配偶者",
    ),
    *("家族", "旧", "前", "その他", "紹介者", "受取人", "代理人"),
)
"""Words that mean another person or place: where the goods go, not who buys."""


class Wording(NamedTuple):
    """One reading of a header: its folded words, how far to trust it, and whose it is."""

    folded: str
    trust: float
    other: bool = False


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """A role that a header may mean.

    Attributes
    ----------
    score
        From 0 to 1; 1 for a known word.
    other
        Whether the header speaks of another person or place (shipping, employer).
    """

    role: str
    score: float
    other: bool = False


def fold(header: str) -> str:
    """Fold a header: NFKC, lower case, no spaces and no punctuation."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", header).casefold())


def nameless(header: str) -> bool:
    """Whether a header says nothing, such as ``col1``, ``Unnamed: 0`` or ``列3``."""
    return _NAMELESS.fullmatch(fold(header)) is not None


def tokens(header: str) -> list[str]:
    """Words of a header in lower case, split at signs, spaces and humps (``OrderDate``)."""
    text = _HUMP.sub(" ", unicodedata.normalize("NFKC", header))
    return [token for token in _SEPARATORS.split(text.casefold()) if token]


def header_matches(header: str) -> dict[str, HeaderMatch]:
    """Every role the header may mean, by role name, the best reading of each."""
    best: dict[str, HeaderMatch] = {}
    for match in _matches(header):
        known = best.get(match.role)
        if known is None or match.score > known.score:
            best[match.role] = match
    return best


def _matches(header: str) -> Iterator[HeaderMatch]:
    words, kana_words = _words(), _kana_words()
    for wording in _wordings(header):
        for role in words.get(wording.folded, ()):
            yield HeaderMatch(role, wording.trust, wording.other)
        for role in kana_words.get(wording.folded.translate(_KATAKANA), ()):
            yield HeaderMatch(role, _OTHER_KANA * wording.trust, wording.other)
    folded = fold(header)
    other = folded.startswith(tuple(_other()))
    for role, pattern in _patterns():
        if pattern.search(folded):
            yield HeaderMatch(role, _OTHERS if other else 0.85, other)
    if len(folded) >= 7 and folded.isascii() and folded not in words:
        for word in _long_ascii_words():
            if DamerauLevenshtein.distance(folded, word, score_cutoff=1) <= 1:
                for role in words[word]:
                    yield HeaderMatch(role, 0.7)


def _wordings(header: str) -> Iterator[Wording]:
    yield Wording(fold(header), 1.0)
    outside = _IN_BRACKETS.sub("", unicodedata.normalize("NFKC", header))
    yield Wording(fold(outside), 0.95)
    for inside in _IN_BRACKETS.findall(unicodedata.normalize("NFKC", header)):
        yield Wording(fold(inside), 0.7)
    numberless = _TRAILING_NUMBER.sub("", outside)
    yield Wording(fold(numberless), 0.93)
    last_segment = re.split(r"[.:/]", numberless)[-1]
    yield Wording(fold(last_segment), 0.9)
    yield from _without_prefix(fold(last_segment))
    yield from _token_runs(tokens(numberless))


def _without_prefix(folded: str) -> Iterator[Wording]:
    for prefixes, trust, other in ((_own(), 0.9, False), (_other(), _OTHERS, True)):
        for prefix in prefixes:
            rest = folded.removeprefix(prefix)
            if rest != folded:
                yield Wording(rest.removeprefix("の"), trust, other)


def _token_runs(words: list[str]) -> Iterator[Wording]:
    """Yield the runs of words inside a longer header; the head noun of English stands last."""
    other = bool(_other().intersection(words))
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                trust = 0.7 if end == len(words) else 0.6
                yield Wording("".join(words[start:end]), min(trust, 0.5 if other else 1.0), other)


def _folded_set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


@cache
def _own() -> frozenset[str]:
    return _folded_set(OWN_PREFIXES)


@cache
def _other() -> frozenset[str]:
    return _folded_set(OTHER_PREFIXES)


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    """Roles by folded header word. The name of a role is a word for it as well."""
    found: dict[str, list[str]] = {}
    for role in roles().values():
        for word in dict.fromkeys(fold(word) for word in (role.name, *role.headers)):
            if word:
                found.setdefault(word, []).append(role.name)
    return {word: tuple(names) for word, names in found.items()}


@cache
def _kana_words() -> Mapping[str, tuple[str, ...]]:
    """Roles by folded header word with hiragana as katakana: ふりがな is フリガナ."""
    found: dict[str, tuple[str, ...]] = {}
    for word, names in _words().items():
        in_katakana = word.translate(_KATAKANA)
        found[in_katakana] = found.get(in_katakana, ()) + names
    return found


@cache
def _long_ascii_words() -> tuple[str, ...]:
    return tuple(word for word in _words() if len(word) >= 7 and word.isascii())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (role.name, re.compile(pattern))
        for role in roles().values()
        for pattern in role.header_patterns
    )
