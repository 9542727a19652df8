"""Merging the records of a customer: ids, review, decisions."""

MESSAGES = {
    "merge.book_damaged": (
        "前回の実行の顧客IDを読み取れません。ファイルが変更されています。",
        "--previous に変更されていない実行フォルダを指定するか、--previous を外して"
        "新しいIDで始めてください。",
    ),
    "merge.review.joined": "統合済み",
    "merge.review.apart": "別の顧客",
    "merge.review.little": "手がかりが少ない",
    "merge.review.others": "ほかのレコードとの兼ね合い",
    "merge.field.area": "地域",
    "merge.field.street": "町名・番地",
    "merge.decisions_columns": (
        "判定ファイルに列 {columns} がありません。",
        "review.csv の decision 列だけを記入し、他の列はそのまま残してください。",
    ),
    "merge.decision_word": (
        "{row} 行目の decision の内容を判断できません。",
        "same（同じ）または different（違う）と記入するか、空欄にしてください。",
    ),
    "merge.decision_key": (
        "{row} 行目の left_key または right_key が変更されているため、対象を特定できません。",
        "review.csv の left_key と right_key を元の値に戻してください。",
    ),
    "merge.decision_twice": (
        "{first} 行目と {second} 行目で、同じ組の判定が食い違っています。",
        "どちらか1行だけを残してください。",
    ),
    "merge.contradiction": "判定が矛盾しています。{different} は「違う」ですが、{same} をたどると「同じ」になります。「違う」を優先しました。誤っている判定を直してください。",
    "merge.more_contradictions": "ほかにも矛盾する判定が {count} 件あります。",
    "merge.decisions_elsewhere": "{name} には、今回のデータにないレコードについての判定が {count} 件あり、反映されません。どの実行の review.csv かをご確認ください。",
}
