"""Errors, warnings and words of privacy: forgetting, the audit log, pseudonyms, keys."""

MESSAGES = {
    "privacy.two_keys": (
        "CUSTSEG_KEY and CUSTSEG_KEY_FILE are both set.",
        "Set one of them.",
    ),
    "privacy.no_key": (
        "This needs a secret key.",
        "Put one into the environment as CUSTSEG_KEY, or into a file that CUSTSEG_KEY_FILE names: `(umask 077; openssl rand -hex 32 > custseg.key)`. Keep it: another key would know nobody again.",
    ),
    "privacy.key_mode": (
        "Others may read the key file {path} (mode {mode}).",
        "chmod 600 {path}",
    ),
    "privacy.key_unreadable": (
        "The key file {path} cannot be read.",
        "Name a file that you may read in CUSTSEG_KEY_FILE.",
    ),
    "privacy.key_short": (
        "The key has fewer than {least} bytes.",
        "Make one with `openssl rand -hex 32`.",
    ),
    "privacy.wrong_key": (
        "The key is not the one that people were forgotten with; nobody would be known by it.",
        "Set CUSTSEG_KEY or CUSTSEG_KEY_FILE to the key of that time.",
    ),
    "privacy.warn.forgotten": "Rows of people who were forgotten, left out: {rows}",
    "privacy.nobody": (
        "Number {place} of those looked for is nowhere in the base and the runs given.",
        "Check how it is written; name more run folders with --run. People that were forgotten before are nowhere any more.",
    ),
    "privacy.several": (
        "Number {place} of those looked for is the address or number of {count} people.",
        "Name one of them by id instead: {ids}.",
    ),
    "privacy.whom": (
        "Nobody was named.",
        "Give --id ID, or a file with one id, e-mail address or phone number a line (- reads standard input).",
    ),
    "privacy.no_audit": (
        "There is no audit log at {path}.",
        "It is made beside the base by the first command that has --base, and its head with it; if one of them was there before, somebody took it away.",
    ),
    "privacy.audit_broken": (
        "The audit log {path} was changed or cut since its last entry; nothing was added to it.",
        "See what with `custseg audit verify`; keep the file, put it aside with its head, and begin another.",
    ),
    "privacy.no_people": (
        "The run {path} (`custseg {command}`) has no table of customers.",
        "Give the folder of a `custseg clean` or `custseg segment` run.",
    ),
    "privacy.people_unreadable": (
        "The file of people {path} cannot be read.",
        "Give a text file in UTF-8 with one id, e-mail address or phone number a line, or - for standard input.",
    ),
    "privacy.nobody_left": (
        "Every group is smaller than {k}: nobody would be left.",
        "Give a smaller --k, or remove columns before.",
    ),
    "privacy.report.people": "People forgotten",
    "privacy.report.base_rows": "Rows out of the base",
    "privacy.report.run": "Out of a run",
    "privacy.report.log": "Audit log",
    "privacy.report.tombstones": "Known again by, without their data",
    "privacy.report.shared": "Addresses or numbers that stay, since others have them too",
    "privacy.report.removal": "Upload to the platform, then delete",
    "privacy.report.rows": "rows",
    "privacy.report.left": "Your own exports, backups and what platforms hold are untouched: delete them there. This is no legal advice.",
    "privacy.report.ids": "Customer id",
    "privacy.report.in_base": "base: {table}",
    "privacy.report.sent": "Sent to platforms",
    "privacy.report.never_sent": "Nothing was ever sent to a platform.",
    "privacy.report.audit_sound": "as it was written",
    "privacy.report.audit_changed": "changed: line {lines}",
    "privacy.report.audit_cut": "lines missing at the end: {count}",
    "privacy.report.audit_head": "the last line is not the one that the head names",
    "privacy.report.alike": "People may look alike by",
    "privacy.report.k": "k, the smallest group",
    "privacy.report.small": "{groups} groups with {rows} people are smaller than {k}: see small_groups.csv; --k {k} leaves them out",
    "privacy.report.suppressed": "{rows} people in {groups} groups smaller than {k} were left out",
    "privacy.removed.direct": "Removed, names or places a person",
    "privacy.removed.sensitive": "Removed, needs special care",
    "privacy.removed.identifying": "Removed, nearly all different",
    "report.count.place.one": "{count} place",
    "report.count.place.many": "{count} places",
}
