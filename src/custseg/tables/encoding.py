"""Which encoding a text is in, found by its content, and turning it into UTF-8.

The order is byte order mark, NUL pattern (UTF-16), escape sequences (ISO-2022-JP), strict
UTF-8, and last a score of how much each remaining candidate reads like text. General
detectors are right for 75 to 86 % of short Japanese CSV files; counting how plausible kana,
kanji and accented letters are is right for more than 99.9 % (see the tests).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.tables.common_kanji import COMMON_KANJI

MARK: Final = "\ufdd0"
"""Stands where bytes could not be decoded: a code point that no text may contain."""

MARK_UTF8: Final = MARK.encode()

CANDIDATES: Final = ("cp932", "euc_jp", "cp1252")
"""In the order that settles a tie."""

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_NEVER_IN_TEXT: Final = frozenset({"Cc", "Cn", "Co", "Cs"})
_CHUNK: Final = 1 << 24
_SAMPLED_LINES: Final = 2000
_SAMPLED_LINE_BYTES: Final = 2000
_JIS_ESCAPE: Final = re.compile(rb"\x1b(?:\$[@B]|\(I|\$\(D)")


def detect_encoding(data: bytes) -> str:
    """Name the encoding of a text.

    Parameters
    ----------
    data
        The whole text: one accented letter may stand in the last line.

    Returns
    -------
    str
        ``utf-8-sig``, ``utf-32``, ``utf-16``, ``utf-16-le``, ``utf-16-be``,
        ``iso2022_jp_ext``, ``utf-8``, ``cp932``, ``euc_jp`` or ``cp1252``.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    if name := _utf16_by_zeros(data[: 1 << 16]):
        return name
    if data.isascii():
        return "iso2022_jp_ext" if _JIS_ESCAPE.search(data) else "utf-8"
    if is_utf8(data):
        return "utf-8"
    high = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) >= 0x80)
    lines = _lines_around(data, high)
    if len(lines) > 2 and 2 * sum(map(is_utf8, lines)) > len(lines):
        return "utf-8"  # some lines are damaged, or from another source
    sample = b"\n".join(lines)
    scores = {name: _score(sample.decode(name, "custseg-mark"), name) for name in CANDIDATES}
    return max(CANDIDATES, key=lambda name: scores[name])


def to_utf8(data: bytes, encoding: str) -> bytes:
    """Turn a text into UTF-8; :data:`MARK` stands for bytes that cannot be decoded.

    A byte order mark is taken off. Valid UTF-8 comes back as it is.
    """
    if encoding in ("utf-8", "utf-8-sig"):
        data = data.removeprefix(codecs.BOM_UTF8)
        if is_utf8(data):
            return data
        encoding = "utf-8"
    decoder = codecs.getincrementaldecoder(encoding)("custseg-mark")
    text = bytearray()
    for start in range(0, len(data), _CHUNK):
        final = start + _CHUNK >= len(data)
        decoded = decoder.decode(data[start : start + _CHUNK], final)
        text += decoded.encode("utf-8", "replace")
    return bytes(text).removeprefix(codecs.BOM_UTF8)


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are valid UTF-8."""
    if data.isascii():
        return True
    # Arrow checks ten times as fast as a decoder, and makes nothing.
    offsets = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    """Decode what Windows adds to the Japanese standards; mark the rest.

    Rows 13 and 89 to 92 (①, ㈱, 髙) are missing from the standard tables of EUC-JP and
    ISO-2022-JP, but Windows and macOS write them.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding.replace("-", "").startswith(("euc_jp", "eucjp", "iso2022")):
        pair = bytes(error.object[error.start : error.start + 2])
        if len(pair) == 2 and (character := _windows_character(pair)):
            return character, error.start + 2
    return MARK, error.end


codecs.register_error("custseg-mark", _mark_undecodable)


def _windows_character(pair: bytes) -> str:
    """Decode a pair of JIS X 0208 shape by way of cp932; ``""`` where there is none."""
    row, cell = (pair[0] & 0x7F) - 0x20, (pair[1] & 0x7F) - 0x20
    if not (1 <= row <= 94 and 1 <= cell <= 94):
        return ""
    lead = (row - 1) // 2 + (0x81 if row <= 62 else 0xC1)
    trail = cell + (0x9E if row % 2 == 0 else 0x3F if cell <= 63 else 0x40)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return ""


def _utf16_by_zeros(sample: bytes) -> str:
    """Find UTF-16 without a mark: ASCII characters put zeros at one parity only."""
    array = np.frombuffer(sample, dtype=np.uint8)
    even = int(np.count_nonzero(array[0::2] == 0))
    odd = int(np.count_nonzero(array[1::2] == 0))
    most, least = max(even, odd), min(even, odd)
    if most * 40 < len(sample) or len(sample) < 4:
        return ""
    name = "utf-16-be" if even > odd else "utf-16-le"
    # 一 and the wide space have a zero at the other parity: then all has to read like text.
    return name if least * 50 <= most or _reads_like_text(sample, name) else ""


