"""Rules of platforms from where they are: shipped with custseg, or in a file of the user's."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from importlib import resources
from pathlib import Path

from custseg.audience.platforms.check import Checked, check_file
from custseg.audience.platforms.model import Platform, read_platform
from custseg.errors import InputError, UsageError

_SUFFIX = ".toml"


def known_platforms() -> tuple[str, ...]:
    """Names of the platforms that custseg ships rules of."""
    folder = resources.files("custseg.resources.platforms")
    names = (each.name for each in folder.iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


def find_platforms(names: Sequence[str], files: Sequence[str | Path] = ()) -> dict[str, Platform]:
    """Read the rules of platforms, by name and from the user's files, which may stand in for them.

    Raises
    ------
    UsageError
        If a name is not known, or a file's rules are wrong.
    InputError
        If a file cannot be read.
    """
    own = {Path(path).stem: _own(Path(path)) for path in files}
    shipped = known_platforms()
    found = {}
    for name in names:
        if name not in own and name not in shipped:
            nearest = get_close_matches(name, [*shipped, *own], n=1, cutoff=0.0)[0]
            raise UsageError(
                "audience.platform_unknown", name=name, nearest=nearest, known=", ".join(shipped)
            )
        found[name] = own.get(name) or _shipped(name)
    return {**found, **own}


def check(path: str | Path, platform: Platform) -> Checked:
    """Check a file against the rules of a platform.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError("tables.not_found", path=str(path)) from error
    return check_file(data, platform)


def _shipped(name: str) -> Platform:
    text = resources.files("custseg.resources.platforms").joinpath(name + _SUFFIX)
    return read_platform(name, text.read_text(encoding="utf-8"))


def _own(path: Path) -> Platform:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("audience.platform_file", path=str(path)) from error
    return read_platform(path.stem, text)
