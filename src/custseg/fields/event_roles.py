"""Roles of event tables: one row is an inquiry, a visit, or another contact of a customer."""

from __future__ import annotations

from typing import Final

from custseg.cleanse.standardize.date import DATE, likeness
from custseg.cleanse.standardize.text import TEXT
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

EVENTS: Final = frozenset({"events"})

EVENT_DATE = Role(
    name="event_date",
    label={"en": "date of the event", "ja": "発生日"},
    about="The day of an inquiry, visit or other contact, as ISO 8601.",
    headers=words(
        """
        event_date event_time event_at event_timestamp event_datetime date datetime timestamp time
        occurred_at contact_date contacted_at inquiry_date inquired_at received_at opened_at
        opened_on created_at created case_date ticket_date visit_date visited_at session_date
        session_start accessed_at
        発生日 発生日時 日付 日時 年月日 問合せ日 問合せ日時 問い合わせ日 問い合わせ日時
        お問い合わせ日 お問い合わせ日時 お問合せ日 問合日 問合日時 受付日 受付日時 受付年月日
        受信日 受信日時 対応日 対応日時 接触日 接触日時 連絡日 入電日 入電日時 着信日時 来店日
        来店日時 訪問日 訪問日時 アクセス日時 閲覧日時 セッション日時 起票日 起票日時 登録日
        登録日時 作成日時
        """
    ),
    likeness=likeness,
    standardizer=DATE,
    tables=EVENTS,
    examples=(("2024/3/1 12:30", "2024-03-01"), ("令和6年3月1日", "2024-03-01")),
    telling=0.8,
)

EVENT_TYPE = Role(
    name="event_type",
    label={"en": "kind of event", "ja": "種別"},
    about="What happened: question, complaint, page view, cart.",
    headers=words(
        """
        event_type event event_name type kind category inquiry_type contact_type case_type
        ticket_type subject topic reason contact_reason action activity activity_type
        種別 種類 区分 分類 問合せ種別 問い合わせ種別 お問い合わせ種別 問合せ区分 問い合わせ区分
        問合せ分類 お問い合わせ分類 用件 要件 件名 受付種別 受付区分 対応種別 イベント イベント名
        イベント種別 行動 行動種別 アクション 接触種別 内容区分 カテゴリ カテゴリー
        """
    ),
    standardizer=TEXT,
    tables=EVENTS,
    examples=(("ｸﾚｰﾑ", "クレーム"),),
    telling=0.0,
)

EVENT_CHANNEL = Role(
    name="event_channel",
    label={"en": "channel of the event", "ja": "接触チャネル"},
    about="How the contact came: telephone, e-mail, web, shop.",
    headers=words(
        """
        event_channel channel contact_channel inquiry_channel medium media source device platform
        contact_method origin case_origin
        チャネル チャンネル 接触チャネル 受付チャネル 問合せチャネル 問い合わせチャネル
        問合せ経路 問い合わせ経路 受付経路 受付方法 受付手段 問合せ方法 問い合わせ方法 連絡方法
        連絡手段 媒体 流入経路 経路 手段
        """
    ),
    standardizer=TEXT,
    tables=EVENTS,
    examples=(("ﾃﾞﾝﾜ", "デンワ"),),
    telling=0.0,
)

EVENT_STATUS = Role(
    name="event_status",
    label={"en": "state of the event", "ja": "対応状況"},
    about="Whether an inquiry is still open. What cannot be read counts as open.",
    headers=words(
        """
        event_status status state case_status ticket_status inquiry_status resolution progress
        is_closed closed resolved
        対応状況 対応ステータス 対応状態 対応結果 状況 状態 ステータス 進捗 進捗状況 処理状況
        処理状態 解決状況 問合せステータス 問い合わせステータス 完了フラグ 対応済 対応済み
        """
    ),
    standardizer=TEXT,
    tables=EVENTS,
    examples=(("対応済　", "対応済"),),
    telling=0.0,
)

ROLES = (EVENT_DATE, EVENT_TYPE, EVENT_CHANNEL, EVENT_STATUS)
