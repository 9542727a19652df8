"""Text that was read in the wrong encoding: repaired where nothing is lost, else flagged.

Three accidents can be undone: UTF-8 read as Windows-1252 or Latin-1 (``å±±``), UTF-8 read as
cp932 (``螻ｱ``), and cp932 read as Windows-1252 or Mac Roman (``ŽR“c``). A repair must decode
the whole cell, give plausible text, and start from text that no language writes: a French
name or a trademark sign after an accented letter stays.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

FIXED: Final = "mojibake_fixed"
LOSSY: Final = "mojibake_lossy"

_MARKS = "‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸŽ€"
"""What Windows-1252 shows for the bytes 0x80 … 0x9F; the other five stay control characters."""

_CP1252_BYTE: Final = {
    **{code: code for code in range(0x100)},
    **{ord(mark): mark.encode("cp1252")[0] for mark in _MARKS},
}

_MAC_BYTE: Final = {ord(bytes([byte]).decode("mac_roman")): byte for byte in range(0x100)}


def _cp932_looking_like_utf8() -> str:
    """Give the characters whose cp932 bytes could begin a character of UTF-8."""
    found = []
    for lead in range(0xE2, 0xF0):
        for trail in range(0x80, 0xC0):
            try:
                found.append(bytes([lead, trail]).decode("cp932"))
            except UnicodeDecodeError:
                continue
    return "".join(sorted(found))


SUSPECT: Final = (
    f"[\u00c2-\u00f4][\u0080-\u00bf{_MARKS}]"
    f"|[\u0080-\u009f{_MARKS}]"
    "|[ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ][ -~\u00a0-\uffff]"
    f"|^[ -~]*[{_cp932_looking_like_utf8()}]"
    "|[A-Za-z]ﾃ[｡-ｿ]|ﾃ[｡-ｿ][A-Za-z]"
    "|\ufffd"
)
"""Regular expression (RE2, too) that every broken cell matches, and ordinary text rarely."""

_SUSPECT: Final = re.compile(SUSPECT)

_ANY_SUSPECT: Final = re.compile(
    f"[\u0080-\u009f\u00a0-\u00ff\ufffdﾃ∞±≤≥¥µ†•™≠{_MARKS}{_cp932_looking_like_utf8()}]"
)
"""One character of these stands in every suspect cell; quicker to look for."""

_JAPANESE = (
    "\u3000-\u30ff\u3220-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffef"
    "\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2460-\u26ff\U00020000-\U0003ffff"
)
_JAPANESE_TEXT: Final = re.compile(f"[\t\r\n -~À-ÿ€™{_JAPANESE}\ufe0e\ufe0f\U0001f000-\U0001faff]*")
_JAPANESE_CHARACTER: Final = re.compile(f"[{_JAPANESE}]")
_ANY_TEXT: Final = re.compile(
    f"[\t\r\n -~\u00a0-\u024f\u0370-\u06ff\u0900-\u0dff\u0e00-\u0eff\u1e00-\u1fff\u20a0-\u20bf"
    f"\u2100-\u214f\uac00-\ud7a3\ufe0e\ufe0f\U0001f000-\U0001faff{_JAPANESE}]*"
)

_BROKEN_RUN: Final = re.compile(f"(?:[\u00e2-\u00ef][\u0080-\u00bf{_MARKS}]{{2}}){{2}}")
"""Two characters of UTF-8 read as Windows-1252, side by side: no language writes that."""

_LONE_SEQUENCE: Final = re.compile(
    # One accented letter read as two or three characters, in a word of plain letters. A
    # trademark sign or a closing quote after a capital with an accent is no such thing.
    f"(?:Ã(?![®©™”’…])[\u0080-\u00bf{_MARKS}]|Â[\u00a0-\u00bf]|[a-z][ÃÄÅ][\u0080-\u00bf{_MARKS}]"
    f"|[ÃÄÅ][\u0080-\u00bf{_MARKS}][a-z]|â€[\u0080-\u00bf{_MARKS}]|â‚¬|â„¢)"
)

_ACCENTED_WORDS: Final = re.compile(r"(?:[A-Za-z]+ﾃ[｡-ｿ]|ﾃ[｡-ｿ](?=[A-Za-z])|[ -~])+")
"""José and the like, read as cp932; elsewhere half-width kana are kana."""

_CONTROL: Final = re.compile("[\u0080-\u009f]")
"""Bytes that Windows-1252 leaves undefined; nobody writes these characters."""

_STAND_IN: Final = "・"
"""What readers of cp932 put for bytes they cannot read."""

_THREE_BYTES: Final = re.compile("[\u0800-\U0010ffff]")

_QUOTE: Final = re.compile("[ -~][‘-”…€™][ -~]?|[‘-”…€™][ -~]")

_LEVEL_1: Final = range(0x81, 0x99)
"""First bytes of kana, signs, and the kanji in daily use (JIS level 1) in cp932."""

_KANA: Final = (0x82, 0x83)

_NO_WORD: Final = re.compile(
    r"[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ]|[À-ÿ][\^`\[\]\\{}|@†°¢£§•¶ß®©™´¨≠∞±≤≥¥µ∂∑∏π∫Ω¬√≈∆«»„€‡]"
)


def repair(value: str) -> tuple[str, str | None]:
    """Undo the reading in a wrong encoding.

    Returns
    -------
    tuple
        The text and :data:`FIXED`; or the text as it was and :data:`LOSSY` where characters
        are lost for good, or None where nothing is wrong.
    """
    if not _ANY_SUSPECT.search(value) or not _SUSPECT.search(value):
        return value, None
    fixed, reason = value, None
    while (better := _undone(fixed)) is not None:
        fixed, reason = better, FIXED
    lost = reason is None and (_cut_short(fixed) or _BROKEN_RUN.search(fixed))
    if "\ufffd" in fixed or lost:
        return value, LOSSY
    return fixed, reason


def _undone(value: str) -> str | None:
    for attempt in (_utf8_read_as_cp1252, _utf8_read_as_cp932, _cp932_read_as_western):
        better = attempt(value)
        if better is not None and better != value:
            return better
    return None


def _bytes(value: str, table: dict[int, int]) -> bytes | None:
    try:
        return bytes([table[ord(character)] for character in value])
    except KeyError:
        return None


def _utf8_read_as_cp1252(value: str) -> str | None:
    data = _bytes(value, _CP1252_BYTE)
    if data is None:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not _ANY_TEXT.fullmatch(text):
        return None
    repaired = sum(not character.isascii() for character in text)
    certain = repaired >= 2 or _LONE_SEQUENCE.search(value) or _CONTROL.search(value)
    return text if certain else None


def _utf8_read_as_cp932(value: str) -> str | None:
    if _STAND_IN in value:
        return None
    try:
        text = value.encode("cp932").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None
    if _ACCENTED_WORDS.fullmatch(value):
        return text
    wide = _THREE_BYTES.findall(text)
    enough = len(wide) >= 2 or (len(wide) == 1 and _QUOTE.search(text))
    return text if enough and _JAPANESE_TEXT.fullmatch(text) and _daily(wide) else None


def _daily(characters: list[str]) -> bool:
    """Whether kanji among the characters are ones that Japanese encodings have."""
    for character in characters:
        if "\u3400" <= character <= "\u9fff":
            try:
                character.encode("cp932")
            except UnicodeEncodeError:
                return False
    return True


def _cp932_read_as_western(value: str) -> str | None:
    data = _bytes(value, _CP1252_BYTE)
    if data is not None:
        text = _plausible_cp932(data, mixed=_CONTROL.search(value) is not None)
        if text is not None and _leads_are_marks(data):
            return text
    data = _bytes(value, _MAC_BYTE)
    if data is not None:
        text = _plausible_cp932(data, mixed=False)
        if text is not None and len(text) >= 3 and _NO_WORD.search(value):
            return text
    return None


def _plausible_cp932(data: bytes, *, mixed: bool) -> str | None:
    """Decode cp932 where it gives Japanese of daily use, with few Latin letters or `mixed`."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return None
    if not _JAPANESE_TEXT.fullmatch(text):
        return None
    japanese = len(_JAPANESE_CHARACTER.findall(text))
    letters = sum(character.isascii() and character.isalpha() for character in text)
    leads = _leads(data)
    daily = sum(lead in _LEVEL_1 for lead in leads)
    varied = len(set(leads)) >= 2 or (bool(leads) and leads[0] in _KANA)
    pure = mixed or letters == 0 or (japanese >= 4 and japanese >= 3 * letters)
    return text if len(leads) >= 2 and varied and pure and daily * 4 >= 3 * len(leads) else None


def _leads(data: bytes) -> list[int]:
    """Give the first bytes of the two-byte characters of cp932 text."""
    leads = []
    at = 0
    while at < len(data):
        byte = data[at]
        if 0x81 <= byte <= 0x9F or 0xE0 <= byte <= 0xFC:
            leads.append(byte)
            at += 2
        else:
            at += 1
    return leads


def _leads_are_marks(data: bytes) -> bool:
    """Whether half of the characters begin with a quote or dash, not with Š, Œ or Ž."""
    letters = (0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F)
    leads = _leads(data)
    return 2 * sum(lead not in letters and lead < 0xA0 for lead in leads) >= len(leads)


def _cut_short(value: str) -> bool:
    """Whether the cell begins like UTF-8 read as cp932, but its end was lost on the way."""
    head = re.split("[?・？]", value, maxsplit=1)[0]
    try:
        data = head.encode("cp932")
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False
    wide = _THREE_BYTES.findall(text)
    return len(wide) >= 2 and _JAPANESE_TEXT.fullmatch(text) is not None and _daily(wide)
