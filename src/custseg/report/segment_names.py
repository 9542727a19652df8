"""What a report calls segments, and the groups that customers are in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from custseg.fields.registry import roles
from custseg.report.model import Item, Joined, RoleName, Words
from custseg.segment.dimensions import SEGMENT
from custseg.segment.summary import CATEGORY_SHARE

KNOWN_SEGMENTS: Final = frozenset(
    {
        "champions",
        "loyal",
        "potential_loyalists",
        "new",
        "promising",
        "need_attention",
        "about_to_sleep",
        "at_risk",
        "cant_lose",
        "hibernating",
        "lost",
    }
)
"""Segments with words of their own for their name and for what to do."""

_TRAITS: Final = frozenset({"recency_days", "frequency", "monetary"})
"""Features with words of their own for being high or low."""

_FEATURES: Final = frozenset(
    {
        *_TRAITS,
        "average_order",
        "discount_rate",
        "margin",
        "margin_rate",
        "days_to_second",
        "interval_days",
        "lateness",
        "favorite_category_share",
        "favorite_product_share",
        "contacts",
        "open_complaints",
    }
)
"""Features with words of their own."""

_GENDERS: Final = frozenset({"male", "female", "other"})
_ORDER: Final = (SEGMENT, "gender", "age_band", "prefecture")
_SPEAK_ALONE: Final = frozenset(_ORDER)
"""Dimensions whose levels say by themselves what they are."""

_PARTS: Final = ("first", "last", "preferred", "favorite")


def name_of(segment: str) -> Item:
    """Give what to call a segment: custseg's own by their words, a user's by its name."""
    return Words(f"segment.name.{segment}") if segment in KNOWN_SEGMENTS else segment


def feature_name(feature: str) -> Item:
    """Give a feature of clusters in words; one of the user's own events by its name."""
    if feature.startswith(CATEGORY_SHARE):
        return Words(
            "segment.feature.category_share", {"category": feature.removeprefix(CATEGORY_SHARE)}
        )
    return Words(f"segment.feature.{feature}") if feature in _FEATURES else feature


def trait_name(feature: str, direction: str) -> Item:
    """Give what stands out in a cluster, in words."""
    if feature in _TRAITS:
        return Words(f"segment.trait.{feature}.{direction}")
    return Words(f"segment.trait.{direction}", {"feature": feature_name(feature)})


def group_name(group: Mapping[str, str]) -> Item:
    """Give a group of customers in words, such as ``women · 30–39 · 大阪府``."""
    places = {name: place for place, name in enumerate(_ORDER)}
    names = sorted(group, key=lambda name: (places.get(name, len(places)), name))
    parts = tuple(level_name(name, group[name]) for name in names)
    return Joined(parts, Words("report.group_separator"))


def level_name(dimension: str, level: str, *, alone: bool = True) -> Item:
    """Give one level of a dimension in words; with the dimension's name where it needs one."""
    if dimension == SEGMENT:
        return name_of(level)
    if dimension == "gender" and level in _GENDERS:
        return Words(f"report.gender.{level}")
    if dimension == "age_band":
        return _age(level)
    if dimension in _SPEAK_ALONE or not alone:
        return level
    return Words("report.level", {"dimension": dimension_name(dimension), "level": level})


def dimension_name(dimension: str) -> Item:
    """Give what to call a dimension: ``first channel``, ``favorite category``, a column's name."""
    part, _, role = dimension.partition("_")
    if part in _PARTS and role in (*roles(), "product"):
        named: Item = RoleName(role) if role in roles() else Words("report.product")
        return Words(f"report.part.{part}", {"role": named})
    if dimension == SEGMENT:
        return Words("report.segment")
    if dimension == "age_band":
        return Words("report.age_band")
    return RoleName(dimension) if dimension in roles() else dimension


def _age(level: str) -> Item:
    if level.startswith("<"):
        return Words("report.age.below", {"age": level[1:]})
    if level.endswith("+"):
        return Words("report.age.from", {"age": level[:-1]})
    low, _, high = level.partition("-")
    return Words("report.age.between", {"low": low, "high": high})
