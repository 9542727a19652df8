"""From a number and a seed to exports with known truth."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from custseg.demo import english, japanese, japanese_residents
from custseg.demo.model import DemoData, DemoFile, Kind
from custseg.demo.orders import orders_file
from custseg.demo.people import Records, household_of, make_people, make_records
from custseg.demo.products import ENGLISH, JAPANESE
from custseg.demo.shares import Shares
from custseg.demo.text import Ints, words
from custseg.demo.vocabulary import english_vocabulary, japanese_vocabulary

_STREAMS: Final[dict[Kind, int]] = {"japanese": 81, "english": 1}


def generate(rows: int, seed: int, kind: Kind, shares: Shares | None = None) -> DemoData:
    """Make the exports of an invented shop.

    Parameters
    ----------
    rows
        Customer records, over all customer files; orders come on top. At least 10.
    seed
        The same rows, seed, kind and shares give the same data.
    kind
        ``"japanese"``: a member file of the tills (cp932), one of the web shop (UTF-8 with a
        byte order mark), and orders. ``"english"``: one CRM export and orders.
    shares
        How messy; None for the documented defaults.
    """
    shares = shares or Shares()
    rng = np.random.default_rng([seed, _STREAMS[kind]])
    if kind == "japanese":
        return _japanese(rng, rows, shares)
    return _english(rng, rows, shares)


def _japanese(rng: np.random.Generator, rows: int, shares: Shares) -> DemoData:
    records = make_records(rng, rows, 2, shares)
    people = make_people(rng, int(records.person.max()) + 1, shares)
    names = japanese_vocabulary()
    residents = japanese_residents.settle(rng, people, names, shares)
    parts = [np.flatnonzero(records.source == source) for source in range(2)]
    store = japanese.store_file(rng, residents, _some(records, parts[0]), shares)
    web = japanese.web_file(rng, residents, _some(records, parts[1]), shares)
    ids = [file.table.column(0).combine_chunks() for file in (store, web)]
    back = np.argsort(np.concatenate(parts), kind="stable")
    orders = orders_file(rng, records, pa.concat_arrays(ids).take(pa.array(back)), JAPANESE, shares)
    household = household_of(residents.people, records)
    truth = pa.concat_tables(
        [
            _truth(file, records.person[part], household[part])
            for file, part in zip((store, web), parts, strict=True)
        ]
    )
    return DemoData(kind="japanese", files=(store, web, orders), truth=truth)


def _english(rng: np.random.Generator, rows: int, shares: Shares) -> DemoData:
    records = make_records(rng, rows, 1, shares)
    people = make_people(rng, int(records.person.max()) + 1, shares)
    residents = english.settle(rng, people, english_vocabulary(), shares)
    crm = english.crm_file(rng, residents, records, shares)
    orders = orders_file(rng, records, crm.table.column(0).combine_chunks(), ENGLISH, shares)
    household = household_of(residents.people, records)
    truth = _truth(crm, records.person, household)
    return DemoData(kind="english", files=(crm, orders), truth=truth)


def _some(records: Records, rows: Ints) -> Records:
    return Records(records.person[rows], records.day[rows], records.source[rows])


def _truth(file: DemoFile, person: Ints, household: Ints) -> pa.Table:
    return pa.table(
        {
            "source": words([file.name]).take(pa.array(np.zeros(len(person), dtype=np.int64))),
            "row": pa.array(file.row_numbers()),
            "person": pa.array(person),
            "household": pa.array(household),
        }
    )
