"""Legal forms of companies and other bodies, in full, in short, and as banks write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from custseg.cleanse.standardize.words import words

FORMS: Final = words(
    """
    特定非営利活動法人 独立行政法人 地方独立行政法人 国立研究開発法人 国立大学法人 公立大学法人
    一般社団法人 公益社団法人 一般財団法人 公益財団法人 社団法人 財団法人 社会福祉法人
    社会医療法人 医療法人社団 医療法人財団 医療法人 学校法人 準学校法人 宗教法人 更生保護法人
    管理組合法人 農事組合法人 弁護士法人 税理士法人 監査法人 司法書士法人 行政書士法人
    社会保険労務士法人 土地家屋調査士法人 弁理士法人 特許業務法人 有限責任事業組合
    有限責任監査法人 特定目的会社 株式会社 有限会社 合同会社 合資会社 合名会社 相互会社 企業組合
    協業組合 協同組合 生活協同組合 農業協同組合 事業協同組合 消費生活協同組合
    """
)
"""Forms as a register writes them."""

SHORT: Final = {
    "株": "株式会社",
    "有": "有限会社",
    "同": "合同会社",
    "合同": "合同会社",
    "資": "合資会社",
    "名": "合名会社",
    "相": "相互会社",
    "一社": "一般社団法人",
    "公社": "公益社団法人",
    "一財": "一般財団法人",
    "公財": "公益財団法人",
    "社": "社団法人",
    "財": "財団法人",
    "特非": "特定非営利活動法人",
    "特": "特定非営利活動法人",
    "福": "社会福祉法人",
    "社福": "社会福祉法人",
    "医": "医療法人",
    "医社": "医療法人社団",
    "医財": "医療法人財団",
    "学": "学校法人",
    "宗": "宗教法人",
    "独": "独立行政法人",
    "独法": "独立行政法人",
    "国大": "国立大学法人",
    "監": "監査法人",
    "弁": "弁護士法人",
    "税": "税理士法人",
    "協": "協同組合",
    "農": "農事組合法人",
    "企": "企業組合",
}
"""Short forms in brackets: (株), (公財)."""

BANK: Final = {
    "カ": "株式会社",
    "ユ": "有限会社",
    "ド": "合同会社",
    "シ": "合資会社",
    "メ": "合名会社",
    "ソ": "相互会社",
    "イ": "医療法人",
    "ガク": "学校法人",
    "シユウ": "宗教法人",
    "シュウ": "宗教法人",
    "フク": "社会福祉法人",
    "ザイ": "財団法人",
    "シヤ": "社団法人",
    "シャ": "社団法人",
    "トクヒ": "特定非営利活動法人",
    "ドク": "独立行政法人",
    "ベン": "弁護士法人",
    "ゼイ": "税理士法人",
}
"""Forms as bank transfers write them: カ)ヤマダ, ヤマダ(カ (Zengin codes)."""

ENCLOSED: Final = str.maketrans(
    {
        "㈱": "(株)",
        "㈲": "(有)",
        "㈳": "(社)",
        "㈶": "(財)",
        "㈴": "(名)",
        "㈾": "(資)",
        "㈻": "(学)",
        "㈼": "(監)",
        "㈿": "(協)",
        "㈵": "(特)",
        "㍿": "株式会社",
    }
)

LATIN: Final = frozenset(
    words(
        """
        CO COMPANY COLTD COLIMITED LTD LIMITED INC INCORPORATED CORP CORPORATION LLC LLP LP LLLP
        PLC PC PLLC KK GK YK NPO GMBH MBH AG SE KG KGAA OHG UG EV EG GBR SA SAS SASU SARL SRL SPA
        SL SLU SNC SCA SPRL BVBA BV NV CV VOF AB AS ASA APS OY OYJ HF EHF PTY PTE PVT PRIVATE
        PROPRIETARY SDN BHD JSC OJSC PJSC OOO OAO ZAO DOO SRO KFT ZRT NYRT RT SP ZOO SAB SAPI OOD
        EOOD LTDA EIRELI LDA TBK UNLIMITED HOLDING A/S S/A I/S K/S KABUSHIKI KAISHA YUGEN GODO &
        AND DE
        """
    )
)
"""Words of forms in Latin letters, without their dots. Joining words count between them only."""

JOINING: Final = frozenset({"&", "AND", "DE", "SP"})

SPOKEN: Final = {"NPO法人": "特定非営利活動法人", "エヌピーオー法人": "特定非営利活動法人"}
"""What people say and write for a form."""

_LONGEST_FIRST: Final = sorted({*FORMS, *SPOKEN}, key=lambda form: (-len(form), form))
_SHORT: Final = "|".join(sorted(SHORT, key=lambda form: (-len(form), form)))
_BANK: Final = "|".join(sorted(BANK, key=lambda form: (-len(form), form)))

_SHORT_BEFORE: Final = re.compile(rf"\((?P<short>{_SHORT})\)|(?P<bank>{_BANK})\)")
_SHORT_AFTER: Final = re.compile(rf"(?:\((?P<short>{_SHORT})\)|\((?P<bank>{_BANK})\)?)$")
_INSIDE: Final = re.compile(r"(?P<full>株式会社|有限会社|合同会社)|\((?P<short>株|有|同)\)")


def form_before(text: str) -> tuple[str, str]:
    """Give the form that a name begins with, in full, and the rest; ``""`` for no form."""
    for form in _beginning_with().get(text[:1], ()):
        if text.startswith(form):
            return SPOKEN.get(form, form), text[len(form) :].lstrip()
    if ")" in text and (found := _SHORT_BEFORE.match(text)):
        return _in_full(found), text[found.end() :].lstrip()
    return "", text


def form_after(text: str) -> tuple[str, str]:
    """Give the form that a name ends with, in full, and what stands before it."""
    if text.endswith(_ENDS):
        form = next(form for form in _LONGEST_FIRST if text.endswith(form))
        return SPOKEN.get(form, form), text[: -len(form)].rstrip()
    if "(" in text and (found := _SHORT_AFTER.search(text)):
        return _in_full(found), text[: found.start()].rstrip()
    return "", text


def form_inside(text: str) -> tuple[str, str, str]:
    """Give what stands before a form inside a name, the form in full, and what follows it."""
    found = _INSIDE.search(text)
    if found is None:
        return text, "", ""
    return text[: found.start()].rstrip(), _in_full(found), text[found.end() :].lstrip()


def _in_full(found: re.Match[str]) -> str:
    groups = found.groupdict()
    if short := groups.get("short"):
        return SHORT[short]
    return BANK[bank] if (bank := groups.get("bank")) else str(groups["full"])


_ENDS: Final = tuple(_LONGEST_FIRST)


@cache
def _beginning_with() -> Mapping[str, tuple[str, ...]]:
    firsts = sorted({form[0] for form in _LONGEST_FIRST})
    return {first: tuple(form for form in _LONGEST_FIRST if form[0] == first) for first in firsts}
