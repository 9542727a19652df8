"""Roles of people whose cells need no standardizing: numbers that name a record or a person."""

from __future__ import annotations

from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

RECORD_ID = Role(
    name="record_id",
    label={"en": "record id", "ja": "レコードID"},
    about="A number unique in its source. It names the record and is no evidence of the person.",
    headers=words(
        """
        id record_id rec_id row_id unique_id uid uuid guid key pk no number index seq serial
        serial_no row row_number record_key record_no record_number source_id external_id
        contact_id lead_id entity_id person_id profile_id subscriber_id original_id
        連番 通番 番号 行番号 整理番号 管理番号 登録番号 識別番号 識別ID レコードID レコード番号
        データID 一意ID 管理ID 登録ID ナンバー 通し番号 連絡先ID リードID コンタクトID 項番 キー
        名簿番号 台帳番号 受付番号
        """
    ),
    header_patterns=(r"^(rec|record|row|unique|source|src|ext|external)(id|no|key)$",),
    examples=(("rec-0001", "rec-0001"),),
)

IDENTIFIER = Role(
    name="identifier",
    label={"en": "person's number", "ja": "個人の番号"},
    about=(
        "A number that a person keeps from record to record: social security, loyalty card. "
        "Strong evidence."
    ),
    headers=words(
        """
        ssn social_security social_security_number social_security_no soc_sec_id soc_sec
        soc_sec_no sin nin national_id national_insurance_number tax_id tax_number tin
        tax_file_number tfn medicare_number nhs_number passport passport_no passport_number
        driver_license driving_licence drivers_license driver_license_number license_number
        licence_number loyalty_id loyalty_number loyalty_card loyalty_card_no card_id
        loyalty_card_number card_no card_number membership_card points_card point_card
        point_card_no point_card_number rewards_number line_id line_user_id
        マイナンバー 個人番号 基礎年金番号 年金番号 保険証番号 被保険者番号 健康保険証番号
        運転免許証番号 免許証番号 運転免許番号 免許番号 旅券番号 パスポート番号 パスポートNo
        住民票コード 在留カード番号 ポイントカード ポイントカード番号 ポイントカードNo
        ポイント番号 カード番号 カードNo カードID 会員カード番号 会員カードNo 会員証番号
        診察券番号 カルテ番号 患者番号 共通会員番号 共通ID LINEユーザーID LINE_UID
        """
    ),
    header_patterns=(r"^(soc|social)sec", r"(ポイント|会員)カード(番号|no|id|コード)$"),
    several=True,
    examples=(("0012-3456", "0012-3456"),),
)

ATTRIBUTE = Role(
    name="attribute",
    label={"en": "attribute of the person", "ja": "人の属性"},
    about=(
        "A lasting trait, such as birth place or occupation. It serves as evidence in matching "
        "where the fitted model shows that it carries some."
    ),
    headers=words(
        """
        birth_place place_of_birth birthplace born_in occupation job job_title profession
        position department nationality native_language marital_status blood_type religion
        education school industry
        出身地 出身 出身県 出身都道府県 出生地 生地 本籍 本籍地 職業 職種 業種 役職 部署 部署名
        所属 国籍 血液型 学歴 出身校 最終学歴 婚姻 婚姻状況 既婚未婚 配偶者 趣味 勤務先業種
        """
    ),
    several=True,
    examples=(("会社員", "会社員"),),
)

IGNORE = Role(
    name="ignore",
    label={"en": "not used", "ja": "使わない列"},
    about="Carried through under its own name, never used.",
    several=True,
    tables=frozenset({"people", "orders", "events"}),
    examples=(("anything　at all", "anything　at all"),),
)

ROLES = (RECORD_ID, IDENTIFIER, ATTRIBUTE, IGNORE)
