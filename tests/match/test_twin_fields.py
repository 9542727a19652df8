"""A slow, obvious twin of every comparison but those of names and dates, one pair at a time."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, pairwise, product

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from custseg.cleanse.match.coding import Coded
from custseg.cleanse.match.columns import PLACE_ROLES, Columns
from custseg.cleanse.match.compare_places import (
    AreaField,
    AttributeField,
    GenderField,
    StreetField,
)
from custseg.cleanse.match.compare_values import ValueField
from custseg.cleanse.match.levels import FREQUENT, LEVELS, SAME_VALUE_LEVELS
from custseg.cleanse.match.nicknames import variants_of
from custseg.cleanse.match.prepare import prepare
from custseg.cleanse.match.prepare_names import persons_of

ROLES = {
    "given": "given_name",
    "family": "family_name",
    "phone": "phone",
    "phone_2": "phone",
    "email": "email",
    "card": "identifier",
    "street": "street",
    "block": "block",
    "house": "building",
    "zip": "postal_code",
    "city": "city",
    "state": "prefecture",
    "sex": "gender",
    "color": "attribute",
    "job": "attribute",
}
STREETS = (
    *("Ade Street", "Ade Streat", "Adelaide Street", "Bower Lane", "Bower Hill Lane", "Oak Way"),
    *("銀座", "銀座西", "日本橋", "日本橋本町", "Chestnut Avenue", "Chestnut Avenue North", ""),
)
CITIES = ("Leeds", "Leedes", "Hull", "Kingston upon Hull", "中央区", "千代田区", "")
ZIPS = ("LS1 4AB", "LS1 4AC", "LS2 9XY", "HU1 1AA", "104-0061", "104-0062", "103-0022", "")
JOBS = ("carpenter", "carpentor", "master carpenter", "baker", "bakery", "nurse", "")


@pytest.fixture(scope="module")
def town():
    """Records whose values are drawn from few, some of them damaged."""
    rng = np.random.default_rng(29)
    size = 420

    def draw(values, weights=None):
        return rng.choice(np.array(values, object), size, p=weights)

    def digits(length):
        return ["".join(rng.choice(list("0123456789"), length)) for _ in range(size)]

    def damaged(column, share=0.5):
        """Repeat values of other records, some with a digit changed or two exchanged."""
        for at in np.flatnonzero(rng.random(size) < share):
            text = list(column[rng.integers(size)])
            if len(text) > 4:
                place = int(rng.integers(1, len(text) - 1))
                if at % 3 == 0:
                    text[place] = "7"
                elif at % 3 == 1:
                    text[place], text[place + 1] = text[place + 1], text[place]
            column[at] = "".join(text)
        return column

    phones = damaged([f"+8190{number}" for number in digits(8)])
    locals_ = ["anna.bell", "anna.bel", "a.bell", "bo", "boris.k", "boris.kay", "c", "dora1988"]
    emails = [
        f"{local}{tail}@{domain}.example" if local else ""
        for local, tail, domain in zip(
            draw([*locals_, ""]), draw(["", "", "1", "22"]), draw(["one", "two"]), strict=True
        )
    ]
    numbers = draw(["1", "2", "12", "1-2-3", "1-2-03", "1-2-4", ""])
    return pd.DataFrame(
        {
            "given": draw(["Ann", "Bo", "Cy", "Di", "Ed", ""]),
            "family": draw(["Ash", "Birch", "Cole", "Dean", "Elm", ""]),
            "phone": [text if rng.random() < 0.8 else "" for text in phones],
            "phone_2": [text if rng.random() < 0.3 else "" for text in phones[::-1]],
            "email": emails,
            "card": damaged([f"A{number}" for number in digits(19)]),
            "street": draw(STREETS),
            "block": numbers,
            "house": draw(["", "", "Flat 3", "Flat 4", "銀座ビル101", "Mill House"]),
            "zip": draw(ZIPS),
            "city": draw(CITIES),
            "state": draw(["Kent", "東京都", ""]),
            "sex": draw(["f", "m", ""]),
            "color": draw(["red", *[f"shade {n}" for n in range(300)]], [0.4, *[0.002] * 300]),
            "job": draw(JOBS),
        }
    )


@pytest.fixture(scope="module")
def prepared(town, as_table, engine):
    return prepare(
        as_table(town),
        ROLES,
        np.arange(len(town)),
        engine=engine,
        shared_by=1_000,
        variants=variants_of,
    )


def grams(text, words=2):
    """Numbers of the letter pairs of a text, its edges counted as letters."""
    if not text:
        return set()
    padded = [ord(letter) for letter in f"\x02{text}\x02"]
    found = set()
    for one, other in pairwise(padded):
        gram = (one * 0x1F123BB5 + other) % 2**64
        found.add((gram * 0x9E3779B97F4A7C15 % 2**64 >> 40) % (64 * words))
    return found


def alike(one, other, percent):
    """Whether two sets share this percentage of their members."""
    return 200 * len(one & other) >= percent * max(len(one) + len(other), 1)


def texts(coded):
    return [coded.texts[code] if code >= 0 else "" for code in coded.codes.tolist()]


def mistyped(one, other):
    """Whether one character is another, or two changed places; only the last 16 are looked at."""

    def signs(text):
        points = [ord(letter) if letter.isascii() else ord("?") for letter in text[-16:]]
        return [(point & 15) ^ (point >> 4 & 4) for point in [32] * (16 - len(points)) + points]

    a, b = signs(one), signs(other)
    differ = [place for place in range(16) if a[place] != b[place]]
    exchanged = sorted(a[place] for place in differ) == sorted(b[place] for place in differ)
    return len(differ) == 1 or (len(differ) == 2 and exchanged)


def people_behind(values, persons):
    """How many people have each value: the cells, or the different names, whichever are less."""
    cells = Counter(value for row in values for value in row if value)
    found = {}
    for value, count in cells.items():
        found[value] = count
        for person in persons:
            names = {person[row] for row, own in enumerate(values) if value in own}
            if count >= 4:
                found[value] = min(found[value], len(names - {-1}))
    return found


def value_level(ours, theirs, people, email):
    pairs = [(a, b) for a, b in product(ours, theirs) if a and b]
    if not pairs:
        return "missing"
    equal = {a for a, b in pairs if a == b}
    if equal:
        return "same" if any(people[value] < 4 for value in equal) else "same_shared"
    if not email:
        return "close" if any(mistyped(a, b) for a, b in pairs) else "different"
    local = [(a.partition("@")[0], b.partition("@")[0]) for a, b in pairs]
    if any(a == b for a, b in local):
        return "same_local_part"
    return "close" if any(alike(grams(a), grams(b), 70) for a, b in local) else "different"


def street_level(one, other):
    if not one["words"] or not other["words"]:
        return "missing"
    numbers = one["numbers"], other["numbers"]
    same_number = numbers[0] == numbers[1] and bool(numbers[0])
    units = one["units"], other["units"]

    def words(percent):
        return alike(one["words"], other["words"], percent)

    if same_number and words(90):
        return "other_unit" if all(units) and units[0] != units[1] else "same"
    if same_number and words(50):
        return "close"
    if words(72):
        return "other_number" if all(numbers) else "close"
    return "similar" if words(50) else "different"


def area_level(one, other):
    (postal, city, region), (code, town, state) = one, other
    if not (postal and code) and not (city and town) and not (region and state):
        return "missing"
    both = bool(city and town)
    same_city = both and (city == town or alike(grams(city), grams(town), 70))
    if postal and postal == code:
        return "same" if same_city or not both else "same_code"

    def district(text):
        return text.split(" ")[0] if " " in text and text.split(" ", 1)[1] else text[:3]

    if postal and code and district(postal) == district(code):
        return "near_code"
    if same_city:
        return "same_city"
    return "region" if region and region == state else "different"


def attribute_level(a, b, counts):
    if not a or not b:
        return "missing"
    if a == b:
        share = max(counts[a] - 2, 0) / sum(counts.values())
        return SAME_VALUE_LEVELS[sum(share >= bound for bound in FREQUENT)]
    return "close" if alike(grams(a), grams(b), 60) else "different"


def addresses(town, as_table):
    """The letters, numbers and units of each record's address."""
    columns = Columns(as_table(town), ROLES, np.arange(len(town)))
    rows = [{"words": set(), "numbers": Counter(), "units": Counter()} for _ in range(len(town))]
    for role in PLACE_ROLES:
        for name in columns.names(role):
            for row, text in zip(rows, texts(columns.coded(name, role)), strict=True):
                row["words"] |= grams("".join(filter(str.isalpha, text)), words=4)
                number = " ".join(part.lstrip("0") or "0" for part in re.findall(r"\d+", text))
                row["units" if role == "building" else "numbers"] += Counter(
                    [number] * bool(number)
                )
    return rows


