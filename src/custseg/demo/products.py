"""Invented goods and the words of the order files, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """What a shop sells, and how its order file calls things.

    Attributes
    ----------
    goods
        (category, product, price in the smallest unit), the best sellers first.
    unit
        Smallest units in one of the currency: 1 for yen, 100 for dollars.
    columns
        Headers, in the order of the file.
    channels
        Names of the till and of the web shop.
    campaigns
        Names of campaigns, each with the month it runs in.
    cancelled
        The mark of a cancelled order.
    """

    goods: tuple[tuple[str, str, int], ...]
    unit: int
    columns: tuple[str, ...]
    channels: tuple[str, str]
    campaigns: tuple[tuple[str, int], ...]
    cancelled: str


JAPANESE: Final = Catalog(
    goods=(
        ("コーヒー豆", "みなとブレンド 200g", 980), ("コーヒー豆", "深煎りほしぞら 200g", 1080),
        ("お茶", "朝霧煎茶 100g", 1200), ("焼菓子", "月のフィナンシェ 5個", 1350),
        ("コーヒー豆", "浅煎りひなた 200g", 1180), ("雑貨", "紙フィルター 100枚", 320),
        ("焼菓子", "木の実クッキー缶", 1980), ("お茶", "焙じ茶ティーバッグ 20包", 780),
        ("ジャム", "山いちごジャム", 860), ("器", "白磁マグカップ", 2400),
        ("ドリップバッグ", "ドリップバッグ 10袋", 1480), ("焼菓子", "米粉バームクーヘン", 1600),
        ("お茶", "和紅茶 80g", 980), ("ジャム", "柚子マーマレード", 840),
        ("ギフト", "季節のギフト箱 小", 3300), ("コーヒー豆", "カフェインレス 200g", 1280),
        ("ギフト", "季節のギフト箱 大", 5500), ("器", "手吹きグラス", 2800),
        ("雑貨", "布コースター 2枚", 900), ("コーヒー豆", "限定ゆきあかり 200g", 1480),
        ("器", "藍の湯呑み", 2200), ("雑貨", "計量スプーン", 1100),
        ("ドリップバッグ", "旅するドリップ 5袋", 880), ("焼菓子", "塩サブレ 8枚", 1050),
        ("お茶", "抹茶 30g", 1850), ("ジャム", "りんごバター", 920),
        ("器", "急須 小", 4800), ("雑貨", "コーヒーサーバー", 3600),
        ("雑貨", "手挽きミル", 8800), ("ギフト", "年賀の詰合せ", 10800),
    ),
    unit=1,
    columns=(
        "受注番号", "明細番号", "注文日", "会員番号", "商品コード", "商品名", "カテゴリ", "数量",
        "単価", "割引額", "金額", "チャネル", "キャンペーン", "状態",
    ),
    channels=("店舗", "EC"),
    campaigns=(
        ("初夏の新茶フェア", 5), ("夏のありがとうセール", 7), ("秋の珈琲まつり", 10),
        ("歳末感謝祭", 12),
    ),
    cancelled="キャンセル",
)  # fmt: skip

ENGLISH: Final = Catalog(
    goods=(
        ("Coffee", "Harbor Blend 12 oz", 1495), ("Coffee", "Night Sky Dark Roast 12 oz", 1595),
        ("Tea", "Morning Mist Green Tea", 1250), ("Bakery", "Moon Almond Cakes, box of 5", 1350),
        ("Coffee", "Sunny Side Roast 12 oz", 1695), ("Accessories", "Paper Filters, 100", 495),
        ("Bakery", "Nut Cookie Tin", 1995), ("Tea", "Roasted Tea Bags, 20", 895),
        ("Preserves", "Wild Strawberry Jam", 899), ("Tableware", "White Mug", 1800),
        ("Drip Bags", "Drip Bags, 10", 1450), ("Bakery", "Rice Flour Ring Cake", 1695),
        ("Tea", "Garden Black Tea", 1150), ("Preserves", "Yuzu Marmalade", 949),
        ("Gifts", "Seasonal Box, small", 3200), ("Coffee", "Decaf 12 oz", 1650),
        ("Gifts", "Seasonal Box, large", 5400), ("Tableware", "Hand-blown Glass", 2600),
        ("Accessories", "Cloth Coasters, pair", 950), ("Coffee", "Snow Light Limited 12 oz", 1895),
        ("Tableware", "Indigo Cup", 2200), ("Accessories", "Measuring Scoop", 1100),
        ("Drip Bags", "Travel Drip Bags, 5", 895), ("Bakery", "Salt Shortbread, 8", 1050),
        ("Tea", "Stone-ground Matcha", 1950), ("Preserves", "Apple Butter", 925),
        ("Tableware", "Small Teapot", 4800), ("Accessories", "Coffee Server", 3600),
        ("Accessories", "Hand Grinder", 8900), ("Gifts", "Holiday Hamper", 10900),
    ),
    unit=100,
    columns=(
        "Order ID", "Line", "Order Date", "Customer ID", "SKU", "Product", "Category", "Quantity",
        "Unit Price", "Discount", "Amount", "Channel", "Campaign", "Status",
    ),
    channels=("Store", "Web"),
    campaigns=(
        ("Spring Tea Days", 4), ("Summer Thanks", 7), ("Fall Coffee Fest", 10),
        ("Holiday Sale", 12),
    ),
    cancelled="Cancelled",
)  # fmt: skip
