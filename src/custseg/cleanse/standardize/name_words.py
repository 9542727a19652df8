"""Words around a name that are no part of it: honorifics, and the marks of a company."""

from __future__ import annotations

import re
from typing import Final

from custseg.cleanse.standardize.company_forms import ENCLOSED, FORMS, SHORT
from custseg.cleanse.standardize.words import words

_GROUPS: Final = words("ご夫妻 御夫妻 ご家族 御家族 ご一同 御一同 ご一行 御一行 ご両家 御両家")
"""Those who are addressed with somebody; no name ends like that."""

_HONORIFIC: Final = re.compile(
    # After a space any of them; attached, only where the rest cannot be a name without it.
    r"(?:[ ,、]+(?:様方?|さま|サマ|樣|殿|どの|さん|サン|君|くん|クン|ちゃん|チャン|氏|先生|御中"
    r"|各位|行|宛)"
    rf"|(?<=.)(?:様方?|樣|先生|御中|各位|家?(?:{'|'.join(_GROUPS)}))"
    r"|(?<=..)(?:さま|サマ)"
    r"|(?<=[一-鿿々]{3})(?:殿|さん|サン|くん|ちゃん|氏)"
    r"|(?<=[A-Za-z])(?:[ -](?:san|sama|sensei)))$"
)

_HONORIFICS: Final = (
    words(
        "様 方 樣 さま サマ 殿 どの さん サン 君 くん クン ちゃん チャン 氏 先生 御中 各位 行 宛 "
        "san sama sensei"
    )
    + _GROUPS
)

CARE_OF: Final = "様方"
"""Stands between who lives there and who is written to: 佐藤様方 鈴木一郎."""

HONORIFIC_END: Final = f"(?:{'|'.join(_HONORIFICS)})$|{CARE_OF}"
"""Finds every name that may end in an honorific, and some that only look so; also in Arrow."""

_FORMS: Final = (
    rf"{'|'.join(FORMS)}|NPO法人|[{''.join(map(chr, ENCLOSED))}]|\((?:{'|'.join(SHORT)})\)"
    r"|(?:労働|管理)組合|御中$"
)
_FORM: Final = re.compile(_FORMS)
_FORM_HINT: Final = re.compile(f"[会法組御({''.join(map(chr, ENCLOSED))}]")

_ENGLISH: Final = frozenset(
    words(
        "inc incorporated ltd limited llc llp plc corp corporation gmbh company university "
        "hospital foundation association holdings institute"
    )
)
_ENGLISH_SIGNS: Final = re.compile(r"\bk\.k\b|& co\b")
_LATIN: Final = re.compile("[A-Za-z]")
_LETTERS: Final = re.compile("[a-z]+")

_ENDINGS: Final = words(
    """
    商店 商会 商事 物産 工業 産業 製作所 工務店 建設 運輸 電機 電気 電器 電子 化学 薬品 製薬
    銀行 信用金庫 証券 保険 不動産 交通 新聞社 出版 印刷 食品 酒造 醸造 本舗 旅館 ホテル
    大学 大学院 高校 高等学校 中学校 小学校 学園 学院 幼稚園 保育園 病院 医院 クリニック
    診療所 薬局 歯科 協会 連盟 連合会 組合 財団 機構 研究所 事務所 会計事務所 市役所 区役所
    町役場 村役場 県庁 都庁 府庁 道庁 支店 本店 営業所 出張所 事業所 工場 営業部 総務部
    人事部 経理部 開発部 企画部 事業部 管理部 宣伝部 広報部 センター グループ ストア
    ショップ サービス システム システムズ ホールディングス カンパニー コーポレーション
    エンタープライズ
    """
)
_ENDING: Final = re.compile(f"[^ ]{{2}}(?:{'|'.join(_ENDINGS)})$")

COMPANY_PATTERN: Final = (
    rf"{_FORMS}|(?i:\b(?:{'|'.join(sorted(_ENGLISH))}|k\.k|& co)\b)|(?:{'|'.join(_ENDINGS)})$"
)
"""Finds every text that may name a company; for Arrow, which has no :func:`is_company`."""


_STAND_INS: Final = frozenset(
    words(
        """
        テスト テスト太郎 テスト花子 テスト一郎 テストユーザー テストテスト てすと てすとたろう
        test testtest testuser testtaro usertest tarotest dummy dummyuser guest guestuser
        ダミー ダミー太郎 名無し 名無しの権兵衛 ナナシ 匿名 匿名希望 ゲスト anonymous noname nobody
        someone xxx xxxx xxxxx yyy zzz aaa aaaa abc asdf asdfasdf qwerty hoge hogehoge foo foobar
        bar ほげ ほげほげ あああ ああああ あああああ いいい 〇〇 〇〇〇
        """
    )
)

STAND_IN_PATTERN: Final = (
    "(?i:test|dummy|guest|anonym|noname|nobody|someone|xxx|yyy|zzz|aaa|abc|asdf|qwerty|hoge|foo|bar)"
    "|テスト|てすと|ダミー|名無|ナナシ|匿名|ゲスト|ほげ|あああ|いいい"
)
"""Finds every text that may be a stand-in for a name; for Arrow."""


def is_stand_in(text: str) -> bool:
    """Whether a text stands where nobody's name is known: テスト太郎, dummy, 匿名希望."""
    return text.replace(" ", "").lower() in _STAND_INS


def without_honorific(text: str) -> str:
    """Take a courtesy word (様, 殿, さん, 先生, -san …) off the end of a name.

    One after the other is taken off (先生様); a name that is nothing else stays, and so does
    somebody at another's house (鈴木一郎 佐藤様方).
    """
    if text.endswith(CARE_OF) and " " in text.removesuffix(CARE_OF).strip():
        return text
    while text.endswith(_HONORIFICS):
        found = _HONORIFIC.search(text)
        if found is None or found.start() == 0:
            break
        text = text[: found.start()].rstrip()
    return text


def is_company(text: str) -> bool:
    """Whether a text bears the mark of a company, an office or an institution."""
    if _FORM_HINT.search(text) and _FORM.search(text):
        return True
    if text.endswith(_ENDINGS) and _ENDING.search(text):
        return True
    if _LATIN.search(text) is None:
        return False
    small = text.lower()
    return not _ENGLISH.isdisjoint(_LETTERS.findall(small)) or bool(_ENGLISH_SIGNS.search(small))
