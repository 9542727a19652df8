"""Where a setting comes from, and what is said when it does not fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from custseg.chain.template import template
from custseg.config import find_file, load
from custseg.config.load import keys
from custseg.errors import UsageError
from custseg.messages import LANGUAGES, catalog


def write(folder: Path, text: str) -> Path:
    file = folder / "custseg.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path) -> None:
    file = write(
        tmp_path, '[match]\nthreshold = 0.8\nreview = 0.6\n[standardize]\ncountry = "GB"\n'
    )
    environ = {"CUSTSEG_MATCH_THRESHOLD": "0.85", "CUSTSEG_STANDARDIZE_COUNTRY": "US"}
    loaded = load({"match.threshold": 0.95}, file=file, environ=environ)
    seen = {
        name: (loaded.value(name), loaded.origins[name])
        for name in ("match.threshold", "standardize.country", "match.review", "segment.bins")
    }
    assert seen == {
        "match.threshold": (0.95, "flag"),
        "standardize.country": ("US", "CUSTSEG_STANDARDIZE_COUNTRY"),
        "match.review": (0.6, str(file)),
        "segment.bins": (5, "default"),
    }


def test_roles_of_the_command_line_win_over_those_of_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, '[roles]\ntel = "phone"\nnote = "text"\n')
    loaded = load({"roles": {"note": "ignore"}}, file=file)
    assert loaded.settings.roles == {"tel": "phone", "note": "ignore"}
    assert (loaded.origins["roles.tel"], loaded.origins["roles.note"]) == (str(file), "flag")


@pytest.mark.parametrize(
    ("text", "key", "params"),
    [
        ("[match\n", "config.not_toml", {}),
        ("match = 3\n", "config.not_a_table", {"setting": "match"}),
        ("[match]\ntreshold = 1\n", "config.unknown_key", {"nearest": "match.threshold"}),
        ("[mach]\nx = 1\n", "config.unknown_key", {"nearest": "match"}),
        ("[clean]\nthreshold = 1\n", "config.unknown_key", {"nearest": "match.threshold"}),
        ("[match]\nthreshold = 7\n", "config.bad_value", {"wanted": "0.5 … 1"}),
        ("[match]\nthreshold = true\n", "config.bad_value", {"value": True}),
        ("[match]\nlink_only = 'maybe'\n", "config.bad_value", {"wanted": "true | false"}),
        (
            "[input]\non_bad_rows = 'drop'\n",
            "config.bad_value",
            {"wanted": "quarantine | fail"},
        ),
        ("[chain]\noutput = ['a']\n", "config.bad_value", {"setting": "chain.output"}),
        ("[chain]\ncustomers = [1]\n", "config.bad_value", {"wanted": '["…"]'}),
        ("[roles]\n'住所' = 5\n", "config.bad_value", {"setting": "roles.住所"}),
        ("[rules]\nmine = ['a']\n", "config.bad_value", {"setting": "rules.mine"}),
        ("[maps.m]\n11 = 3\n", "config.bad_value", {"setting": "maps.m.11"}),
        ("[maps]\nm = 3\n", "config.not_a_table", {"setting": "maps.m"}),
        ("roles = 3\n", "config.not_a_table", {"setting": "roles"}),
        ("[lists.best]\na = 1\n", "config.bad_value", {"setting": "lists.best"}),
        ("[chain]\nkeep = 2.5\n", "config.bad_value", {"wanted": "1 … 100000"}),
        ("[chain]\nkeep = {a = 1}\n", "config.bad_value", {"setting": "chain.keep"}),
        ("[segment]\nbins = 1\n", "config.bad_value", {"setting": "segment.bins"}),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, text: str, key: str, params: dict[str, object]
) -> None:
    with pytest.raises(UsageError) as caught:
        load({}, file=write(tmp_path, text))
    assert caught.value.key == key
    assert params.items() <= caught.value.params.items()


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "custseg.toml"
    file.write_bytes(b"\x83\x65\xff\xff")
    with pytest.raises(UsageError) as caught:
        load({}, file=file)
    assert caught.value.key == "config.not_utf8"


def test_the_nearest_file_is_found(tmp_path: Path) -> None:
    outer = write(tmp_path, "")
    inner_folder = tmp_path / "a" / "b"
    inner_folder.mkdir(parents=True)
    assert find_file(inner_folder) == outer
    inner = write(tmp_path / "a", "")
    assert find_file(inner_folder) == inner


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_explained(language: str) -> None:
    assert [name for name in keys() if f"config.about.{name}" not in catalog(language)] == []


def test_for_excel_means_utf_8_with_a_mark_unless_an_encoding_is_given() -> None:
    assert load({"output.reader": "excel"}).settings.output.encoding == "utf-8-sig"
    given = {"output.reader": "excel", "output.encoding": "cp932"}
    assert load(given).settings.output.encoding == "cp932"
    assert load({}).settings.output.encoding == "utf-8"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_that_init_leaves_out_states_the_default(tmp_path: Path, language: str) -> None:
    lines = template({}, {}, language).splitlines()
    given = [re.sub(r"^# (\w+ = )", r"\1", line) for line in lines]
    assert sum(new != old for new, old in zip(given, lines, strict=True)) > 10
    loaded = load({}, file=write(tmp_path, "\n".join(given)), environ={})
    assert loaded.settings == load({}).settings


def test_an_optional_setting_may_be_left_empty(tmp_path: Path) -> None:
    loaded = load({}, file=write(tmp_path, '[gates]\nmax_age = ""\n[run]\nthreads = ""\n'))
    assert (loaded.value("gates.max_age"), loaded.origins["gates.max_age"]) == (None, "default")
    with pytest.raises(UsageError):
        load({}, file=write(tmp_path, '[gates]\nmax_shrink = ""\n'))
