"""Settings: typed, from flags, environment, ``custseg.toml`` and defaults, each with its origin."""

from custseg.config.load import Loaded, find_file, load
from custseg.config.schema import Settings

__all__ = ["Loaded", "Settings", "find_file", "load"]
