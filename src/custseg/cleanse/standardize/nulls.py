"""Words that mean "nothing" in a cell, in one place."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.words import words

BLANKS: Final = "".join(map(chr, (*range(0x21), *range(0x7F, 0xA1)))) + (
    "\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
    "\u202f\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d"
    "\u206e\u206f\u2800\u3000\u3164\ufeff\uffa0"
)
"""Characters that leave a cell empty where they stand alone: spaces, and what nobody sees."""

NULL_MARKERS: Final = frozenset(
    words(
        r"""
        なし 無し ナシ 無 無い ない 該当なし 該当無し 該当せず 該当者なし 非該当
        特になし 特に無し とくになし 不明 不詳 わからない 未入力 未記入 未回答 未登録 未設定 未定
        未確認 未取得 無回答 回答なし 記載なし 記載無し 記入なし 入力なし 登録なし 登録無し
        データなし 値なし 空 空白 空欄 (空白) (空) (なし) (不明) 〃
        n/a na n.a. n.a #n/a #na n/d null (null) <null> nil none (none) <none> nan <na> nat
        blank (blank) empty (empty) unknown (unknown) undefined unspecified missing tbd tba
        notavailable notapplicable notprovided notspecified \n
        #value! #ref! #name? #div/0! #num! #null!
        - -- --- ---- ‐ ‑ – —  —— ― ―― − ー ーー ─ ── ~ 〜 ・ ・・・ . .. ... * ** *** ? ?? ???
        / // _ __ ' " '' "" , ; : =
        """
    )
)
"""Markers after NFKC, lower case, and without :data:`BLANKS`."""

_LONGEST: Final = 24
"""No written form of a marker has more characters than this, spaces around it aside."""

_NUMBERED: Final = re.compile("[0-9]")


@cache
def _blanks_removed() -> dict[int, None]:
    return dict.fromkeys(map(ord, BLANKS))


def is_blank(value: str) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return not value.translate(_blanks_removed())


def is_null_marker(value: str) -> bool:
    """Whether a cell is empty or a word that means so."""
    if len(value.strip(BLANKS)) > _LONGEST:
        return False
    folded = unicodedata.normalize("NFKC", value).translate(_blanks_removed()).lower()
    return not folded or folded in NULL_MARKERS


def meant(part: str) -> str | None:
    """Give a part of a value; None where nothing stands there, or a word that means so."""
    return None if not part or (_NUMBERED.search(part) is None and is_null_marker(part)) else part


def null_mask(values: pa.Array, *, markers: bool) -> npt.NDArray[np.bool_]:
    """Tell which of some distinct values mean an empty cell.

    Parameters
    ----------
    values
        Strings without nulls.
    markers
        Whether words count; else blank cells alone do.
    """
    trimmed = pc.utf8_trim(values, characters=BLANKS)
    short = pc.less_equal(pc.utf8_length(trimmed), _LONGEST if markers else 0)
    # Most short cells of a column are numbers, which no marker but Excel's #DIV/0! resembles.
    worded = pc.invert(pc.match_substring_regex(trimmed, r"^[^#＃]*[0-9０-９@]"))
    candidates = np.flatnonzero(pc.and_(short, worded).to_numpy(zero_copy_only=False))
    mask = np.zeros(len(values), dtype=np.bool_)
    if not len(candidates):
        return mask
    folded = nfkc(trimmed.take(pa.array(candidates)))
    folded = pc.utf8_lower(pc.replace_substring_regex(folded, f"[{BLANKS}]+", ""))
    empty = pc.is_in(folded, value_set=pa.array(["", *sorted(NULL_MARKERS)] if markers else [""]))
    mask[candidates] = empty.to_numpy(zero_copy_only=False)
    return mask


def nfkc(values: pa.Array) -> pa.Array:
    """Give the NFKC form of strings. Arrow's own leaves voicing marks apart from their kana."""
    folded = pc.utf8_normalize(values, form="NFKC")
    apart = pc.match_substring_regex(folded, "[\u3099\u309a]")
    if not pc.any(apart).as_py():
        return folded
    joined = [unicodedata.normalize("NFC", text) for text in folded.filter(apart).to_pylist()]
    return pc.replace_with_mask(folded, apart, pa.array(joined, pa.string()))
