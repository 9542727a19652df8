"""Make the name lists that custseg ships (src/custseg/resources/names).

    pip download --no-deps -d DOWNLOADS janome==0.5.0 names==0.3.0 nicknames==1.0.1 \
        japanese-personal-name-dataset==0.4.0
    python scripts/build_name_data.py DOWNLOADS

The same downloads give the same bytes. What the lists hold, how the weights are made and
under which licenses the sources stand is written in PROVENANCE.md beside the lists.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import math
import re
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
CURATED = HERE / "names"
TARGET = HERE.parent / "src" / "custseg" / "resources" / "names"

TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

# Approximate shares of the population by rank, read off published surname rankings and
# rounded; between them the share is interpolated on logarithmic scales.
SURNAME_SHARES = ((1, 0.0150), (10, 0.0070), (100, 0.0016), (500, 0.00032))
CURATED_GIVEN_SHARE = 0.45
"""Share of people of one gender and period whose name is on the curated list."""
PERIOD_SHARES = {"1930-1955": 0.22, "1955-1975": 0.28, "1975-1995": 0.27, "1995-2020": 0.23}
MAIN_READING_SHARE = 0.85
# MeCab costs are about -700 log p. Most names have a cost by default; seen ones deviate. The
# bounds keep costs that only balance a competing common word (東, 長) from mattering.
COST_SCALE, COST_DEFAULT, COST_SPAN = 700.0, 7620, 1200
UNATTESTED = 0.15
"""Weight of a spelling that IPADIC does not know, beside one it knows."""
TAIL_SURNAMES = 20_000


class Reading(NamedTuple):
    """A Japanese name as written, its reading in katakana, and its MeCab cost."""

    name: str
    kana: str
    cost: int


def ipadic_names(wheel: Path) -> tuple[list[Reading], list[Reading]]:
    """Family and given names of IPADIC, from janome's copy of it."""
    sys.path.insert(0, str(wheel))
    parts = [
        import_module(f"janome.sysdic.entries_{kind}{i}").DATA
        for kind in ("compact", "extra")
        for i in range(10)
    ]
    compact: dict[int, tuple[str, int, int, int]] = {}
    extra: dict[int, tuple[str, str, str, str, str, str]] = {}
    for part in parts[:10]:
        compact.update(part)
    for part in parts[10:]:
        extra.update(part)
    family, given = [], []
    for key, (surface, _left, _right, cost) in sorted(compact.items()):
        pos, _type, _form, _base, kana, _phonetic = extra[key]
        if pos.startswith("名詞,固有名詞,人名,姓"):
            family.append(Reading(surface, kana.translate(TO_KATAKANA), cost))
        elif pos.startswith("名詞,固有名詞,人名,名"):
            given.append(Reading(surface, kana.translate(TO_KATAKANA), cost))
    return family, given


def spelled_given_names(wheel: Path) -> dict[tuple[str, str], str]:
    """Gender by (name, katakana) of the given-name spellings dataset; "" for both."""
    found: dict[tuple[str, str], str] = {}
    with zipfile.ZipFile(wheel) as archive:
        for gender, stem in (("male", "man"), ("female", "woman")):
            path = f"japanese_personal_name_dataset/dataset/first_name_{stem}_org.csv"
            for line in archive.read(path).decode("utf-8").splitlines():
                kana, _romaji, *names = line.split(",")
                for name in names:
                    pair = (name.strip(), kana.translate(TO_KATAKANA))
                    found[pair] = gender if found.get(pair, gender) == gender else ""
    return found


def curated_lines(path: Path) -> Iterator[str]:
    """Lines of a curated list, without its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return (line for line in lines if line and not line.startswith("#"))


def curated_entries(line: str) -> list[tuple[str, str | None]]:
    """Names of a line, each with its reading where one is written in brackets."""
    entries = []
    for word in line.split():
        match = re.fullmatch(r"([^()]+)(?:\(([ァ-ヶー]+)\))?", word)
        if match is None:
            raise ValueError(f"not a name with an optional reading: {word}")
        entries.append((match[1], match[2]))
    return entries


def share_at(rank: int) -> float:
    """Share of the population that bears the surname of a rank (from 1)."""
    segments = list(pairwise(SURNAME_SHARES))
    (left, low), (right, high) = next((s for s in segments if rank <= s[1][0]), segments[-1])
    position = math.log(rank / left) / math.log(right / left)
    return math.exp(math.log(low) + position * math.log(high / low))


def cost_weight(cost: int) -> float:
    """Relative weight of a dictionary entry, from its cost."""
    bounded = max(-COST_SPAN, min(COST_SPAN, cost - COST_DEFAULT))
    return math.exp(-bounded / COST_SCALE)


def split_readings(
    weights: dict[str, float],
    readings: dict[str, dict[str, float]],
    main: dict[str, str],
) -> dict[tuple[str, str], float]:
    """Share each name's weight among its readings, most of it to the main one."""
    shared: dict[tuple[str, str], float] = {}
    for name, weight in weights.items():
        known = readings.get(name, {})
        first = main.get(name) or min(known, key=lambda kana: (-known[kana], kana))
        others = {kana: w for kana, w in known.items() if kana != first}
        rest = sum(others.values())
        shared[name, first] = weight * (MAIN_READING_SHARE if others else 1.0)
        for kana, part in others.items():
            shared[name, kana] = weight * (1 - MAIN_READING_SHARE) * part / rest
    return shared


