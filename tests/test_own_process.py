"""What numpy is told about the processor."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from typing import Final

import pytest

_CALCULATE: Final = """
import math, os
from custseg.own_process import calculate_alike
calculate_alike()
import numpy as np
values = np.random.default_rng(1).random(100_000) * 1e6
print(os.environ.get("NPY_DISABLE_CPU_FEATURES"))
print(np.array_equal(np.log(values), [math.log(each) for each in values]))
"""

_THIS_KIND: Final = sys.platform.startswith("linux") and platform.machine() == "x86_64"


def _said(code: str = _CALCULATE, **chosen: str) -> list[str]:
    variables = {name: text for name, text in os.environ.items() if not name.startswith("NPY_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**variables, **chosen},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(not _THIS_KIND, reason="other processors and C libraries differ")
def test_logarithms_are_those_of_the_c_library() -> None:
    assert _said() == ["X86_V4 AVX512_ICL AVX512_SPR", "True"]


@pytest.mark.skipif(not _THIS_KIND, reason="features of other processors have other names")
def test_a_choice_of_the_user_stands() -> None:
    assert _said(NPY_DISABLE_CPU_FEATURES="AVX512_ICL")[0] == "AVX512_ICL"


def test_a_numpy_that_is_there_already_is_left_alone() -> None:
    assert _said(f"import numpy\n{_CALCULATE}")[0] == "None"
