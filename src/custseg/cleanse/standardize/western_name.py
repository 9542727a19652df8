"""Names in Latin, Cyrillic or Greek letters: capitals, particles, titles, suffixes, order."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from custseg.cleanse.standardize.mojibake import repair
from custseg.cleanse.standardize.text import compose
from custseg.cleanse.standardize.words import words

TITLES: Final = {
    **{title.lower(): f"{title}." for title in words("Mr Mrs Ms Mx Dr Prof Rev Capt Col Gen Lt")},
    **{title.lower(): f"{title}." for title in words("Maj Sgt Hon Messrs Mme Mlle Ing Dipl")},
    **{title.lower(): title for title in words("Miss Sir Dame Lord Lady Professor Doctor Herr")},
    **{title.lower(): title for title in words("Frau Señor Señora Sra Madame Monsieur Captain")},
}
"""Standard writing of words before a name."""

_COURTESIES: Final = frozenset(words("mr mrs ms mx dr prof"))

SUFFIXES: Final = {
    each.replace(".", "").lower(): each
    for each in words(
        "Jr. Sr. Esq. PhD BSc MSc II III IV MD DDS DVM CPA MBA JD RN QC KC OBE MBE CBE"
    )
}
"""Standard writing of words after a name, by the word in lower case without full stops."""

_WRITTEN: Final = frozenset((*TITLES.values(), *SUFFIXES.values()))

PARTICLES: Final = frozenset(
    words(
        "de del della di da das do dos du des la las le los van von vom der den ter ten te zu zum "
        "zur y e el al bin bint ibn ben san santa st st. saint af av d' l' 't op tot mac"
    )
)
"""Words that begin a family name of several words."""

_LOWER: Final = frozenset(
    words("de del das do dos du des la las los van von vom der den ter ten te zu zum zur y e bin")
) | frozenset(words("bint ibn af av op tot 't da"))
"""Particles that are written small where the writing of the cell tells nothing."""

_SECOND_GIVEN: Final = frozenset(words("carmen pilar rosario angeles ángeles jesus jesús mar"))
"""María del Carmen: after a particle and still a given name."""

_MAC: Final = frozenset(
    words(
        "macarthur macaulay macdonald macdougall macdowell macfarlane macgregor macinnes macintosh "
        "macintyre maclean macleod macmillan macnamara macneil macneill macpherson macqueen "
        "mactavish"
    )
)

_LETTER: Final = re.compile(r"[^\W\d_]")
_NO_WORD: Final = re.compile(r"[\d@]")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?", re.IGNORECASE)
_NICKNAME: Final = re.compile(r"\s*(?:\"[^\"]*\"|\([^()]*\)|“[^”]*”)")
_TOGETHER: Final = re.compile(r" (?:&|\+|and|und|et) |[/;]", re.IGNORECASE)
_WORDS: Final = re.compile("([ ,-]+)")
_APOSTROPHE: Final = re.compile("(['’])")
_SCREAMING_MAC: Final = re.compile("Ma?c[A-Z]{2,}")
_VOWEL: Final = re.compile("[AEIOUYÀ-Þ]", re.IGNORECASE)


class WesternName(NamedTuple):
    """A name and its parts, every part None where there is none.

    Attributes
    ----------
    value
        The name in standard writing without titles, its words in the order in which they were.
    family, given, middle, suffix, title
        The parts.
    pair
        The two words of a name whose order nothing but custom tells.
    doubt
        Why the name was not taken apart: ``"several_persons"``, ``"name_split_ambiguous"``
        or ``"name_not_split"``.
    """

    value: str
    family: str | None = None
    given: str | None = None
    middle: str | None = None
    suffix: str | None = None
    title: str | None = None
    pair: tuple[str, str] | None = None
    doubt: str | None = None


def western_name(text: str) -> WesternName:
    """Bring a Western name to standard writing and take it apart.

    Capitals are put right only where the whole name is written in capitals, or wholly
    without them; mixed case is somebody's choice, and in it a word in capitals is the family
    name. The family name else begins at the first particle after the first word.
    """
    if _TOGETHER.search(text):
        return WesternName(with_capitals(text), doubt="several_persons")
    words_left, title = _without_titles(text.split(" "))
    value = with_capitals(" ".join(words_left), given_first=True)
    pieces = [each for piece in _NICKNAME.sub("", value).split(",") if (each := piece.split())]
    suffixes = _take_suffixes(pieces)
    named = WesternName(value, suffix=" ".join(suffixes) or None, title=title)
    if not pieces or len(pieces) > 2 or any(not _is_word(word) for p in pieces for word in p):
        return named._replace(doubt="name_not_split")
    if len(pieces) == 2:
        return _with_parts(named, pieces[0], pieces[1])
    tokens = pieces[0]
    if len(tokens) == 1:
        return named._replace(doubt="name_not_split")
    if run := _capital_run(tokens):
        rest = tokens[: run.start] + tokens[run.stop :]
        return _with_parts(named, tokens[run.start : run.stop], rest)
    if len(tokens) == 2 and _is_initial(tokens[1]):
        return named._replace(doubt="name_split_ambiguous")
    start = _family_start(tokens)
    named = _with_parts(named, tokens[start:], tokens[:start])
    return named._replace(pair=(tokens[0], tokens[1])) if len(tokens) == 2 else named


def with_capitals(text: str, *, given_first: bool = False) -> str:
    """Put the capitals of a name right that is written in capitals alone, or in none.

    Parameters
    ----------
    text
        Words with spaces, commas and hyphens between them.
    given_first
        Whether the first word is a given name, which is no particle, unless a comma follows.

    >>> with_capitals("O'CONNOR"), with_capitals("mcdonald"), with_capitals("DE LA VEGA")
    ("O'Connor", 'McDonald', 'de la Vega')
    """
    given_first = given_first and "," not in text
    written = _evenly_written(text, given_first)
    if written.isascii() or written == text:
        return written
    # Letters whose case has no way back, and what looks like a broken encoding only in the
    # other case, are nothing to put right.
    steady = _evenly_written(written, given_first) == written == compose(written)
    return written if steady and repair(written)[1] is None else text


def _evenly_written(text: str, given_first: bool) -> str:
    pieces = _WORDS.split(text)
    if not _is_even([piece for piece in pieces[::2] if _counts(piece)]):
        return text
    return "".join(
        piece if at % 2 else recased(piece, particle=not (given_first and at == 0))
        for at, piece in enumerate(pieces)
    )


def _is_even(names: list[str]) -> bool:
    """Whether all the words are in capitals, or none has any."""
    if not names or not all(map(_is_word, names)):
        return False
    alike = _is_upper if _is_upper(names[0]) else str.islower
    return all(map(alike, names))


def _counts(word: str) -> bool:
    """Whether a word's case tells how the name is written: no initials, titles, suffixes."""
    if len(word) < 2 or word in _WRITTEN or _is_initial(word):
        return False
    return word.lower() != word.upper()


