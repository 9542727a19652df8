"""Make the shipped list of countries from the Unicode CLDR, as Babel carries it.

Run it with Babel at hand:

    uv run --with babel python scripts/build_country_data.py

The data is under the Unicode License v3. What was made, and from what, is written to
PROVENANCE.md beside it.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "custseg" / "resources" / "countries"

LANGUAGES = ("en", "ja", "de", "fr", "es", "it", "pt", "nl", "zh", "zh_Hant", "ko")
"""Languages whose names are read; the first two are the ones shown."""

NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}


def main() -> None:
    import babel
    from babel import Locale
    from babel.core import get_global

    names = {language: Locale.parse(language).territories for language in LANGUAGES}
    codes = sorted(
        code
        for code in names["en"]
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    )
    others = defaultdict(list)
    for alias, territories in get_global("territory_aliases").items():
        if len(territories) == 1 and territories[0] in codes and len(alias) == 3:
            others[territories[0]].append(alias)
    lines = ["code\ten\tja\tother"]
    for code in codes:
        known = [names[language].get(code, "") for language in LANGUAGES]
        further = sorted({*known[2:], *others[code]} - {"", known[0], known[1]})
        lines.append("\t".join((code, known[0], known[1], "|".join(further))))
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "countries.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (TARGET / "PROVENANCE.md").write_text(
        f"""# Countries

`countries.tsv`: {len(codes)} countries and territories by ISO 3166-1 alpha-2 code, with their
names in English and Japanese, and (column `other`, parted by `|`) the alpha-3 and numeric codes
and the names in {", ".join(LANGUAGES[2:])}.

- Source: Unicode CLDR, as carried by Babel {babel.__version__} (PyPI).
- License: Unicode License v3 (CLDR data), BSD-3-Clause (Babel).
- Made by: `scripts/build_country_data.py`.
""",
        encoding="utf-8",
    )
    print(f"{len(codes)} countries")


if __name__ == "__main__":
    main()
