"""Splitting Japanese names: known awkward ones, readings, and how often it is right."""

from __future__ import annotations

import math
import re

import numpy as np
import pyarrow as pa
import pytest

from custseg.cleanse.standardize import name_split
from custseg.cleanse.standardize.characters import fold_variants
from custseg.cleanse.standardize.name_dictionary import Names, family_names, given_names
from custseg.cleanse.standardize.name_split import UNCLEAR, WHOLE, Split, split_name
from custseg.cleanse.standardize.name_split_bulk import cut_names
from custseg.resources import names

PEOPLE = 3000


@pytest.mark.parametrize(
    "name",
    [
        *("東海林|太郎", "勅使河原|三郎", "長谷川|京子", "佐々木|希", "林|真理子", "小林|修"),
        *(
            "髙橋|一郎",
            "渡邊\U000e0100|花子",
            "𠮷田|茂",
            "佐佐木|信綱",
            "山ノ内|花子",
            "三ツ矢|雄二",
        ),
        *("佐藤|さくら", "鈴木|アンナ", "林|ゆう子", "さとう|花子", "王|小明", "五十嵐|健"),
        *("夏目|漱石", "武者小路|実篤", "与謝野|晶子", "芥川|龍之介", "森|光子", "関|勝"),
    ],
)
def test_a_name_is_split_where_its_parts_meet(name: str) -> None:
    family, given = name.split("|")
    assert split_name(family + given) == Split(family, given)


@pytest.mark.parametrize("name", ["長谷川太", "森泉", "森林太郎", "本庶佑"])
def test_two_likely_splits_are_ambiguous(name: str) -> None:
    assert split_name(name) == UNCLEAR


@pytest.mark.parametrize("name", ["山田", "長谷川", "佐々木"])
def test_a_family_name_alone_is_one(name: str) -> None:
    assert split_name(name) == Split(name, None)


@pytest.mark.parametrize("name", ["営業部", "花子", "山", "", "南無阿弥陀仏極楽往生祈願"])
def test_what_is_no_full_name_stays_whole(name: str) -> None:
    assert split_name(name) == WHOLE


@pytest.mark.parametrize(
    ("name", "reading", "split"),
    [
        ("長谷川太", "ハセガワ フトシ", "長谷川|太"),
        ("長谷川太", "ハセガワフトシ", "長谷川|太"),
        ("長谷川太", "ハセ センタ", "長谷|川太"),
        ("森泉", "モリ イズミ", "森|泉"),
        ("森林太郎", "モリリンタロウ", "森|林太郎"),
        ("森林太郎", "モリバヤシ タロウ", "森林|太郎"),
        ("本庶佑", "ホンジョ タスク", "本庶|佑"),
        ("小鳥遊六花", "タカナシ リッカ", "小鳥遊|六花"),
        ("大野優子", "オーノ ユーコ", "大野|優子"),
    ],
)
def test_a_reading_decides(name: str, reading: str, split: str) -> None:
    assert split_name(name, reading) == Split(*split.split("|"))


def test_random_people_are_split_right() -> None:
    """Every pair of listed names, drawn by how common they are."""
    families, givens = _drawn(names.japanese_family_names()), _drawn(names.japanese_given_names())
    right, split = _counted(families, givens)
    assert split >= 0.99 * PEOPLE
    assert right >= 0.999 * split


