from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg.engine import Engine

FEBRL_ROLES = {
    "given_name": "given_name",
    "surname": "family_name",
    "street_number": "street_number",
    "address_1": "street",
    "address_2": "building",
    "suburb": "city",
    "postcode": "postal_code",
    "state": "prefecture",
    "date_of_birth": "birth_date",
    "soc_sec_id": "identifier",
}
HISTORICAL_ROLES = {
    "first_name": "given_name",
    "surname": "family_name",
    "full_name": "person_name",
    "dob": "birth_date",
    "birth_place": "attribute",
    "postcode_fake": "postal_code",
    "gender": "gender",
    "occupation": "attribute",
}
Case = tuple[pa.Table, dict[str, str], pa.Array]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine(threads=2) as engine:
        yield engine


def text_table(frame: pd.DataFrame) -> pa.Table:
    return pa.table(
        {
            name: pa.array([value or None for value in frame[name]], pa.string())
            for name in frame.columns
        }
    )


@pytest.fixture(scope="session")
def febrl(shared_data: Path) -> Callable[..., Case]:
    def load(*files: str) -> Case:
        frames = []
        for file in files:
            path = shared_data / "people" / f"{file}.csv"
            frame = pd.read_csv(path, dtype=str, skipinitialspace=True, keep_default_na=False)
            frames.append(frame.assign(source=file))
        frame = pd.concat(frames, ignore_index=True)
        truth = pa.array([name.split("-")[1] for name in frame["rec_id"]])
        return text_table(frame), FEBRL_ROLES, truth

    return load


@pytest.fixture(scope="session")
def historical(shared_data: Path) -> Case:
    table = pq.read_table(shared_data / "people" / "historical_25k.parquet")
    truth = table["cluster"].combine_chunks()
    return table.drop_columns(["cluster"]), HISTORICAL_ROLES, truth


def clusters_of(labels: np.ndarray) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for record, label in enumerate(labels.tolist()):
        found.setdefault(label, set()).add(record)
    return {frozenset(members) for members in found.values()}


@pytest.fixture(scope="session")
def as_sets() -> Callable[[np.ndarray], set[frozenset[int]]]:
    return clusters_of


def made_people(size: int, seed: int) -> pd.DataFrame:
    """Make different people: names by their weight, everything else drawn apart."""
    from custseg.resources.names import english_given_names, english_surnames

    rng = np.random.default_rng(seed)

    def draw(table: pa.Table) -> np.ndarray:
        weight = table["weight"].to_numpy().astype(float)
        names = np.array(table["name"].to_pylist(), object)
        return rng.choice(names, size, p=weight / weight.sum())

    streets = np.array([f"{name} street" for name in english_surnames()["name"].to_pylist()[:500]])
    day = np.datetime64("1935-01-01") + rng.integers(0, 25_000, size)
    number = rng.integers(1, 3000, size).astype(str)
    family, given = draw(english_surnames()), draw(english_given_names())
    return pd.DataFrame(
        {
            "given": given,
            "family": family,
            "birth": day.astype(str),
            "phone": [f"+1202555{value:07d}" for value in rng.permutation(size)],
            "email": [
                f"{first}.{last}{value}@example.com".lower()
                for first, last, value in zip(given, family, rng.permutation(size), strict=True)
            ],
            "street": np.char.add(
                np.char.add(number, " "), rng.choice(streets, size).astype(str)
            ).astype(object),
            "zip": [f"{value:05d}" for value in rng.integers(10_000, 12_000, size)],
        }
    ).astype(object)


PEOPLE_ROLES = {
    "given": "given_name",
    "family": "family_name",
    "birth": "birth_date",
    "phone": "phone",
    "email": "email",
    "street": "street",
    "zip": "postal_code",
}


@pytest.fixture(scope="session")
def people() -> Callable[[int, int], pd.DataFrame]:
    return made_people


@pytest.fixture(scope="session")
def people_roles() -> dict[str, str]:
    return PEOPLE_ROLES


@pytest.fixture(scope="session")
def as_table() -> Callable[[pd.DataFrame], pa.Table]:
    return text_table
