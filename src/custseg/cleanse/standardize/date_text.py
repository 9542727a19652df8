"""Read one date as people write it; :mod:`custseg.cleanse.standardize.date` has the roles."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from custseg.cleanse.standardize.eras import BY_CODE, ERAS, SHOWA, Era, problem_of
from custseg.cleanse.standardize.numerals import NUMERAL_CHARACTERS, japanese_number
from custseg.cleanse.standardize.text import fold


class Reading(NamedTuple):
    """What a cell was read as.

    Attributes
    ----------
    day
        ISO date; ``""`` for none.
    problem
        Why there is no date, or what had to be repaired to get one.
    centuries
        Where the year has two digits: the date in each century (and era), in ISO.
    time
        ISO time (and offset); ``""`` where none is written.
    """

    day: str = ""
    problem: str | None = None
    centuries: tuple[str, ...] = ()
    time: str = ""


MONTHS: Final = {
    name: month
    for month, names in enumerate(
        (
            "january jan januar janvier enero gennaio janeiro januari",
            "february feb februar fevrier février fev fév febrero febbraio fevereiro februari",
            "march mar märz marz mrz mars marzo março marco maart mrt",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio maio mei",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet juil julio luglio julho",
            "august aug août aout agosto ago augustus",
            "september sep sept septembre septiembre settembre setembro set",
            "october oct oktober okt octobre octubre ottobre outubro out",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre decembre déc diciembre dicembre dezembro dic",
        ),
        start=1,
    )
    for name in names.split()
}

_ERA: Final = "|".join(sorted(ERAS, key=lambda name: (-len(name), name)))
_MONTH_NAME: Final = "|".join(sorted(MONTHS, key=lambda name: (-len(name), name)))
_WEEKDAY: Final = (
    r"[(]?(?:[月火水木金土日](?:曜日?)?)[)]|(?:[月火水木金土日]曜日?)"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?"
)

_ZONE: Final = r"(?P<zone>\(?(?:Z|UTC|GMT|JST)\)?|(?:UTC|GMT)?[+-]\d{2}:?(?:\d{2})?)"
_TIME: Final = re.compile(
    rf"[T _,]*(?P<before>午前|午後|[ap]m)? ?(?P<hour>\d{{1,2}})(?::|時)(?:(?P<minute>\d{{1,2}})"
    rf"(?:(?::|分)(?:(?P<second>\d{{1,2}})(?:[.,](?P<fraction>\d{{1,9}}))?秒?)?)?)?"
    rf" ?(?P<after>[ap]\.?m\.?)? ?{_ZONE}?",
    re.IGNORECASE | re.ASCII,
)
_COMPACT_TIME: Final = re.compile(
    rf"[T ]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:\.(?P<fraction>\d+))? ?{_ZONE}?",
    re.IGNORECASE | re.ASCII,
)
_DECIMALS: Final = re.compile(r"\.0+", re.ASCII)

_DASHES: Final = str.maketrans(dict.fromkeys("−‐‑‒–—―ー", "-"))
_NOISE: Final = re.compile(
    rf"^西暦 ?| ?(?:生まれ|生れ|生|現在|付け|付)$| ?(?:{_WEEKDAY})", re.IGNORECASE | re.ASCII
)
_NUMERAL: Final = re.compile(rf"[{NUMERAL_CHARACTERS}]+(?=[年月日])")
_BOTH_YEARS: Final = re.compile(
    rf"(?P<year>\d{{4}})年?[(/] ?(?P<era>(?:{_ERA})(?:元|\d{{1,2}}))年?(?:\)年?|(?=年))"
    rf"|(?P<era_first>(?:{_ERA})(?:元|\d{{1,2}}))年?[(/] ?(?P<year_last>\d{{4}})年?"
    r"(?:\)年?|(?=年))",
    re.ASCII,
)

_YEAR_FIRST: Final = re.compile(
    r"(\d{4}) ?(?:([-/.])|年|[ ,]) ?(\d{1,2}) ?(?(2)\2|(?:月|[ ,])) ?(\d{1,2})(?:日|(?!\d))",
    re.ASCII,
)
_ERA_DATE: Final = re.compile(
    rf"({_ERA})\.? ?(元|\d{{1,3}}) ?(?:([-/.])|年| ) ?(\d{{1,2}}) ?(?(3)\3|(?:月| )) ?"
    r"(\d{1,2})(?:日|(?!\d))",
    re.ASCII,
)
_ERA_COMPACT: Final = re.compile(rf"({_ERA})(\d\d)()(\d\d)(\d\d)(?!\d)", re.ASCII)
_COMPACT: Final = re.compile(r"(?=\d{8}(?:\d{4}(?:\d\d)?)?(?!\d))(\d{4})(\d\d)(\d\d)", re.ASCII)
_YEAR_LAST: Final = re.compile(
    r"(\d{1,2}) ?([-/. ]) ?(\d{1,2}) ?\2 ?(\d{4}|'?\d{1,2})(?!\d)", re.ASCII
)
_YEAR: Final = r"(?P<year>\d{4}|'?\d\d)(?!\d)"
_NAMED: Final = (
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|°)?\.?(?: of| de)?[- /.]?(?P<month>{_MONTH_NAME})"
        rf"(?![a-zà-ÿ])\.?,?(?: de| del)?[- /,.]*{_YEAR}",
        re.ASCII,
    ),
    re.compile(
        rf"(?P<month>{_MONTH_NAME})(?![a-zà-ÿ])\.?[- /]?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"[- /,.]+{_YEAR}",
        re.ASCII,
    ),
    re.compile(
        rf"(?P<year>\d{{4}})[- /,.]*(?P<month>{_MONTH_NAME})(?![a-zà-ÿ])[- /,.]*"
        r"(?P<day>\d{1,2})(?!\d)",
        re.ASCII,
    ),
)
_CLOCK_BEFORE_YEAR: Final = re.compile(
    rf"((?:{_MONTH_NAME}) \d{{1,2}}) (\d\d:\d\d:\d\d)((?: [a-z]{{3,4}}| [+-]\d{{4}})?) (\d{{4}})",
    re.ASCII,
)
"""Sat Mar 1 00:00:00 JST 1980, as Unix prints dates."""

_ZERO: Final = re.compile(
    r"0{1,4}([-/.])0{1,2}\1(?:0{1,2})|0{1,8}|0001-01-01|1/1/0001|1900([-/.])0?1\2 ?0?0", re.ASCII
)
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_SERIALS: Final = range(10_000, 73_051)
"""Days that Excel counts from 1899-12-30: 1927-05-18 to 2099-12-31."""
_SERIAL_ZERO: Final = date(1899, 12, 30)
_UNIX_ZERO: Final = date(1970, 1, 1)
_UNIX: Final = re.compile(r"(1[0-8]\d{8})(?:\d{3})?(?:\.\d+)?", re.ASCII)
"""Seconds or milliseconds since 1970, from 2001 to 2030."""
_CODED_ERA: Final = re.compile(r"([1-5])(\d\d)(\d\d)(\d\d)", re.ASCII)
_SIX_DIGITS: Final = re.compile(r"\d{6}", re.ASCII)
_INCOMPLETE: Final = re.compile(
    rf"\d{{4}}年?|(?:\d{{4}}|(?:{_ERA})(?:元|\d{{1,2}}))(?:[-/.]|年)(?:\d{{1,2}}月?)?"
    rf"|\d{{1,2}}(?:[-/.]|月)\d{{1,2}}日?|(?:{_MONTH_NAME})[- /,.]*\d{{2,4}}"
    rf"|\d{{1,2}}[- /.]*(?:{_MONTH_NAME})|\d{{1,2}}[-/.]\d{{4}}",
    re.ASCII,
)

_LAST_OF_SHOWA: Final = 64

_Found = tuple[Reading, str] | None
"""A reading, and the text behind it."""


def read(value: str, order: str = "") -> Reading:
    """Read a date.

    Parameters
    ----------
    value
        A cell.
    order
        ``"dmy"`` or ``"mdy"`` (for years of two digits also ``"ymd"``) where the column as a
        whole proves it.
    """
    text = _NOISE.sub("", fold(value).translate(_DASHES)).strip(" ,")
    text = _BOTH_YEARS.sub(_one_year, _NUMERAL.sub(_digits, text))
    if _ZERO.fullmatch(re.split("[ T]", text, maxsplit=1)[0]):
        return Reading(problem="zero")
    found = _year_first(text) or _era(text) or _named_month(text) or _compact(text)
    found = found or _year_last(text, order)
    if found is None:
        return _number(text)
    reading, rest = found
    if not rest.strip():
        return reading
    time = _time(rest)
    if time is None:
        return Reading(problem="not_a_date")
    if time == "" and reading.day and reading.problem is None:
        return reading._replace(problem="decimal_removed")
    return reading._replace(time=time)


def iso(year: int, month: int, day: int) -> str:
    """Write a date as ISO 8601 does; ``""`` where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat() if year >= 1000 else ""
    except ValueError:
        return ""


