"""Opting out: words, headers, and that no doubt of it is ever lost."""

from __future__ import annotations

import pyarrow as pa
import pytest

from custseg.audience.ledger import opt_out_word
from custseg.cleanse.standardize.base import Context, Status
from custseg.cleanse.standardize.consent import GRANTED, REFUSED
from custseg.cleanse.standardize.opt_out import standardize_opt_out
from custseg.fields import recognize

WORDS = {
    "true": "1 ○ はい 有 TRUE yes 配信停止 停止済み 解除 拒否 退会 unsubscribed Opted-out 済",
    "false": "0 × いいえ なし 無 FALSE no 配信中 購読中 subscribed 停止なし 未",
}


@pytest.mark.parametrize(
    ("word", "answer"), [(word, answer) for answer in WORDS for word in WORDS[answer].split()]
)
def test_words(word: str, answer: str) -> None:
    assert standardize_opt_out(word, Context()).value == answer
    assert opt_out_word(word) == answer


@pytest.mark.parametrize(
    "word", ["希望する", "登録済", "不要", "active", "x", "要確認", "2024-05-01"]
)
def test_a_doubtful_word_stays_and_refuses(word: str) -> None:
    cell = standardize_opt_out(word, Context())
    assert (cell.value, cell.status in (Status.AMBIGUOUS, Status.INVALID)) == (word, True)
    assert opt_out_word(word) == "unknown"


@pytest.mark.parametrize("word", ["", " ", "-", "不明", "N/A", "\u3000"])
def test_an_empty_cell_says_nothing(word: str) -> None:
    assert opt_out_word(word) == ""


def test_no_word_of_consent_permits_what_it_may_refuse() -> None:
    """A word that another column would read as a yes is a yes here, too, or in doubt."""
    said_no = {word for word in GRANTED if opt_out_word(word) == "false"}
    assert not said_no & {"true", "1", "○", "はい", "有", "希望する", "登録済", "同意する"}
    stopped = {word for word in REFUSED if "停止" in word or "拒否" in word or "解除" in word}
    assert {opt_out_word(word) for word in stopped} == {"true"}


HEADERS = {
    "配信停止": "opt_out",
    "配信停止フラグ": "opt_out",
    "配信停止希望者": "opt_out",
    "メール配信停止": "opt_out:email",
    "メルマガ解除": "opt_out:email",
    "DM不要": "opt_out:dm",
    "ＤＭ発送停止": "opt_out:dm",
    "電話NG": "opt_out:phone",
    "SMS配信停止": "opt_out:sms",
    "LINE配信停止": "opt_out:line",
    "unsubscribed": "opt_out",
    "opt_out": "opt_out",
    "opt_out_email": "opt_out:email",
    "HasOptedOutOfEmail": "opt_out:email",
    "Email Opt Out": "opt_out:email",
    "do_not_call": "opt_out:phone",
    "do_not_email": "opt_out:email",
    "do_not_mail": "opt_out",
    "メール配信可否": "consent:email",
    "email_opt_in": "consent:email",
    "subscribed": "consent",
}


@pytest.mark.parametrize(("header", "role"), HEADERS.items())
def test_headers(header: str, role: str) -> None:
    table = pa.table(
        {header: ["1", "0", "1", None, "0"], "メールアドレス": [f"a{n}@x.jp" for n in range(5)]}
    )
    assert recognize(table)[0].role == role


def test_found_by_its_words_where_the_header_says_nothing() -> None:
    table = pa.table(
        {
            "col1": ["配信停止", None, "配信停止", None, "停止"],
            "col2": ["配信中", "配信停止", "配信中", "配信中", "配信中"],
            "mail": [f"a{n}@x.jp" for n in range(5)],
        }
    )
    assert [guess.role for guess in recognize(table)[:2]] == ["opt_out", "consent"]
