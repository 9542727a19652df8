"""Consent: はい, ○, 1, 希望する are ``true``; 不要, ×, 0, 退会 ``false``; blank is neither.

A word that is not known here is no consent; who sends by it must treat it as a refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.cleanse.standardize.base import Cell, Context, Standardizer, Status
from custseg.cleanse.standardize.nulls import is_null_marker
from custseg.cleanse.standardize.text import clean
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

GRANTED: Final = frozenset(
    words(
        """
        true t yes y ok okay on 1 01 1.0 granted consent consented agree agreed accept accepted
        allow allowed optin opt-in optedin subscribed subscribe subscriber active enabled enable
        confirmed permitted permit approved ☑ ✓ ✔ ✅ ■ ● ○ ◯ 〇 ◎ o レ 有 あり 有り 可 可能 要
        必要 はい 同意 同意する 同意した 同意します 同意済 同意済み 同意あり 承諾 承諾する 承諾済
        承認 承認済 許可 許可する 許諾 許諾する 希望 希望する 希望します 希望あり 希望有 希望有り
        受信 受信する 受け取る 受取る 受取 受取希望 受信希望 配信 配信する 配信希望 配信可
        配信許可 配信中 送付 送付する 送付希望 送付可 購読 購読する 購読中 登録 登録する 登録済
        登録済み 登録中 発送可 参加 参加する 利用する 送る 許可あり 案内可 ok可 オプトイン オン
        有効 希望いたします 希望致します 同意いたします 同意致します 承諾します 許可します
        受信します
        受け取ります 配信を希望する 配信を希望します 送付を希望する 送付を希望します 案内を希望する
        案内を希望します 受け取りを希望する 案内希望 案内する dm希望 メール希望 了承 了承する 了解
        """
    )
)

REFUSED: Final = frozenset(
    words(
        """
        false f no n ng off 0 00 0.0 denied deny decline declined refuse refused reject rejected
        withdrawn withdraw revoked optout opt-out optedout unsubscribed unsubscribe inactive
        disabled disable disallowed disagree disagreed notallowed donotcontact donotsend
        donotmail never stop stopped cancelled canceled bounced removed suppressed blocked × ✕ ✖
        ✗ ✘ ❌ ╳ ☐ □ 無 なし 無し ナシ 否 不可 不要 不必要 不同意 非同意 不許可 不承諾 未同意
        いいえ いらない 拒否 拒否する 辞退 同意しない 同意なし 同意しません 承諾しない 許可しない
        許諾しない 希望しない 希望しません 希望なし 希望せず 不希望 非希望 受信しない 受信拒否
        受け取らない 受取らない 受取拒否 受取不要 配信しない 配信不可 配信停止 配信拒否 配信不要
        停止 停止中 送付しない 送付不可 送付不要 送付停止 購読しない 購読停止 購読解除 解除
        解除済 登録しない 登録なし 退会 退会済 退会済み 解約 撤回 発送不可 発送停止 参加しない
        利用しない 送らない 案内不可 未登録 オプトアウト オフ 無効 dm不可 dm不要 dm拒否
        メール不要 メール拒否 ng不可 停止希望 配信停止希望 配信停止済 配信停止済み 配信停止中
        受信停止
        配信解除 解除希望 退会希望 受信しません 受け取りません 受け取りたくない 送付しません
        送らないで
        送らないでください 配信しません 利用しません 登録しません 許可しません 承諾しません
        参加しません
        未承諾 承諾なし 許可なし 配信を希望しない 配信を希望しません 送付を希望しない
        送付を希望しません
        案内を希望しない 案内を希望しません 受け取りを希望しない 案内不要 案内しない 連絡不要
        連絡不可
        """
    )
)

_IGNORED: Final = str.maketrans("", "", " ()[]【】「」・:_'")


def standardize_consent(value: str, context: Context) -> Cell:
    """Read ``true`` or ``false``; a word that is not known is neither.

    なし refuses here, so the cell function itself tells which words mean an empty cell. An
    ``x`` is a tick on a Western form and a no on a Japanese one.
    """
    del context
    word = word_of(value)
    if word in GRANTED or word in REFUSED:
        answer = "true" if word in GRANTED else "false"
        return Cell(answer, Status.VALID if answer == value else Status.STANDARDIZED)
    if word == "x":
        return Cell(None, Status.AMBIGUOUS, "tick_or_cross")
    if is_null_marker(value):
        return Cell(None, Status.MISSING)
    return Cell(None, Status.INVALID, "unknown_word")


def word_of(value: str) -> str:
    """Fold an answer: one width, lower case, no signs around it."""
    text, _ = clean(value)
    return text.lower().translate(_IGNORED).rstrip(".。!")


def likeness(values: Sequence[str]) -> float:
    """Share of values that are words for yes or no; numbers alone prove nothing."""
    folded = [word_of(value) for value in values]
    if all(word.isdigit() for word in folded):
        return 0.0
    return sum(word in GRANTED or word in REFUSED for word in folded) / len(folded)


CONSENT: Final = Standardizer(cell=standardize_consent, null_markers=False)

ROLES: Final = (
    Role(
        name="consent",
        label={"en": "consent", "ja": "同意"},
        about=(
            "Whether the person agreed to be contacted: ``true``, ``false``, or empty for unknown. "
            "May name its channel: ``consent:email``."
        ),
        headers=words(
            """
            consent opt_in optin opt_in_status marketing_consent marketing_opt_in
            accepts_marketing accepts_email_marketing accepts_sms_marketing email_consent
            email_opt_in email_optin sms_consent sms_opt_in newsletter newsletter_opt_in
            newsletter_subscribed mailing_permission permission can_email can_call can_mail
            dm_flag dm_consent email_marketing_consent sms_marketing_consent subscribed
            subscription_status gdpr_consent line_consent push_consent 同意 同意有無 同意フラグ
            許諾 許諾フラグ DM可否 DM DM希望 DM許可 DM許諾 DM送付 DM送付可否 DM発送 DM区分
            DMフラグ メルマガ メルマガ可否 メルマガ希望 メルマガ登録 メルマガ購読 メルマガ受信
            メルマガ許可 メルマガ配信 メルマガ配信可否 メルマガフラグ メール配信 メール配信可否
            メール配信希望 メール配信許可 メール受信 メール受信可否 メール許諾 メール可否
            メール希望 メール配信フラグ メールマガジン 案内希望 ご案内希望 案内可否 配信可否
            配信希望 配信許諾 配信フラグ 送付可否 送付希望 受信可否 受信希望 SMS可否 SMS配信
            SMS許諾 SMS配信可否 電話可否 電話連絡可否 LINE可否 LINE配信 LINE許諾 LINE配信可否
            郵送可否 郵送DM カタログ送付 個人情報同意 個人情報取扱同意 第三者提供同意
            お知らせ配信 お知らせメール 情報配信
            """
        ),
        header_patterns=(
            r"^(consent|optin|accepts|allow|can)(to)?(e?mail|sms|dm|call|post|line|push|marketing)",
            r"(dm|メルマガ|メール(配信|受信)?|sms|line|郵送|電話|案内|配信|送付)(可否|許諾|許可|希望|同意)",
        ),
        likeness=likeness,
        standardizer=CONSENT,
        examples=(("希望する", "true"), ("○", "true"), ("不要", "false"), ("退会", "false")),
        telling=0.6,
        several=True,
    ),
)