def _dated(day: str) -> Reading:
    return Reading(day) if day else Reading(problem="no_such_date")


def _digits(found: re.Match[str]) -> str:
    number = japanese_number(found[0])
    return found[0] if number is None else f"{number:f}"


def _one_year(found: re.Match[str]) -> str:
    """Keep one of 1980(昭和55)年 where both are the same year, else leave them."""
    year = int(found["year"] or found["year_last"])
    written = found["era"] or found["era_first"]
    name = next(name for name in sorted(ERAS, key=len, reverse=True) if written.startswith(name))
    same = ERAS[name].base + _era_year(written.removeprefix(name)) == year
    return f"{year}年" if same else found[0]


def _year_first(text: str) -> _Found:
    found = _YEAR_FIRST.match(text)
    if found is None:
        return None
    return _dated(iso(int(found[1]), int(found[3]), int(found[4]))), text[found.end() :]


def _era(text: str) -> _Found:
    found = _ERA_DATE.match(text) or _ERA_COMPACT.match(text)
    if found is None:
        return None
    reading = _of_era(ERAS[found[1]], _era_year(found[2]), int(found[4]), int(found[5]))
    return reading, text[found.end() :]


def _era_year(text: str) -> int:
    return 1 if text == "元" else int(text)


def _of_era(era: Era, year: int, month: int, day: int) -> Reading:
    written = iso(era.base + year, month, day) if year else ""
    if not written:
        return Reading(problem="no_such_date")
    problem = problem_of(era, written)
    return Reading("" if problem == "lunar_calendar" else written, problem)


