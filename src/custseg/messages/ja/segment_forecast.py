"""Words of expected purchases, and of how good they were."""

MESSAGES = {
    "forecast.checked": "{first}〜{last}で検証: 実際の購入 {actual} 回、予測 {expected} 回（過去の平均では {naive} 回）。1人あたりの平均誤差 {error} 回（過去の平均では {naive_error} 回）",
    "forecast.money_checked": "金額では実際 {actual}、予測 {expected}（過去の平均では {naive}）。1人あたりの平均誤差 {error}（過去の平均では {naive_error}）",
    "forecast.unchecked": "検証していません。早い時期に再購入した顧客が少なく、予測の精度はわかりません",
    "forecast.uncalibrated": "購入確率は補正していません（{days} 日間の検証ができないため、モデルの値のままです）",
    "forecast.once": "購入が1日だけの顧客 {customers} 人は、このモデルでは最後の購入がいつであっても継続確率が 1 になります。離脱していないという意味ではありません（--purchase-model pareto-nbd なら判定できます）",
    "forecast.model": "{model}: {parameters}（対数尤度 {fit}）",
    "forecast.in_unit": "時間の単位: {unit}",
    "forecast.unit.days": "日",
    "forecast.unit.weeks": "週",
    "forecast.came_back": "それまでの再購入",
    "forecast.or_more": "{times} 回以上",
    "forecast.happened": "実際の平均",
    "forecast.expected": "予測",
    "forecast.naive": "過去の平均",
    "forecast.holdout_note": "検証期間の1人あたりの購入回数。「過去の平均」は、それまでの1日あたりの購入回数に日数を掛けたもの（金額ではさらに平均購入額を掛けたもの）です。",
    "forecast.probability": "予測した確率",
    "forecast.bought": "実際に購入",
    "forecast.reliability_note": "検証期間の前に予測した {days} 日以内の購入確率の順に顧客を10組に分け、実際に購入した割合と比べたもの。buys_within の列はこの結果で補正しています。",
    "segment.holdout_from": (
        "{day} からの検証はできません。注文は {first} から {last} までです。",
        "最初の注文日より後、最終日までの日を --holdout-from YYYY-MM-DD で指定してください。",
    ),
}