def _is_upper(word: str) -> bool:
    return word.isupper() or _SCREAMING_MAC.fullmatch(word) is not None


def recased(word: str, *, particle: bool = True) -> str:
    """Write one word of a name with the usual capitals."""
    small, bare = word.lower(), _bare(word)
    if particle and small in _LOWER:
        return small
    if bare in SUFFIXES:
        return SUFFIXES[bare]
    if _INITIALS.fullmatch(word):
        return word.upper()
    if len(word) == 2 and word.isupper() and word != "NG" and not _VOWEL.search(word):
        return word
    before, mark, after = (*_APOSTROPHE.split(word, maxsplit=1), "", "")[:3]
    if mark:
        return (
            _capital(before) + mark + (_capital(after) if _elided(before, after) else after.lower())
        )
    if small.startswith("mc") and len(small) > 3:
        return "Mc" + _capital(word[2:])
    if small in _MAC:
        return "Mac" + _capital(word[3:])
    return _capital(word)


def _elided(before: str, after: str) -> bool:
    """Whether an apostrophe stands as in O'Connor or D'Angelo, not as in Hawai'i."""
    return len(before) <= 2 and len(after) >= 3


def _capital(word: str) -> str:
    return word[:1].title() + word[1:].lower()


def _bare(word: str) -> str:
    return word.replace(".", "").lower()


