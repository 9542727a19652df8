"""Japan as tiles, a prefecture each, about where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from custseg.report.html.svg import WIDTH, box, label, picture, shade

TILES: Final[Mapping[str, tuple[int, int]]] = {
    "北海道": (12, 0),
    "青森県": (12, 2),
    "秋田県": (11, 3), "岩手県": (12, 3),
    "山形県": (11, 4), "宮城県": (12, 4),
    "石川県": (8, 5), "富山県": (9, 5), "新潟県": (10, 5), "福島県": (11, 5),
    "福井県": (8, 6), "岐阜県": (9, 6), "長野県": (10, 6), "群馬県": (11, 6), "栃木県": (12, 6),
    "茨城県": (13, 6),
    "山口県": (3, 7), "島根県": (4, 7), "鳥取県": (5, 7), "兵庫県": (6, 7), "京都府": (7, 7),
    "滋賀県": (8, 7), "愛知県": (9, 7), "山梨県": (10, 7), "埼玉県": (11, 7), "東京都": (12, 7),
    "千葉県": (13, 7),
    "佐賀県": (0, 8), "福岡県": (1, 8), "広島県": (4, 8), "岡山県": (5, 8), "大阪府": (7, 8),
    "奈良県": (8, 8), "三重県": (9, 8), "静岡県": (10, 8), "神奈川県": (12, 8),
    "長崎県": (0, 9), "熊本県": (1, 9), "大分県": (2, 9), "愛媛県": (4, 9), "香川県": (5, 9),
    "和歌山県": (8, 9),
    "鹿児島県": (1, 10), "宮崎県": (2, 10), "高知県": (4, 10), "徳島県": (5, 10),
    "沖縄県": (0, 11),
}  # fmt: skip
"""Column and row of each prefecture."""

_COLUMNS: Final = 14
_ROWS: Final = 12


def short_name(prefecture: str) -> str:
    """Give a prefecture's name without 都, 府 or 県."""
    return prefecture if prefecture == "北海道" else prefecture[:-1]


def map_of_japan(
    values: Mapping[str, float], shown: Mapping[str, str], *, name: str, title: str, about: str
) -> str:
    """Draw a tile a prefecture, the more the darker; those without a value are outlined.

    `values` and `shown` are by full name (東京都); what is shown stands below the short name.
    """
    size = WIDTH / _COLUMNS
    most = max(values.values(), default=0.0) or 1.0
    parts = []
    for prefecture, (column, row) in TILES.items():
        x, y = column * size, row * size
        value = values.get(prefecture)
        drawn = box(
            x + 1,
            y + 1,
            size - 2,
            size - 2,
            rx=4,
            words=f"{prefecture}: {shown.get(prefecture, '0')}",
            class_="accent" if value else "empty",
            fill_opacity=f"{shade((value or 0.0) / most):.2f}",
        )
        parts.append(drawn)
        short = short_name(prefecture)
        middle = x + size / 2
        small = 9.5 if len(short) > 2 else 11.0
        parts.append(label(middle, y + size / 2 - 5, short, anchor="middle", size=small))
        if text := shown.get(prefecture):
            parts.append(
                label(middle, y + size / 2 + 8, text, anchor="middle", class_="quiet", size=9)
            )
    return picture(parts, height=_ROWS * size, name=name, title=title, about=about)
