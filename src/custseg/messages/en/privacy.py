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
}
