"""Names of companies: the form in full and in its place, the name itself, the branch.

株式会社山田商店 and 山田商店株式会社 are two companies: the form's place stays what it is. Names in
Latin letters keep their writing; their form is told apart for matching alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.company_forms import (
    ENCLOSED,
    JOINING,
    LATIN,
    form_after,
    form_before,
    form_inside,
)
from custseg.cleanse.standardize.mojibake import LOSSY
from custseg.cleanse.standardize.name_keys import name_key
from custseg.cleanse.standardize.text import clean, ordinary, status_of
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

_HONORIFICS: Final = ("御中", "各位", "様", "殿")
_BRANCH: Final = re.compile(
    r"[^ ]*(?:支店|支社|本店|本社|支部|支局|支所|営業所|出張所|事業所|工場|事務所|研究所|センター"
    r"|事業部|営業部|部|課|室|係|グループ|オフィス|ブランチ|(?<![商書薬茶花百貨理])店)"
)
_SURE_BRANCH: Final = re.compile(
    r".*(?:支店|支社|本店|本社|支部|支局|営業所|出張所|事業所|工場|事業部|営業.*部)"
)
_LATIN_BRANCH: Final = re.compile(
    r",? \(?((?:[A-Za-z'-]+ ){0,2}(?:Branch|Office|Division|Dept\.?|Department|Plant|Factory))\)?$",
    re.IGNORECASE,
)
_LATIN_BRANCHES: Final = ("branch", "office", "division", "dept", "department", "plant", "factory")
_LATIN_WORD: Final = re.compile(r"[^\s,()]+")
_REGION: Final = re.compile(r" ?\([A-Za-z .]+\)$")
_HAS_JAPANESE: Final = re.compile("[\u3041-\u30ff\u3231-\u33ff\u3400-\u9fff\uf900-\ufaff]")
_HAS_ENCLOSED: Final = re.compile(f"[{''.join(map(chr, ENCLOSED))}]")


_COMMON: Final = tuple(
    (place, written, full)
    for full, short in (("株式会社", "株㈱"), ("有限会社", "有㈲"), ("合同会社", "同"))
    for written in (full, f"({short[0]})", *short[1:])
    for place in ("before", "after")
)
_ONE_WORD: Final = "[\u3041-\u30ff\u3400-\u9fff]"
_NOT_PLAIN: Final = (
    f"^$|[ ()]|会社|法人|組合|[{''.join(map(chr, ENCLOSED))}]|(?:{'|'.join(_HONORIFICS)})$"
)


_Group = tuple[npt.NDArray[np.int64], pa.Array, str, str]
"""Where names stand in the column, the names without their form, the form, its place."""


class Company(NamedTuple):
    """A company's name taken apart; ``""`` for what it lacks.

    Attributes
    ----------
    name
        The standard name, without the branch.
    core
        The name itself, without its form.
    form
        The legal form: in full where it is Japanese, as written where it is Latin.
    position
        ``"before"`` or ``"after"`` the core.
    branch
        Branch, office or department behind the name.
    """

    name: str
    core: str
    form: str = ""
    position: str = ""
    branch: str = ""


def standardize_company(value: str, context: Context) -> Cell:
    """Write a company's name with its form in full, and give its parts."""
    del context
    text, reason = clean(value)
    if reason == LOSSY:
        return Cell(value, Status.INVALID, LOSSY)
    bare = _without_honorific(text)
    company = parsed(bare)
    if (shorter := _without_honorific(company.name)) != company.name:
        # The courtesy stood before the branch: 山田商店様 東京支店.
        bare, company = shorter, parsed(shorter)._replace(branch=company.branch)
    if bare != text and reason is None:
        reason = "honorific_removed"
    status = status_of(value, company.name, reason)
    return Cell(company.name, status, reason, tuple(part or None for part in company[1:]))


