"""Compare standardizing with its peers on real values: ``python benchmarks/peers_standardize.py``.

Questions and right answers come from the folder that ``CUSTSEG_DATA`` names: addresses of geolonia,
cases of japanese-address-parser, example numbers of libphonenumber, the suite of isemail; and from
the table of cases beside it (``CUSTSEG_CASES``, default ``../cases/standardize.jsonl``). Every
tool runs in a process of its own and gets the same text. Prints, for each task, how many answers
are right and microseconds of processor time a cell. Peers come with the extra
``bench-standardize``, here or in the Python that ``--peer`` names; those that are not installed
are left out. Readers of Japanese addresses that ask a web service for each town are no peers here.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peer_standardizers import JOBS, MODULES

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("CUSTSEG_DATA", HERE.parent.parent / "shared" / "data"))
CASES = Path(os.environ.get("CUSTSEG_CASES", DATA.parent / "cases" / "standardize.jsonl"))
DRAWN = 2_000
"""Names made of a family and a given name of IPADIC."""


@dataclass
class Test:
    """Questions of one kind, and the answers that are right."""

    name: str
    questions: list[list[str]] = field(default_factory=list)
    right: list[Any] = field(default_factory=list)

    def add(self, right: Any, *question: str) -> None:
        """Add a question and its answer."""
        self.questions.append(list(question))
        self.right.append(right)


def _cases(*roles: str) -> Iterator[dict[str, Any]]:
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["role"] in roles:
            yield case


def _published() -> Iterator[dict[str, str]]:
    for path in sorted((DATA / "japan" / "address_cases").glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def addresses() -> list[Test]:
    """Prefecture and municipality: of clean addresses, and of those that lack or misspell one."""
    clean, awkward = Test("addresses as published"), Test("awkward writings")
    with (DATA / "japan" / "addresses.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            clean.add([row["都道府県"], row["市区町村"]], row["住所"])
    for row in _published():
        awkward.add([row["prefecture"], row["city"]], row["address"])
    for case in _cases("address"):
        if case.get("prefecture") and case.get("city"):
            awkward.add([case["prefecture"], case["city"]], case["in"])
    return [clean, awkward]


def writings() -> list[Test]:
    """Writings of one place: the right answer is the place."""
    test = Test("writings of one place")
    for row in _published():
        block = re.sub("-+", "-", re.sub("番地?|号", "-", row["rest"])).strip("-")
        test.add([row["prefecture"], row["city"], row["town"], block], row["address"])
    return [test]


def phones() -> list[Test]:
    """Example numbers in four writings, and cells of real exports."""
    tests = [Test(name) for name in ("E.164", "international", "national", "dialed", "cases")]
    lines = (DATA / "text" / "phone_examples.tsv").read_text(encoding="utf-8").splitlines()
    for region, _, e164, national, abroad in (line.split("\t") for line in lines):
        asked = ((e164, "ZZ"), (abroad, "ZZ"), (national, region), (f"00{e164[1:]}", region))
        for test, question in zip(tests, asked, strict=False):
            test.add(e164, *question)
    for case in _cases("phone"):
        tests[-1].add(case["value"], case["in"], case.get("country", "JP"))
    return tests


def emails() -> list[Test]:
    """Errors of the suite of isemail that must be refused, and cells of real exports."""
    errors, cells = Test("errors of isemail"), Test("cases")
    for item in ET.parse(DATA / "text" / "isemail_tests.xml").getroot().iter("test"):
        # The suite writes control characters as their pictures.
        pictures = item.findtext("address") or ""
        text = "".join(chr(ord(c) - 0x2400) if "\u2400" <= c < "\u2420" else c for c in pictures)
        if item.findtext("category") == "ISEMAIL_ERR" and text.strip():
            errors.add(None, text)
    for case in _cases("email"):
        cells.add(None if case.get("status") == "invalid" else case["value"], case["in"])
    return [errors, cells]


def dates() -> list[Test]:
    """Dates of real exports; what is no date, or is two, must not be read."""
    test = Test("cases")
    for case in _cases("date"):
        test.add(case["value"], case["in"])
    return [test]


def japanese_names() -> list[Test]:
    """Family and given name without a space; what cannot be split must not be."""
    cases, common = Test("cases"), Test("names of IPADIC put together")
    for case in _cases("person_name"):
        if "family" in case and not re.search("[A-Za-z]", case["in"]):
            cases.add([case["family"], case["given"]], case["in"])
    with (DATA / "japan" / "ipadic_names.csv").open(encoding="utf-8") as file:
        listed = list(csv.reader(file))
    draw = random.Random(1)
    families, givens = ([row[0] for row in listed if row[7] == kind] for kind in ("姓", "名"))
    for _ in range(DRAWN):
        family, given = draw.choice(families), draw.choice(givens)
        common.add([family, given], family + given)
    return [cases, common]


def western_names() -> list[Test]:
    """Names with titles, particles, suffixes and capitals."""
    cases = Test("cases")
    for case in _cases("person_name"):
        if "family" in case and re.search("[A-Za-z]", case["in"]):
            cases.add([case["family"], case["given"]], case["in"])
    return [cases]


TASKS = {
    "address": addresses,
    "writings": writings,
    "phone": phones,
    "email": emails,
    "date": dates,
    "Japanese name": japanese_names,
    "Western name": western_names,
}


def main() -> None:
    """Print a table a task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", default=list(TASKS), metavar="TASK", help=str([*TASKS]))
    parser.add_argument("--peer", default=sys.executable, help="a Python that has the peers")
    options = parser.parse_args()
    for task in options.tasks:
        _table(task, TASKS[task](), options.peer)