def _named_month(text: str) -> _Found:
    text = _CLOCK_BEFORE_YEAR.sub(r"\1 \4 \2\3", text.lower())
    for pattern in _NAMED:
        found = pattern.match(text)
        if found:
            month, day = MONTHS[found["month"]], int(found["day"])
            year = found["year"].lstrip("'")
            reading = (
                _dated(iso(int(year), month, day))
                if len(year) == 4
                else _of_centuries({(int(year), month, day)})
            )
            return reading, text[found.end() :]
    return None


def _compact(text: str) -> _Found:
    found = _COMPACT.match(text)
    if found is None:
        return None
    day = iso(int(found[1]), int(found[2]), int(found[3]))
    if day and not day.startswith(("0", "10", "11", "12", "13")):
        return Reading(day), text[found.end() :]
    year_last = f"{text[:2]}/{text[2:4]}/{text[4:8]}"
    reading = _year_last(year_last, "")
    return (reading[0] if reading else Reading(problem="no_such_date")), text[found.end() :]


def _year_last(text: str, order: str) -> _Found:
    found = _YEAR_LAST.match(text)
    if found is None:
        return None
    first, second, last = int(found[1]), int(found[3]), found[4].lstrip("'")
    rest = text[found.end() :]
    orders = (order,) if order else ("dmy",) if found[2] == "." else ("dmy", "mdy")
    if len(last) == 4:
        days = {_in_order(first, second, int(last), one) for one in orders} - {""}
        if len(days) > 1:
            return Reading(problem="day_month_order"), rest
        return _dated(days.pop() if days else ""), rest
    options = (
        set()
        if order == "ymd" or len(last) < 2
        else {
            (int(last), *((second, first) if one == "dmy" else (first, second))) for one in orders
        }
    )
    if order in ("", "ymd") and not found[4].startswith("'"):
        options.add((first, second, int(last)))
    reading = _of_centuries(options)
    showa = iso(SHOWA.base + first, second, int(last)) if 0 < first <= _LAST_OF_SHOWA else ""
    if showa and (first, second, int(last)) in options and reading.centuries:
        # 55/3/1 is 1955 to some and 昭和55 to others.
        reading = reading._replace(centuries=(*reading.centuries, showa))
    return reading, rest


