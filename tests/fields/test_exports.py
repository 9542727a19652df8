"""Headers of the exports of real shops and tills, and how orders are read from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pyarrow as pa
import pytest

from custseg.fields.recognize import recognize
from custseg.jobs.segment import rfm

ROWS = 60

CELLS: dict[str, Callable[[int], str]] = {
    "order": lambda i: str(1000 + i // 2),
    "customer": lambda i: str(17000 + i % 13),
    "day": lambda i: (date(2024, 1, 1) + timedelta(i)).isoformat(),
    "moment": lambda i: f"2024/{1 + i % 12:02}/{1 + i % 28:02} 12:{i % 60:02}",
    "serial": lambda i: str(45292 + i),
    "pieces": lambda i: str(1 + i % 4),
    "money": lambda i: str((980, 1200, 3500, 11200)[i % 4]),
    "goods": lambda i: ("緑茶", "コーヒー", "湯呑み", "茶こし")[i % 4],
    "code": lambda i: ("A-001", "B-220", "C-998")[i % 3],
    "mail": lambda i: f"user{i % 13}@example.com",
    "word": lambda i: ("あり", "なし")[i % 2],
    "person": lambda i: ("佐藤 花子", "鈴木 一郎", "高橋 健")[i % 3],
    "status": lambda i: ("発送済", "発送済", "キャンセル")[i % 3],
    "paid": lambda i: ("paid", "paid", "refunded")[i % 3],
    "name": lambda i: f"#{1001 + i // 2}",
    "currency": lambda i: "JPY",
    "zip": lambda i: "150-0001",
    "nothing": lambda i: "",
}

EXPORTS = {
    "a data set": (
        "InvoiceNo:order StockCode:code Description:goods q:pieces ts:moment p:money cid:customer",
        "InvoiceNo=order_id q=quantity ts=order_date p=unit_price cid=customer_id",
    ),
    "three columns": (
        "customer:customer date:day amount:money",
        "customer=customer_id date=order_date amount=amount",
    ),
    "three short columns": (
        "id:customer date:day total:money",
        "id=customer_id date=order_date total=amount",
    ),
    "short": (
        "oid:order uid:customer dt:day amt:money",
        "oid=order_id uid=customer_id dt=order_date amt=amount",
    ),
    "id of the order": (
        "id:order customer_id:customer date:day total:money",
        "id=order_id customer_id=customer_id date=order_date total=amount",
    ),
    "Excel by hand": (
        "会員番号:customer 購入日:serial 金額:money",
        "会員番号=customer_id 購入日=order_date 金額=amount",
    ),
    "Excel by hand, shorter": (
        "顧客:customer 日付:day 売上:money",
        "顧客=customer_id 日付=order_date 売上=amount",
    ),
    "till": (
        "お客様番号:customer ご購入日:day 店舗名:word お買い上げ金額:money",
        "お客様番号=customer_id ご購入日=order_date 店舗名=store お買い上げ金額=amount",
    ),
    "loyalty cards": (
        "カード番号:customer 利用日:day 利用金額:money",
        "カード番号=customer_id 利用日=order_date 利用金額=amount",
    ),
    "Shopify": (
        "Name:name Email:mail Financial_Status:paid Paid_at:moment Currency:currency "
        "Subtotal:money Shipping:money Total:money Discount_Amount:money Created_at:moment "
        "Lineitem_quantity:pieces Lineitem_name:goods Lineitem_price:money Lineitem_sku:code "
        "Billing_Name:person Billing_Zip:zip Cancelled_at:nothing Id:order Tags:nothing",
        "Name=order_id Email=customer_id Created_at=order_date Lineitem_quantity=quantity "
        "Lineitem_price=unit_price Lineitem_name=product_name Lineitem_sku=product_id",
    ),
    "Rakuten": (
        "注文番号:order ステータス:status 注文日時:moment 注文者姓:person "
        "注文者メールアドレス:mail 注文者郵便番号１:zip 商品名:goods 商品番号:code 単価:money "
        "個数:pieces 請求金額:money",
        "注文番号=order_id ステータス=cancelled 注文日時=order_date 単価=unit_price 個数=quantity "
        "注文者メールアドレス=customer_id 商品名=product_name",
    ),
    "EC-CUBE": (
        "注文ID:order 会員ID:customer お名前(姓):person メールアドレス:mail 注文日時:moment "
        "対応状況:status 商品コード:code 商品名:goods 価格:money 個数:pieces",
        "注文ID=order_id 会員ID=customer_id 注文日時=order_date 対応状況=cancelled "
        "商品コード=product_id 価格=unit_price 個数=quantity",
    ),
    "Color Me": (
        "売上ID:order 受注日:day 購入者_名前:person 購入者_会員ID:customer "
        "購入者_メールアドレス:mail 購入商品_商品名:goods 購入商品_販売価格:money "
        "購入商品_販売個数:pieces 購入商品_小計:money 購入商品_型番:code",
        "売上ID=order_id 受注日=order_date 購入者_会員ID=customer_id 購入商品_小計=amount "
        "購入商品_販売価格=unit_price 購入商品_販売個数=quantity",
    ),
    "BASE": (
        "注文ID:order 注文日時:moment 氏(請求先):person 郵便番号(請求先):zip "
        "メールアドレス:mail 商品名:goods 価格:money 数量:pieces",
        "注文ID=order_id 注文日時=order_date メールアドレス=customer_id 価格=unit_price "
        "数量=quantity",
    ),
    "Square": (
        "日付:day 時刻:word カテゴリ:word 商品:goods 数量:pieces 総売上高:money "
        "ディスカウント:money 純売上高:money 決済ID:order 顧客ID:customer 店舗:word",
        "日付=order_date 純売上高=amount 決済ID=order_id 顧客ID=customer_id 店舗=store",
    ),
    "Stripe": (
        "id:order Created_(UTC):moment Amount:money Currency:currency Customer_ID:customer "
        "Customer_Email:mail Status:paid",
        "id=order_id Created_(UTC)=order_date Amount=amount Customer_ID=customer_id",
    ),
    "a table of facts": (
        "customer_unique_id:customer order_id:order order_purchase_timestamp:moment "
        "payment_value:money",
        "customer_unique_id=customer_id order_purchase_timestamp=order_date payment_value=amount",
    ),
}


def export(columns: str) -> pa.Table:
    pairs = [column.rsplit(":", 1) for column in columns.split()]
    return pa.table(
        {
            name.replace("_", " "): pa.array([CELLS[cells](row) for row in range(ROWS)])
            for name, cells in pairs
        }
    )


@pytest.mark.parametrize(("columns", "expected"), EXPORTS.values(), ids=EXPORTS)
def test_exports_of_shops_are_understood_without_help(columns: str, expected: str) -> None:
    found = {guess.column: guess.role for guess in recognize(export(columns), kind="orders")}
    wanted = dict(pair.replace("_", " ", pair.count("_")).split("=") for pair in expected.split())
    wanted = {column: role.replace(" ", "_") for column, role in wanted.items()}
    assert {column: found[column] for column in wanted} == wanted


def test_words_that_mean_little_are_taken_only_where_no_column_says_more() -> None:
    table = export("date:day order_date:day id:order cid:customer member_no:customer amt:money")
    found = {guess.column: guess.role for guess in recognize(table, kind="orders")}
    assert found["order date"] == "order_date"
    assert found["date"] == "date"
    assert found["member no"] == "customer_id"
    assert found["cid"] is None
    assert found["id"] == "order_id"


def test_words_that_mean_little_need_content_that_agrees() -> None:
    table = export("customer:customer date:word q:word amount:money")
    found = {guess.column: guess.role for guess in recognize(table, kind="orders")}
    assert found["q"] is None
    assert found["date"] != "order_date"


def test_columns_of_which_no_value_was_seen_are_known_by_their_header() -> None:
    table = export("customer:customer date:nothing created_at:day amount:money")
    found = {guess.column: guess.role for guess in recognize(table, kind="orders")}
    assert found["created at"] == "order_date"
    nothing = export("customer:nothing date:nothing amount:nothing")
    found = {guess.column: guess.role for guess in recognize(nothing, kind="orders")}
    assert found == {"customer": "customer_id", "date": "order_date", "amount": "amount"}


def test_the_users_word_stands_before_a_fallback() -> None:
    table = export("cid:customer code:customer date:day amount:money")
    found = recognize(table, kind="orders", overrides={"code": "customer_id"})
    assert {g.column: g.role for g in found}["cid"] is None


def test_an_address_stays_one_where_a_row_may_be_a_person() -> None:
    found = recognize(export("order_no:order email:mail date:day amount:money"), kind="any")
    assert {guess.column: guess.role for guess in found}["email"] == "email"


def test_who_ordered_is_told_by_address_whatever_its_case_and_that_is_said() -> None:
    lines = pa.table(
        {
            "email": ["Hana@Example.com", "hana@example.com ", "ken@example.com"],
            "date": ["2024-01-03", "2024-02-03", "2024-03-03"],
            "total": ["500", "700", "900"],
        }
    )
    made = rfm({"orders": lines})
    assert made.scores["customer_id"].to_pylist() == ["hana@example.com", "ken@example.com"]
    assert made.scores["frequency"].to_pylist() == [2, 1]
    said = {each.key: each.params for each in made.summary.warnings}
    assert said["segment.warn.by_email"] == {"column": "email"}
