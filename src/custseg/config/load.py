"""Join flags, environment, ``custseg.toml`` and defaults into :class:`Settings`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Self, Union, get_args, get_origin, get_type_hints

from custseg.config.schema import FREE_TABLES, Settings
from custseg.errors import UsageError

FILE_NAME = "custseg.toml"
ENVIRONMENT_PREFIX = "CUSTSEG_"


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its dotted name and what its value may be."""

    name: str
    section: str
    attribute: str
    hint: Any
    default: Any
    between: tuple[float, float] | None

    @property
    def environment(self) -> str:
        """Name of its environment variable, such as ``CUSTSEG_MATCH_THRESHOLD``."""
        return ENVIRONMENT_PREFIX + self.name.replace(".", "_").upper()

    @property
    def choices(self) -> tuple[str, ...]:
        """The values it may take, where it may take only some."""
        return next((get_args(arm) for arm in _arms(self.hint) if get_origin(arm) is Literal), ())


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and where each came from (``"flag"``, ``"default"``, a variable, a file)."""

    settings: Settings
    origins: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None

    def with_language(self, language: Literal["en", "ja"], origin: str) -> Self:
        """Give the same with another language."""
        output = replace(self.settings.output, lang=language)
        return replace(
            self,
            settings=replace(self.settings, output=output),
            origins={**self.origins, "output.lang": origin},
        )

    def value(self, name: str) -> Any:
        """Value of a setting by its dotted name."""
        section, attribute = name.split(".", 1)
        holder = getattr(self.settings, section)
        return holder[attribute] if isinstance(holder, Mapping) else getattr(holder, attribute)


@cache
def keys() -> Mapping[str, Key]:
    """Every setting by its dotted name, in the order of the schema."""
    found = {}
    for section, section_class in get_type_hints(Settings).items():
        if section in FREE_TABLES:
            continue
        hints = get_type_hints(section_class)
        for each in fields(section_class):
            name = f"{section}.{each.name}"
            default = None if each.default is MISSING else each.default
            found[name] = Key(
                name, section, each.name, hints[each.name], default, each.metadata.get("between")
            )
    return found


def find_file(start: Path) -> Path | None:
    """Nearest ``custseg.toml`` in `start` or a folder above it."""
    for folder in (start, *start.parents):
        candidate = folder / FILE_NAME
        if candidate.is_file():
            return candidate
    return None


def load(
    flags: Mapping[str, Any],
    *,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Join every source of settings; the first that names a setting wins.

    Parameters
    ----------
    flags
        Dotted name → value of the command line; None means not given.
    file
        The config file; None for none.
    environ
        Environment variables; None for none.

    Raises
    ------
    UsageError
        For an unknown key (with the nearest known one), or a value that does not fit.
    """
    tree = _read(file) if file else {}
    values: dict[str, dict[str, Any]] = {section: {} for section in get_type_hints(Settings)}
    origins: dict[str, str] = {}
    _check_names(tree, file)
    for table in FREE_TABLES:
        values[table] = dict(tree.get(table, {}))
        origins |= {f"{table}.{name}": str(file) for name in values[table]}
    for column, role in (flags.get("roles") or {}).items():
        values["roles"][column] = role
        origins[f"roles.{column}"] = "flag"
    for name, key in keys().items():
        value, origin = _first_given(key, flags, environ or {}, tree, file)
        origins[name] = origin
        if origin != "default":
            values[key.section][key.attribute] = _fitting(key, value, origin)
    if values["output"].get("reader") == "excel" and origins["output.encoding"] == "default":
        # Excel takes a CSV for Shift_JIS unless it begins with a byte order mark.
        values["output"]["encoding"] = "utf-8-sig"
        origins["output.encoding"] = origins["output.reader"]
    return Loaded(_build(values), origins, file)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError("config.not_toml", file=file, problem=error) from error
    except UnicodeDecodeError as error:
        raise UsageError("config.not_utf8", file=file) from error
    except OSError as error:
        raise UsageError("config.unreadable", file=file, problem=error.strerror) from error


