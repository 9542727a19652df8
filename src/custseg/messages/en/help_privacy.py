"""Help of the commands of the base and of privacy."""

MESSAGES = {
    "help.base": "Show and check the base, the file that remembers from run to run.",
    "help.base.show": """Show what is in the base, in numbers.

    \b
    Example:
      custseg base show base.duckdb""",
    "help.base.check": """Check the keys of the base, and what must add up. Exit 1 if something does not.

    \b
    Example:
      custseg base check base.duckdb""",
    "help.forget": """Take people out of the base and of every run, and know them again at the next import.

    One removal file is written for each platform they were ever sent to. Needs a secret key in
    CUSTSEG_KEY or CUSTSEG_KEY_FILE. Not legal advice.

    \b
    Examples:
      custseg forget people.txt --base base.duckdb -o removals
      custseg forget - --base base.duckdb -o removals < people.txt
      custseg forget --id C7Q1PVATZJM31 --base base.duckdb --run runs -o removals""",
    "help.subject": "Show what is held about a person.",
    "help.subject.show": """Show everything held about a person, and where it was sent.

    \b
    Examples:
      custseg subject show people.txt --base base.duckdb
      custseg subject show --id C7Q1PVATZJM31 --base base.duckdb --format json""",
    "help.pseudonymize": """Write the tables of a run without names: keyed ids, age bands, groups counted.

    Needs a secret key in CUSTSEG_KEY or CUSTSEG_KEY_FILE.

    \b
    Examples:
      custseg pseudonymize run -o shared
      custseg pseudonymize seg -o shared --k 5""",
    "help.audit": "Check the audit log.",
    "help.audit.verify": """Check that no line of the audit log was changed or cut. Exit 1 if one was.

    \b
    Example:
      custseg audit verify --base base.duckdb""",
    "help.argument.persons": "One id, e-mail address or phone number a line; - for standard input.",
    "help.argument.base": "The base.",
    "help.option.id": "A customer id. May be repeated.",
    "help.option.runs": "A run folder, or a folder of runs, beside those the base knows. May be repeated.",
    "help.option.anonymity": "Leave out people in groups smaller than this. Else they are only listed.",
}
