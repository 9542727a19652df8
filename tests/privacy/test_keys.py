"""The secret key: from the environment alone, long enough, and nobody else's to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custseg.errors import UsageError
from custseg.jobs.keys import FILE_VARIABLE, VARIABLE, needed_key, secret_key

Run = Callable[..., Any]

KEY = "0123456789abcdef"


def key_file(folder: Path, text: str = KEY, mode: int = 0o600) -> Path:
    path = folder / "custseg.key"
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_the_owner_alone(tmp_path: Path, mode: int) -> None:
    path = key_file(tmp_path, KEY + "\n", mode)
    assert secret_key({FILE_VARIABLE: str(path)}) == KEY.encode()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o610, 0o660, 0o666, 0o777])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = key_file(tmp_path, mode=mode)
    with pytest.raises(UsageError) as caught:
        secret_key({FILE_VARIABLE: str(path)})
    assert caught.value.key == "privacy.key_mode"
    assert f"chmod 600 {path}" in str(caught.value)
    assert f"{mode:04o}" in str(caught.value)


def test_a_key_from_the_environment() -> None:
    assert secret_key({VARIABLE: KEY}) == KEY.encode()
    assert secret_key({}) is None


@pytest.mark.parametrize("text", ["short", KEY[:-1], "  " + KEY[:-1] + " \n"])
def test_a_key_that_could_be_guessed_is_refused(tmp_path: Path, text: str) -> None:
    given = [{FILE_VARIABLE: str(key_file(tmp_path, text))}]
    if text == text.strip():
        given.append({VARIABLE: text})
    for environ in given:
        with pytest.raises(UsageError) as caught:
            secret_key(environ)
        assert caught.value.key == "privacy.key_short"
        assert text.strip() not in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "key"),
    [
        ({}, "privacy.no_key"),
        ({FILE_VARIABLE: "/nowhere/custseg.key"}, "privacy.key_unreadable"),
        ({VARIABLE: KEY, FILE_VARIABLE: "custseg.key"}, "privacy.two_keys"),
    ],
)
def test_what_else_is_refused(environ: dict[str, str], key: str) -> None:
    with pytest.raises(UsageError) as caught:
        needed_key(environ)
    assert caught.value.key == key
