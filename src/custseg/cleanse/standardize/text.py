"""Free text: width, spaces, invisible characters, composition, and broken encodings.

:func:`fold` is what every other role starts from. It never changes what a reader sees as the
word itself: old characters, variation selectors and the long vowel mark stay.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.mojibake import FIXED, LOSSY, SUSPECT, repair
from custseg.cleanse.standardize.nulls import BLANKS, nfkc
from custseg.fields.roles import Role

_SPACES: Final = frozenset(
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0"
)

_HALF_KANA: Final = (
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"
    "マミムメモヤユヨラリルレロワン゛゜"
)
"""What U+FF61 … U+FF9F stand for, in their order."""

_VOICED: Final = {ord("\u309b"): "\u3099", ord("\u309c"): "\u309a"}

_KANA_THEN_MARK: Final = re.compile("([\u3041-\u3096\u309d\u30a1-\u30fa\u30fd])([\u309b\u309c])")

_JOINERS: Final = re.compile(
    # Persian and Indic words, and emoji, are written with joiners; nothing else needs them.
    "(?<![\u0600-\u06ff\u0900-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
)

_COMPATIBILITY: Final = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")

_TABLE: Final[dict[int, str | None]] = {
    **{ord(character): None for character in BLANKS if character not in "\u200c\u200d "},
    **{ord(character): " " for character in _SPACES},
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5E)},
    **{0xFF61 + place: kana for place, kana in enumerate(_HALF_KANA)},
    0xFFE0: "¢",
    0xFFE1: "£",
    0xFFE5: "¥",
    0xFFE6: "₩",
}
"""U+FF5E is left alone: it is how cp932 writes the wave dash of 10～20."""

INVISIBLE: Final = re.compile(
    "["
    + "".join(
        re.escape(chr(code)) for code, to in _TABLE.items() if to is None and code not in range(32)
    )
    + "]"
)

_ORDINARY: Final = (
    # One or more words of printable characters, single spaces between them. No combining
    # marks (they compose), no old jamo, nothing of another width.
    "^W+(?: W+)*$".replace(
        "W",
        "[!-~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a9\u03b1-\u03c9\u0401-\u0481\u2010-\u2027"
        "\u2030-\u205e\u3001-\u3029\u3041-\u3096\u309d-\u30ff\u3220-\u33ff\u3400-\u4dbf\u4e00-\u9fff"
        "\uf900-\ufaff\uff5e\U00020000-\U0002fa1f]",
    )
)

_TWO_WIDTHS: Final = (
    "^[ -~\u3000\u3041-\u3096\u30a1-\u30fa\u30fb\u30fc\u4e00-\u9fff\uff01-\uff5d\uff61-\uff9f]+$"
)
"""Kana, kanji, digits and Latin letters, in half or full width."""

_ORDINARY_TEXT: Final = re.compile(_ORDINARY)


def fold(value: str) -> str:
    """Bring text to one width and one spacing, without what cannot be seen.

    Half-width kana become full-width and take their voicing marks, full-width ASCII becomes
    half-width, any run of spaces becomes one, the ends are trimmed, and characters are
    composed (NFC, except for the compatibility ideographs, which are old forms of names).
    """
    if _ORDINARY_TEXT.fullmatch(value):
        return value
    folded = value.translate(_TABLE)
    if "\u200c" in folded or "\u200d" in folded:
        folded = _JOINERS.sub("", folded)
    if "\u309b" in folded or "\u309c" in folded:
        folded = _KANA_THEN_MARK.sub(_joined, folded)
    return compose(" ".join(folded.split()))


def compose(value: str) -> str:
    """Compose characters (NFC), but keep compatibility ideographs: 神 is not 神 in a name."""
    if unicodedata.is_normalized("NFC", value):
        return value
    return _COMPATIBILITY.sub(lambda run: unicodedata.normalize("NFC", run[0]), value)


def _joined(found: re.Match[str]) -> str:
    kana, mark = found.groups()
    joined = unicodedata.normalize("NFC", kana + mark.translate(_VOICED))
    return joined if len(joined) == 1 else kana + mark


def clean(value: str) -> tuple[str, str | None]:
    """Repair a broken encoding, then :func:`fold`.

    Returns
    -------
    tuple
        The text, and ``"mojibake_fixed"``, ``"mojibake_lossy"`` (then the text is as it
        was), ``"invisible_removed"``, or None.
    """
    repaired, reason = repair(value)
    if reason == LOSSY:
        return value, LOSSY
    folded = fold(repaired)
    if folded != repaired and repair(folded)[1] is not None:
        # Width hid the accident: what looks ordinary now was broken before it was folded.
        again, further = clean(folded)
        return (value, LOSSY) if further == LOSSY else (again, FIXED)
    if reason is None and folded != value and INVISIBLE.search(value):
        reason = "invisible_removed"
    return folded, reason


def standardize_text(value: str, context: Context) -> Cell:
    """Clean free text; nothing of its wording changes."""
    del context
    text, reason = clean(value)
    return Cell(text, status_of(value, text, reason), reason)


def status_of(before: str, after: str, reason: str | None) -> Status:
    """Give the status of a cell whose only treatment was :func:`clean`."""
    if reason == LOSSY:
        return Status.INVALID
    if reason == FIXED:
        return Status.CORRECTED
    return Status.VALID if before == after else Status.STANDARDIZED


def ordinary(values: pa.Array) -> pa.Array:
    """Tell which values :func:`clean` surely leaves as they are; a Boolean array.

    A pattern decides, so that a whole column costs one pass; it says no to some that would
    stay as well.
    """
    return pc.and_not(
        pc.match_substring_regex(values, _ORDINARY), pc.match_substring_regex(values, SUSPECT)
    )


def cleaned_at_once(values: pa.Array) -> pa.Array:
    """Give what :func:`clean` makes of values where only width and spaces change, else null.

    NFKC does for kana, digits and Latin letters of the other width what :func:`fold` does; the
    pattern keeps out all that NFKC would change further (㈱, ①, ～).
    """
    plain = ordinary(values)
    if pc.all(plain).as_py():
        return values
    two_widths = pc.and_not(
        pc.match_substring_regex(values, _TWO_WIDTHS), pc.match_substring_regex(values, SUSPECT)
    )
    at = np.flatnonzero(pc.and_not(two_widths, plain).to_numpy(zero_copy_only=False))
    folded = nfkc(values.take(pa.array(at)))
    folded = pc.utf8_trim(pc.replace_substring_regex(folded, " +", " "), " ")
    none = pa.scalar(None, pa.string())
    place = np.full(len(values), -1, dtype=np.int64)
    place[at] = np.arange(len(at))
    folded = pc.if_else(ordinary(folded), folded, none).take(pa.array(place, mask=place < 0))
    return pc.if_else(plain, values, folded)


def shortcut(values: pa.Array, context: Context) -> Settled:
    """Settle the values that need nothing, or another width alone."""
    del context
    result = cleaned_at_once(values)
    mask = pc.is_valid(result).to_numpy(zero_copy_only=False)
    same = pc.fill_null(pc.equal(result, values), False).to_numpy(zero_copy_only=False)
    status = np.where(same, Status.VALID, Status.STANDARDIZED).astype(np.int8)
    return Settled(mask, result, status)


TEXT: Final = Standardizer(cell=standardize_text, shortcut=shortcut, longest=None)

ROLES: Final = (
    Role(
        name="text",
        label={"en": "text", "ja": "テキスト"},
        about="Free text: one width, one spacing, broken encodings repaired.",
        headers=(
            *("note", "notes", "memo", "comment", "comments", "remarks", "free text", "text"),
            *("備考", "メモ", "コメント", "自由記入", "自由記述", "フリーテキスト", "特記事項"),
            *("摘要", "連絡事項", "要望", "ご要望", "お問い合わせ内容", "問合せ内容", "社内メモ"),
        ),
        standardizer=TEXT,
        tables=frozenset({"people", "orders", "events"}),
        examples=(
            ("ﾀﾅｶ ﾀﾛｳ", "タナカ タロウ"),
            ("ＡＢＣ　１２３", "ABC 123"),
            ("å±±ç”°å¤ªéƒŽ", "山田太郎"),
            ("特になし", None),
        ),
        telling=0.0,
        several=True,
    ),
)
