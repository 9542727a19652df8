"""The shipped name lists: their shape, their order, and what everybody knows of them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pytest

from custseg.cleanse.standardize.reading import is_kana, katakana
from custseg.resources import names


def weights(table: pa.Table) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, weight in zip(
        *(table.column(c).to_pylist() for c in ("name", "weight")), strict=True
    ):
        found[name] = found.get(name, 0.0) + weight
    return found


@pytest.mark.parametrize(
    ("table", "known"),
    [
        (names.japanese_family_names(), 1.0),
        (names.japanese_given_names(), 1.0),
        (names.english_given_names(), 0.9),
        (names.english_surnames(), 0.8),
    ],
)
def test_weights_are_shares_of_people(table: pa.Table, known: float) -> None:
    assert pc.sum(table.column("weight")).as_py() == pytest.approx(known, abs=2e-3)
    assert pc.min(table.column("weight")).as_py() > 0
    assert table.column("name").null_count == 0
    assert table.column("name").to_pylist() == sorted(table.column("name").to_pylist())


def test_the_commonest_names_are_the_commonest() -> None:
    families = weights(names.japanese_family_names())
    assert sorted(families, key=families.__getitem__)[-1:-4:-1] == ["佐藤", "鈴木", "高橋"]
    assert families["佐藤"] > 10 * families["長谷川"] * 0.4 > 10 * families["勅使河原"]
    surnames = weights(names.english_surnames())
    assert max(surnames, key=surnames.__getitem__) == "Smith"


def test_readings_are_katakana_and_the_usual_one_weighs_most() -> None:
    for table in (names.japanese_family_names(), names.japanese_given_names()):
        assert all(is_kana(k) and katakana(k) == k for k in table.column("kana").to_pylist())
    rows = names.japanese_family_names().to_pylist()
    best = {row["name"]: row["kana"] for row in sorted(rows, key=lambda row: row["weight"])}
    assert [best[name] for name in ("山崎", "中島", "新垣", "東")] == [
        *("ヤマザキ", "ナカジマ", "アラカキ", "ヒガシ")
    ]


def test_genders_are_told_where_they_are_known() -> None:
    japanese = {
        (row["name"], row["kana"]): row["gender"]
        for row in names.japanese_given_names().to_pylist()
    }
    assert [japanese[each] for each in (("太郎", "タロウ"), ("花子", "ハナコ"))] == [
        "male",
        "female",
    ]
    assert set(japanese.values()) == {"male", "female", None}
    english = dict(
        zip(
            *(names.english_given_names().column(c).to_pylist() for c in ("name", "gender")),
            strict=True,
        )
    )
    assert (english["John"], english["Mary"], english["Casey"]) == ("male", "female", None)


def test_nicknames() -> None:
    nicknames = names.nicknames()
    assert {"bob", "rob"} <= nicknames["robert"]
    assert {"liz", "beth"} <= nicknames["elizabeth"]
    assert all(name == name.lower() for name in nicknames)


def test_the_dictionary_is_shipped_whole(shared_data: Path) -> None:
    source = csv.read_csv(
        shared_data / "japan" / "ipadic_names.csv",
        read_options=csv.ReadOptions(autogenerate_column_names=True),
    )
    family = source.filter(pc.equal(source.column("f7"), "姓")).column("f0").to_pylist()
    shipped = weights(names.japanese_family_names())
    # Family names in katakana are foreign people's, and are left out.
    assert [
        name for name in family if name not in shipped and not is_kana(name.replace("・", ""))
    ] == []
