"""What commands say of themselves never holds a person's data: errors, logs, manifests, reports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

NAME, KANA, PLACE = "秘密沢 花恵", "ヒミツザワ", "秘密町"
MAIL, PHONE, BIRTH = "hanae.himitsu@example.jp", "090-9876-5432", "1985-07-03"
FORMS = (
    *(NAME, "秘密沢", "花恵", KANA, PLACE, "Secretperson"),
    *(MAIL, "himitsu", "HIMITSU", PHONE, "09098765432", "819098765432", BIRTH),
)
HERS = (
    *FORMS,
    *(hashlib.sha256(each.encode()).hexdigest() for each in (MAIL, "+819098765432", "花恵")),
)
MEMBERS = f"""会員番号,氏名,フリガナ,メールアドレス,電話番号,住所,生年月日,メルマガ
A1,{NAME},{KANA} ハナエ,{MAIL},{PHONE},東京都新宿区{PLACE}9-8-7,{BIRTH},はい
A1,{NAME},{KANA} ハナエ,{MAIL},{PHONE},東京都新宿区{PLACE}9-8-7,{BIRTH},{NAME}
A2,Ann Lee,,ann@example.com,03-1111-2222,,1970-01-01,はい
A3,Bob Ray,,bob@example.com,03-1111-2223,,1971-01-01,はい
"""
RAGGED = f"A4,{NAME},{MAIL},{PHONE},{PLACE},x,x,x,x,x\n"
ORDERS = "注文番号,会員番号,注文日,金額\n" + "".join(
    f"{n},A{1 + n % 3},2026-0{1 + n % 6}-11,{1000 + n}\n" for n in range(12)
)
BAD_ORDERS = ORDERS + f"99,{MAIL},{NAME},{PHONE}\n98,A1,{MAIL},{NAME}\n"
LEDGER = f"""identifier,channel,status,at
{MAIL},email,{NAME},2026-01-01
{NAME},email,granted,2026-01-01
ann@example.com,email,granted,2026-01-01
{MAIL},{NAME},granted,{PHONE}
"""
PLATFORM = """
channel = "email"
[[columns]]
name = "email"
from = "email"
steps = ["email"]
identifier = true
"""
CONFIG = """
[chain]
customers = ["members.csv"]
orders = ["orders.csv"]
[segment]
as_of = "2026-06-30"
"""

AUDIENCE = ("audience", "make", "--customers", "run", "--consent", "ledger.csv", "-o")
SEGMENT = ("segment", "--orders", "orders.csv", "--customers", "run", "--as-of", "2026-06-30", "-o")
MEASURE = ("measure", "campaign", "aud", "--customers", "run", "--orders")
BASE = ("--base", "base.duckdb")
OWN = ("--platform-file", "p.toml")

COMMANDS: Sequence[tuple[tuple[str, ...], tuple[int, ...]]] = (
    (("assess", "members.csv"), (0,)),
    (("plan", "members.csv"), (0,)),
    (("clean", "members.csv", "-o", "run", *BASE), (0,)),
    (("clean", "ragged.csv", "-o", "bad", "--on-bad-rows", "fail"), (3,)),
    (("clean", "members.csv", "-o", "run"), (2,)),
    (("clean", "members.csv", "-o", "x", "--fail-on", "records>0"), (1, 2)),
    (("clean", "members.csv", "-o", "y", "--previous", "nowhere"), (3,)),
    (("clean", "members.csv", "-o", "z", "--decisions", "members.csv"), (3,)),
    (("clean", "latin.csv", "-o", "enc", "--encoding", "ascii"), (2, 3)),
    (("dedupe", "ragged.csv", "-o", "dedupe"), (0,)),
    (("standardize", "ragged.csv", "-o", "standard"), (0,)),
    (("undo", "standard", "-o", "undone"), (0, 3)),
    (("evaluate", "run", "--truth", "members.csv"), (2, 3)),
    (("rfm", "orders.csv", "-o", "rfm"), (0,)),
    (("cluster", "bad_orders.csv", "-o", "cluster"), (0, 3)),
    ((*SEGMENT, "seg", *BASE), (0,)),
    (("segment", "--orders", "bad_orders.csv", "--customers", "run", "-o", "s2"), (0,)),
    (("segment", "--orders", "members.csv", "-o", "s3"), (2, 3)),
    ((*SEGMENT, "s4", "--consent", "ledger.csv"), (0,)),
    ((*SEGMENT, "s5", "--suppress", "empty.csv"), (3,)),
    ((*AUDIENCE, "aud", *OWN, "--list", "all", *BASE, "--campaign", "a",
      "--holdout", "0.5", "--key", "key"), (0,)),
    ((*AUDIENCE, "a2", *OWN, "--list", "all", *BASE, "--max-change", "0"), (0, 4)),
    ((*AUDIENCE, "a3", "--platform", "meta", "--list", "all"), (4,)),
    ((*AUDIENCE, "a4", *OWN, "--list", f"x=email = '{MAIL}'"), (0,)),
    ((*AUDIENCE, "a5", *OWN, "--list", "all", "--suppress", "quoted.csv"), (3,)),
    ((*AUDIENCE, "a6", *OWN, "--list", "all", "--suppress", "empty.csv"), (3,)),
    (("audience", "check", "members.csv", "--platform", "meta"), (1,)),
    (("audience", "check", "members.csv", "--platform", "line"), (1,)),
    (("audience", "check", "latin.csv", "--platform", "google"), (1,)),
    ((*MEASURE, "orders.csv", "-o", "effect", "--from", "2026-01-01", *BASE), (0,)),
    ((*MEASURE, "bad_orders.csv"), (0, 3)),
    (("measure", "table", "members.csv", "--group", "氏名", "--control", "x",
      "--outcome", "電話番号"), (2,)),
    (("measure", "table", "members.csv", "--group", "メルマガ", "--control", "はい",
      "--outcome", "電話番号"), (3,)),
    (("run", "--day", "2026-06-30"), (0, 1)),
    (("run", "--day", "2026-06-30"), (0, 1)),
    (("report", "run"), (0,)),
    (("report", "seg"), (0,)),
    (("report", "aud"), (0,)),
    (("report", "members.csv"), (3,)),
    (("base", "show", "base.duckdb"), (0,)),
    (("base", "check", "base.duckdb"), (0,)),
    (("base", "check", "members.csv"), (3,)),
    (("subject", "show", "wanted.txt", *BASE), (3,)),
    (("pseudonymize", "run", "-o", "shared"), (0, 3)),
    (("forget", "wanted.txt", *BASE, "-o", "rem"), (3,)),
    (("forget", "hers.txt", *BASE, "-o", "rem"), (0,)),
    (("forget", "hers.txt", *BASE, "-o", "rem2"), (3,)),
    (("clean", "members.csv", "-o", "run9", *BASE), (0,)),
    (("audit", "verify", *BASE), (0,)),
)  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CUSTSEG_KEY", "a key of the tests, long enough")
    files = {
        "members.csv": MEMBERS,
        "ragged.csv": MEMBERS + RAGGED,
        "orders.csv": ORDERS,
        "bad_orders.csv": BAD_ORDERS,
        "ledger.csv": LEDGER,
        "quoted.csv": f'identifier\n{MAIL}\n"{NAME}\n',
        "empty.csv": "",
        "p.toml": PLATFORM,
        "custseg.toml": CONFIG,
        "key": "0123456789abcdef0123456789abcdef",
        "wanted.txt": f"{MAIL}\nnobody.himitsu@example.jp\n",
        "hers.txt": f"{MAIL}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    latin = f"name,email\nJosé Secretperson,{MAIL}\n" * 3
    (tmp_path / "latin.csv").write_bytes(latin.encode("cp1252"))
    return tmp_path


@pytest.mark.parametrize(
    ("more", "language"),
    [(("--verbose",), "ja"), (("--verbose", "--log-format", "json"), "en")],
    ids=["words", "json"],
)
def test_no_command_says_anything_of_anybody(
    more: tuple[str, ...], language: str, place: Path, run: Run
) -> None:
    for words, codes in COMMANDS:
        ran = run(*words, *more, lang=language)
        assert ran.code in codes, (words, ran.code, ran.err)
        # What was typed may be repeated: a rule of a list is a setting.
        hers = [each for each in HERS if not any(each in word for word in words)]
        said = [each for each in hers if each in ran.out + ran.err]
        assert not said, (words, said, ran.out, ran.err)


KEPT = ("manifest.json", "last-run.json", "base.audit.jsonl", "base.audit.head")


def test_manifests_and_logs_hold_nothing_of_anybody(place: Path, run: Run) -> None:
    for words, _ in COMMANDS:
        if MAIL not in " ".join(words):
            run(*words)
    found = [path for path in place.rglob("*") if path.name in KEPT]
    assert {path.name for path in found} == set(KEPT)
    summaries = [path for path in place.rglob("*") if path.name in ("summary.json", "report.html")]
    assert len(summaries) > 8
    for path in (*found, *summaries):
        text = path.read_text(encoding="utf-8")
        assert not [each for each in HERS if each in text], path
    log = (place / "base.audit.jsonl").read_text(encoding="utf-8").splitlines()
    actions = [json.loads(line)["action"] for line in log]
    assert actions == ["clean", "segment", "audience", "audience", "measure", "forget", "clean"]