def twin(field, town, prepared, as_table):
    """Give the slow comparison of two records by their numbers."""
    if isinstance(field, ValueField):
        values = list(zip(*(texts(column) for column in field.columns), strict=True))
        people = people_behind(values, persons_of(prepared.parts))
        return lambda a, b: value_level(values[a], values[b], people, field.kind == "email")
    if isinstance(field, StreetField):
        rows = addresses(town, as_table)
        return lambda a, b: street_level(rows[a], rows[b])
    if isinstance(field, AreaField):
        parts = (field.postal, field.city, field.region)
        areas = list(zip(*(texts(part) for part in parts), strict=True))
        return lambda a, b: area_level(areas[a], areas[b])
    cells = texts(field.values)
    if isinstance(field, GenderField):
        words = {True: "same", False: "different"}
        return lambda a, b: words[cells[a] == cells[b]] if cells[a] and cells[b] else "missing"
    assert isinstance(field, AttributeField)
    counts = Counter(cell for cell in cells if cell)
    return lambda a, b: attribute_level(cells[a], cells[b], counts)


@pytest.mark.parametrize(
    "name", ["phone", "email", "card", "street", "area", "gender", "color", "job"]
)
def test_levels_agree_with_plain_python(name, town, prepared, as_table):
    field = next(field for field in prepared.fields if field.name == name)
    slow = twin(field, town, prepared, as_table)
    pairs = np.array(list(combinations(range(0, len(town), 2), 2)))
    levels = LEVELS[field.kind]
    fast = [levels[level] for level in field.compare(pairs[:, 0], pairs[:, 1])]
    assert fast == [slow(a, b) for a, b in pairs.tolist()]
    back = [levels[level] for level in field.compare(pairs[:, 1], pairs[:, 0])]
    assert back == fast


