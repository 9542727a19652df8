"""Splink with the settings of an expert, one set for each kind of data.

Comparisons with levels by field, term frequencies, exchanged names, readings beside characters,
gender; ten or more blocking rules; EM in several sessions. What decides most:

- **Made data with households**: a telephone in any of its columns and the house are *one*
  comparison, because a household shares both: as two they count twice, and families merge (on
  20,000 English rows F1 at 0.95 is .82 with two, .88 with one, .91 with gender besides).
- **febrl**: street, house number, postal code and city are comparisons of their own, since each
  has errors of its own; the prior comes from the security number (recall .9), EM has four sessions.
- **Historical figures**: as in Splink's own example of that file (names together, dates, postal
  code, place of birth and occupation by frequency).

Its threshold is 0.95 as in its own examples; the thresholds below are tried as well, to report the
best by the truth.
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
        comparisons=_comparisons(kind),
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(DuckDBAPI().register(table), settings, log_level=None)
    training = linker.training
    sure, recall, sessions = _training(kind, table)
    training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in sure], recall=recall
    )
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in sessions:
        training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    predicted = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    for threshold in THRESHOLDS:
        joined = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        frame = joined.as_pandas_dataframe().sort_values("unique_id")
        yield str(threshold), np.asarray(pd.factorize(frame["cluster_id"])[0])


def _training(
    kind: str, table: pd.DataFrame
) -> tuple[list[tuple[str, ...]], float, list[tuple[str, ...]]]:
    """Give rules that find matches for sure, the share that they find, and EM's sessions."""
    sessions: list[tuple[str, ...]] = [NAMES, ("birth_date",)]
    if kind == "febrl":
        return [("identifier",)], 0.9, [*sessions, ("identifier",), ("postal_code",)]
    sure = [(*NAMES, "birth_date")]
    return sure + [("email", "birth_date")] * ("email" in table), 0.7, sessions


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
    if "street" in table or "town" in table:
        street, number = ("town", "block") if "town" in table else ("street", "postal_code")
        whole = table[street].notna() & table[number].notna()
        table["house"] = (table[street] + "|" + table[number]).where(whole, None)
    phones = [name for name in ("phone", "phone_2", "phone_3") if name in table]
    if phones:
        values = table[phones].to_numpy(dtype=object)
        arrays = [sorted({each for each in row if each}) or None for row in values]
        table["phones"] = pd.Series(arrays, dtype=object, index=table.index)
    return table


def _comparisons(kind: str) -> list[Any]:
    import splink.comparison_library as cl

    names = _japanese_names() if kind == "japanese" else _western_names(kind)
    made = [*names, cl.DateOfBirthComparison("birth_date", input_is_string=True)]
    if kind == "febrl":
        return [
            *made,
            cl.DamerauLevenshteinAtThresholds("identifier", [1, 2]),
            cl.JaroWinklerAtThresholds("street", [0.9, 0.8]),
            cl.ExactMatch("block"),
            cl.DamerauLevenshteinAtThresholds("postal_code", [1, 2]),
            cl.JaroWinklerAtThresholds("city", [0.9]),
        ]
    if kind == "historical":
        return [
            *made,
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postal_code", [1, 2]),
        ]
    return [*made, cl.EmailComparison("email"), _home(kind), cl.ExactMatch("gender")]


def _western_names(kind: str) -> list[Any]:
    """Compare the names together where they change places often; apart, by frequency, else."""
    import splink.comparison_library as cl

    if kind == "english":
        return [
            cl.JaroWinklerAtThresholds(name, [0.92, 0.85]).configure(
                term_frequency_adjustments=True
            )
            for name in NAMES
        ]
    common = {"forename_surname_concat_col_name": "both_names"} if kind == "historical" else {}
    return [cl.ForenameSurnameComparison(*NAMES, jaro_winkler_thresholds=[0.92, 0.82], **common)]


def _japanese_names() -> list[Any]:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    return [
        cl.CustomComparison(
            output_column_name=written,
            comparison_levels=[
                cll.And(cll.NullLevel(written), cll.NullLevel(kana)),
                cll.ExactMatchLevel(written, term_frequency_adjustments=True),
                cll.ExactMatchLevel(kana),
                cll.JaroWinklerLevel(kana, 0.9),
                cll.ElseLevel(),
            ],
        )
        for written, kana in zip(NAMES[::-1], ("family_kana", "given_kana"), strict=True)
    ]


def _home(kind: str) -> Any:
    """Compare what a household shares, the telephone and the house, as one field."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    phone, house = cll.ArrayIntersectLevel("phones", 1), cll.ExactMatchLevel("house")
    postal = cll.ExactMatchLevel("postal_code")
    near = [] if kind == "japanese" else [cll.And(cll.JaroWinklerLevel("street", 0.9), postal)]
    return cl.CustomComparison(
        output_column_name="home",
        comparison_levels=[
            cll.And(cll.NullLevel("phones"), cll.NullLevel("house")),
            cll.And(phone, house),
            phone,
            house,
            *near,
            postal,
            cll.ElseLevel(),
        ],
    )
