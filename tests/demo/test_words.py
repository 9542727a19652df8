"""Names in every form, and the errors that spoil cells."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.demo import emails
from custseg.demo.names import Groups, half_width, hiragana, japanese_names, latin
from custseg.demo.noise import digit_typo, email_slip, kana_slip, typo, wide

SHARE = st.floats(0, 1, exclude_max=True)

RESERVED = re.compile(
    r"(?:.+\.)?(?:example\.(?:com|net|org|jp|co\.jp|ne\.jp)|example)", re.ASCII | re.IGNORECASE
)
NO_SUCH_DOMAIN = re.compile(r".*(?:\.con|\.jpp|,.*)", re.ASCII | re.IGNORECASE)


def reaches_nobody(address: str) -> bool:
    """Tell whether a cell is no address, or one of a domain reserved for examples."""
    found = re.fullmatch(r".+[@＠]([^@＠]+)", address)
    if not found:
        return "@" not in address
    domain = found[1]
    return bool(RESERVED.fullmatch(domain) or NO_SUCH_DOMAIN.fullmatch(domain))


@pytest.mark.parametrize(
    ("kana", "half", "hira", "letters"),
    [
        ("タナカ", "ﾀﾅｶ", "たなか", "tanaka"),
        ("ガギグパピ", "ｶﾞｷﾞｸﾞﾊﾟﾋﾟ", "がぎぐぱぴ", "gagigupapi"),
        ("サトウ", "ｻﾄｳ", "さとう", "sato"),
        ("イノウエ", "ｲﾉｳｴ", "いのうえ", "inoue"),
        ("ショウジ", "ｼｮｳｼﾞ", "しょうじ", "shoji"),
        ("リュウノスケ", "ﾘｭｳﾉｽｹ", "りゅうのすけ", "ryunosuke"),
        ("イッペイ", "ｲｯﾍﾟｲ", "いっぺい", "ippei"),
        ("ジュンイチ", "ｼﾞｭﾝｲﾁ", "じゅんいち", "junichi"),
        ("ローラ", "ﾛｰﾗ", "ろーら", "rora"),
    ],
)
def test_readings_in_every_form(kana, half, hira, letters):
    assert half_width(kana) == half
    assert hiragana(kana) == hira
    assert latin(kana) == letters


def test_old_forms_can_be_written_in_cp932():
    names = japanese_names(
        [("高崎", "タカサキ", 1.0), ("渡辺", "ワタナベ", 1.0), ("林", "ハヤシ", 1.0)]
    )
    variants = names.variant.to_pylist()
    assert variants == ["髙﨑", "渡邊", "林"]
    assert "".join(variants).encode("cp932").decode("cp932") == "".join(variants)


def test_another_of_a_group_shares_its_key_and_differs():
    keys = ["a", "b", "a", "c", "a", "b"]
    another = Groups(keys).another(np.random.default_rng(1), np.tile(np.arange(6), 50))
    assert all(
        keys[new] == keys[old] for old, new in zip(np.tile(np.arange(6), 50), another, strict=True)
    )
    alone = another.reshape(50, 6)[:, 3]
    assert (alone == 3).all()
    assert (another.reshape(50, 6)[:, [0, 1, 2, 4, 5]] != [0, 1, 2, 4, 5]).all()


@given(st.text("0123456789-()", min_size=1), SHARE)
def test_a_wrong_digit_is_one_wrong_digit(cell, chosen):
    spoiled = digit_typo(cell, chosen)
    assert len(spoiled) == len(cell)
    differing = [pair for pair in zip(cell, spoiled, strict=True) if pair[0] != pair[1]]
    assert len(differing) == any(character.isdigit() for character in cell)
    assert all(new.isdigit() for _, new in differing)


@given(st.text("山田太郎アイウabcXY019", min_size=1), SHARE)
def test_a_typing_error_is_one_edit(cell, chosen):
    assert abs(len(typo(cell, chosen)) - len(cell)) <= 1


def test_a_slip_of_the_ear_changes_the_voice():
    assert kana_slip("タナカ", 0.0) == "ダナカ"
    assert kana_slip("タナカ", 0.9) == "タナガ"


def test_wide_characters_fold_back():
    assert wide("03-1234 x", 0.0) == "０３－１２３４ ｘ"


@given(
    st.from_regex(r"[a-z][a-z0-9_.\-]{1,20}", fullmatch=True),
    st.sampled_from([*emails.JAPANESE.domains, *emails.ENGLISH.domains]),
    SHARE,
)
def test_a_spoiled_address_still_reaches_nobody(local, domain, chosen):
    address = f"{local}@{domain}"
    assert reaches_nobody(address)
    assert reaches_nobody(email_slip(address, chosen))


def test_addresses_are_nobody_elses():
    rng = np.random.default_rng(2)
    names = np.array(["sato", "suzuki", "tanaka"])[rng.integers(0, 3, 3000)]
    import pyarrow as pa

    family = pa.array(names.tolist())
    made = emails.make_emails(rng, emails.JAPANESE, family, family, 1.0).to_pylist()
    assert len(set(made)) == len(made)
    assert all(map(reaches_nobody, made))