def _table(task: str, tests: list[Test], peer: str) -> None:
    columns = [f"{test.name} ({len(test.questions):,})" for test in tests]
    if task == "writings":
        columns = ["places with one value", "values that mean two places"]
    print(f"\n| {task} | {' | '.join(columns)} | µs a cell |")
    print("|---" * (len(columns) + 2) + "|")
    for tool in JOBS[task]:
        said = _ask(tool, task, [question for test in tests for question in test.questions], peer)
        if said is None:
            continue
        answers = iter(said["answers"])
        if task == "writings":
            cells = _one_value(zip(tests[0].right, answers, strict=True))
        else:
            cells = [_right(test, [next(answers) for _ in test.questions]) for test in tests]
        each = said["seconds"] / sum(len(test.questions) for test in tests) * 1e6
        print(f"| {tool} | {' | '.join(cells)} | {each:,.0f} |")


def _right(test: Test, answers: list[Any]) -> str:
    """Count what is right, and what is wrong: an answer where another one, or none, is right."""
    right = sum(map(_same, test.right, answers))
    none = sum(
        not _same(truth, answer) and answer in (None, [None, None])
        for truth, answer in zip(test.right, answers, strict=True)
    )
    return f"{right:,} = {right / len(answers):.2%}; {len(answers) - right - none:,} wrong"


def _same(right: Any, answer: Any) -> bool:
    """Compare; ヶ and ケ, and 惠 and 恵, are two writings of one place."""
    if isinstance(right, list):
        return [*map(_folded, right)] == [*map(_folded, answer or [None] * len(right))]
    return bool(right == answer)


def _folded(part: str | None) -> str | None:
    return part and part.replace("ケ", "ヶ").replace("惠", "恵")


def _one_value(pairs: Iterable[tuple[list[str], str | None]]) -> list[str]:
    """Count places all writings of which got one value, and values given to two places or more."""
    values: dict[tuple[str, ...], list[str | None]] = {}
    places: dict[str | None, set[tuple[str, ...]]] = {}
    for place, value in pairs:
        values.setdefault(tuple(place), []).append(value)
        places.setdefault(value, set()).add(tuple(place))
    several = [found for found in values.values() if len(found) > 1]
    whole = sum(len(set(found)) == 1 and found[0] is not None for found in several)
    mixed = sum(len(found) > 1 for found in places.values())
    return [f"{whole} of {len(several)}", f"{mixed}"]


def _ask(tool: str, task: str, questions: list[list[str]], peer: str) -> dict[str, Any] | None:
    """Ask one tool; None where it is not installed."""
    own = tool == "custseg"
    python = sys.executable if own else peer
    # A peer's Python sees its own packages alone.
    environment = {k: v for k, v in os.environ.items() if own or k != "PYTHONPATH"}
    there = f"import importlib.util as u; raise SystemExit(u.find_spec({MODULES[tool]!r}) is None)"
    if subprocess.run([python, "-c", there], check=False, env=environment).returncode:
        print(f"{tool}: not installed", file=sys.stderr)
        return None
    # -P: a module of this folder must not stand in for a package of the same name.
    said = subprocess.run(
        [python, "-P", str(HERE / "peer_standardizers.py"), tool, task],
        check=True, stdout=subprocess.PIPE, text=True, env=environment, input=json.dumps(questions),
    )  # fmt: skip
    answered: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return answered


if __name__ == "__main__":
    main()
