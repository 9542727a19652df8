"""What queries spilled to the system's temporary folder: people's data, if its process died."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Final

SPILL: Final = "custseg-"
_SPILLED: Final = re.compile(rf"{SPILL}(?P<pid>\d+)-\w+")


def sweep_spilled(folder: Path) -> None:
    """Take away what dead processes of this user spilled: it may be people's data."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            match = _SPILLED.fullmatch(path.name)
            if match and not _lives(int(match["pid"])) and path.stat().st_uid == os.getuid():
                shutil.rmtree(path, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