def _check_names(tree: Mapping[str, Any], file: Path | None) -> None:
    known = {*keys(), *FREE_TABLES}
    sections = {key.section for key in keys().values()}
    for section, content in tree.items():
        if section in FREE_TABLES:
            _check_free(section, content, file)
            continue
        if section not in sections:
            inside = next(iter(content), "") if isinstance(content, Mapping) else ""
            if any(key.attribute == inside for key in keys().values()):
                raise _unknown(f"{section}.{inside}", known, file)
            raise _unknown(section, sections | set(FREE_TABLES), file)
        if not isinstance(content, Mapping):
            raise UsageError("config.not_a_table", setting=section, file=file)
        for attribute in content:
            if f"{section}.{attribute}" not in known:
                raise _unknown(f"{section}.{attribute}", known, file)


def _check_free(section: str, content: Any, file: Path | None) -> None:
    """Refuse what is no text (or, for maps, no table of text) under a name of the user's."""
    if not isinstance(content, Mapping):
        raise UsageError("config.not_a_table", setting=section, file=file)
    for name, value in content.items():
        if section == "maps":
            if not isinstance(value, Mapping):
                raise UsageError("config.not_a_table", setting=f"maps.{name}", file=file)
            given = value
        else:
            given = {name: value}
        for key, text in given.items():
            if not isinstance(text, str):
                setting = f"{section}.{name}" if section != "maps" else f"maps.{name}.{key}"
                raise UsageError(
                    "config.bad_value", setting=setting, value=text, origin=file, wanted='"…"'
                )


def _unknown(name: str, known: set[str], file: Path | None) -> UsageError:
    from difflib import get_close_matches

    nearest = get_close_matches(name, sorted(known), n=1, cutoff=0.0)[0]
    return UsageError("config.unknown_key", setting=name, nearest=nearest, file=file)


def _first_given(
    key: Key,
    flags: Mapping[str, Any],
    environ: Mapping[str, str],
    tree: Mapping[str, Any],
    file: Path | None,
) -> tuple[Any, str]:
    if flags.get(key.name) is not None:
        return flags[key.name], "flag"
    if environ.get(key.environment, "") != "":
        return environ[key.environment], key.environment
    section = tree.get(key.section, {})
    if key.attribute in section and not (key.default is None and section[key.attribute] == ""):
        return section[key.attribute], str(file)
    return key.default, "default"  # "" is how a file says that it does not give an optional one


def _arms(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (UnionType, Union) else (hint,)


def _fitting(key: Key, value: Any, origin: str) -> Any:
    """Give `value` as the setting's type, or say what would fit."""
    for arm in _arms(key.hint):
        fitted = _as(arm, value)
        if fitted is not None and _within(key, fitted):
            return fitted
    raise UsageError(
        "config.bad_value", setting=key.name, value=value, origin=origin, wanted=_wanted(key)
    )


def _as(arm: Any, value: Any) -> Any:
    """Give `value` as the type `arm`, or None where it cannot be."""
    if arm is NoneType:
        return None
    if get_origin(arm) is Literal:
        return value if value in get_args(arm) else None
    if get_origin(arm) is tuple:
        parts = value.split(",") if isinstance(value, str) else value
        texts = isinstance(parts, list | tuple) and all(isinstance(part, str) for part in parts)
        return tuple(parts) if texts else None
    if arm is bool:
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        return value if isinstance(value, bool) else words.get(str(value).lower())
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if arm is int and isinstance(value, float):
        return None
    try:
        return arm(value)
    except (TypeError, ValueError):
        return None


def _within(key: Key, value: Any) -> bool:
    return key.between is None or key.between[0] <= value <= key.between[1]


def _wanted(key: Key) -> str:
    if key.choices:
        return " | ".join(key.choices)
    if key.between is not None:
        return f"{key.between[0]:g} … {key.between[1]:g}"
    names = {bool: "true | false", str: '"…"'}
    return " | ".join(names.get(arm, '["…"]') for arm in _arms(key.hint) if arm is not NoneType)


def _build(values: Mapping[str, Mapping[str, Any]]) -> Settings:
    hints = get_type_hints(Settings)
    built: dict[str, Any] = {
        section: content if section in FREE_TABLES else hints[section](**content)
        for section, content in values.items()
    }
    return Settings(**built)
