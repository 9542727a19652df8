"""Splink with the settings of an expert, one set for each kind of data.

Comparisons with levels by field, term frequencies, exchanged names, two phones in either column,
readings beside characters; many blocking rules; EM in several sessions. Its threshold is 0.95 as
in its own examples; the thresholds below are tried as well, to report the best by the truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from placeholders import without_placeholders

THRESHOLDS = (0.95, 0.5, 0.8, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)

NAMES = ("given_name", "family_name")
BLOCKING: dict[str, Sequence[tuple[str, ...]]] = {
    "febrl": (
        ("birth_date", "substr(family_name, 1, 3)"),
        ("birth_date", "substr(given_name, 1, 3)"),
        NAMES,
        ("substr(given_name, 1, 1)", "family_name", "postal_code"),
        ("given_name", "postal_code"),
        ("postal_code", "birth_date"),
        ("identifier",),
        ("street", "block"),
        ("family_name", "city"),
        ("given_name", "city"),
    ),
    "historical": (
        ("substr(given_name, 1, 3)", "substr(family_name, 1, 4)"),
        ("family_name", "birth_date"),
        ("given_name", "birth_date"),
        ("postal_code", "given_name"),
        ("postal_code", "family_name"),
        ("birth_date", "birth_place"),
        ("substr(postal_code, 1, 3)", "birth_date"),
        ("substr(postal_code, 1, 3)", "given_name"),
        ("substr(postal_code, 1, 3)", "family_name"),
        ("substr(given_name, 1, 2)", "substr(family_name, 1, 2)", "substr(birth_date, 1, 4)"),
    ),
    "english": (
        ("birth_date", "substr(family_name, 1, 3)"),
        ("birth_date", "substr(given_name, 1, 3)"),
        ("any_phone",),
        ("email",),
        ("given_name", "postal_code"),
        ("family_name", "street"),
        ("birth_date", "substr(street, 1, 6)"),
        ("substr(given_name, 1, 1)", "family_name", "postal_code"),
        ("given_name", "family_name", "substr(postal_code, 1, 3)"),
        ("given_name", "family_name", "substr(birth_date, 1, 4)"),
    ),
    "japanese": (
        ("birth_date", "family_kana"),
        ("birth_date", "given_kana"),
        ("birth_date", "family_name"),
        ("birth_date", "given_name"),
        NAMES,
        ("family_kana", "given_kana"),
        ("any_phone",),
        ("email",),
        ("given_name", "postal_code"),
        ("given_kana", "postal_code"),
        ("family_name", "town", "block"),
        ("birth_date", "postal_code"),
    ),
}


def clusters(folder: Path, about: dict[str, Any]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Estimate, predict, and cluster at every threshold."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    kind = about["kind"]
    table = _columns(pd.read_parquet(folder / "standard.parquet"))
    rules = [block_on(*rule) for rule in BLOCKING[kind] if rule != ("any_phone",)]
    if ("any_phone",) in BLOCKING[kind]:
        rules.append(block_on("phones", arrays_to_explode=["phones"]))
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(kind, table),
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(DuckDBAPI().register(table), settings, log_level=None)
    training = linker.training
    sure = [block_on("given_name", "family_name", "birth_date")]
    sure += [
        block_on(column, "birth_date") for column in ("email", "identifier") if column in table
    ]
    training.estimate_probability_two_random_records_match(sure, recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (block_on(*NAMES), block_on("birth_date")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    for threshold in THRESHOLDS:
        joined = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        frame = joined.as_pandas_dataframe().sort_values("unique_id")
        yield str(threshold), np.asarray(pd.factorize(frame["cluster_id"])[0])


def _columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Give keys as people write them alike: in lower case, without accents of width."""
    table = without_placeholders(frame)
    kept = {
        name: table[name].str.lower() if name in NAMES else table[name]
        for name in table.columns
        if name not in ("source", "row", "record_id")
    }
    table = pd.DataFrame(kept).assign(unique_id=np.arange(len(frame)))
    both = table["given_name"] + " " + table["family_name"]
    table["both_names"] = both.where(both.notna(), None)
    phones = [name for name in ("phone", "phone_2", "phone_3") if name in table]
    if phones:
        values = table[phones].to_numpy(dtype=object)
        arrays = [sorted({each for each in row if each}) or None for row in values]
        table["phones"] = pd.Series(arrays, dtype=object, index=table.index)
    return table


def _comparisons(kind: str, table: pd.DataFrame) -> list[Any]:
    import splink.comparison_library as cl

    made: list[Any] = []
    if kind == "japanese":
        made += [_japanese_name("family_name", "family_kana")]
        made += [_japanese_name("given_name", "given_kana")]
    else:
        made += _western_names(kind)
    made.append(cl.DateOfBirthComparison("birth_date", input_is_string=True))
    if "identifier" in table:
        made.append(cl.DamerauLevenshteinAtThresholds("identifier", [1, 2]))
    if "email" in table:
        made.append(cl.EmailComparison("email"))
    if "phones" in table:
        made.append(cl.ArrayIntersectAtSizes("phones", [1]))
    if kind == "historical":
        for column in ("birth_place", "occupation"):
            made.append(cl.ExactMatch(column).configure(term_frequency_adjustments=True))
        made.append(cl.DamerauLevenshteinAtThresholds("postal_code", [1, 2]))
        return made
    made.append(_place(kind))
    return made


def _western_names(kind: str) -> list[Any]:
    """Compare the names together where they change places often; apart, by frequency, else."""
    import splink.comparison_library as cl

    if kind == "english":
        return [
            cl.JaroWinklerAtThresholds(name, [0.92, 0.82]).configure(
                term_frequency_adjustments=True
            )
            for name in NAMES
        ]
    common = {"forename_surname_concat_col_name": "both_names"} if kind == "historical" else {}
    return [cl.ForenameSurnameComparison(*NAMES, jaro_winkler_thresholds=[0.92, 0.82], **common)]


def _japanese_name(written: str, kana: str) -> Any:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    return cl.CustomComparison(
        output_column_name=written,
        comparison_levels=[
            cll.And(cll.NullLevel(written), cll.NullLevel(kana)),
            cll.ExactMatchLevel(written, term_frequency_adjustments=True),
            cll.ExactMatchLevel(kana),
            cll.JaroWinklerLevel(kana, 0.9),
            cll.ElseLevel(),
        ],
    )


def _place(kind: str) -> Any:
    """Compare addresses: the house, the street, the postal code, the city, as one field."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    street = "town" if kind == "japanese" else "street"
    number = [] if kind == "english" else [cll.ExactMatchLevel("block")]
    same = [cll.ExactMatchLevel(street), *number]
    postal = cll.ExactMatchLevel("postal_code")
    return cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            cll.And(cll.NullLevel(street), cll.NullLevel("postal_code")),
            cll.And(*same, postal),
            cll.And(*same) if number else cll.ExactMatchLevel(street),
            cll.And(cll.JaroWinklerLevel(street, 0.9), postal),
            postal,
            cll.JaroWinklerLevel(street, 0.9),
            cll.ExactMatchLevel("city"),
            cll.ElseLevel(),
        ],
    )
