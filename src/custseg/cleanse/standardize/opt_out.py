"""Opting out: the reverse of consent. 配信停止, 1, ○, unsubscribed are ``true``: no more of it.

A word that is not known stays as it is, for what may be a refusal must never be lost: who sends
reads whatever is not ``false`` or empty as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.consent import GRANTED, REFUSED, word_of
from custseg.cleanse.standardize.nulls import is_null_marker
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

_YES: Final = frozenset(
    words("true t yes y on 1 01 1.0 ☑ ✓ ✔ ✅ ■ ● ○ ◯ 〇 ◎ o レ 有 あり 有り はい 該当 済 済み")
)
_NO: Final = frozenset(
    words("false f no n off 0 00 0.0 × ✕ ✖ ✗ ✘ ╳ ☐ □ 無 なし 無し ナシ 否 いいえ 非該当 未")
)

STOPPED: Final = frozenset(
    words(
        """
        optout opt-out optedout opted-out unsubscribed unsubscribe unsub stop stopped withdrawn
        revoked bounced complained spam suppressed blocked donotcontact donotsend donotmail
        donotcall donotemail donottext dnc 停止 停止中 停止済 停止済み 停止希望 配信停止
        配信停止中 配信停止済 配信停止済み 配信停止希望 配信しない 配信不可 配信拒否 配信不要
        送信停止 送信不可 送付しない 送付不可 送付不要 送付停止 発送不可 発送停止 送らない
        受信しない 受信拒否 受け取らない 受取拒否 購読しない 購読停止 購読解除 購読解除済 解除
        解除済 解除済み 拒否 拒否する 拒否済 お断り 辞退 退会 退会済 退会済み 解約 撤回 案内不可
        オプトアウト dm不可 dm不要 dm拒否 メール不要 メール拒否 受信停止 受信しません 配信解除
        配信しません 配信を希望しない 配信を希望しません 送付しません 送付を希望しない
        送付を希望しません 送らないで 送らないでください 受け取りません 受け取りたくない 解除希望
        退会希望 案内不要 案内しない 連絡不要 連絡不可
        """
    )
)
"""Words that say by themselves that something was stopped, whatever the column is called."""

_GOING_ON: Final = frozenset(
    words(
        """
        optin opt-in optedin opted-in subscribed subscriber 配信 配信する 配信希望 配信可 配信許可
        配信中 送信中 送付する 送付希望 送付可 発送可 受信 受信する 受信中 受信希望 受け取る
        受取希望 購読 購読する 購読中 継続 継続中 案内可 オプトイン 停止なし 停止しない 解除なし
        解除しない 拒否なし 拒否しない
        """
    )
)


def standardize_opt_out(value: str, context: Context) -> Cell:
    """Read ``true`` (opted out) or ``false``; a word that is not known stays.

    Yes and no answer the header (配信停止: はい); 配信停止 and 購読中 say it themselves.
    """
    del context
    answer = _answer(value)
    if answer:
        return Cell(answer, Status.VALID if answer == value else Status.STANDARDIZED)
    if is_null_marker(value):
        return Cell(None, Status.MISSING)
    word = word_of(value)
    if word == "x":
        return Cell(value, Status.AMBIGUOUS, "tick_or_cross")
    if word in GRANTED or word in REFUSED:
        # 希望する, 登録済, 不要: the sending, or its end?
        return Cell(value, Status.AMBIGUOUS, "stop_or_sending")
    return Cell(value, Status.INVALID, "unknown_word")


def _answer(value: str) -> str:
    word = word_of(value)
    if word in _YES or word in STOPPED:
        return "true"
    return "false" if word in _NO or word in _GOING_ON else ""


_HALF: Final = 0.5
"""What a plain yes or no says for this role: it answers any question."""


def likeness(values: Sequence[str]) -> float:
    """Share of values that say by themselves that something was stopped."""
    stopped = sum(word_of(value) in STOPPED for value in values)
    answers = sum(bool(_answer(value)) for value in values) - stopped
    return (stopped + _HALF * answers) / len(values)


OPT_OUT: Final = Standardizer(cell=standardize_opt_out, null_markers=False)

_WHAT: Final = (
    "配信|送信|送付|発送|受信|購読|連絡|案内|営業|勧誘|dm|メルマガ|ニュースレター|メール|マガジン|sms|fax|電話|架電"
    "|line|郵送|郵便|カタログ|ハガキ"
)
_STOP: Final = "停止|拒否|不可|不要|解除|除外|禁止|ng|お断り|辞退|オプトアウト"

ROLES: Final = (
    Role(
        name="opt_out",
        label={"en": "opt-out", "ja": "配信停止"},
        about=(
            "Whether the person asked not to be contacted, the reverse of consent: ``true`` is "
            "opted out, ``false`` permits nothing by itself. May name its channel: "
            "``opt_out:email``. A word that is not known stays, and counts as a refusal."
        ),
        headers=words(
            """
            opt_out optout opted_out opt_out_status opt_out_flag optout_flag is_opted_out
            opt_out_email email_opt_out has_opted_out_of_email email_optout opt_out_sms
            sms_opt_out opt_out_dm dm_opt_out opt_out_phone opt_out_line unsubscribed
            unsubscribe is_unsubscribed email_unsubscribed unsubscribed_from_emails
            unsubscribe_flag do_not_mail do_not_email do_not_call do_not_contact do_not_sms
            do_not_text do_not_fax do_not_market no_marketing no_email no_mail no_call
            suppressed suppress is_suppressed email_suppressed marketing_opt_out
            配信停止 配信停止フラグ 配信停止区分 配信停止希望 メール配信停止 メール配信停止フラグ
            メルマガ停止 メルマガ解除 メルマガ配信停止 メルマガ購読解除 DM停止 DM不要 DM拒否
            DM発送停止 DM送付停止 停止フラグ 購読解除 受信拒否 受信停止 メール受信拒否 SMS配信停止
            電話NG 電話拒否 電話不可 郵送停止 郵送不要 発送停止 送付停止 送信停止 オプトアウト
            オプトアウトフラグ 連絡不可 連絡拒否 案内不要 LINE配信停止 配信拒否 配信不要 配信不可
            配信除外 配信対象外 営業禁止
            """
        ),
        header_patterns=(
            rf"({_WHAT})の?({_STOP})(済み?|中|希望)?(フラグ|区分|有無|者|ステータス)?$",
            r"^(is|has|customer)?(opt(ed)?out|unsubscribed?)(of|from)?(e?mails?|sms|dm|calls?|line)?$",
            r"^(e?mail|sms|dm|phone|call|line|post|marketing)(is)?(opt(ed)?out|unsubscribed?)$",
        ),
        likeness=likeness,
        standardizer=OPT_OUT,
        examples=(("配信停止", "true"), ("1", "true"), ("なし", "false"), ("購読中", "false")),
        telling=0.65,
        several=True,
    ),
)
