"""What a process of custseg's own is told at its start, and how it ends."""

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
    own = ("NPY_", "OPENBLAS_NUM_THREADS")
    variables = {name: text for name, text in os.environ.items() if not name.startswith(own)}
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


_THREADS: Final = """
import os
from custseg.own_process import calculate_alike
calculate_alike()
print(os.environ["OPENBLAS_NUM_THREADS"])
"""


def test_matrices_are_multiplied_in_one_thread_but_where_the_user_chose() -> None:
    assert _said(_THREADS) == ["1"]
    assert _said(_THREADS, OPENBLAS_NUM_THREADS="2") == ["2"]


_END: Final = """
import atexit, sys, threading
from custseg.own_process import end_own_process
class Noisy:
    def __del__(self):
        print("taken apart")
kept = Noisy()
waiting = threading.Event()
atexit.register(print, "asked at the end")
sys.stdout.write("written ")
{before}
end_own_process(7)
print("ended by Python", end=" ")
waiting.set()
sys.exit(3)
"""


@pytest.mark.parametrize(
    ("before", "code", "words"),
    [
        ("", 7, "written asked at the end"),
        (
            "threading.Thread(target=waiting.wait, daemon=True).start()",
            7,
            "written asked at the end",
        ),
        (
            "threading.Thread(target=waiting.wait).start()",
            3,
            "written ended by Python asked at the end taken apart",
        ),
    ],
    ids=["alone", "a thread that nobody waits for", "a thread at work"],
)
def test_the_end_writes_all_and_waits_for_threads(before: str, code: int, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _END.format(before=before)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (code, words.split(), "")
