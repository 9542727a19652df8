"""What the matching of a run says, through the commands."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from custseg.demo import generate
from custseg.demo import write as write_demo

Run = Callable[..., Any]

GIVEN = ("Anna", "Boris", "Clara", "Elena", "Jonas", "Greta", "Ines", "Felix", "Hugo", "Nora")
FAMILY = ("Becker", "Fowler", "Eriksen", "Dalton", "Abbott", "Castro", "Garcia", "Hansen")


def write(path: Path, header: str, lines: list[str]) -> Path:
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def crm_contacts(folder: Path, count: int) -> Path:
    files = write_demo(generate(count, 3, "english"), folder / "exports")
    return next(path for path in files if path.name == "crm_contacts.csv")


def held_by(links: Iterable[tuple[str, str]], customer: dict[str, str]) -> bool:
    """Whether links connect all records of every customer."""
    top = {record: record for record in customer}
    for left, right in links:
        one, other = ({r for r in top if top[r] == top[end]} for end in (left, right))
        assert customer[left] == customer[right]
        top |= dict.fromkeys(one | other, top[left])
    return len(set(top.values())) == len(set(customer.values()))


def customers(run_folder: Path) -> dict[str, str]:
    return {
        f"{row['source']}:{row['row']}": row["customer_id"]
        for row in rows(run_folder / "records.csv")
    }


def sure_links(folder: Path, customer: dict[str, str], least: float) -> list[tuple[str, str]]:
    return [
        (link["left"], link["right"])
        for link in rows(folder / "links.csv")
        if float(link["probability"]) >= least and customer[link["left"]] == customer[link["right"]]
    ]


@pytest.mark.parametrize("command", ["dedupe", "clean"])
@pytest.mark.parametrize(("lang", "words"), [("en", "not compared by"), ("ja", "照合")])
def test_blocks_that_were_skipped_are_a_warning(
    run: Run, tmp_path: Path, command: str, lang: str, words: str
) -> None:
    people = [
        f"{given},{family},{10001 + 10 * a + b},415-555-{2000 + 10 * a + b}"
        for a, given in enumerate(GIVEN)
        for b, family in enumerate(FAMILY)
    ]
    guests = [f"Store,Customer,10001,212-736-{1500 + 7 * row:04}" for row in range(100)]
    file = write(tmp_path / "guests.csv", "First Name,Last Name,ZIP Code,Phone", people + guests)
    ran = run(command, file, "-o", "run", "-q", lang=lang)
    assert ran.code == 0, ran.err
    assert words in ran.err
    manifest = json.loads((tmp_path / "run/manifest.json").read_text(encoding="utf-8"))
    assert "match.skipped_blocks" in json.dumps(manifest["warnings"])


@pytest.mark.parametrize("truth", ["everybody apart", "as the run has it"])
def test_evaluate_lists_as_wrongly_joined_what_stands_in_one_customer(
    run: Run, tmp_path: Path, truth: str
) -> None:
    crm = crm_contacts(tmp_path, 600)
    assert run("dedupe", crm, "-o", "run", "--review", "0.001").code == 0
    records = rows(tmp_path / "run/records.csv")
    apart = truth == "everybody apart"
    people = write(
        tmp_path / "truth_here.csv",
        "source,row,person",
        [
            f"{row['source']},{row['row']},{place if apart else row['customer_id']}"
            for place, row in enumerate(records)
        ],
    )
    ran = run("evaluate", "run", "--truth", people, "--truth-id", "person")
    assert ran.code == 0, ran.err
    customer = {f"{row['source']}:{row['row']}": row["customer_id"] for row in records}
    named = re.findall(r"(\S+\.csv:\d+)\s+(\S+\.csv:\d+)", ran.out)
    assert len(named) == (10 if apart else 0)
    assert all(customer[left] == customer[right] for left, right in named)
    links = rows(tmp_path / "run/links.csv")
    assert any(customer[link["left"]] != customer[link["right"]] for link in links)


def test_the_threshold_is_what_holds_customers_together(run: Run, tmp_path: Path) -> None:
    crm = crm_contacts(tmp_path, 1500)
    found = {}
    for threshold in (None, 0.5, 0.9, 0.9999):
        flags = () if threshold is None else ("--threshold", threshold)
        ran = run("dedupe", crm, "-o", f"run{threshold}", *flags)
        assert ran.code == 0, ran.err
        folder = tmp_path / f"run{threshold}"
        found[threshold] = customer = customers(folder)
        assert held_by(sure_links(folder, customer, threshold or 0.5), customer)
    assert found[None] == found[0.5]
    counts = [len(set(found[threshold].values())) for threshold in (0.5, 0.9, 0.9999)]
    assert counts[0] < counts[1] < counts[2] < len(found[0.5])


def test_doubtful_joins_are_asked_about_and_an_answer_holds(run: Run, tmp_path: Path) -> None:
    crm = crm_contacts(tmp_path, 1500)
    assert run("dedupe", crm, "-o", "run").code == 0
    customer = customers(tmp_path / "run")
    asked = rows(tmp_path / "run/review.csv")
    ends = {
        (row["left_key"], row["right_key"]): tuple(
            f"{row[f'{side}_source']}:{row[f'{side}_row']}" for side in ("left", "right")
        )
        for row in asked
    }
    joined = [keys for row, keys in zip(asked, ends, strict=True) if row["now"] == "joined"]
    assert 4 < len(joined) < len(asked)
    for row, (left, right) in zip(asked, ends.values(), strict=True):
        assert (row["now"] == "joined") == (customer[left] == customer[right])
    sure = sure_links(tmp_path / "run", customer, 0.9)
    assert not held_by(sure, customer)
    assert held_by([*sure, *(ends[keys] for keys in joined)], customer)

    words = ("different", "same")
    answers = {keys: words[place % 2] for place, keys in enumerate(joined)}
    for row, keys in zip(asked, ends, strict=True):
        row["decision"] = answers.get(keys, "")
    with (tmp_path / "filled.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(asked[0]))
        writer.writeheader()
        writer.writerows(asked)
    flags = ("--previous", "run", "--decisions", "filled.csv")
    assert run("dedupe", crm, "-o", "next", *flags).code == 0
    then = customers(tmp_path / "next")
    for keys, word in answers.items():
        left, right = ends[keys]
        assert (then[left] == then[right]) == (word == "same")
    again = {(row["left_key"], row["right_key"]) for row in rows(tmp_path / "next/review.csv")}
    assert not again & answers.keys()

    # Whom to ask about is a choice of its own, whatever holds customers together.
    assert run("dedupe", crm, "-o", "few", "--review", 0.99, "--sure", 0.6).code == 0
    assert customers(tmp_path / "few") == customer
    few = rows(tmp_path / "few/review.csv")
    assert all((row["now"] == "joined") == (int(row["probability"][:-1]) < 60) for row in few)


def words_of(run: Run, folder: str, pair: tuple[str, str]) -> str:
    ran = run("explain", folder, *pair)
    assert ran.code == 0, ran.err
    return " ".join(ran.out.split())


def test_explain_names_a_persons_answers(run: Run, tmp_path: Path) -> None:
    crm = crm_contacts(tmp_path, 1500)
    assert run("dedupe", crm, "-o", "run").code == 0
    links = [row for row in rows(tmp_path / "run/links.csv") if row["decision"] == "match"]
    pair = (links[0]["left"], links[0]["right"])
    assert "Result one customer Why Their own weight is enough" in words_of(run, "run", pair)
    strangers = (pair[0], next(row["left"] for row in links[1:] if row["left"] not in pair))
    assert "Result two customers Why" in words_of(run, "run", strangers)
    key = {
        f"{row['source']}:{row['row']}": row["record_key"]
        for row in rows(tmp_path / "run/records.csv")
    }
    lines = [(*pair, "different"), (*strangers, "same")]
    (tmp_path / "said.csv").write_text(
        "left_key,right_key,decision\n"
        + "".join(f"{key[left]},{key[right]},{word}\n" for left, right, word in lines)
    )
    flags = ("--previous", "run", "--decisions", "said.csv")
    assert run("dedupe", crm, "-o", "next", *flags).code == 0
    assert "two customers Why A person decided “different”" in words_of(run, "next", pair)
    assert "one customer Why A person decided “same”" in words_of(run, "next", strangers)


def test_who_is_called_the_same_brings_the_customer_along(run: Run, tmp_path: Path) -> None:
    crm = crm_contacts(tmp_path, 1500)
    assert run("dedupe", crm, "-o", "run").code == 0
    before = customers(tmp_path / "run")
    asked = [row for row in rows(tmp_path / "run/review.csv") if row["now"] == "apart"]
    lines = [f"{row['left_key']},{row['right_key']},same\n" for row in asked]
    (tmp_path / "said.csv").write_text("left_key,right_key,decision\n" + "".join(lines))
    flags = ("--previous", "run", "--decisions", "said.csv")
    assert run("dedupe", crm, "-o", "next", *flags).code == 0
    after = customers(tmp_path / "next")
    assert {(before[record], after[record]) for record in before} >= {
        (customer, customer) for customer in after.values()
    }
    # No customer of before was parted by an answer that joins.
    assert len({(before[record], after[record]) for record in before}) == len({*before.values()})
    for row in asked:
        ends = [f"{row[f'{side}_source']}:{row[f'{side}_row']}" for side in ("left", "right")]
        assert after[ends[0]] == after[ends[1]]


def test_answers_of_a_person_have_no_place_on_the_scale_of_the_model(
    run: Run, tmp_path: Path
) -> None:
    crm = crm_contacts(tmp_path, 300)
    assert run("dedupe", crm, "-o", "run", "--review", 0).code == 0
    asked = rows(tmp_path / "run/review.csv")
    words = ["same", "different"]
    said = [
        f"{row['left_key']},{row['right_key']},{words[at % 2]}\n" for at, row in enumerate(asked)
    ]
    assert len(said) > 1
    (tmp_path / "said.csv").write_text("left_key,right_key,decision\n" + "".join(said))
    flags = ("--previous", "run", "--decisions", "said.csv", "--review", 0, "--workbook")
    assert run("dedupe", crm, "-o", "next", *flags).code == 0
    matching = json.loads((tmp_path / "next/summary.json").read_text(encoding="utf-8"))["matching"]
    assert matching["strengths"]
    assert all(abs(each["low"]) < 1000 for each in matching["strengths"])
    assert (tmp_path / "next/report.xlsx").stat().st_size < 100_000
    # Summaries of earlier versions have them there: the workbook stays small all the same.
    path = tmp_path / "next/summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    summary["matching"]["strengths"].append({"low": 1_000_000, "pairs": 1, "matches": 1})
    path.write_text(json.dumps(summary), encoding="utf-8")
    assert run("report", "next", "--format", "xlsx", "-o", "old.xlsx").code == 0
    assert (tmp_path / "old.xlsx").stat().st_size < 100_000


def test_an_earlier_run_that_is_none_is_named_as_such(run: Run, tmp_path: Path) -> None:
    crm = crm_contacts(tmp_path, 100)
    for command in ("clean", "dedupe"):
        ran = run(command, crm, "--previous", "nowhere", "-o", "run")
        assert ran.code == 3
        assert "nowhere is not the folder of a run" in ran.err


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Answers contradict each other"), ("ja", "判定が矛盾しています")]
)
def test_answers_that_contradict_each_other_are_a_warning_with_their_rows(
    run: Run, tmp_path: Path, lang: str, words: str
) -> None:
    crm = crm_contacts(tmp_path, 300)
    assert run("dedupe", crm, "-o", "run", "-q").code == 0
    key = {int(row["row"]): row["record_key"] for row in rows(tmp_path / "run/records.csv")}

    def decisions(name: str, *answers: tuple[int, int, str]) -> str:
        lines = [f"{key[left]},{key[right]},{word}\n" for left, right, word in answers]
        text = "left_key,right_key,decision\n" + "".join(lines)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    first = decisions("first.csv", (10, 20, "same"), (40, 50, "different"), (20, 30, "same"))
    assert run("dedupe", crm, "-o", "first", "-q", "--decisions", first).err == ""
    then = decisions("then.csv", (50, 40, "different"), (30, 10, "different"))
    flags = ("--previous", "first", "--decisions", then, "-q", "--lang", lang)
    ran = run("dedupe", crm, "-o", "then", *flags)
    assert ran.code == 0
    said = " ".join(ran.err.split())
    assert words in said
    assert "then.csv:2" in said
    chain = re.findall(r"first/decisions:([0-9]+)", said)
    kept = rows(tmp_path / "first/decisions.csv")
    ends = [{kept[int(row) - 1][f"{side}_key"] for side in ("left", "right")} for row in chain]
    assert set.union(*ends) == {key[10], key[20], key[30]}
    assert len(ends) == 2
    # Changing one's mind is no contradiction.
    mind = decisions("mind.csv", (10, 20, "different"))
    flags = ("--previous", "first", "--decisions", mind, "-q", "--lang", lang)
    assert words not in run("dedupe", crm, "-o", "mind", *flags).err
    joined = customers(tmp_path / "mind")
    name = crm.name
    assert joined[f"{name}:10"] != joined[f"{name}:20"] == joined[f"{name}:30"]


@pytest.mark.parametrize("command", ["dedupe", "clean"])
def test_golden_rules_of_the_config_choose_the_values(
    run: Run, tmp_path: Path, command: str
) -> None:
    walkers = ["ann@example.com,red", "ann@example.com,red", "ann.walker@example.com,dark green"]
    lines = [f"Ann,Walker,1980-01-02,{walker}" for walker in walkers]
    lines.append("Bo,Reed,1975-05-05,bo@example.com,blue")
    file = write(tmp_path / "a.csv", "First Name,Last Name,Birth Date,Email,Shade", lines)
    same = tmp_path / "same.csv"
    assert run(command, file, "-o", "run", "-q").code == 0
    key = {row["row"]: row["record_key"] for row in rows(tmp_path / "run/records.csv")}
    same.write_text(f"left_key,right_key,decision\n{key['1']},{key['3']},same\n")
    for rule, shade in (("most_frequent", "red"), ("longest", "dark green")):
        (tmp_path / "custseg.toml").write_text(f'[golden]\ndefault = "{rule}"\n')
        assert run(command, file, "-o", rule, "-q", "--decisions", same).code == 0
        found = {row["Shade"] for row in rows(tmp_path / rule / "customers.csv")}
        assert found == {shade, "blue"}
        manifest = json.loads((tmp_path / rule / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["config"]["golden.default"]["value"] == rule
    (tmp_path / "custseg.toml").write_text('[golden]\nshade = "longest"\n')
    ran = run(command, file, "-o", "not", "-q")
    assert ran.code == 2
    assert "[golden]" in ran.err
    assert not (tmp_path / "not").exists()


def test_an_answer_holds_when_a_record_is_corrected(run: Run, tmp_path: Path) -> None:
    header = "First Name,Last Name,Birth Date,Email,Phone"
    people = [
        f"{given},{family},19{60 + a:02}-0{1 + a % 9}-1{b},{given}.{family}@example.com".lower()
        + f",415-555-{2000 + 10 * a + b}"
        for a, given in enumerate(GIVEN)
        for b, family in enumerate(FAMILY)
    ]
    again = people[5].replace("@example.com", "@example.org")
    file = write(tmp_path / "a.csv", header, [*people, again])
    assert run("dedupe", file, "-o", "1", "-q").code == 0
    first = {row["row"]: row for row in rows(tmp_path / "1/records.csv")}
    one, two = first["6"], first[str(len(people) + 1)]
    assert one["customer_id"] == two["customer_id"]
    said = f"left_key,right_key,decision\n{one['record_key']},{two['record_key']},different\n"
    (tmp_path / "said.csv").write_text(said)
    flags = ("--previous", "1", "--decisions", "said.csv", "-q")
    assert run("dedupe", file, "-o", "2", *flags).err == ""
    moved = again.replace("415-555", "628-555")
    file = write(tmp_path / "a.csv", header, [*people, moved])
    # The file of answers may still be given: it names the record as it was.
    for previous, folder, more in (("2", "3", flags[2:]), ("3", "4", ("-q",)), ("2", "5", ("-q",))):
        assert run("dedupe", file, "-o", folder, "--previous", previous, *more).err == ""
        now = {row["row"]: row for row in rows(tmp_path / folder / "records.csv")}
        assert now["6"]["customer_id"] != now[str(len(people) + 1)]["customer_id"]
        kept = {row["row"]: row["record_key"] for row in now.values()}
        (answer,) = rows(tmp_path / folder / "decisions.csv")
        ends = {answer["left_key"], answer["right_key"]}
        assert ends == {kept["6"], kept[str(len(people) + 1)]}


def test_answers_about_records_of_another_run_are_a_warning(run: Run, tmp_path: Path) -> None:
    header, lines = "First Name,Last Name,Phone", ["Ann,Ash,415-555-2001", "Bo,Birch,415-555-2002"]
    file = write(tmp_path / "a.csv", header, lines)
    assert run("dedupe", file, "-o", "run", "-q").code == 0
    key = [row["record_key"] for row in rows(tmp_path / "run/records.csv")]
    other = "r" + "0" * 32
    said = [f"{key[0]},{key[1]},same", f"{key[0]},{other},same", f"{other},{key[1]},different"]
    write(tmp_path / "said.csv", "left_key,right_key,decision", said)
    ran = run("dedupe", file, "-o", "next", "--decisions", "said.csv", "-q")
    assert ran.code == 0
    assert "said.csv: answers about records that are not in this run: 2" in ran.err


def test_link_only_says_that_a_file_holds_people_twice(run: Run, tmp_path: Path) -> None:
    header = "First Name,Last Name,Birth Date,Email"
    people = [
        f"{given},{family},19{60 + a:02}-0{1 + a % 9}-1{b},{given}.{family}@example.com".lower()
        for a, given in enumerate(GIVEN)
        for b, family in enumerate(FAMILY)
    ]
    one, two = write(tmp_path / "a.csv", header, people), tmp_path / "b.csv"
    write(two, header, people[:40])
    ran = run("dedupe", one, two, "--link-only", "-q", "-o", "clean")
    assert ran.code == 0
    assert "aside" not in ran.err
    write(two, header, [*people[:40], people[3].replace("@example.com", "@example.org")])
    ran = run("dedupe", one, two, "--link-only", "-q", "-o", "twice")
    assert ran.code == 0
    assert "left sure links aside: 1." in ran.err


def test_a_model_that_never_saw_a_column_says_so(run: Run, tmp_path: Path) -> None:
    crm = crm_contacts(tmp_path, 600)
    with crm.open(encoding="utf-8-sig", newline="") as source:
        table = list(csv.DictReader(source))
    kept = [name for name in table[0] if name not in ("Date of Birth", "Email")]
    with (tmp_path / "less.csv").open("w", newline="") as target:
        writer = csv.DictWriter(target, kept, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table)
    assert run("dedupe", "less.csv", "-o", "less", "-q").code == 0
    ran = run("dedupe", crm, "-o", "more", "--match-model", "less", "-q")
    assert ran.code == 0
    assert "fitted without birth_date, email" in " ".join(ran.err.split())
    ran = run("dedupe", "less.csv", "-o", "again", "--match-model", "less", "-q")
    assert "fitted without" not in ran.err
    # The model of more columns is used for what there is of them.
    assert run("dedupe", crm, "-o", "full", "-q").code == 0
    ran = run("dedupe", "less.csv", "-o", "part", "--match-model", "full", "-q")
    assert (ran.code, "fitted without" in ran.err) == (0, False)


@pytest.mark.parametrize(
    "flags",
    [("--threshold", 1), ("--sure", 1), ("--sure", 0.5), ("--review", 0), ("--review", 1)],
    ids=lambda flags: f"{flags[0]} {flags[1]}",
)
def test_bounds_at_their_ends_do_what_they_say(
    run: Run, tmp_path: Path, flags: tuple[str, float]
) -> None:
    crm = crm_contacts(tmp_path, 300)
    ran = run("dedupe", crm, "-o", "run", *flags)
    assert ran.code == 0, ran.err
    customer = customers(tmp_path / "run")
    asked = rows(tmp_path / "run/review.csv")
    if flags[0] == "--threshold":
        assert held_by(sure_links(tmp_path / "run", customer, 1), customer)
    if flags in (("--sure", 0.5), ("--review", 1)):
        assert {row["now"] for row in asked} <= {"apart" if flags[0] == "--sure" else "joined"}
    page = (tmp_path / "run/report.html").read_text(encoding="utf-8")
    assert "nan" not in page.lower().split("<svg", 1)[1].split("</svg>")[0]
