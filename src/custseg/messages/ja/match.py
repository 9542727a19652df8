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
        "{columns} に、多くの異なる氏名で使われている値が {values} 種類あります({records} 件)。"
        "仮の値とみなし、名寄せの根拠には使いません。"
    ),
    "match.oversize": (
        "大きすぎるグループが {count} 個ありました(最大 {largest} 件)。"
        "より厳しい基準で分割しました。"
    ),
    "match.skipped_blocks": (
        "共通の値をもつレコードが多すぎる {blocks} 個のグループは、その値での照合を省きました"
        "(最も多いのは {key}: {records} 件)。ほかの項目による照合は行っています。"
    ),
    "match.fallback": (
        "このデータでは名寄せモデルを推定できません({reason})。"
        "代わりに慎重な標準値を使いました。確認用ファイルをご覧ください。"
    ),
    "match.reason_few_pairs": "候補の組が少なすぎます",
    "match.reason_thin": "個人を見分けられる列が足りません",
    "match.reason_not_matches": "推定結果が同一人物のレコードらしくありません",
}
