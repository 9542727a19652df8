"""American addresses a column at a time, held to what the reader of one address says."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.address import PARTS, shortcut, standardize_address
from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.english_words import DIRECTIONS, SUFFIXES, UNITS, expanded

US = Context(country="US")
EXAMPLES = 5_000 if os.environ.get("CUSTSEG_LONG") else 300


def check(values: Sequence[str], country: str = "") -> int:
    """Compare every address that was settled with the slow reader; give how many were."""
    blank = pa.array([""] * len(values), pa.string())
    beside = pa.array([country] * len(values), pa.string())
    settled = shortcut(pa.array(values, pa.string()), US, blank, blank, blank, beside)
    for at in settled.mask.nonzero()[0].tolist():
        cell = standardize_address(values[at], US, country=country)
        assert (settled.value[at].as_py(), settled.status[at]) == (cell.value, cell.status)
        assert (cell.reason, cell.suggestion, cell.also) == (None, None, ()), values[at]
        given_parts = [part[at].as_py() for part in settled.parts]
        assert given_parts == [*cell.parts, *[None] * (len(PARTS) - len(cell.parts))], values[at]
    return int(settled.mask.sum())


COMMON = (
    "123 Main St, Boston, MA 02134",
    "123 Main St. Apt. 4B, New York, NY 10001-1234",
    "12A N. Oak Ave., Suite #200, St. Louis, MO 63101",
    "9 2nd Street #3, Winston-Salem, NC 27101",
    "742 Evergreen Terrace",
    "742 Evergreen Terrace #3",
    "100 O'Brien Rd. NW Unit 12",
    "5 Route 66, Unit B, Truth or Consequences, NM 87901",
    "1 Apt 5, Boston, MA 02134",
)


def test_common_writings_are_settled() -> None:
    assert check(COMMON) == len(COMMON) - 1
    assert check(COMMON, "USA") == len(COMMON) - 1


def test_other_countries_and_other_writings_are_not() -> None:
    assert check(COMMON, "Canada") == 0
    unusual = (
        "123 Main St,Boston, MA 02134",
        "123 Main St, Boston, Massachusetts 02134",
        "123 Main St, Boston, ZZ 02134",
        "123 Main St, Boston, MA 02134, USA",
        "123 Main St, Boston,  MA 02134",
        "123 Main St, Apt 4, MA 02134",
        "5 Sakura Street Japan",
        "123 Main St\nBoston, MA 02134",
        "123 Main St, N/A, MA 02134",
        "123 Main St Boston MA 02134 USA",
        "12 Smith St VIC 3053",
        "1 The Mall SW1A 1AA",
    )
    assert check(unusual) == 0


WORDS = (
    *("Main", "Oak", "2nd", "NY", "MA", "VIC", "ON", "CA", "Washington", "DC", "O'Brien", "St."),
    *("1", "12B", "1204", "B", "B12", "10001", "02134", "3053", "M5V", "2A9", "SW1A", "1AA", "PO"),
    *("Box", "Japan", "&", "-", ".", "#", "#4", "# 4", "No", "no.", "Apt", "apt.", "No-5", "1/2"),
    *("Apt#4", "Ste.", "USA", "UK", "Georgia", "K1A-1B2", "/", "'", "x1"),
    *sorted(expanded(SUFFIXES))[::7],
    *sorted(expanded(UNITS)),
    *sorted(expanded(DIRECTIONS)),
)
phrase = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
line = st.builds("{} {}".format, st.sampled_from(["1", "12A", "1204", "0", "3/4", "Apt"]), phrase)
unit = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", " ", ", "]),
    st.sampled_from(["Apt", "apt.", "Suite", "#", "No", "No.", "FLOOR", "Unit"]),
    st.sampled_from(["", " ", " #", ".", " # "]),
    st.sampled_from(["1", "4B", "1204", "12", "B", "B2", "3-4", ""]),
)
end = st.builds(
    ", {}, {} {}".format,
    phrase,
    st.sampled_from(["NY", "MA", "DC", "ON", "ZZ", "WA", "Ma"]),
    st.sampled_from(["10001", "02134-1234", "2134", "021341234", "3053", ""]),
)
address = st.builds(
    "{}{}{}".format, line, st.one_of(st.just(""), unit), st.one_of(st.just(""), end)
)


@settings(max_examples=EXAMPLES)
@given(st.lists(address, min_size=1, max_size=20))
def test_the_column_is_the_cell(values: list[str]) -> None:
    check(values)
