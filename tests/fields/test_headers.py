"""Headers as real exports have them, in both languages."""

from __future__ import annotations

import pytest

from custseg.fields.consent_channels import consent_role, is_consent_role
from custseg.fields.headers import fold, header_matches, nameless, tokens
from custseg.fields.registry import roles

HEADERS = {
    "record_id": "id ID rec_id unique_id No. 管理番号 レコードID uuid row_number",
    "identifier": "soc_sec_id SSN マイナンバー ポイントカード番号 会員カードNo passport_number",
    "customer_id": "customer_id CustomerID 顧客番号 顧客ID 会員番号 お客様番号 得意先コード",
    "person_name": "name full_name 氏名 名前 お名前 顧客名 customer_name 会員氏名 なまえ",
    "family_name": "surname last_name LastName 姓 苗字 sei",
    "given_name": "first_name given_name FirstName 名 mei",
    "kana": "フリガナ ふりがな 氏名（カナ） ｶﾅ カナ氏名 お名前（フリガナ）",
    "family_kana": "セイ 姓（カナ） 姓カナ",
    "given_kana": "メイ 名（カナ） 名カナ",
    "email": "email E-mail mail メールアドレス e-mail_address Eメール customer.email",
    "phone": "phone tel TEL 電話番号 携帯電話 mobile 電話番号2 phone_1 自宅電話番号 Phone_Number",
    "postal_code": "zip zip_code postcode 郵便番号 〒 postal_code PostalCode ZIP",
    "address": "address 住所 住所1 full_address 住所（全体）",
    "prefecture": "prefecture state 都道府県 都道府県名",
    "city": "city suburb 市区町村 town_city",
    "town": "町名 町域",
    "block": "番地 street_number",
    "street": "street street_address",
    "building": "建物名 マンション名 building ビル名",
    "country": "country 国 国名",
    "birth_date": "dob birth_date BirthDate 生年月日 誕生日 date_of_birth",
    "gender": "gender sex 性別",
    "updated_at": "updated_at 更新日 最終更新日時 LastModified",
    "date": "登録日 入会日 created_at registration_date",
    "consent": "メルマガ DM可否 opt_in newsletter メール配信",
    "order_id": "order_id InvoiceNo 受注番号 注文番号 Order_Number 伝票番号 transaction_id 売上ID",
    "order_date": "order_date 注文日 購入日 売上日 注文日時 InvoiceDate 受注日",
    "quantity": "quantity Qty 数量 個数 購入数 lineitem_quantity number_of_cds",
    "unit_price": "unit_price UnitPrice 単価 price 販売価格 lineitem_price",
    "amount": "amount revenue 金額 小計 合計 合計金額 売上金額 Total grand_total",
    "product_id": "product_id StockCode SKU 商品コード 商品番号 JANコード 品番",
    "product_name": "product_name Description 商品名 品名 lineitem_name",
    "category": "category カテゴリ カテゴリー 商品カテゴリ 部門",
    "channel": "channel チャネル 販売チャネル 受注経路",
    "campaign": "campaign coupon_code クーポンコード キャンペーン",
    "discount": "discount 割引額 値引き discount_amount",
    "cost": "cost 原価 仕入単価",
    "store": "store 店舗 店舗名 shop_name 購入店舗",
    "cancelled": "cancelled キャンセル 返品フラグ is_cancelled refunded 返品",
    "refund": "refund_amount Refunded_Amount 返金額 返品金額 refunded 返品 returned_qty",
    "attribute": "birth_place occupation 職業 出身地",
    "text": "備考 memo notes",
}


@pytest.mark.parametrize(
    ("header", "role"),
    [(header, role) for role, headers in HEADERS.items() for header in headers.split()],
)
def test_a_header_is_best_matched_by_its_role(header, role):
    matches = header_matches(header)
    best = max(match.score for match in matches.values())
    assert matches[role].score == best >= 0.85


@pytest.mark.parametrize("header", ["", "col1", "Column2", "列3", "Unnamed: 0", "3", "V1", "x"])
def test_a_header_may_say_nothing(header):
    assert nameless(header)


@pytest.mark.parametrize("header", ["rank", "会員ランク", "id", "名", "cid", "ts"])
def test_a_word_is_not_nothing(header):
    assert not nameless(header)


@pytest.mark.parametrize(
    ("header", "role"),
    [("shipping_phone", "phone"), ("お届け先電話番号", "phone"), ("配送先氏名", "person_name")],
)
def test_another_persons_column_is_marked_and_trusted_less(header, role):
    match = header_matches(header)[role]
    assert match.other
    assert match.score < header_matches("phone")["phone"].score * 0.6


def test_a_typing_error_in_a_long_word_is_forgiven():
    assert header_matches("emial_address")["email"].score < header_matches("email")["email"].score


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("Order_Date", "orderdate"),
        ("Ｅ－ｍａｉｌ", "email"),
        ("電話 番号", "電話番号"),
        ("ﾌﾘｶﾞﾅ", "フリガナ"),
    ],
)
def test_folding(header, folded):
    assert fold(header) == folded


def test_words_of_a_header():
    assert tokens("shipTo_HTTPCode2 a") == ["ship", "to", "http", "code", "2", "a"]


def test_no_word_means_two_roles_of_one_table():
    owners: dict[str, list[str]] = {}
    for role in roles().values():
        for word in dict.fromkeys(map(fold, role.headers)):
            owners.setdefault(word, []).append(role.name)
    # In one shop's export it is the whole name, in another's the given name.
    del owners[fold("ご注文者名")]
    # A mark of the order in one, an amount or pieces in another: the cells tell.
    for word in ("refunded", "returned", "返金", "返品"):
        assert owners.pop(fold(word)) == ["cancelled", "refund"]
    twice = {
        word: names
        for word, names in owners.items()
        if len(names) > len({frozenset(roles()[name].tables) for name in names})
    }
    assert twice == {}


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("メルマガ", "consent:email"),
        ("メール配信希望", "consent:email"),
        ("DM可否", "consent:dm"),
        ("郵送ＤＭ", "consent:dm"),
        ("電話可否", "consent:phone"),
        ("SMS配信", "consent:sms"),
        ("LINE連携", "consent:line"),
        ("email_opt_in", "consent:email"),
        ("個人情報の第三者提供", "consent:third_party"),
        ("オンライン同意", "consent"),
        ("同意", "consent"),
    ],
)
def test_the_channel_of_a_consent(header, role):
    assert consent_role(header) == role
    assert is_consent_role(role)


@pytest.mark.parametrize("role", ["consent:", "consent:E mail", "consents", "email"])
def test_what_is_no_consent(role):
    assert not is_consent_role(role)
