"""Words of matching."""

MESSAGES = {
    "match.model_format": (
        "名寄せモデルの形式が {format} のため、このバージョンでは読み込めません。",
        "--match-model を付けずに実行してモデルを作り直すか、custseg を更新してください。",
    ),
    "match.model_unreadable": (
        "指定されたファイルは名寄せモデルではありません。",
        "以前の実行結果にある match_model.json を指定してください。",
    ),
    "match.placeholders": (
        "{columns}に、多くの異なる氏名で使われている値が {values} 種類あります（{records} 件）。"
        "仮の値とみなし、名寄せの根拠には使いません。"
    ),
    "match.oversize": (
        "大きすぎるグループが {count} 個ありました（最大 {largest} 件）。"
        "より厳しい基準で分割しました。"
    ),
    "match.crowded_out": (
        "--link-only では 1 つのファイルから 1 件だけを取るため、確実な {pairs} 組を結び付けませんでした。"
        "同じ人が 2 件以上あるファイルがあります。--link-only を外すと、それらもまとめます。"
    ),
    "match.model_lacks": (
        "指定された名寄せモデルは {columns} を含まないデータで推定されたため、今回の照合では使いません。"
        "--match-model を外すと、新しく推定します。"
    ),
    "match.skipped_blocks": (
        "共通の値をもつレコードが多すぎる {blocks} 個のグループは、その値での照合を省きました"
        "（最も多いのは {key}: {records} 件）。ほかの項目による照合は行っています。"
    ),
    "match.fallback": (
        "このデータでは名寄せモデルを推定できません（{reason}）。"
        "代わりに慎重な標準値を使いました。確認用ファイルをご覧ください。"
    ),
    "match.reason_few_pairs": "候補の組が少なすぎます",
    "match.reason_thin": "個人を見分けられる列が足りません",
    "match.reason_not_matches": "推定結果が同一人物のレコードらしくありません",
    "match.level.missing": "比べられない",
    "match.level.same": "一致",
    "match.level.same_very_rare": "一致（ごく珍しい値）",
    "match.level.same_rare": "一致（珍しい値）",
    "match.level.same_uncommon": "一致（少ない値）",
    "match.level.same_common": "一致（よくある値）",
    "match.level.same_very_common": "一致（とても多い値）",
    "match.level.same_reading": "読みが一致",
    "match.level.near": "ひと月以内の差（10年違いを含む）",
    "match.level.same_shared": "一致（複数の人が使う値）",
    "match.level.same_local_part": "@ の前が一致",
    "match.level.variant": "別の書き方",
    "match.level.close": "ほぼ一致（誤記の範囲）",
    "match.level.similar": "似ている",
    "match.level.swapped": "姓と名が逆",
    "match.level.different": "違う",
    "match.level.part": "一部一致",
    "match.level.year": "年だけ一致",
    "match.level.other_unit": "部屋番号だけ違う",
    "match.level.other_number": "番地が違う",
    "match.level.same_code": "郵便番号が一致",
    "match.level.near_code": "郵便番号が近い",
    "match.level.same_city": "市区町村が一致",
    "match.level.region": "地域だけ一致",
    "match.kind.same_person": "同じ人",
    "match.kind.moved": "引っ越した同じ人",
    "match.kind.household": "同じ世帯の二人",
    "match.kind.twins": "双子",
    "match.kind.parent_and_child": "親子",
    "match.kind.flatmates": "同居人",
    "match.kind.namesakes": "同姓同名",
    "match.kind.namesakes_of_one_year": "同姓同名の別人（同じ生年）",
    "match.kind.namesakes_nearby": "近くに住む同姓同名",
    "match.kind.same_birth_date": "生年月日が同じ二人",
    "match.kind.same_birth_date_and_given_name": "生年月日と名が同じ二人",
    "match.kind.same_birth_date_and_family_name": "生年月日と姓が同じ二人",
    "match.kind.given_name_nearby": "近くに住む、名が同じ二人",
    "match.kind.family_name_nearby": "近くに住む、姓が同じ二人",
    "match.kind.shared_contact": "電話番号を共有する二人",
    "match.kind.shared_email": "メールアドレスを共有する二人",
    "match.kind.neighbors": "近所の二人",
    "match.kind.strangers": "無関係の二人",
    "match.key.birth_year": "生年",
    "match.key.family": "姓",
    "match.key.family_initial": "姓の頭文字",
    "match.key.family_prefix": "姓の初め",
    "match.key.family_reading": "姓の読み",
    "match.key.given": "名",
    "match.key.given_initial": "名の頭文字",
    "match.key.given_prefix": "名の初め",
    "match.key.given_reading": "名の読み",
    "match.key.both_names": "氏名",
    "match.key.postal_code": "郵便番号",
    "match.key.postal_prefix": "郵便番号の初め",
    "match.key.house_number": "番地",
    "match.key.street": "町名の初め",
    "match.key.email_local": "メールの @ の前",
}
