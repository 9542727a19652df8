"""Which channel a column of consent, or of opting out, is about, read from its header."""

from __future__ import annotations

import re
from typing import Final

from custseg.fields.headers import fold

CHANNELS: Final[tuple[tuple[str, str], ...]] = (
    ("sms", r"sms|ショートメ|textmessage|texting"),
    ("line", r"(?<!on)line|(?<!オン)ライン"),
    ("push", r"push|プッシュ|アプリ通知"),
    ("fax", r"fax|ファックス|ファクス"),
    (
        "dm",
        r"(?<!e)dm|ダイレクトメール|directmail|postal|post|郵送|郵便|カタログ|ハガキ|はがき|葉書|catalog|print",
    ),
    ("email", r"e?mail(?!ing)|newsletter|メルマガ|メール|メイル|ニュースレター|edm"),
    ("phone", r"phone|call|tel|電話|架電|テレマ|テレアポ"),
    ("third_party", r"thirdparty|第三者|partner|共有"),
)
"""Channels in the order they are looked for, each with a pattern over the folded header."""

CHANNELLED: Final = ("consent", "opt_out")
"""Roles that may name a channel."""

_MAIL_OR_EMAIL: Final = re.compile("^(do?notmail|nomail)$")
"""In a request not to, either may be meant: it holds for every channel."""

_CHANNEL_NAME = re.compile(r"[a-z][a-z0-9_]*")


def consent_role(header: str) -> str:
    """Give ``consent`` with the channel its header names: ``consent:dm`` for DM可否."""
    return with_channel("consent", header)


def with_channel(role: str, header: str) -> str:
    """Give a role with the channel a header names: ``opt_out:email`` for メール配信停止."""
    folded = fold(header)
    if role == "opt_out" and _MAIL_OR_EMAIL.search(folded):
        return role
    for channel, pattern in CHANNELS:
        if re.search(pattern, folded):
            return f"{role}:{channel}"
    return role


def is_consent_role(role: str) -> bool:
    """Whether a role is ``consent`` or ``opt_out``, alone or with a well-formed channel."""
    name, colon, channel = role.partition(":")
    return name in CHANNELLED and (not colon or _CHANNEL_NAME.fullmatch(channel) is not None)
