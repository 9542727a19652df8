"""Roles of order tables: one row is an order or a line of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from custseg.cleanse.standardize.amount import AMOUNT
from custseg.cleanse.standardize.text import TEXT
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

ORDERS: Final = frozenset({"orders"})

_NUMBER = re.compile(r"[-+△▲(¥\\$€£]*\d[\d,]*(\.\d+)?[)円%個点枚]?")
_MARK = re.compile(r"-?[01](\.0)?")
"""0 and 1 as a mark, also as programs of tables write them; 0.00 is money."""

_DAY = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\.0)?")
_WHOLE = re.compile(r"[-+△▲]?\d{1,6}(\.0+)?")


def number_share(values: Sequence[str]) -> float:
    """Share of values that are a plain number, with a currency or unit sign at most."""
    return sum(_NUMBER.fullmatch(value.strip()) is not None for value in values) / len(values)


def whole_number_share(values: Sequence[str]) -> float:
    """Share of values that are a whole number of up to six digits."""
    return sum(_WHOLE.fullmatch(value.strip()) is not None for value in values) / len(values)


def code_share(values: Sequence[str]) -> float:
    """Share of values that are one short word, as codes and numbers of orders are."""
    return sum(len(value) <= 40 and not re.search(r"\s", value) for value in values) / len(values)


def mark_share(values: Sequence[str]) -> float:
    """Share of values that say yes or no, name a state or a day, of those other than 0 and 1.

    Other numbers are amounts, pieces, or codes of which nobody knows what they mean.
    """
    folded = (unicodedata.normalize("NFKC", value).strip() for value in values)
    others = [value for value in folded if not _MARK.fullmatch(value)]
    numbers = sum(
        _NUMBER.fullmatch(value) is not None and not _DAY.fullmatch(value) for value in others
    )
    return 1 - numbers / len(others) if others else 1.0


ORDER_ID = Role(
    name="order_id",
    label={"en": "order number", "ja": "注文番号"},
    about="The number of an order. Lines of one order share it.",
    headers=words(
        """
        order_id order_no order_number order order_key order_code order_ref order_reference
        order_name invoice invoice_no invoice_id invoice_number transaction_id transaction
        transaction_no trans_id transaction_number txn_id receipt_no receipt_id receipt_number
        receipt sales_id sale_id sales_order sales_order_id sales_order_number purchase_id
        purchase_number purchase_order basket_id bill_no ticket_id document_no checkout_id
        booking_id booking_number amazon_order_id
        注文番号 注文ID 注文No 注文コード 受注番号 受注ID 受注No 受注コード ご注文番号
        オーダー番号 オーダーID オーダーNo 売上番号 売上ID 売上No 売上伝票番号 伝票番号 伝票No
        伝票ID 取引番号 取引ID 取引No レシート番号 レシートNo 購入番号 購入ID 購入No 販売番号
        販売ID 会計番号 会計ID 請求番号 請求書番号 予約番号 予約ID 決済番号 決済ID 受付番号
        申込番号 納品書番号 注文書番号 楽天注文番号 管理注文番号
        """
    ),
    likeness=code_share,
    telling=0.0,
    tables=ORDERS,
    examples=(("A-00123", "A-00123"),),
)

CUSTOMER_ID = Role(
    name="customer_id",
    label={"en": "customer number", "ja": "顧客番号"},
    about="Whose order it is: the shop's own customer number, or custseg's customer id.",
    headers=words(
        """
        customer_id customer_no customer_number customer_code customer_key customer cust_id
        cust_no cust_code cust custid custno client_id client_no client_number client_code
        client member_id member_no member_number member_code membership_id membership_no
        membership_number user_id user_no userid user account_id account_no account_number
        account buyer_id shopper_id household_key shopify_customer_id crm_id loyalty_member_id
        guest_id patient_id
        顧客番号 顧客ID 顧客No 顧客コード 顧客CD 顧客管理番号 顧客 会員番号 会員ID 会員No
        会員コード 会員CD 会員 お客様番号 お客様ID お客様No お客様コード 得意先コード 得意先番号
        得意先ID 得意先CD 取引先コード 取引先ID 取引先番号 ユーザーID ユーザID ユーザー番号
        ユーザー 利用者ID 利用者番号 購入者ID 購入者番号 購入者コード 注文者ID 注文者番号
        契約者番号 契約者ID カスタマーID カスタマー番号 メンバーID アカウントID 客番号 客ID
        客コード 会員登録番号 組合員番号 加入者番号 顧客識別番号
        """
    ),
    likeness=code_share,
    telling=0.0,
    tables=ORDERS,
    examples=(("000123", "000123"),),
)

QUANTITY = Role(
    name="quantity",
    label={"en": "quantity", "ja": "数量"},
    about="How many pieces the line is about. Negative for returns.",
    headers=words(
        """
        quantity qty quantities units unit_count count pieces pcs item_quantity items
        number_of_items item_count lineitem_quantity line_item_quantity order_quantity
        quantity_ordered quantity_sold qty_sold units_sold quantity_purchased order_qty
        number_of_cds num_items
        数量 個数 点数 数 購入数 購入数量 購入個数 購入点数 注文数 注文数量 注文個数 受注数
        受注数量 販売数 販売数量 販売個数 販売点数 売上数 売上数量 売上個数 売上点数 出荷数
        出荷数量 商品数 商品個数 商品点数 枚数 本数 商品数量 明細数量 買上点数 お買上点数
        """
    ),
    likeness=whole_number_share,
    telling=0.0,
    standardizer=AMOUNT,
    tables=ORDERS,
    examples=(("3個", "3"), ("▲1", "-1")),
)

PRODUCT_ID = Role(
    name="product_id",
    label={"en": "product number", "ja": "商品番号"},
    about="What was bought, by the shop's own code.",
    headers=words(
        """
        product_id product_code product_no product_number product_key sku sku_id sku_code
        sku_number item_id item_code item_no item_number stock_code stockcode stock_no article
        article_id article_no article_number variant_id variant_sku lineitem_sku line_item_sku
        asin jan jan_code ean upc gtin barcode isbn product_sku part_number
        商品コード 商品番号 商品ID 商品No 商品CD 商品管理番号 商品SKU 商品型番 型番 品番
        品目コード 品目番号 品目CD 品コード SKUコード SKU番号 SKU管理番号 JANコード バーコード
        製品コード 製品番号 製品ID アイテムコード アイテムID アイテム番号 単品コード
        メニューコード 独自商品コード システム連携用SKU番号 商品明細ID
        """
    ),
    likeness=code_share,
    telling=0.0,
    tables=ORDERS,
    examples=(("4901234567894", "4901234567894"),),
)

PRODUCT_NAME = Role(
    name="product_name",
    label={"en": "product", "ja": "商品名"},
    about="What was bought, in words.",
    headers=words(
        """
        product_name product product_title product_description item item_name item_description
        item_title article_name lineitem_name line_item_name description title sku_name goods
        goods_name menu_item products
        商品名 商品 商品名称 商品タイトル 品名 品目 品目名 品目名称 製品名 製品 アイテム名
        アイテム メニュー メニュー名 購入商品 購入商品名 注文商品 明細 明細名 内容 商品内容
        お買上商品 ご注文商品 商品名（PC）
        """
    ),
    standardizer=TEXT,
    tables=ORDERS,
    examples=(("ｺｰﾋｰ　２００ｇ", "コーヒー 200g"),),
    telling=0.0,
)

CATEGORY = Role(
    name="category",
    label={"en": "category", "ja": "カテゴリ"},
    about="What kind of thing was bought.",
    headers=words(
        """
        category category_name category_id category_code product_category product_type
        product_group product_line item_category item_type genre sub_category subcategory
        main_category product_family dept_name commodity collection merchandise_category vendor
        brand brand_name
        カテゴリ カテゴリー カテゴリ名 カテゴリー名 カテゴリID カテゴリコード 商品カテゴリ
        商品カテゴリー 商品分類 商品種別 商品区分 商品群 分類 大分類 中分類 小分類 部門 部門名
        ジャンル 商品ジャンル 品種 品群 ブランド ブランド名 メーカー メーカー名 大カテゴリ
        小カテゴリ
        """
    ),
    standardizer=TEXT,
    tables=ORDERS,
    examples=(("食品　飲料", "食品 飲料"),),
    telling=0.0,
)

CHANNEL = Role(
    name="channel",
    label={"en": "channel", "ja": "チャネル"},
    about="Where the order came in: shop, web, telephone.",
    headers=words(
        """
        channel sales_channel order_channel order_source order_type platform marketplace device
        device_type purchase_channel source_name touchpoint
        チャネル チャンネル 販売チャネル 販売チャンネル 販売経路 購入経路 注文経路 受注経路
        受注チャネル 受注元 受注媒体 受注方法 注文方法 注文種別 流入経路 モール モール名
        購入チャネル デバイス 端末 購入デバイス 利用端末 媒体
        """
    ),
    standardizer=TEXT,
    tables=ORDERS,
    examples=(("ＷＥＢ", "WEB"),),
    telling=0.0,
)

CAMPAIGN = Role(
    name="campaign",
    label={"en": "campaign", "ja": "キャンペーン"},
    about="The campaign or coupon the order answers to.",
    headers=words(
        """
        campaign campaign_id campaign_name campaign_code promotion promo promotion_id
        promotion_name promotion_code promo_code coupon coupon_code coupon_id coupon_name
        discount_code utm_campaign offer offer_code voucher voucher_code
        キャンペーン キャンペーン名 キャンペーンコード キャンペーンID クーポン クーポン名
        クーポンコード クーポンID クーポン番号 プロモーション プロモーション名 施策 施策名
        広告コード 企画コード 企画名 利用クーポン 使用クーポン 割引コード 広告媒体
        """
    ),
    standardizer=TEXT,
    tables=ORDERS,
    examples=(("ＳＵＭＭＥＲ１０", "SUMMER10"),),
    telling=0.0,
)

STORE = Role(
    name="store",
    label={"en": "store", "ja": "店舗"},
    about="The store that sold.",
    headers=words(
        """
        store store_id store_no store_number store_code store_name shop shop_id shop_name
        shop_code branch branch_name branch_id branch_code location location_name location_id
        outlet pos_id terminal terminal_id register register_id
        店舗 店舗名 店舗ID 店舗コード 店舗番号 店舗No 店舗CD 店 店名 店番 店コード 支店 支店名
        支店コード ショップ ショップ名 ショップID 売場 売場名 購入店舗 購入店 購入店舗名 販売店
        販売店舗 来店店舗 利用店舗 会計店舗 レジ番号 レジNo 拠点 拠点名 受注店舗 取扱店 取扱店舗
        """
    ),
    standardizer=TEXT,
    tables=ORDERS,
    examples=(("渋谷　店", "渋谷 店"),),
    telling=0.0,
)
UNIT_PRICE = Role(
    name="unit_price",
    label={"en": "unit price", "ja": "単価"},
    about="Price of one piece.",
    headers=words(
        """
        unit_price price price_per_unit price_each item_price product_price list_price
        retail_price selling_price sale_price lineitem_price line_item_price unit_amount
        price_unit each
        単価 商品単価 販売単価 税込単価 税抜単価 販売価格 価格 商品価格 売価 定価 税込価格
        税抜価格 本体価格 本体単価 上代 通常価格 税抜き単価 税込み単価 値段
        """
    ),
    likeness=number_share,
    standardizer=AMOUNT,
    tables=ORDERS,
    examples=(("￥１，９８０", "1980"), ("$19.80", "19.80")),
    telling=0.0,
)

DISCOUNT = Role(
    name="discount",
    label={"en": "discount", "ja": "割引額"},
    about="What was taken off the price.",
    headers=words(
        """
        discount discount_amount discounts total_discount discount_total discount_value
        lineitem_discount line_discount markdown promotion_discount coupon_discount
        coupon_amount coupon_value rebate
        割引 割引額 割引金額 値引 値引き 値引額 値引き額 値引金額 割引合計 値引合計 クーポン割引
        クーポン割引額 クーポン利用額 クーポン値引額 ポイント利用額 利用ポイント額
        ディスカウント
        """
    ),
    likeness=number_share,
    standardizer=AMOUNT,
    tables=ORDERS,
    examples=(("△500", "-500"), ("500円", "500")),
    telling=0.0,
)

COST = Role(
    name="cost",
    label={"en": "cost", "ja": "原価"},
    about="What the goods cost the shop.",
    headers=words(
        """
        cost unit_cost cost_price purchase_price cost_of_goods cogs cost_amount total_cost
        wholesale_price
        原価 仕入原価 仕入値 仕入価格 仕入単価 原価単価 売上原価 原価合計 下代 商品原価 原価額
        """
    ),
    likeness=number_share,
    standardizer=AMOUNT,
    tables=ORDERS,
    examples=(("1,200円", "1200"),),
    telling=0.0,
)

CANCELLED = Role(
    name="cancelled",
    label={"en": "cancelled", "ja": "キャンセル"},
    about="Whether the order was cancelled or the goods came back.",
    headers=words(
        """
        cancelled canceled is_cancelled is_canceled cancel cancel_flag cancelled_flag
        cancelled_at canceled_at returned is_returned is_return return_flag refunded is_refunded
        refund_flag void voided is_void order_status status financial_status order_state
        キャンセル キャンセルフラグ キャンセル区分 キャンセル日 キャンセル日時 キャンセル有無
        キャンセル済 キャンセル済み 取消 取消フラグ 取消区分 取消し 取消日 返品 返品フラグ
        返品区分 返品有無 返金 返金フラグ 取引区分 伝票区分 売上区分 注文ステータス
        受注ステータス 対応状況 注文状態 受注状態 ステータス 取引状態 状態
        """
    ),
    likeness=mark_share,
    tables=ORDERS,
    examples=(("キャンセル", "キャンセル"),),
    telling=0.0,
    least=0.5,
)

REFUND = Role(
    name="refund",
    label={"en": "refund", "ja": "返金額"},
    about="What was paid back, or how many pieces came back. It is told of, not subtracted.",
    headers=words(
        """
        refund refunds refunded refund_amount refunded_amount amount_refunded refund_total
        total_refund total_refunded total_refunds refund_value refund_price returned returns
        return_amount returned_amount return_quantity return_qty returned_quantity returned_qty
        quantity_returned qty_returned refund_quantity refunded_quantity lineitem_refunded
        返金 返金額 返金金額 返金合計 返金合計額 返品 返品額 返品金額 返品合計 返品数 返品数量
        返品個数 返品点数 払戻額 払戻金額 払戻し額 払い戻し額 返金済み金額 返金済額 キャンセル金額
        """
    ),
    likeness=number_share,
    standardizer=AMOUNT,
    tables=ORDERS,
    examples=(("￥５００", "500"), ("500円", "500")),
    telling=0.0,
    least=0.5,
    several=True,
)

ROLES = (
    ORDER_ID,
    CUSTOMER_ID,
    QUANTITY,
    UNIT_PRICE,
    PRODUCT_ID,
    PRODUCT_NAME,
    CATEGORY,
    CHANNEL,
    CAMPAIGN,
    DISCOUNT,
    COST,
    STORE,
    CANCELLED,
    REFUND,
)
