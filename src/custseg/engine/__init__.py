"""The only package that executes: DuckDB for sets, a process pool for rows."""

from custseg.engine.engine import Engine

__all__ = ["Engine"]