def family_rows(dictionary: Iterable[Reading]) -> list[tuple[str, ...]]:
    """(name, kana, weight) of Japanese family names; weights are shares of the population."""
    readings: dict[str, dict[str, float]] = defaultdict(dict)
    for name, kana, cost in dictionary:
        # Katakana family names in IPADIC are foreign people's.
        if not re.fullmatch("[ァ-ヶー・]+", name):
            known = readings[name]
            known[kana] = max(known.get(kana, 0.0), cost_weight(cost))
    weights: dict[str, float] = {}
    main: dict[str, str] = {}
    curated = [
        e for line in curated_lines(CURATED / "surnames_ja.txt") for e in curated_entries(line)
    ]
    for rank, (name, reading) in enumerate(curated, start=1):
        weights[name] = share_at(rank)
        if reading:
            main[name] = reading
    tail = {name: max(known.values()) for name, known in readings.items() if name not in weights}
    scale = (1 - sum(weights.values())) / sum(tail.values())
    weights |= {name: weight * scale for name, weight in tail.items()}
    shared = split_readings(weights, readings, main)
    return [(name, kana, f"{weight:.3g}") for (name, kana), weight in sorted(shared.items())]


FEMALE_ENDINGS = tuple("子美恵江枝代奈菜香花華紗沙乃穂帆里莉梨織姫妃音絵コミヨエえみな")
MALE_ENDINGS = tuple("郎朗男夫雄彦介助輔太之司史志士治二次三吉蔵平兵人斗翔樹也哉弥造作")


def gender_by_ending(name: str) -> str:
    """Gender that a Japanese given name's last character suggests, or ""."""
    if name.endswith(FEMALE_ENDINGS):
        return "female"
    return "male" if name.endswith(MALE_ENDINGS) else ""


def given_weights(
    known: dict[str, dict[str, float]],
) -> tuple[dict[str, float], dict[str, str], dict[str, str]]:
    """Weights, main readings and genders of given names, curated ones included."""
    weights: dict[str, float] = defaultdict(float)
    main: dict[str, str] = {}
    genders: dict[str, str] = {}
    gender, period = "", ""
    for line in curated_lines(CURATED / "given_names_ja.txt"):
        if heading := re.fullmatch(r"(male|female) (\d{4}-\d{4})", line):
            gender, period = heading.groups()
            continue
        entries = curated_entries(line)
        total = sum(1 / (rank + 10) for rank in range(len(entries)))
        for rank, (name, reading) in enumerate(entries):
            share = 1 / (rank + 10) / total
            weights[name] += 0.5 * PERIOD_SHARES[period] * CURATED_GIVEN_SHARE * share
            genders[name] = gender if genders.get(name, gender) == gender else ""
            if reading or name not in known:
                main.setdefault(name, reading or name.translate(TO_KATAKANA))
    tail = {name: max(by.values()) for name, by in known.items() if name not in weights}
    scale = (1 - sum(weights.values())) / sum(tail.values())
    return weights | {name: w * scale for name, w in tail.items()}, main, genders


def given_rows(
    dictionary: Iterable[Reading], spelled: dict[tuple[str, str], str]
) -> list[tuple[str, ...]]:
    """(name, kana, weight, gender) of Japanese given names; gender "" for both or unknown."""
    dictionary = list(dictionary)
    japanese = {kana for name, kana, _ in dictionary if not re.fullmatch("[ァ-ヶー・]+", name)}
    readings: dict[str, dict[str, float]] = defaultdict(dict)
    for name, kana, cost in dictionary:
        # Katakana given names stay where they are also the reading of a Japanese name.
        if kana in japanese and not (name == kana and "ー" in name):
            readings[name][kana] = max(readings[name].get(kana, 0.0), cost_weight(cost))
    for name, kana in spelled:
        readings[name].setdefault(kana, UNATTESTED)
    weights, main, curated_genders = given_weights(readings)
    by_name: dict[str, set[str]] = defaultdict(set)
    for (name, _kana), gender in spelled.items():
        by_name[name].add(gender)
    rows: list[tuple[str, ...]] = []
    for (name, kana), weight in sorted(split_readings(weights, readings, main).items()):
        found = spelled.get((name, kana))
        if found is None:
            either = by_name.get(name, set())
            found = next(iter(either)) if len(either) == 1 else gender_by_ending(name)
        if main.get(name, kana) == kana:
            found = curated_genders.get(name, found)
        rows.append((name, kana, f"{weight:.3g}", found))
    return rows


