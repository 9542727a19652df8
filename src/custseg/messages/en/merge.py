"""Merging the records of a customer: ids, review, decisions."""

MESSAGES = {
    "merge.book_damaged": (
        "The ids of the previous run cannot be read: its files were changed.",
        "Give the folder of an unchanged run to --previous, or leave it out and start new ids.",
    ),
}
