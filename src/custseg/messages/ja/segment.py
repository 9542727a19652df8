"""Errors, warnings and words of segmentation."""

MESSAGES = {
    "segment.role_missing": (
        "注文データに {role} にあたる列が見つかりません。",
        "--role 列名={role} で指定するか、custseg.toml の [roles] に書いてください。",
    ),
    "segment.currencies": (
        "金額に複数の通貨（{currencies}）が混ざっているため、合計できません。",
        "1つの通貨に換算するか、通貨ごとに分けて実行してください。",
    ),
    "segment.no_orders": (
        "注文明細 {rows} 行のうち、使える行がありません。",
        "`custseg fields` で列の判定を確認し、--role 列名=役割 で修正してください。",
    ),
    "segment.bins": (
        "{bins} 段階には分けられません。",
        "--bins には 2 から {most} までの数を指定してください。",
    ),
    "segment.cuts": (
        "{measure} の区切り値が使えません。",
        "{number} 個の値を小さい順に指定してください。",
    ),
    "segment.map_uncovered": (
        "セグメント表に、どのセグメントにも入らない組み合わせが {number} 個あります: {codes}",
        '該当するパターンを追加するか、最後に "..." = "その他" を加えてください。',
    ),
    "segment.map_pattern": (
        "セグメント表に読み取れないパターンがあります: {pattern}",
        "R、F、必要なら M の順に、数字、[4-5] のような範囲、または . を書いてください。",
    ),
    "segment.map_score": (
        "セグメント表のパターン {pattern} に、1 から {bins} の範囲外のスコアがあります。",
        "1 から {bins} のスコアを使うか、--bins を変えてください。",
    ),
    "segment.k": (
        "{k} 個のクラスターには分けられません。",
        "2 から {most}（値の異なる顧客の数）までの数、または --k auto を指定してください。",
    ),
    "segment.few_customers": (
        "顧客数 {customers} は、クラスターを見つけるには少なすぎます。",
        "値の異なる顧客が 20 人以上必要です。",
    ),
}