IRISH = frozenset(
    "BRIEN CONNOR CONNELL DONNELL GRADY HARA KEEFE LEARY MALLEY NEAL NEIL NEILL REILLY "
    "ROURKE SHEA SULLIVAN TOOLE".split()
)


def western_capitals(name: str) -> str:
    """Census spelling (all capitals, no apostrophe) as people write the name."""
    if name.startswith("O") and name[1:] in IRISH:
        return f"O'{name[1:].capitalize()}"
    if name.startswith("MC") and len(name) > 3:
        return f"Mc{name[2:].capitalize()}"
    return name.capitalize()


def census(archive: Path, kind: str) -> dict[str, float]:
    """Percentages of the population by name, from the 1990 U.S. Census lists."""
    with tarfile.open(archive) as files:
        member = files.extractfile(f"names-0.3.0/names/dist.{kind}")
        if member is None:
            raise ValueError(f"no list of {kind}")
        lines = member.read().decode("ascii").splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines}


def english_given_rows(archive: Path) -> list[tuple[str, ...]]:
    """(name, weight, gender); a name is of one gender where nine bearers in ten are."""
    male, female = census(archive, "male.first"), census(archive, "female.first")
    rows: list[tuple[str, ...]] = []
    for name in sorted(male.keys() | female.keys()):
        m, f = male.get(name, 0.0), female.get(name, 0.0)
        gender = "male" if m >= 9 * f else "female" if f >= 9 * m else ""
        rows.append((western_capitals(name), f"{(m + f) / 200:.3g}", gender))
    return sorted(rows)


def english_surname_rows(archive: Path) -> list[tuple[str, ...]]:
    """(name, weight) of the commonest surnames of the census list."""
    surnames = census(archive, "all.last")
    ranked = sorted(surnames, key=lambda name: (-surnames[name], name))[:TAIL_SURNAMES]
    # Names at the list's resolution are written with 0.000 per cent.
    return sorted(
        (western_capitals(name), f"{max(surnames[name], 0.0004) / 100:.3g}") for name in ranked
    )


def nickname_rows(wheel: Path) -> list[tuple[str, ...]]:
    """(name, nicknames separated by spaces), lower case."""
    by_name: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("nicknames/names.csv").decode("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        if row["relationship"] == "has_nickname" and " " not in row["name1"] + row["name2"]:
            by_name[row["name1"].lower()].add(row["name2"].lower())
    return [(name, " ".join(sorted(nicks))) for name, nicks in sorted(by_name.items())]


def write(stem: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write a list as gzipped, tab-separated text, with the same bytes every time."""
    lines = ["\t".join(row) for row in [header, *rows]]
    content = ("\n".join(lines) + "\n").encode("utf-8")
    path = TARGET / f"{stem}.tsv.gz"
    path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
    print(f"{path.name}: {len(rows):,} rows, {path.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("downloads", type=Path, help="folder with the downloaded packages")
    folder: Path = parser.parse_args().downloads
    source = {
        name: next(iter(sorted(folder.glob(pattern))))
        for name, pattern in (
            ("janome", "[Jj]anome-0.5.0-*.whl"),
            ("names", "names-0.3.0.tar.gz"),
            ("nicknames", "nicknames-1.0.1-*.whl"),
            ("spelled", "japanese_personal_name_dataset-0.4.0-*.whl"),
        )
    }
    family, given = ipadic_names(source["janome"])
    spelled = spelled_given_names(source["spelled"])
    write("japanese_family_names", ("name", "kana", "weight"), family_rows(family))
    write("japanese_given_names", ("name", "kana", "weight", "gender"), given_rows(given, spelled))
    write("english_given_names", ("name", "weight", "gender"), english_given_rows(source["names"]))
    write("english_surnames", ("name", "weight"), english_surname_rows(source["names"]))
    write("nicknames", ("name", "nicknames"), nickname_rows(source["nicknames"]))


if __name__ == "__main__":
    main()