def _in_order(first: int, second: int, year: int, order: str) -> str:
    day, month = (second, first) if order == "mdy" else (first, second)
    return iso(year, month, day)


def _of_centuries(options: set[tuple[int, int, int]]) -> Reading:
    """Give both centuries of the one (year, month, day) that the calendar has."""
    possible = {
        option: days
        for option in sorted(options)
        if (
            days := tuple(
                filter(None, (iso(base + option[0], *option[1:]) for base in (1900, 2000)))
            )
        )
    }
    if not possible:
        return Reading(problem="no_such_date")
    if len(possible) > 1:
        return Reading(problem="day_month_order")
    return Reading(problem="two_digit_year", centuries=next(iter(possible.values())))


def _time(text: str) -> str | None:
    """Read what stands behind a date; ``""`` for decimals, None for what is no time."""
    if _DECIMALS.fullmatch(text):
        return ""
    found = _TIME.fullmatch(text) or _COMPACT_TIME.fullmatch(text)
    if found is None:
        return None
    groups = found.groupdict()
    hour, minute = int(groups["hour"]), int(groups["minute"] or 0)
    second = int(groups["second"] or 0)
    half = ((groups.get("before") or groups.get("after") or "")[:2]).lower()
    if half in ("pm", "p.", "午後") and hour < 12:
        hour += 12
    elif half in ("am", "a.", "午前") and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    fraction = (groups["fraction"] or "").rstrip("0")
    zone = _offset((groups["zone"] or "").strip("()").upper())
    return f"{hour:02}:{minute:02}:{second:02}{'.' if fraction else ''}{fraction}{zone}"


def _offset(zone: str) -> str:
    if zone in ("", "Z", "UTC", "GMT"):
        return "Z" if zone else ""
    if zone == "JST":
        return "+09:00"
    digits = re.sub(r"[^-+\d]", "", zone)
    return f"{digits[:3]}:{digits[3:] or '00'}"


def _number(text: str) -> Reading:
    """Read numbers that stand for dates, and tell why anything else is none."""
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) in _SERIALS:
        day = _SERIAL_ZERO + timedelta(days=int(found[1]))
        return Reading(day.isoformat(), "excel_serial")
    if found := _UNIX.fullmatch(text):
        seconds = int(found[1])
        day = _UNIX_ZERO + timedelta(days=seconds // 86_400)
        minutes, second = divmod(seconds % 86_400, 60)
        time = f"{minutes // 60:02}:{minutes % 60:02}:{second:02}Z"
        return Reading(day.isoformat(), "unix_time", time=time)
    if found := _CODED_ERA.fullmatch(text):
        reading = _of_era(BY_CODE[found[1]], int(found[2]), int(found[3]), int(found[4]))
        return (
            reading._replace(problem="era_code") if reading.day and not reading.problem else reading
        )
    if _SIX_DIGITS.fullmatch(text):
        return Reading(problem="two_digit_year")
    return Reading(problem="incomplete" if _INCOMPLETE.fullmatch(text.lower()) else "not_a_date")
