"""Make the files of this folder again: ``python examples/make.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from custseg.demo import Kind, generate, write

ROWS = 300
SEED = 2026
KINDS: tuple[Kind, ...] = ("japanese", "english")


def main(folder: Path) -> None:
    for kind in KINDS:
        write(generate(ROWS, SEED, kind), folder / kind, force=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
