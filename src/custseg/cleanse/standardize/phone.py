"""Phone numbers of every country, as E.164 (+81312345678) or in their national writing.

The numbering plans are those of libphonenumber. A number without a country code belongs to
the country beside it in the row, else to the default country of the run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.country import country_code
from custseg.cleanse.standardize.phone_bulk import DECIMAL, RESTORED, shortcut
from custseg.cleanse.standardize.phone_text import Piece, pieces
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_LONGEST: Final = 250
_EXPONENT: Final = re.compile(r"(\d)(?:\.(\d*))?E\+?(\d{1,2})", re.IGNORECASE | re.ASCII)
_DECIMALS: Final = re.compile(r"(\d{6,15})\.0*", re.ASCII)
_WRITTEN: Final = re.compile(r"\+?[\d\-() ./A-Za-z]*", re.ASCII)
_SAME_DIGIT: Final = re.compile(r"(\d)\1{5,}", re.ASCII)
_ZEROS: Final = re.compile(r"0{7}$")
_COUNTING: Final = frozenset(words("1234567 12345678 123456789 1234567890 0123456789 01234567890"))


def standardize_phone(value: str, context: Context, country: str = "") -> Cell:
    """Read a phone number; further numbers in the cell are given beside it."""
    region = (country and country_code(country)) or context.country
    if len(value) > _LONGEST:
        return Cell(None, Status.INVALID, "not_a_number")
    found = pieces(value)
    outcomes = [_read(piece, region, context) for piece in found]
    good = [at for at, outcome in enumerate(outcomes) if outcome.value is not None]
    if not good:
        return outcomes[0] if outcomes else Cell(None, Status.INVALID, "not_a_number")
    first = outcomes[good[0]]
    text = first.value
    status = first.status
    if status == Status.VALID and text != value:
        status = Status.STANDARDIZED
    values = [outcomes[at].value or "" for at in good]
    also = tuple(dict.fromkeys(one for one in values[1:] if one != text))
    parts = (found[good[0]].extension or first.parts[0],)
    if len(found) > 1:
        return Cell(text, Status.STANDARDIZED, "several_values", parts, also)
    return Cell(text, status, first.reason, parts)


def is_placeholder(digits: str) -> bool:
    """Whether digits were typed to fill a field: 0000…, 9999…, 090-0000-0000."""
    return _SAME_DIGIT.fullmatch(digits) is not None or _ZEROS.search(digits) is not None


def _read(piece: Piece, region: str, context: Context) -> Cell:
    """Read one number; VALID stands for "as it was, writing aside"."""
    text = piece.number
    if exponent := _EXPONENT.fullmatch(text):
        decimals = exponent[2] or ""
        if int(exponent[3]) > len(decimals):
            return Cell(None, Status.INVALID, "excel_precision_lost")
        text = f"{exponent[1]}{decimals[: int(exponent[3])]}.0"
    damaged = _DECIMALS.fullmatch(text)
    if damaged:
        text = damaged[1]
    if not _WRITTEN.fullmatch(text) or not any(map(str.isdigit, text)):
        return Cell(None, Status.INVALID, "not_a_number")
    if not re.search("[A-Za-z]", text):
        text = re.sub(r"[^\d+]", "", text)
    digits = text.lstrip("+")
    if is_placeholder(digits):
        return Cell(None, Status.INVALID, "placeholder")
    number, reason = _found(text, region)
    if number is None:
        if digits in _COUNTING:
            reason = "placeholder"
        return Cell(None, Status.INVALID, reason, suggestion=_foreign(digits, context))
    if is_placeholder(_national_digits(number)):
        return Cell(None, Status.INVALID, "placeholder")
    if damaged and reason is None:
        reason = DECIMAL
    status = Status.CORRECTED if reason else Status.VALID
    extension = (number.extension or None,)
    return Cell(formatted(number, context, region), status, reason, extension)


def _found(text: str, region: str) -> tuple[PhoneNumber | None, str | None]:
    """Read a number as written, else with what it may have lost.

    Returns
    -------
    tuple
        The number and what was repaired, or None and why there is none.
    """
    import phonenumbers

    number = _parsed(text, region)
    if number is not None and phonenumbers.is_valid_number(number):
        return number, RESTORED if _lost_zero(text, number) else None
    if text.startswith("00") and (abroad := _valid(f"+{text[2:]}", region)):
        return abroad, None
    if text[:1] not in "0+" and (whole := _valid(f"0{text}", region)):
        return whole, RESTORED
    return None, _why(number)


def _parsed(text: str, region: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _valid(text: str, region: str) -> PhoneNumber | None:
    import phonenumbers

    number = _parsed(text, region)
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def _national_digits(number: PhoneNumber) -> str:
    import phonenumbers

    return phonenumbers.national_significant_number(number)


def _lost_zero(text: str, number: PhoneNumber) -> bool:
    """Whether a number lacks the zero that is always written before it in its country."""
    import phonenumbers

    if text[:1] in "+0" or not text.isdigit():
        return False
    if text != _national_digits(number):
        return False
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.sub(r"\D", "", national) == f"0{text}"


def _why(number: PhoneNumber | None) -> str:
    import phonenumbers

    if number is None:
        return "not_a_number"
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return "too_short"
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return "too_long"
    return "not_in_numbering_plan"


def _foreign(digits: str, context: Context) -> str | None:
    """Propose the number abroad that long digits would be with a plus before them."""
    if len(digits) < 11 or digits.startswith("0") or not digits.isdigit():
        return None
    number = _valid(f"+{digits}", context.country)
    return None if number is None else formatted(number, context, context.country)


def formatted(number: PhoneNumber, context: Context, region: str) -> str:
    """Write a number as the context asks; one from abroad always as E.164."""
    import phonenumbers

    number.extension = None
    home = phonenumbers.country_code_for_region(region)
    if context.phone_format == "national" and number.country_code == home:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_LIKE: Final = re.compile(r"\+?[\d０-９][\d０-９\-－‐−ー–().（）\s　]{6,20}[\d０-９]")


def likeness(values: Sequence[str]) -> float:
    """Share of values that look like phone numbers: a zero or plus before, or parted digits."""
    return sum(_like(value) for value in values) / len(values)


def _like(value: str) -> bool:
    text = value.strip().removeprefix("(").removeprefix("（")
    if not _LIKE.fullmatch(text):
        return False
    written = "".join(piece.number for piece in pieces(value))
    digits = re.sub(r"\D", "", written)
    parted = re.search(r"\d[-() ]+\d", written) is not None
    return 9 <= len(digits) <= 15 and (written[:1] in ("0", "+", "(") or parted)


PHONE: Final = Standardizer(
    cell=standardize_phone,
    parts=("phone_extension",),
    neighbors=("country",),
    shortcut=shortcut,
)

ROLES: Final = (
    Role(
        name="phone",
        label={"en": "phone number", "ja": "電話番号"},
        about="A phone number as E.164, by the numbering plan of its country.",
        headers=words(
            """
            phone phone_number phone_no telephone telephone_number tel tel_no telno mobile
            mobile_phone mobile_number mobile_no cell cell_phone cellphone cell_number home_phone
            work_phone office_phone business_phone daytime_phone evening_phone contact_number
            contact_phone phone1 phone2 fax fax_number fax_no whatsapp msisdn 電話番号 電話 TEL
            電話番号1 電話番号2 携帯電話 携帯電話番号 携帯番号 携帯 携帯TEL 自宅電話 自宅電話番号
            自宅TEL 固定電話 固定電話番号 勤務先電話 勤務先電話番号 会社電話 会社電話番号
            連絡先電話番号 連絡先TEL 日中連絡先 代表電話 代表電話番号 FAX
            FAX番号 ファックス ファックス番号 お電話番号 ご連絡先電話番号 スマホ番号 SMS番号
            """
        ),
        header_patterns=(r"(電話|携帯|tel|phone|mobile)(番号|no|number)?\d?$",),
        likeness=likeness,
        standardizer=PHONE,
        tables=frozenset({"people", "orders"}),
        examples=(
            ("０３－１２３４－５６７８", "+81312345678"),
            ("9012345678", "+819012345678"),
            ("+1 (415) 555-2671", "+14155552671"),
            ("045-123-4567 内線123", "+81451234567"),
            ("090-0000-0000", None),
        ),
        telling=0.8,
        several=True,
    ),
    Role(
        name="phone_extension",
        label={"en": "phone extension", "ja": "内線番号"},
        about="The extension behind a switchboard, where the phone number named one.",
        headers=words("phone_extension extension ext phone_ext 内線 内線番号"),
        examples=(("123", "123"),),
        telling=0.0,
        several=True,
    ),
)