def _reads_like_text(sample: bytes, encoding: str) -> bool:
    """Whether nearly every character is one that texts are made of."""
    text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
    odd = sum(
        (unicodedata.category(character) in _NEVER_IN_TEXT and character not in "\t\r\n")
        or character == "\ufffd"
        for character in text
    )
    return odd * 100 <= len(text)


def _lines_around(data: bytes, positions: np.ndarray) -> list[bytes]:
    """Give lines that hold the bytes at `positions`: all, or an even choice of many."""
    step = -(-len(positions) // _SAMPLED_LINES)
    lines: list[bytes] = []
    end = -1
    for position in positions[::step].tolist():
        if position < end:
            continue
        start = max(data.rfind(b"\n", 0, position) + 1, position - _SAMPLED_LINE_BYTES)
        end = data.find(b"\n", position)
        end = min(len(data) if end < 0 else end, start + 2 * _SAMPLED_LINE_BYTES)
        lines.append(data[start:end])
    return lines


# Points for one character, as a share of those outside ASCII. Only their order matters: kana
# and frequent kanji say "Japanese", rare kanji and undecodable bytes say "wrong table".
_KANA, _COMMON, _LEVEL_1, _RARE = 3.0, 4.0, 0.3, -2.0
_WIDE_SIGN, _HALF_KANA, _VOICED, _HALF_SIGN = 1.0, 0.8, 2.0, -2.0
_STRAY_VOICE, _PRIVATE, _OTHER, _UNDECODABLE = -6.0, -5.0, -1.0, -20.0
_TOUCHES_LETTER, _PREFIXED_KANA = -4.0, 4.5

_CAN_BE_VOICED: Final = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
_CAN_BE_P: Final = frozenset("ﾊﾋﾌﾍﾎ")


def _score(text: str, encoding: str) -> float:
    """Mean points of the characters outside ASCII."""
    points = _POINTS[encoding]
    padded = f" {text} "
    found = [
        points(character, padded[index], padded[index + 2])
        for index, character in enumerate(text)
        if character >= "\x80"
    ]
    return sum(found) / len(found) if found else _UNDECODABLE


def _japanese_points(character: str, before: str, after: str) -> float:
    if character in COMMON_KANJI:
        return _COMMON
    if "\u3041" <= character <= "\u30fe":
        return _KANA
    if "\uff61" <= character <= "\uff9f":
        return _half_width_points(character, before)
    if "\u4e00" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff":
        touches = _TOUCHES_LETTER if _is_ascii_letter(before) or _is_ascii_letter(after) else 0.0
        return touches + (_LEVEL_1 if _is_level_1(character) else _RARE)
    if character == MARK:
        return _UNDECODABLE
    if "\ue000" <= character <= "\uf8ff":
        return _PRIVATE
    is_wide_sign = "\u3000" <= character <= "\u30ff" or "\uff01" <= character <= "\uff5e"
    return _WIDE_SIGN if is_wide_sign else _OTHER


def _euc_points(character: str, before: str, after: str) -> float:
    """Give points like :func:`_japanese_points`, and more for runs of half-width kana.

    EUC-JP writes a prefix before each of them, which is not there by chance all the time.
    """
    if _is_half_kana(character) and (_is_half_kana(before) or _is_half_kana(after)):
        return _PREFIXED_KANA
    return _japanese_points(character, before, after)


def _is_half_kana(character: str) -> bool:
    return "\uff66" <= character <= "\uff9f"


def _half_width_points(character: str, before: str) -> float:
    if character == "ﾞ":
        return _VOICED if before in _CAN_BE_VOICED else _STRAY_VOICE
    if character == "ﾟ":
        return _VOICED if before in _CAN_BE_P else _STRAY_VOICE
    return _HALF_KANA if _is_half_kana(character) else _HALF_SIGN


def _western_points(character: str, before: str, after: str) -> float:
    if character == MARK:
        return _UNDECODABLE
    lonely = before < "\x80" and after < "\x80"
    beside_letter = _is_ascii_letter(before) or _is_ascii_letter(after)
    if unicodedata.category(character).startswith("L") and character not in "ªº":
        capital_inside = character.isupper() and before.islower()
        fits = beside_letter and lonely and not capital_inside
        if character > "\xff":  # Š, œ and their like are rare, and Japanese lead bytes
            return 0.5 if fits else -2.0
        return 3.0 if fits else 0.0 if beside_letter and not capital_inside else -2.0
    if character in "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u20ac":
        return 2.0 if lonely and beside_letter else 0.5 if lonely else -2.0
    if "\xa0" <= character <= "\xbf":
        return 0.3 if lonely else -2.0
    return -3.0


_POINTS: Final = {"cp932": _japanese_points, "euc_jp": _euc_points, "cp1252": _western_points}


def _is_ascii_letter(character: str) -> bool:
    return "a" <= character <= "z" or "A" <= character <= "Z"


def _is_level_1(character: str) -> bool:
    try:
        return 0xB0 <= character.encode("euc_jp")[0] <= 0xCF
    except UnicodeEncodeError:
        return False