def _is_initial(word: str) -> bool:
    return len(word) == 1 or _INITIALS.fullmatch(word) is not None


def _is_word(word: str) -> bool:
    return word.isalpha() or (_LETTER.search(word) is not None and _NO_WORD.search(word) is None)


def _without_titles(tokens: list[str]) -> tuple[list[str], str | None]:
    titles = []
    while len(tokens) > 1 and _bare(tokens[0]) in TITLES:
        titles.append(TITLES[_bare(tokens[0])])
        tokens = tokens[1:]
    return tokens, " ".join(titles) or None


def without_courtesy(text: str) -> str:
    """Take Mr., Dr. and the like off the front of one name; Lord and Miss may be names.

    >>> without_courtesy("Dr. Jane"), without_courtesy("Dr.")
    ('Jane', 'Dr.')
    """
    tokens = [] if _TOGETHER.search(text) else text.split(" ")
    while len(tokens) > 1 and _bare(tokens[0]) in _COURTESIES:
        tokens = tokens[1:]
    return " ".join(tokens) or text


def _take_suffixes(pieces: list[list[str]]) -> list[str]:
    """Take suffixes off the pieces between commas, and pieces that hold nothing else."""
    found: list[str] = []
    while len(pieces) > 1 and all(map(_is_suffix, pieces[-1])):
        found = [SUFFIXES[_bare(word)] for word in pieces.pop()] + found
    for piece in pieces:
        least = 1 if len(pieces) > 1 else 2
        while len(piece) > least and (_is_suffix(piece[-1]) or _is_fifth(piece)):
            word = piece.pop()
            found.insert(0, SUFFIXES.get(_bare(word), word))
    return found


def _is_suffix(word: str) -> bool:
    """Whether a word is a suffix; degrees and numerals only in capitals (Ii is a name)."""
    bare = _bare(word)
    return bare in SUFFIXES and (bare in {"jr", "sr", "esq"} or not word.istitle())


def _is_fifth(piece: list[str]) -> bool:
    return len(piece) > 2 and piece[-1] == "V"


def _capital_run(tokens: list[str]) -> range | None:
    """Find the words in capitals among words that are not: the family name."""
    loud = [at for at, word in enumerate(tokens) if _is_loud(word)]
    if not loud or loud[-1] - loud[0] >= len(loud):
        return None
    start, stop = loud[0], loud[-1] + 1
    while start and tokens[start - 1] in PARTICLES:
        start -= 1
    return range(start, stop) if stop - start < len(tokens) else None


def _is_loud(word: str) -> bool:
    """Whether a word is written in capitals, and is no initials (JB, J.R.)."""
    if _SCREAMING_MAC.fullmatch(word):
        return True
    initials = len(word) == 1 or _is_initial(word) or (len(word) == 2 and not _VOWEL.search(word))
    return word.isupper() and not initials


def _family_start(tokens: list[str]) -> int:
    """Place of the first word of the family name."""
    last = len(tokens) - 1
    at = 1
    while at < last:
        if tokens[at].lower() in PARTICLES:
            devout = _devout(tokens, at, last)
            if not devout:
                return at
            at = devout
        at += 1
    return last


def _devout(tokens: list[str], at: int, last: int) -> int:
    """Place of the word that makes a particle part of a given name; 0 for none."""
    for place in range(at + 1, min(at + 3, last)):
        if tokens[place].lower() in _SECOND_GIVEN:
            return place
    return 0


def _with_parts(named: WesternName, family: list[str], given: list[str]) -> WesternName:
    return named._replace(
        family=" ".join(map(_unshouted, family)),
        given=_unshouted(given[0]),
        middle=" ".join(map(_unshouted, given[1:])) or None,
    )


def _unshouted(word: str) -> str:
    return with_capitals(word) if _is_upper(word) else word
