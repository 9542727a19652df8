"""The only package that executes: DuckDB for sets, a process pool for rows, threads for arrays."""

from custseg.engine.encoded import encoded_columns
from custseg.engine.engine import Engine
from custseg.engine.memory import give_back_memory
from custseg.engine.put_away import PutAway
from custseg.engine.scan import ParquetScan, ScanPart, quoted
from custseg.engine.signals import interruptible
from custseg.engine.workers import available_processors

__all__ = [
    "Engine",
    "ParquetScan",
    "PutAway",
    "ScanPart",
    "available_processors",
    "encoded_columns",
    "give_back_memory",
    "interruptible",
    "quoted",
]
