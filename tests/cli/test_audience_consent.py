"""Every row of the table of consents, through the command: who is in which file, and why not."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from custseg.tables import Manifest, RunFolder, read_frame

Run = Callable[..., Any]

PLATFORM = """
channel = "{channel}"
[[columns]]
name = "email"
from = "email"
steps = ["email"]
identifier = true
"""
MAIL_AND_ADS = ("--platform-file", "mail.toml", "--platform-file", "ads.toml")


@pytest.fixture(autouse=True)
def platforms(tmp_path: Path) -> None:
    for name, channel in (("mail", "email"), ("ads", "ads"), ("post", "dm")):
        (tmp_path / f"{name}.toml").write_text(PLATFORM.format(channel=channel))


def write(path: Path, *lines: str) -> None:
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def make(run: Run, *ledger: str, customers: str = "customers.csv", more: Sequence[str] = ()) -> Any:
    """One customer with the address a@x.jp, unless there are customers already."""
    if not Path(customers).exists():
        write(Path(customers), "customer_id,email", "C1,a@x.jp")
    write(Path("ledger.csv"), "identifier,channel,status,at", *ledger)
    return run(
        *("audience", "make", "--customers", customers, "--consent", "ledger.csv"),
        *("--platform-file", "mail.toml", "--platform-file", "ads.toml"),
        *("--platform-file", "post.toml", "--as-of", "2026-06-30", "--max-change", "9"),
        *("-o", "aud", "--force", *more),
    )


def full(platform: str, name: str = "full") -> list[str]:
    with Path(f"aud/lists/all/{platform}/{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row["email"] for row in csv.DictReader(file)]


def left_out(platform: str) -> dict[str, int]:
    summary = json.loads(Path("aud/summary.json").read_text(encoding="utf-8"))
    (found,) = [each for each in summary["files"] if each["platform"] == platform]
    reasons: dict[str, int] = found["left_out"]
    return reasons


def test_1_granted_is_in_the_lists_of_that_channel_alone(run: Run) -> None:
    assert make(run, "a@x.jp,email,granted,2026-01-01").code == 0
    assert (full("mail"), full("ads"), full("post")) == (["a@x.jp"], [], [])
    assert left_out("ads") == left_out("post") == {"no_consent": 1}


def test_2_withdrawn_is_out(run: Run) -> None:
    make(run, "a@x.jp,email,granted,2026-01-01", "a@x.jp,email,withdrawn,2026-03-01")
    assert (full("mail"), left_out("mail")) == ([], {"withdrawn": 1})


def test_3_granted_again_is_in(run: Run) -> None:
    make(run, "a@x.jp,email,withdrawn,2026-03-01", "a@x.jp,email,granted,2026-05-01")
    assert full("mail") == ["a@x.jp"]


def test_4_in_the_same_second_the_refusal_wins(run: Run) -> None:
    second = "2026-03-01T10:00:00"
    make(run, f"a@x.jp,email,withdrawn,{second}", f"a@x.jp,email,granted,{second}")
    assert (full("mail"), left_out("mail")) == ([], {"withdrawn": 1})


def test_5_without_a_record_out(run: Run) -> None:
    make(run, "b@x.jp,email,granted,2026-01-01")
    assert (full("mail"), left_out("mail")) == ([], {"no_consent": 1})


def merged(*groups: Sequence[str]) -> None:
    """A clean run in which each group of addresses is the records of one customer."""
    ids = [f"C{number}" for number, _ in enumerate(groups, start=1)]
    customers = {"customer_id": ids}
    most = max(len(group) for group in groups)
    for place in range(most):
        name = "email" if not place else f"email_{place + 1}"
        customers[name] = [group[place] if place < len(group) else None for group in groups]
    pairs = [
        (customer, address) for customer, group in zip(ids, groups, strict=True)
        for address in group
    ]  # fmt: skip
    records = {
        "source": ["a.csv"] * len(pairs),
        "row": [str(n) for n in range(1, len(pairs) + 1)],
        "customer_id": [customer for customer, _ in pairs],
        "email": [address for _, address in pairs],
    }
    import pandas as pd

    with RunFolder(Path("clean"), force=True) as folder:
        folder.add_table("customers", read_frame(pd.DataFrame(customers), "a").table)
        folder.add_table("records", read_frame(pd.DataFrame(records), "a").table)
        folder.publish(Manifest(command="clean", version="0", run_id="0"))


def every(identifier: str, status: str, day: str) -> list[str]:
    return [f"{identifier},{channel},{status},{day}" for channel in ("email", "ads", "dm")]


def test_6_of_two_merged_records_each_address_keeps_its_state_and_the_person_is_out(
    run: Run,
) -> None:
    merged(["a@x.jp", "b@x.jp"])
    events = [
        *every("a@x.jp", "withdrawn", "2026-03-01"),
        *every("b@x.jp", "granted", "2026-05-01"),
    ]
    assert make(run, *events, customers="clean").code == 0
    assert (full("mail"), full("ads"), full("post")) == (["b@x.jp"], [], [])
    assert left_out("ads") == left_out("post") == {"withdrawn": 1}


def test_7_split_apart_each_keeps_its_own(run: Run) -> None:
    merged(["a@x.jp"], ["b@x.jp"])
    events = [
        *every("a@x.jp", "withdrawn", "2026-03-01"),
        *every("b@x.jp", "granted", "2026-05-01"),
    ]
    make(run, *events, customers="clean")
    assert full("mail") == full("ads") == full("post") == ["b@x.jp"]
    assert left_out("mail") == left_out("ads") == {"withdrawn": 1}


def test_8_an_unknown_word_denies_and_warns(run: Run) -> None:
    ran = make(run, "a@x.jp,email,perhaps,2026-01-01")
    assert (full("mail"), left_out("mail")) == ([], {"unknown_status": 1})
    assert "rows with a status that is not known: 1" in " ".join(ran.out.split())


def test_9_of_the_future_only_a_refusal_holds(run: Run) -> None:
    make(run, "a@x.jp,email,granted,2026-07-05")
    assert left_out("mail") == {"no_consent": 1}
    make(run, "a@x.jp,email,granted,2026-01-01", "a@x.jp,email,withdrawn,2026-07-05")
    assert left_out("mail") == {"withdrawn": 1}


@pytest.mark.parametrize(
    ("opt_out", "profile"),
    [
        ('"HANAKO@Example.com "', "hanako@example.com"),  # row 10
        ("hanako.sato@gmail.com", "hanakosato+x@gmail.com"),  # row 11
        ("ｈａｎａｋｏ＠example.com", "hanako@example.com"),
        ("hanako@googlemail.com", "h.anako@gmail.com"),
    ],
)
def test_10_and_11_refusals_match_on_the_loosest_form(opt_out: str, profile: str, run: Run) -> None:
    write(Path("customers.csv"), "customer_id,email", f"C1,{profile}")
    granted = f"{profile},email,granted,2026-01-01"
    make(run, granted)
    assert full("mail") == [profile]
    make(run, granted, f"{opt_out},email,withdrawn,2026-03-01")
    assert (full("mail"), left_out("mail")) == ([], {"withdrawn": 1})
    write(Path("optouts.csv"), "identifier", opt_out)
    make(run, granted, more=("--suppress", "optouts.csv"))
    assert (full("mail"), left_out("mail")) == ([], {"suppressed": 1})


@pytest.mark.parametrize(
    "opt_outs", [("a@x.jp", "b@x.jp"), ("C1", "C2"), ("C2", "C1"), ("c1?", "C1")]
)
def test_a_list_of_opt_outs_of_one_column_needs_no_header(
    opt_outs: tuple[str, str], run: Run
) -> None:
    write(Path("optouts.csv"), *opt_outs)
    make(run, "a@x.jp,email,granted,2026-01-01", more=("--suppress", "optouts.csv"))
    assert (full("mail"), left_out("mail")) == ([], {"suppressed": 1})


def test_12_do_not_share_closes_every_ad_file_only(run: Run) -> None:
    granted = every("a@x.jp", "granted", "2026-01-01")
    make(run, *granted)
    assert full("mail") == full("ads") == ["a@x.jp"]
    make(run, *granted, "a@x.jp,do_not_share,yes,2026-02-01")
    assert (full("mail"), full("ads")) == (["a@x.jp"], [])
    assert left_out("ads") == {"do_not_share": 1}
    make(run, *granted, "a@x.jp,do_not_share,yes,2026-02-01", "a@x.jp,do_not_share,no,2026-03-01")
    assert full("ads") == ["a@x.jp"]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_13_without_a_trustworthy_list_of_opt_outs_nothing_is_written(run: Run) -> None:
    granted = "a@x.jp,email,granted,2026-01-01"
    optouts = Path("optouts.csv")
    write(optouts, "identifier", *(f"p{n}@x.jp" for n in range(10)))
    assert make(run, granted, more=("--suppress", "optouts.csv")).code == 0
    Path("aud").rename("last")
    make(run, granted, more=("--suppress", "optouts.csv", "--previous", "last"))
    before = tree(Path("aud"))

    def again(*more: str) -> int:
        code: int = make(run, granted, more=("--previous", "last", *more)).code
        assert tree(Path("aud")) == before
        return code

    assert again() == 3  # there was one the last time
    write(optouts, "identifier", *(f"p{n}@x.jp" for n in range(7)))
    assert again("--suppress", "optouts.csv") == 4
    optouts.write_bytes(b"")
    assert again("--suppress", "optouts.csv") == 3
    write(optouts, "identifier")
    assert again("--suppress", "optouts.csv") == 3
    write(optouts, "identifier,channel", "a@x.jp,email,more,and more")
    assert again("--suppress", "optouts.csv") == 3
    optouts.unlink()
    assert again("--suppress", "optouts.csv") == 3
    write(optouts, "identifier", *(f"p{n}@x.jp" for n in range(8)))
    assert make(run, granted, more=("--previous", "last", "--suppress", "optouts.csv")).code == 0


def test_14_who_withdraws_today_is_removed_as_sent(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hashed.toml").write_text(PLATFORM.format(channel="ads") + 'hash = "sha256"\n')
    write(
        Path("customers.csv"),
        "customer_id,email",
        *(f"C{n},p{n}@x.jp" for n in range(120)),
    )
    granted = [f"p{n}@x.jp,ads,granted,2026-01-01" for n in range(120)]
    meta = ("--platform", "meta")
    assert make(run, *granted, more=meta).code == 0
    Path("aud").rename("yesterday")
    today = (*meta, "--previous", "yesterday")
    make(run, *granted, "p7@x.jp,ads,withdrawn,2026-06-30", more=today)
    sent = hashlib.sha256(b"p7@x.jp").hexdigest()
    assert sent not in full("meta")
    assert full("meta", "removed") == [sent]
    yesterday = Path("yesterday/lists/all/meta/full.csv").read_text().splitlines()
    removed = Path("aud/lists/all/meta/removed.csv").read_text().splitlines()
    assert removed[1] in yesterday
    assert len(full("meta", "kept")) == 119


def test_15_the_holdout_group_is_in_no_file_and_counted(run: Run) -> None:
    write(Path("customers.csv"), "customer_id,email", *(f"C{n},p{n}@x.jp" for n in range(200)))
    granted = [
        f"p{n}@x.jp,{each},granted,2026-01-01" for n in range(200) for each in ("email", "ads")
    ]
    Path("key").write_text("0123456789abcdef0123456789abcdef")
    Path("key").chmod(0o640)
    more = ("--campaign", "spring", "--holdout", "0.2", "--key", "key")
    ran = make(run, *granted, more=more)
    assert (ran.code, "chmod 600 key" in ran.err) == (2, True), "others may read the key"
    Path("key").chmod(0o600)
    ran = make(run, *granted, more=more)
    assert ran.code == 0, ran.err
    with Path("aud/assignments.csv").open(newline="") as file:
        groups = {row["customer_id"]: row["group"] for row in csv.DictReader(file)}
    held = {f"p{key[1:]}@x.jp" for key, group in groups.items() if group == "holdout"}
    assert 20 < len(held) < 60
    assert not held & {*full("mail"), *full("ads")}
    assert left_out("mail")["holdout"] == left_out("ads")["holdout"] == len(held)
    assert f"{len(held)} for spring" in " ".join(ran.out.split())
    make(run, *granted, more=more)
    assert not held & {*full("mail"), *full("ads")}
    make(run, *granted, more=("--campaign", "autumn", *more[2:]))
    assert held & set(full("mail"))


def test_phones_ids_and_columns_speak_too(run: Run) -> None:
    write(
        Path("customers.csv"),
        "customer_id,email,phone,consent_email,opt_out,updated_at",
        "C1,a@x.jp,090-1234-5678,true,,2026-01-01",
        "C2,b@x.jp,,はい,はい,2026-01-01",
        "C3,c@x.jp,,maybe,,",
        "C4,d@x.jp,,false,,2026-02-01",
        "C5,e@x.jp,,,いいえ,",
    )
    make(run)
    assert full("mail") == ["a@x.jp"]
    assert left_out("mail") == {"no_consent": 1, "unknown_status": 1, "withdrawn": 2}
    # A refusal by phone closes the addresses on the same record; a permission for an id opens
    # them, and is newer than the refusal in a column that last changed before it.
    make(run, "０９０１２３４５６７８,email,withdrawn,", "C4,email,granted,2026-03-01")
    assert full("mail") == ["d@x.jp"]


def test_nobodys_data_is_in_words_logs_or_manifests(run: Run) -> None:
    write(Path("customers.csv"), "customer_id,email,person_name", "C1,secret.person@x.jp,秘密花子")
    ran = make(run, "secret.person@x.jp,email,perhaps,2026-01-01")
    whole = ran.out + ran.err
    for name in ("manifest.json", "summary.json", "rejects.csv", "assignments.csv"):
        whole += Path("aud", name).read_text(encoding="utf-8")
    assert "secret" not in whole
    assert "秘密" not in whole
    for path in Path("aud").rglob("*"):
        assert path.stat().st_mode & 0o77 == 0


def test_a_raw_column_of_stopped_mail_refuses_by_its_header(run: Run) -> None:
    write(
        Path("customers.csv"),
        "customer_id,email,consent_email,メール配信停止",
        "C1,a@x.jp,true,",
        "C2,b@x.jp,true,○",
        "C3,c@x.jp,true,配信停止",
        "C4,d@x.jp,true,要確認",
        "C5,e@x.jp,,いいえ",
        "C6,f@x.jp,true,なし",
    )
    make(run)
    assert full("mail") == ["a@x.jp", "f@x.jp"]
    assert left_out("mail") == {"no_consent": 1, "unknown_status": 1, "withdrawn": 2}


def test_whoever_opted_out_on_one_record_is_out_as_a_customer(run: Run) -> None:
    write(
        Path("crm.csv"),
        "会員番号,氏名,フリガナ,メールアドレス,電話番号,メルマガ,配信停止フラグ,更新日",
        "1,山田 太郎,ヤマダ タロウ,taro@x.jp,090-1234-5678,希望する,1,2020-01-01",
        "2,山田 太郎,ヤマダ タロウ,taro@x.jp,090-1234-5678,希望する,0,2026-01-01",
        "3,佐藤 花子,サトウ ハナコ,hana@x.jp,090-2234-5678,希望する,,2026-01-01",
        "4,鈴木 次郎,スズキ ジロウ,jiro@x.jp,090-3234-5678,希望する,要確認,2026-01-01",
        "5,高橋 三郎,タカハシ サブロウ,sabu@x.jp,090-4234-5678,,なし,2026-01-01",
    )
    assert run("clean", "crm.csv", "-o", "run", "--quiet").code == 0
    with Path("run/customers.csv").open(encoding="utf-8-sig", newline="") as file:
        golden = {row["email"]: row["opt_out"] for row in csv.DictReader(file)}
    assert golden == {
        "taro@x.jp": "true",
        "hana@x.jp": "",
        "jiro@x.jp": "要確認",
        "sabu@x.jp": "false",
    }
    make(run, customers="run")
    assert full("mail") == ["hana@x.jp"]
