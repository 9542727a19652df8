"""Answer one task with one tool: ``python peer_standardizers.py TOOL TASK < questions``.

Standard input holds the questions as JSON, a list of lists of strings; standard output gets one
line of JSON: the answers, null for none, and CPU seconds of a second, warm pass. It needs no
custseg but for the tool of that name, so that a peer may run in a Python of its own.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import sys
import time
import unicodedata
import warnings
from collections.abc import Callable
from typing import Any

Answer = Callable[..., Any]
"""One question to its answer."""


def custseg_address() -> Answer:
    from custseg.cleanse.standardize.address import PARTS, standardize_address
    from custseg.cleanse.standardize.base import Context

    context = Context()

    def answer(text: str) -> list[str | None]:
        cell = standardize_address(text, context)
        found = dict(zip(PARTS, cell.parts, strict=False))
        return [found.get(name) for name in ("prefecture", "city")]

    return answer


def custseg_one_value() -> Answer:
    from custseg.cleanse.standardize.address import standardize_address
    from custseg.cleanse.standardize.base import Context

    context = Context()
    return lambda text: standardize_address(text, context).value


def custseg_name() -> Answer:
    from custseg.cleanse.standardize.base import Context
    from custseg.cleanse.standardize.person_name import standardize_person_name

    context = Context()

    def answer(text: str) -> list[str | None]:
        cell = standardize_person_name(text, context)
        return [*cell.parts[:2]] if cell.parts else [None, None]

    return answer


def custseg_phone() -> Answer:
    from custseg.cleanse.standardize.base import Context
    from custseg.cleanse.standardize.phone import standardize_phone

    return lambda text, region: standardize_phone(text, Context(country=region)).value


def custseg_email() -> Answer:
    from custseg.cleanse.standardize.base import Context, Status
    from custseg.cleanse.standardize.email import standardize_email

    context = Context()

    def answer(text: str) -> str | None:
        cell = standardize_email(text, context)
        return None if cell.status == Status.INVALID else cell.value

    return answer


def custseg_date() -> Answer:
    from custseg.cleanse.standardize.base import Context
    from custseg.cleanse.standardize.date import standardize_date

    context = Context()
    return lambda text: standardize_date(text, context).value


def japanese_address() -> Answer:
    from japanese_address import parse

    def answer(text: str) -> list[str | None]:
        found = parse(text)
        county = found.get("district", "")
        # A town or village of a county is the municipality; any other town is inside of it.
        names = (county, found.get("city", ""), found.get("town", "") if county else "")
        return [found.get("prefecture"), "".join((*names, found.get("ward", ""))) or None]

    return answer


def libphonenumber() -> Answer:
    import phonenumbers

    def answer(text: str, region: str) -> str | None:
        try:
            number = phonenumbers.parse(text, None if region == "ZZ" else region)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(number):
            return None
        written: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return written

    return answer


def email_validator() -> Answer:
    from email_validator import EmailNotValidError, validate_email

    def answer(text: str) -> str | None:
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError:
            return None

    return answer


def dateparser() -> Answer:
    import dateparser as library

    options = {"STRICT_PARSING": True}

    def answer(text: str) -> str | None:
        found = library.parse(text, languages=["ja", "en"], settings=options)
        day: str | None = found.date().isoformat() if found else None
        return day

    return answer


def dateutil() -> Answer:
    from dateutil import parser

    def answer(text: str) -> str | None:
        try:
            day: str = parser.parse(text).date().isoformat()
        except (ValueError, OverflowError):
            return None
        return day

    return answer


def namedivider() -> Answer:
    from namedivider import BasicNameDivider

    divider = BasicNameDivider()

    def answer(text: str) -> list[str | None]:
        found = divider.divide_name(text)
        return [found.family, found.given]

    return answer


def nameparser() -> Answer:
    from nameparser import HumanName

    def answer(text: str) -> list[str | None]:
        found = HumanName(text)
        found.capitalize()
        return [found.last or None, found.first or None]

    return answer


CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
PUNCTUATION = re.compile(r"[^\w\s]", re.UNICODE)


def _plain(text: str) -> str:
    """Trim, lower, without punctuation, controls and marks, as both keys of OpenRefine begin."""
    kept = PUNCTUATION.sub(
        "", CONTROLS.sub("", unicodedata.normalize("NFKD", text.strip().lower()))
    )
    return "".join(letter for letter in kept if not unicodedata.combining(letter))


def fingerprint() -> Answer:
    return lambda text: " ".join(sorted(set(_plain(text).split())))


def ngram_fingerprint() -> Answer:
    def answer(text: str) -> str:
        letters = re.sub(r"\s", "", _plain(text))
        return "".join(sorted({letters[n : n + 2] for n in range(len(letters) - 1)}))

    return answer


JOBS: dict[str, dict[str, Callable[[], Answer]]] = {
    "address": {
        "custseg": custseg_address,
        "japanese-address": japanese_address,
    },
    "writings": {
        "custseg": custseg_one_value,
        "OpenRefine's fingerprint": fingerprint,
        "OpenRefine's n-gram fingerprint": ngram_fingerprint,
    },
    "phone": {"custseg": custseg_phone, "phonenumbers": libphonenumber},
    "email": {"custseg": custseg_email, "email-validator": email_validator},
    "date": {"custseg": custseg_date, "dateparser": dateparser, "dateutil": dateutil},
    "Japanese name": {"custseg": custseg_name, "namedivider-python": namedivider},
    "Western name": {"custseg": custseg_name, "nameparser": nameparser},
}
"""Task to tool to what answers it."""

MODULES = {
    "custseg": "custseg",
    "japanese-address": "japanese_address",
    "OpenRefine's fingerprint": "json",
    "OpenRefine's n-gram fingerprint": "json",
    "phonenumbers": "phonenumbers",
    "email-validator": "email_validator",
    "dateparser": "dateparser",
    "dateutil": "dateutil",
    "namedivider-python": "namedivider",
    "nameparser": "nameparser",
}
"""The package a tool needs; the keys of OpenRefine are written here after its documentation."""


def main() -> None:
    """Answer every question twice, and time the second pass."""
    tool, task = sys.argv[1:]
    warnings.simplefilter("ignore")
    logging.disable()
    questions = json.load(sys.stdin)
    with contextlib.redirect_stdout(io.StringIO()):
        answer = JOBS[task][tool]()
        answers = [_told(answer, question) for question in questions]
        before = time.process_time()
        for question in questions:
            _told(answer, question)
        seconds = time.process_time() - before
    print(json.dumps({"answers": answers, "seconds": seconds}))


def _told(answer: Answer, question: list[str]) -> Any:
    """Take a tool that fails on a cell for one that has no answer to it."""
    try:
        return answer(*question)
    except Exception:
        return None


if __name__ == "__main__":
    main()
