"""What stands beside made exports."""

MESSAGES = {
    "demo.readme": (
        "Made by custseg demo: {rows} customer rows of {persons} persons.\n"
        "\n"
        "All people in these files are invented. Names are drawn from frequency lists; street\n"
        "numbers, birth dates, telephone numbers and purchases are random. A number that is\n"
        "someone's is so by chance: never call one. Every e-mail domain is reserved for\n"
        "examples, so no mail can arrive anywhere. The shop does not exist.\n"
        "\n"
        "truth.csv says who is who: the file, the row (from 1, the header not counted), the\n"
        "person, the household. Lines that cannot be read, garbled cells and errors of every\n"
        "kind are there on purpose.\n"
    ),
}
