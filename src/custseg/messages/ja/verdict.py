"""Why two records are, or are not, one customer."""

MESSAGES = {
    "verdict.decided_same": "人が「同じ」と判断しました。どの重みよりも優先されます。",
    "verdict.decided_different": "人が「違う」と判断しました。どの重みよりも優先されます。",
    "verdict.link": "この組の重みだけで十分です（基準の確率 {threshold}）。",
    "verdict.through": "{records} を介してつながっています。どのつながりも十分です（基準の確率 {threshold}）。",
    "verdict.through_decided": "{records} を介してつながっています。途中に、人が「同じ」と判断した組があります。",
    "verdict.same_source": "同じファイルの 2 件です。--link-only では、異なるファイルの間だけを照合します。",
    "verdict.weight": "重みが足りません（基準の確率 {threshold}）。",
    "verdict.no_link": "2 人の顧客の間に、十分なつながりがありません（基準の確率 {threshold}、最も強いもので {weight} ビット）。",
    "verdict.mean": "2 人の顧客のレコードどうしを全体で見ると、別人とみるほうが自然です（平均 {weight} ビット、{pairs} 組）。",
    "verdict.decided_between": "2 人の顧客のレコードのうち {records} を、人が「違う」と判断しています。",
    "verdict.sources_between": "--link-only では、1 つのファイルから 1 件だけを取ります。2 人の顧客には、同じファイルの {records} があります。",
    "verdict.not_compared": "今回使ったキーでは一緒にならず、比べていません。",
    "verdict.skipped": "共通するキーを持つレコードが多すぎたため、比べていません。",
    "verdict.recut": "レコードのまとまりが大きすぎたため、より厳しい基準で分けました。",
}
