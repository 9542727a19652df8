"""What a line is about: products or categories, however they are written, without fees.

A product is known by its number where lines have one, else by its name; letter case, widths and
spaces make no difference. It is called what most of its lines call it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import pyarrow as pa

from custseg.engine import Engine
from custseg.errors import InputError
from custseg.segment.lines import Stage

Level = Literal["product", "category"]

ROLES: Final[Mapping[Level, tuple[str, ...]]] = {
    "product": ("product_id", "product_name"),
    "category": ("category",),
}
"""Roles that name what is bought, at each level."""

_NOT_GOODS: Final = re.compile(
    r"(?:\w+ )?(?:postage|carriage|shipping)(?: (?:fees?|charges?|costs?))?"
    r"|(?:delivery|handling|service|bank|amazon|cod|payment)(?: & handling)? (?:fees?|charges?)"
    r"|(?:\w+ )?commission|discount|coupon|manual|adjust(?:ment)?(?: bad debt)?|(?:sales )?tax|vat"
    r"|送料|配送料|配送手数料|(?:代引き?|決済|振込|後払い?|支払い?)?手数料|消費税|(?:会員)?値引き?|割引"
    r"|クーポン(?:値引き?|割引|利用)?|ポイント(?:値引き?|割引|利用)?|調整(?:額|金)?|レジ袋(?:代)?"
)
"""Lines of an order that are no goods: nobody recommends the postage."""


@dataclass(frozen=True, slots=True)
class Products:
    """The products (or categories) of some lines.

    Attributes
    ----------
    labels
        What each is called, all different.
    codes
        What else each is known by: its folded number or name.
    written
        The roles' values as they stand in the lines → ``item``, a place in `labels`; null for
        what is left out.
    left_out
        What is no goods, or not wanted → its lines; most lines first.
    unnamed
        Lines that name nothing.
    """

    labels: tuple[str, ...]
    codes: tuple[str, ...]
    written: pa.Table = field(repr=False)
    left_out: Mapping[str, int] = field(default_factory=dict)
    unnamed: int = 0

    def find(self, text: str) -> int | None:
        """Give the place of what a person calls `text`: a label, number or name."""
        wanted = folded(text)
        known = [folded(label) for label in self.labels]
        for names in (known, self.codes):
            if wanted in names:
                return names.index(wanted)
        return None


def folded(text: str) -> str:
    """Give a text without differences of width, letter case and spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_products(
    engine: Engine, stage: Stage, level: Level, leave_out: Iterable[str] = ()
) -> Products:
    """Find the products of the lines that count.

    Parameters
    ----------
    level
        One of whose :data:`ROLES` the lines have a column.
    leave_out
        Names or numbers of products that are not wanted, beside fees and discounts.

    Raises
    ------
    InputError
        If no line has a product.
    """
    roles = [role for role in ROLES[level] if role in stage.roles]
    found = stage.run(
        engine,
        " ".join(
            [
                *("SELECT", ", ".join(roles), ", COUNT(*) AS n FROM judged WHERE reason IS NULL"),
                "GROUP BY ALL ORDER BY ALL",
            ]
        ),
    )
    rows = [tuple(row.values()) for row in found.to_pylist()]
    names: dict[str, Counter[str]] = {}
    codes: list[str | None] = []
    unnamed = 0
    for *texts, count in rows:
        code = next((folded(text) for text in texts if text and folded(text)), None)
        codes.append(code)
        if code is None:
            unnamed += count
            continue
        name = next((text for text in reversed(texts) if text and folded(text)), "")
        names.setdefault(code, Counter())[" ".join(name.split())] += count
    called = {code: min(each, key=lambda name: (-each[name], name)) for code, each in names.items()}
    unwanted = {folded(text) for text in leave_out}
    out = {
        code
        for code, name in called.items()
        if _NOT_GOODS.fullmatch(folded(name)) or {code, folded(name)} & unwanted
    }
    kept = sorted(called.keys() - out, key=lambda code: (called[code], code))
    if not kept:
        raise InputError("basket.no_products_named")
    place = {code: at for at, code in enumerate(kept)}
    items = pa.array([place.get(code) if code else None for code in codes], pa.int32())
    left = Counter({called[code]: 0 for code in out})
    for code in out:
        left[called[code]] += names[code].total()
    return Products(
        labels=_labels(kept, called),
        codes=tuple(kept),
        written=found.select(roles).append_column("item", items),
        left_out=dict(sorted(left.items(), key=lambda each: (-each[1], each[0]))),
        unnamed=unnamed,
    )


def _labels(codes: list[str], called: Mapping[str, str]) -> tuple[str, ...]:
    """Give names; the number stands behind one that several products share."""
    shared = Counter(folded(called[code]) for code in codes)
    return tuple(
        called[code] if shared[folded(called[code])] == 1 else f"{called[code]} ({code})"
        for code in codes
    )