def _without_honorific(text: str) -> str:
    """Take courtesy words off the end of a name; one that is nothing else stays."""
    while text.endswith(_HONORIFICS):
        bare = next(text.removesuffix(one) for one in _HONORIFICS if text.endswith(one)).rstrip()
        if not bare:
            break
        text = bare
    return text


def parsed(text: str) -> Company:
    """Take a folded name apart."""
    if _HAS_JAPANESE.search(text) is None:
        return _latin(text)
    if _HAS_ENCLOSED.search(text):
        text = text.translate(ENCLOSED)
    form, rest = form_before(text)
    if form:
        core, branch = _without_branch(rest)
        return Company(form + core, core, form, "before", branch) if core else Company(text, text)
    rest, branch = _without_branch(text)
    form, core = form_after(rest)
    if not form:
        head, form, tail = form_inside(text)
        if form and head and _SURE_BRANCH.fullmatch(tail):
            core, branch = head, tail
    if form and core and core != text:
        return Company(core + form, core, form, "after", branch)
    return Company(rest, rest, branch=branch)


_LETTERS: Final = re.compile(r"[\s.,&]+")


def company_key(name: str) -> str:
    """Key of a company: its folded name, form and the place of the form."""
    company = parsed(name)
    return f"{core_key(name)}/{_LETTERS.sub('', company.form.lower())}/{company.position}"


def core_key(name: str) -> str:
    """Key of the name without its form: companies that share it may be the same, or kin."""
    return name_key(parsed(name).core)


def _without_branch(text: str) -> tuple[str, str]:
    """Take branch and department, each behind a space, off a name."""
    if " " not in text:
        return text, ""
    pieces = text.split(" ")
    count = len(pieces)
    while count > 1 and _BRANCH.fullmatch(pieces[count - 1]):
        count -= 1
    return " ".join(pieces[:count]), " ".join(pieces[count:])


def _latin(text: str) -> Company:
    """Take a name in Latin letters apart: the words of its form stand at the end."""
    branch = ""
    ending = text.lower().rstrip(".)")
    if ending.endswith(_LATIN_BRANCHES) and (found := _LATIN_BRANCH.search(text)):
        text, branch = text[: found.start()], found[1]
    bare = (_REGION.sub("", text) or text) if text.endswith(")") else text
    pieces = list(_LATIN_WORD.finditer(bare))
    first = len(pieces)
    while first > 1 and _plain(pieces[first - 1][0]) in LATIN:
        first -= 1
    while first < len(pieces) and _plain(pieces[first][0]) in JOINING:
        first += 1
    if first == len(pieces):
        return Company(text, bare, branch=branch)
    core = bare[: pieces[first - 1].end()]
    return Company(text, core, bare[pieces[first].start() :], "after", branch)


def _plain(word: str) -> str:
    return word.upper().replace(".", "").replace("'", "")


def shortcut(values: pa.Array, context: Context) -> Settled:
    """Settle Japanese names of one word with a common form before or after it, or none."""
    del context
    narrow = pc.replace_substring(pc.replace_substring(values, "（", "("), "）", ")")
    narrow = pc.replace_substring(narrow, "\u3000", " ")
    plain = pc.and_(pc.match_substring_regex(values, _ONE_WORD), ordinary(narrow))
    left = plain.to_numpy(zero_copy_only=False).copy()
    groups: list[_Group] = []
    for place, written, full in _COMMON:
        fits = pc.starts_with if place == "before" else pc.ends_with
        at = np.flatnonzero(left & fits(narrow, written).to_numpy(zero_copy_only=False))
        start, stop = (len(written), None) if place == "before" else (0, -len(written))
        names = pc.utf8_trim(pc.utf8_slice_codeunits(narrow.take(pa.array(at)), start, stop), " ")
        left[at] = False
        groups.append((*_plain_ones(at, names), full, place))
    at = np.flatnonzero(left)
    groups.append((*_plain_ones(at, narrow.take(pa.array(at))), "", ""))
    return _settled(values, groups)


