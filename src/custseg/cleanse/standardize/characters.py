"""Characters that are one character in two forms: old and new, printed and written.

Match keys fold them; a value that is shown never does (髙橋 stays 髙橋).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.words import words

IDEOGRAPH: Final = "[\u4e00-\u9fff]"
"""Pattern of a character of Chinese origin, by which writing in Japanese is known."""

OLD_FORMS: Final = words(
    """
    亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 稲稻 飲飮 隠隱 営營 栄榮 衛衞 駅驛 円圓圎 縁緣 艶艷 塩鹽
    奥奧 応應 横橫 欧歐 殴毆 黄黃 温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞 懐懷 概槪 拡擴 殻殼 覚覺
    学學斈 岳嶽 楽樂 渇渴 缶罐 巻卷 陥陷 勧勸 寛寬 関關 歓歡 観觀 気氣 帰歸皈 偽僞 戯戲 犠犧 旧舊
    拠據 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕 暁曉 区區 駆驅駈 勲勳 薫薰 径徑 茎莖 恵惠 掲揭 渓溪 経經
    蛍螢 軽輕 継繼 鶏鷄雞 芸藝 撃擊 研硏 県縣 倹儉 剣劍劔釼剱 険險 圏圈 検檢 献獻 権權 顕顯 験驗
    厳嚴 広廣 効效 恒恆 鉱鑛 号號 国國囯圀 黒黑 砕碎 済濟 斎齋 剤劑 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊
    残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實 写寫 釈釋 寿壽 収收 従從 渋澁澀 獣獸 縦縱 粛肅 処處 緒緖
    叙敍敘 将將 称稱 渉涉 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀
    触觸 嘱囑 真眞 寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 斉齊 静靜 窃竊
    摂攝 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 争爭 荘莊 捜搜 挿插揷 巣巢 曽曾 痩瘦
    装裝 総總 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 対對 体體躰軆 帯帶 滞滯 台臺 滝瀧 択擇 沢澤
    担擔 単單 胆膽 団團 断斷 弾彈 遅遲 痴癡 虫蟲 昼晝 鋳鑄 庁廳 徴徵 聴聽 勅敕 鎮鎭 逓遞 鉄鐵銕鐡
    点點 転轉 伝傳 灯燈 当當 党黨 盗盜 闘鬪鬭 徳德 独獨 読讀 届屆 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢
    売賣 麦麥 発發 髪髮 抜拔 晩晚 蛮蠻 秘祕 浜濱濵 瓶甁 払拂 仏佛 併倂 並竝 餅餠 辺邊邉 変變
    弁辨瓣辯 歩步 舗舖 宝寶寳 豊豐 褒襃 翻飜 毎每 万萬 満滿 麺麵 黙默 弥彌 訳譯 薬藥 与與 予豫
    余餘 誉譽 揺搖 様樣 謡謠 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 涙淚 塁壘 礼禮 励勵 戻戾 霊靈
    齢齡 暦曆 歴歷 恋戀 錬鍊 炉爐 労勞 郎郞 楼樓 録錄 湾灣 高髙 崎﨑嵜 吉𠮷 富冨 島嶋嶌 峰峯 館舘
    桑桒 柳栁桺 侠俠 尭堯 巌巖 桧檜 槙槇 瑶瑤 禄祿 穣穰 萌萠 遥遙 凜凛 亘亙 祢禰 籠篭 藪薮籔 諫諌
    靱靭 鶯鴬 鯵鰺 檮梼 竈竃 莵菟 壺壷 頸頚 蛎蠣 砺礪 麹麴 掻搔 剥剝 頬頰 填塡 噛嚙 屏屛 并幷 繋繫
    繍繡 莱萊 蒋蔣 蝉蟬 蝋蠟 躯軀 醤醬 顛顚 騨驒 鴎鷗 鹸鹼 青靑 清淸 姫姬 翠翆 涼凉 恥耻 裏裡 卯夘
    迩邇 侭儘 淵渕渊 桝枡 兎兔 焔焰 濤涛 祷禱 鶴靏靍鸖 煕熙熈凞 晃晄 昴昻 隣鄰 秋秌 松枩 梅楳
    野埜 略畧 群羣 婿壻聟 吊弔 杯盃 翅翄 梁樑 橋槗𣘺 潟泻 賢贒 鑑鑒 須湏 魚𩵋 桜櫻
    冴冱 昇曻 彦彥 戸戶 晋晉 聡聰 穐龝 喜㐂 蘇蘓 釜釡 多夛 船舩 歳歲 毘毗 庵菴 宮宫 姉姊 杉杦 紙帋
    今𫝆 厨廚 讃讚 腸膓 妍姸 呉吳 内內 教敎 税稅 説說 閲閱 鋭銳 脱脫 悦悅 尚尙 舎舍 厩廐廏
    唖啞 嘘噓 嚢囊 倶俱 呑吞 屡屢 撹攪 涜瀆 溌潑 潅灌 芦蘆 賎賤 箪簞 虻蝱 蝿蠅 銹錆 遡溯
    """
)
"""The form in common use, then the other forms of the same character."""

CONFUSED: Final = words("斎斉 杉椙 藤籐 郎朗 己巳已 槌鎚 崎碕 村邨 坂阪 萩荻 宜宣 崇祟 柏栢")
"""Different characters of names that are often taken for each other: weak evidence only."""

_COMPATIBILITY: Final = (range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))

_VARIATION_SELECTORS: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def fold_variants(text: str) -> str:
    """Write every character in its common form, without variation selectors.

    >>> fold_variants("髙﨑 渡邉")
    '高崎 渡辺'
    """
    return text.translate(variant_table())


@cache
def variant_table() -> dict[int, str | None]:
    """Table for :meth:`str.translate`: old forms, compatibility ideographs, selectors."""
    table: dict[int, str | None] = dict.fromkeys(
        (code for codes in _VARIATION_SELECTORS for code in codes), None
    )
    common = {ord(old): entry[0] for entry in OLD_FORMS for old in entry[1:]}
    for code in (code for codes in _COMPATIBILITY for code in codes):
        modern = unicodedata.normalize("NFKC", chr(code))
        if modern != chr(code):
            table[code] = common.get(ord(modern), modern)
    return table | common


def fold_confused(text: str) -> str:
    """Write every character as the one it is often taken for, after :func:`fold_variants`.

    >>> fold_confused("斉藤"), fold_confused("齋藤")
    ('斎藤', '斎藤')
    """
    return fold_variants(text).translate(_confused_table())


def fold_variants_of(values: pa.Array) -> pa.Array:
    """Apply :func:`fold_variants` to an array of strings without nulls, quickly."""
    olds = "".join(map(chr, variant_table()))
    affected = pc.match_substring_regex(values, f"[{olds}]")
    folded = [fold_variants(value) for value in values.filter(affected).to_pylist()]
    return pc.replace_with_mask(values, affected, pa.array(folded, pa.string()))


@cache
def _confused_table() -> dict[int, str]:
    return {ord(other): entry[0] for entry in CONFUSED for other in entry[1:]}
