"""The only package that executes: DuckDB for sets, a process pool for rows, threads for arrays."""

from custseg.engine.engine import Engine, give_back_memory

__all__ = ["Engine", "give_back_memory"]
