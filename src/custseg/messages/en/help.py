"""Help texts of commands and options; a backspace character keeps the lines below as they are."""

MESSAGES = {
    "help.custseg": """Turn messy customer exports into trusted customers, segments and target lists.

    Everything runs on this computer; nothing is sent anywhere.

    \b
    Start here:
      custseg demo                                   see the whole chain on made data
      custseg clean export.csv -o run                your own customers
      custseg segment --customers run --orders orders.csv -o seg

    \b
    Exit codes: 0 done, 1 a gate of --fail-on failed, 2 wrong usage, 3 input unusable,
    4 a limit reached, 5 another run holds the lock, 70 a fault in custseg.""",
    "help.fields": """Show what each column was recognized as, why, and with how much doubt.

    \b
    Examples:
      custseg fields export.csv
      custseg fields export.csv --write custseg.toml     a config to correct""",
    "help.assess": """Show the quality of tables before anything is changed.

    \b
    Examples:
      custseg assess export.csv
      custseg assess export.csv --format json""",
    "help.standardize": """Write the same rows in standard formats, and the list of every changed cell.

    \b
    Examples:
      custseg standardize export.csv -o standard
      cat export.csv | custseg standardize - -o - > standard.csv""",
    "help.undo": """Give back the original values of a standardized table.

    A CSV is written as the input was: encoding, delimiter, quotes and line ends, unless an
    encoding is given. Where its bytes are others all the same, a warning says so.

    \b
    Example:
      custseg undo standard -o original.csv""",
    "help.dedupe": """Find who is the same person; values stay as they were given.

    \b
    Examples:
      custseg dedupe customers.csv -o run
      custseg dedupe store.csv web.csv --link-only -o run""",
    "help.clean": """Standardize and deduplicate: exports in, one row a customer out.

    \b
    Examples:
      custseg clean export.csv -o run
      custseg clean store.csv web.xlsx -o run --country JP
      custseg clean 'exports/*.csv' -o run-11 --previous run-10""",
    "help.plan": """Show how matching would be done, and what it would cost.

    \b
    Example:
      custseg plan export.csv""",
    "help.rfm": """Score each customer by recency, frequency and money.

    \b
    Example:
      custseg rfm orders.csv -o scores.csv""",
    "help.cluster": """Group customers by k-means: by their orders, or by columns of their own.

    \b
    Examples:
      custseg cluster orders.csv -o clusters.csv --k 5
      custseg cluster customers.csv -o clusters.csv --features age,income""",
    "help.segment": """Turn orders into scores, named segments, clusters, and one list a segment.

    \b
    Examples:
      custseg segment --orders orders.csv -o seg
      custseg segment --customers run --orders 'orders-*.csv' -o seg
      custseg segment --orders november.csv --model seg/model.json -o seg-11""",
    "help.audience": "Make target lists for platforms, and check such files.",
    "help.audience.make": """Turn segments into lists that platforms accept, of those who consented.

    \b
    Examples:
      custseg audience make --customers run --segments seg --list champions --platform google -o aud
      custseg audience make --customers run --segments seg --list best='r >= 4' --platform meta \\
        --consent ledger.csv --suppress optouts.csv --previous aud-10 -o aud-11
      custseg audience make --customers run --segments seg --platform mailchimp \\
        --campaign spring --holdout 0.1 --key audience.key -o aud""",
    "help.audience.check": """Say whether a platform would accept a file, ours or not.

    Exits with 0 where it would, with 1 where it would not. Shows line numbers, never a value.

    \b
    Examples:
      custseg audience check full.csv --platform meta
      custseg audience check list.csv --platform-file ours.toml""",
    "help.audience.platforms": """List the platforms whose rules are known.

    \b
    Example:
      custseg audience platforms""",
    "help.measure": "Say what a campaign did, compare channels, plan a test.",
    "help.measure.campaign": """Compare those treated with those held out, by the orders that followed.

    \b
    Examples:
      custseg measure campaign aud --customers run --orders december.csv
      custseg measure campaign aud --customers run --orders december.csv --cost 50000 --margin 0.3 -o effect""",
    "help.measure.table": """Compare groups of a table with a row a person.

    \b
    Examples:
      custseg measure table mail.csv --group arm --control none --outcome visit --outcome spend --random
      custseg measure table mail.csv --group arm --control none --outcome visit --segment region""",
    "help.measure.channels": """Show by which channel people first and last bought, and each campaign's part.

    \b
    Example:
      custseg measure channels --orders orders.csv --customers run""",
    "help.measure.plan": """Say how many people a test needs.

    \b
    Example:
      custseg measure plan --rate 0.02 --expected 0.025""",
    "help.explain": """Show why two records were, or were not, joined.

    \b
    Example:
      custseg explain run store.csv:12 web.csv:40""",
    "help.evaluate": """Measure a run against known truth: precision, recall, F1.

    The truth is a table with either source, row and a person id, or with the input's own
    record id and a person id. Or it has a row a pair: left and right (FILE:ROW or record ids)
    and decision (same, different); a review.csv that was filled in will do.

    \b
    Example:
      custseg evaluate run --truth truth.csv""",
    "help.report": """Show the report of a run again.

    \b
    Examples:
      custseg report run
      custseg report seg --lang ja
      custseg report run --format html -o report.html
      custseg report seg --format xlsx -o report.xlsx""",
    "help.demo": """Make realistic messy exports with known truth, and run the whole chain on them.

    \b
    Examples:
      custseg demo
      custseg demo try --rows 20000 --kind japanese""",
    "help.config": "Show settings and where they come from.",
    "help.config.show": """Show every setting, its value, and where the value comes from.

    \b
    Example:
      custseg config show""",
    "help.option.lang": "Language: en or ja. Else the config's, else the locale's.",
    "help.option.config": "Config file. Else custseg.toml here or in a folder above.",
    "help.option.isolated": "Use no config file.",
    "help.option.quiet": "Say warnings and errors only.",
    "help.option.verbose": "Say more, with times.",
    "help.option.log_format": "Log as text or as one JSON object a line (standard error).",
    "help.option.version": "Show the version and stop.",
    "help.option.role": "What a column is, where the guess is wrong. Repeatable; COLUMN=ignore leaves it out.",
    "help.option.output_folder": "Folder to write; it appears whole or not at all.",
    "help.option.output_file": "File or folder to write; - for standard output.",
    "help.option.force": "Replace what an earlier run wrote there.",
    "help.option.format": "Show as text or as JSON.",
    "help.option.roles": "List every role, and stop.",
    "help.option.as_of": "Day (YYYY-MM-DD) from which ages and staleness are judged; else the latest update in the data.",
    "help.option.kind": "What the table holds; else judged from its columns.",
    "help.option.write": "Write a custseg.toml with the guesses, to be corrected.",
    "help.option.base": "The base: remembers ids, decisions, lists and who was forgotten from run to run.",
    "help.option.previous": "An earlier run: its customers keep their ids, its decisions stay.",
    "help.option.decisions": "A review.csv filled in by a person: same or different.",
    "help.option.match_model": "Use the fitted model of an earlier run (match_model.json).",
    "help.option.fail_on": "Exit with 1 when a measure is too high, such as 'quarantined>1%'. Repeatable.",
    "help.option.customers": "Folder of a clean run, or a table of customers.",
    "help.option.consent": "Ledger of consents: identifier, channel, status, at. Repeatable.",
    "help.option.suppress": "List of those who opted out: identifier, and channel if not of everything. Repeatable.",
    "help.option.segments": "Folder of a segment run: its segments, clusters, scores and profile.",
    "help.option.list": "A list: a segment's name, or NAME=WHAT with segment:NAME, cluster:2, all or a rule. Repeatable.",
    "help.option.platform": "Platform to write for. Repeatable where several can be.",
    "help.option.platform_file": "Rules of a platform of your own, in TOML. Repeatable.",
    "help.option.previous_audience": "The last audience run: what was added, kept and removed since.",
    "help.argument.checked": "File to check.",
    "help.argument.audience": "Folder of an audience run.",
    "help.argument.people": "A table with a row a person.",
    "help.option.from": "First day of the orders that count; else the day after the audience's.",
    "help.option.to": "Last day of the orders that count; else that of the last order.",
    "help.option.correction": "For several segments: holm or bh (Benjamini and Hochberg).",
    "help.option.cost": "What the campaign cost.",
    "help.option.margin": "Part of the money that is kept, 0 to 1.",
    "help.option.group": "Column that tells the groups apart.",
    "help.option.control": "The group that was left alone.",
    "help.option.outcome": "Column with 0 and 1, or with amounts. Repeatable.",
    "help.option.segment": "Column of segments to compare one by one.",
    "help.option.random": "Chance alone decided who was in which group: the difference is an effect.",
    "help.option.rate": "Share without the campaign, such as 0.02.",
    "help.option.expected": "Share with it, such as 0.025.",
    "help.option.alpha": "Chance of a false alarm.",
    "help.option.power": "Chance to find a difference that is there.",
    "help.option.orders": "Orders or order lines: files or globs. Repeatable.",
    "help.option.previous_segments": "An earlier segment run: what changed since is told, and its clusters keep their numbers and names. A model.json keeps the clusters.",
    "help.option.events": "Inquiries, visits and other contacts: files or globs. They join the profile and the rules. Repeatable.",
    "help.option.cuts": "Fixed cuts, such as recency_days=30,60,90,180. Repeatable.",
    "help.option.model": "Score with the cuts and clusters of an earlier run (model.json).",
    "help.option.truth": "Table of the truth.",
    "help.option.truth_id": "Column of the truth that names the person.",
    "help.option.truth_key": "Column of the truth that holds the records' own id.",
    "help.option.source": "Which input, where the run had several.",
    "help.option.rows": "About how many customer records to make.",
    "help.option.seed": "Another seed makes other people.",
    "help.option.demo_kind": "Which exports to make.",
    "help.argument.files": "Files or globs; - for standard input. CSV, TSV, Parquet, Excel, .gz, .zst.",
    "help.argument.run": "Folder of a run.",
    "help.argument.record": "A record as FILE:ROW.",
    "help.argument.demo_folder": "Folder to make.",
    "help.run": """Run the chain that custseg.toml describes, and publish it where every gate holds.

    Reads the inputs named under [chain], cleans and segments what changed since the last run,
    and puts everything into one folder named by the day. `latest` in the same place names the
    last one published. Says nothing where all went well and no terminal is there.

    \b
    Examples:
      custseg run
      custseg run /srv/shop/custseg.toml --log-format json
      custseg run --dry-run""",
    "help.init": """Write a custseg.toml from the files at hand, to be corrected.

    \b
    Examples:
      custseg init
      custseg init exports/ --write shop.toml""",
    "help.option.day": "Day that names the run; today where not given.",
    "help.option.full": "Do everything again, also what did not change.",
    "help.option.dry_run": "Say what would be read, written and removed; do nothing.",
    "help.option.write_config": "The config file to write.",
    "help.argument.config_file": "Config file; else custseg.toml here or in a folder above.",
    "help.argument.init_files": "Files or folders to look at; this folder where none is given.",
    "help.option.report_format": "text, json, html (one page with pictures, to be opened in any browser), or xlsx (an Excel workbook with charts).",
}
