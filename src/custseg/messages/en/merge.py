"""Merging the records of a customer: ids, review, decisions."""

MESSAGES = {
    "merge.book_damaged": (
        "The ids of the previous run cannot be read: its files were changed.",
        "Give the folder of an unchanged run to --previous, or leave it out and start new ids.",
    ),
    "merge.review.joined": "joined",
    "merge.review.apart": "apart",
    "merge.review.little": "too little to go by",
    "merge.review.others": "what else belongs to the two customers",
    "merge.field.area": "area",
    "merge.field.street": "street and number",
    "merge.decisions_columns": (
        "The file of decisions lacks the columns {columns}.",
        "Fill in the column `decision` of a run's review.csv, and leave its other columns in place.",
    ),
    "merge.decision_word": (
        "The decision in row {row} is not understood.",
        "Write `same` or `different`, or leave the cell empty.",
    ),
    "merge.decision_key": (
        "The keys of the pair in row {row} were changed, so it is not known who is meant.",
        "Copy left_key and right_key again from the run's review.csv.",
    ),
    "merge.decision_twice": (
        "Rows {first} and {second} decide the same pair in two ways.",
        "Keep one of the two rows.",
    ),
    "merge.contradiction": "Answers contradict each other: {different} says “different”, but {same} together say “same”. “Different” wins; correct the answer that is wrong.",
    "merge.more_contradictions": "Further answers that contradict each other: {count}.",
    "merge.decisions_elsewhere": "{name}: answers about records that are not in this run: {count}. They change nothing; review.csv of which run was it?",
}
