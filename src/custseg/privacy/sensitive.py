"""Columns that need special care (要配慮個人情報), by their headers in English and Japanese.

Creed, race, social status, health, disability, criminal record, being a victim of crime; and what
other laws treat alike: political opinion, union membership, sex life, genes and biometrics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_ENGLISH: Final = re.compile(
    r"(?:^|_)(?:"
    r"health|medical|medication|medicine|disease|illness|diagnos[ei]s|symptom|allerg(?:y|ies|ic)"
    r"|disabilit(?:y|ies)|disabled|handicap|pregnan(?:t|cy)|hospital|patient|prescription"
    r"|vaccin(?:e|ation|ated)|blood_?type|genetic|dna|biometric|fingerprint|mental|therapy"
    r"|creed|religion|religious|faith|church|race|ethnic(?:ity)?|caste|nationality_origin"
    r"|politic(?:s|al)?|party_membership|union_member(?:ship)?|sexual|orientation"
    r"|criminal|crime|conviction|convicted|arrest(?:ed)?|offen[cs]e|victim"
    r")(?:_|$)"
)
_JAPANESE: Final = re.compile(
    r"病歴|既往|持病|病名|疾患|疾病|症状|診断|診療|治療|通院|入院|服薬|投薬|処方|健康診断|健診|検診"
    r"|健康状態|アレルギ|障害|障がい|障碍|妊娠|血液型|遺伝|ゲノム|生体認証|指紋|ワクチン|接種|介護度|要介護"
    r"|信条|宗教|信仰|宗派|人種|民族|社会的身分|本籍|出自|政党|政治|思想|労働組合|組合加入"
    r"|犯罪|前科|前歴|逮捕|有罪|服役|被害者|性的指向|性生活"
)
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s\-./]+")


def sensitive_columns(names: Iterable[str]) -> list[str]:
    """Give those of the columns whose header says that they need special care."""
    return [name for name in names if is_sensitive(name)]


def is_sensitive(name: str) -> bool:
    """Tell whether a column's header says that it needs special care."""
    plain = _WORD.sub("_", name).lower()
    return bool(_ENGLISH.search(plain) or _JAPANESE.search(name))