def _plain_ones(
    at: npt.NDArray[np.int64], names: pa.Array
) -> tuple[npt.NDArray[np.int64], pa.Array]:
    """Keep the names that are one word without a further form or title."""
    plain = pc.invert(pc.match_substring_regex(names, _NOT_PLAIN))
    return at[plain.to_numpy(zero_copy_only=False)], names.filter(plain)


def _settled(values: pa.Array, groups: list[_Group]) -> Settled:
    """Put the names of all groups, and their parts, back in the order of the column."""
    places = np.concatenate([at for at, *_ in groups])
    back = np.full(len(values), -1, dtype=np.int64)
    back[places] = np.arange(len(places))
    settled = back >= 0
    where = pa.array(back, mask=~settled)
    core = pa.concat_arrays([names for _, names, _, _ in groups])
    group = pa.array(np.repeat(np.arange(len(groups)), [len(at) for at, *_ in groups]))
    form, position = (
        pa.array([one[kind] or None for one in groups], pa.string()).take(group) for kind in (2, 3)
    )
    before = pc.fill_null(pc.equal(position, "before"), False)
    filled = pc.fill_null(form, "")
    name = pc.if_else(
        before,
        pc.binary_join_element_wise(filled, core, ""),
        pc.binary_join_element_wise(core, filled, ""),
    )
    result = name.take(where)
    same = pc.fill_null(pc.equal(result, values), False).to_numpy(zero_copy_only=False)
    status = np.where(same, Status.VALID, Status.STANDARDIZED).astype(np.int8)
    parts = (core.take(where), form.take(where), position.take(where))
    return Settled(settled, result, status, parts)


def likeness(values: Sequence[str]) -> float:
    """Share of values that bear a legal form."""
    return sum(bool(parsed(clean(value)[0]).form) for value in values) / len(values)


COMPANY: Final = Standardizer(
    cell=standardize_company,
    parts=("company_core", "company_form", "company_position", "company_branch"),
    shortcut=shortcut,
    key=company_key,
    weak_key=core_key,
)

ROLES: Final = (
    Role(
        name="company",
        label={"en": "company", "ja": "会社名"},
        about="The name of a company or other body, its legal form in full.",
        headers=words(
            """
            company company_name organization organisation organization_name employer
            business_name account_name firm firm_name corporation office_name billing_company
            shipping_company 会社 会社名 企業名 企業 法人名 法人名称 会社名称 団体名 組織名
            勤務先 勤務先名 勤務先名称 所属会社 貴社名 御社名 屋号 商号 社名 取引先 取引先名
            取引先名称 得意先名 得意先名称 事業者名 名称 機関名 施設名 学校名 会社名(漢字)
            会社・団体名
            """
        ),
        likeness=likeness,
        standardizer=COMPANY,
        tables=frozenset({"people", "orders"}),
        examples=(
            ("㈱山田商店", "株式会社山田商店"),
            ("ﾔﾏﾀﾞ(ｶ", "ヤマダ株式会社"),
            ("株式会社山田商店 東京支店", "株式会社山田商店"),
            ("(公財)日本財団", "公益財団法人日本財団"),
        ),
        telling=0.8,
    ),
    *(
        Role(
            name=f"company_{name}",
            label={"en": f"company's {english}", "ja": japanese},
            about=about,
            headers=(f"company_{name}",),
            examples=((example, example),),
            telling=0.0,
        )
        for name, english, japanese, about, example in (
            (
                "core",
                "name without form",
                "会社名（法人格なし）",
                "The name without its legal form.",
                "山田商店",
            ),
            (
                "form",
                "legal form",
                "法人格",
                "The legal form, in full where it is Japanese.",
                "株式会社",
            ),
            (
                "position",
                "place of the form",
                "法人格の位置",
                "``before`` or ``after`` the name.",
                "before",
            ),
            (
                "branch",
                "branch",
                "支店・部署",
                "Branch, office or department behind the name.",
                "東京支店",
            ),
        )
    ),
)
