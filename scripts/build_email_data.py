"""Make the shipped list of disposable e-mail domains from the community's block list.

Run it with the package at hand:

    uv run --with disposable-email-domains python scripts/build_email_data.py
"""

from __future__ import annotations

import gzip
import importlib.metadata
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "custseg" / "resources" / "email"


def main() -> None:
    from disposable_email_domains import blocklist

    domains = sorted(domain for domain in blocklist if domain.isascii())
    TARGET.mkdir(parents=True, exist_ok=True)
    data = gzip.compress("\n".join(domains).encode() + b"\n", compresslevel=9, mtime=0)
    (TARGET / "disposable.txt.gz").write_bytes(data)
    version = importlib.metadata.version("disposable-email-domains")
    (TARGET / "PROVENANCE.md").write_text(
        f"""# Disposable e-mail domains

`disposable.txt.gz`: {len(domains):,} domains that give out mailboxes for minutes, one a line.

- Source: the community's block list disposable-email-domains, version {version} (PyPI).
- License: MIT, Copyright (c) 2016 Dustin Ingram; the list itself is dedicated to the public domain
  (CC0).
- Made by: `scripts/build_email_data.py`.
""",
        encoding="utf-8",
    )
    print(f"{len(domains)} domains, {len(data)} bytes")


if __name__ == "__main__":
    main()