def test_every_level_is_seen(prepared, town):
    left, right = np.triu_indices(len(town), 1)
    seen = {}
    for field in prepared.fields:
        found = {LEVELS[field.kind][level] for level in np.unique(field.compare(left, right))}
        seen[field.kind] = seen.get(field.kind, set()) | found
    for kind in ("value", "email", "street", "area", "gender"):
        assert seen[kind] == set(LEVELS[kind])


def test_the_frequency_of_an_attribute_is_that_of_plain_python():
    counts = {"once": 1, "twice": 2, "three": 3, "five": 5, "ten": 10, "fifty": 50}
    counts |= {"two hundred": 200, "five hundred": 500, "all others": 60_000 - 771}
    names = [*counts]
    codes = np.repeat(np.arange(len(names), dtype=np.int32), [*counts.values()])
    field = AttributeField("x", Coded(codes, pa.array(names)))
    first = np.cumsum([0, *counts.values()])[:-1]
    left, right = (each.ravel() for each in np.meshgrid(first, first + 1))
    right = right.clip(max=len(codes) - 1)
    fast = [LEVELS["attribute"][level] for level in field.compare(left, right)]
    cells = np.array(names, object)[codes]
    assert fast == [
        attribute_level(cells[a], cells[b], counts) for a, b in zip(left, right, strict=True)
    ]
    assert {*SAME_VALUE_LEVELS} <= {*fast}