def test_people_with_a_name_that_no_list_knows_are_split_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fifth of the names is taken from the lists; people have one of these each."""
    family_table, given_table = names.japanese_family_names(), names.japanese_given_names()
    hidden_families, hidden_givens = _hidden(family_table), _hidden(given_table)
    known_families = Names(family_table.filter(pa.array(~hidden_families)), 0.02)
    known_givens = Names(given_table.filter(pa.array(~hidden_givens)), 0.08)
    monkeypatch.setattr(name_split, "family_names", lambda: known_families)
    monkeypatch.setattr(name_split, "given_names", lambda: known_givens)
    right, split = _counted(
        _drawn(family_table.filter(pa.array(hidden_families))),
        _drawn(given_table.filter(pa.array(~hidden_givens))),
    )
    assert split >= 0.93 * PEOPLE
    assert right >= 0.98 * split
    right, split = _counted(
        _drawn(family_table.filter(pa.array(~hidden_families))),
        _drawn(given_table.filter(pa.array(hidden_givens))),
    )
    assert split >= 0.93 * PEOPLE
    assert right >= 0.98 * split


def test_places_left_out_for_speed_change_no_split(monkeypatch: pytest.MonkeyPatch) -> None:
    """The brute-force twin weighs every place of every name."""
    people = list(
        zip(
            _drawn(names.japanese_family_names(), power=0.3),
            _drawn(names.japanese_given_names(), power=0.3),
            strict=True,
        )
    )[:1000]
    quick = [split_name(family + given) for family, given in people]
    monkeypatch.setattr(name_split, "_REACH", math.inf)
    monkeypatch.setattr(name_split, "_KANA_REACH", math.inf)
    assert quick == [split_name(family + given) for family, given in people]


def test_a_column_is_split_as_its_cells_are() -> None:
    families, givens = names.japanese_family_names(), names.japanese_given_names()
    people = [
        *(
            "長谷川太",
            "森泉",
            "山田",
            "林修",
            "森林太郎",
            "髙橋渡",
            "佐々木希",
            "龘龘龘",
            "東海林太郎",
        ),
        *map("".join, zip(_drawn(families, 0.3), _drawn(givens, 0.3), strict=True)),
    ]
    kanji = [name for name in people if re.fullmatch("[一-鿿々]{2,6}", name)]
    cuts = cut_names(pa.array(kanji), None)
    settled = 0
    for at, name in enumerate(kanji):
        if cuts.mask[at]:
            assert (cuts.family[at].as_py(), cuts.given[at].as_py()) == split_name(name)[:2]
            settled += 1
    assert settled > 0.6 * len(kanji)


def test_a_column_is_split_by_its_readings_as_its_cells_are() -> None:
    families, givens = names.japanese_family_names(), names.japanese_given_names()
    people = [
        *(("長谷川太", "ハセガワ フトシ"), ("長谷川太", "ハセ　センタ"), ("森泉", "モリ イズミ")),
        *(("山田太郎", "スズキ イチロウ"), ("山田太郎", "ヤマダタロウ"), ("山田太郎", "")),
        *_read(families, givens),
    ]
    kanji = [each for each in people if re.fullmatch("[一-鿿々]{2,6}", each[0])]
    cuts = cut_names(pa.array([name for name, _ in kanji]), pa.array([kana for _, kana in kanji]))
    settled = 0
    for at, (name, kana) in enumerate(kanji):
        if cuts.mask[at]:
            split = split_name(name, kana.replace("\u3000", " "))
            assert (cuts.family[at].as_py(), cuts.given[at].as_py()) == split[:2]
            settled += 1
    assert settled > 0.9 * len(kanji)


def _read(families: pa.Table, givens: pa.Table) -> list[tuple[str, str]]:
    """Names with their readings, every so many of the lists."""
    pairs = zip(families.to_pylist()[::17], givens.to_pylist()[::139], strict=False)
    return [
        (family["name"] + given["name"], f"{family['kana']} {given['kana']}")
        for family, given in pairs
    ]


def test_probabilities_of_known_names_sum_to_what_is_known() -> None:
    assert sum(map(math.exp, family_names().known.values())) == pytest.approx(0.98, abs=1e-3)
    assert sum(map(math.exp, given_names().known.values())) == pytest.approx(0.92, abs=1e-3)


@pytest.mark.parametrize("piece", ["山", "谷田", "龘龘", "山谷川", "アンナ"])
def test_no_unknown_piece_is_likelier_than_the_bound(piece: str) -> None:
    for side in (family_names(), given_names()):
        assert side.unknown(piece) <= side.bounds[len(piece) - 1]


def _drawn(table: pa.Table, power: float = 1.0) -> list[str]:
    weight = table.column("weight").to_numpy() ** power
    rng = np.random.default_rng(7)
    places = rng.permutation(rng.choice(len(weight), PEOPLE, p=weight / weight.sum()))
    found: list[str] = table.column("name").take(pa.array(places)).to_pylist()
    return found


def _hidden(table: pa.Table) -> np.ndarray:
    rng = np.random.default_rng(11)
    every = sorted({fold_variants(name) for name in table.column("name").to_pylist()})
    hidden = {name for name, out in zip(every, rng.random(len(every)) < 0.2, strict=True) if out}
    return np.array([fold_variants(name) in hidden for name in table.column("name").to_pylist()])


def _counted(families: list[str], givens: list[str]) -> tuple[int, int]:
    """Give how many people were split right, and split at all."""
    right = split = 0
    for family, given in zip(families, givens, strict=True):
        found = split_name(family + given)
        split += found.given is not None
        right += found == Split(family, given)
    return right, split
