"""Merging the records of a customer: ids, review, decisions."""

MESSAGES = {
    "merge.book_damaged": (
        "前回の実行の顧客IDを読み取れません。ファイルが変更されています。",
        "--previous に変更されていない実行フォルダを指定するか、--previous を外して"
        "新しいIDで始めてください。",
    ),
}
