"""The executor: order of batches, work beside, and scripts that are not asked for their name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from custseg.engine import Engine, give_back_memory
from custseg.errors import LimitError

SCRIPT = """
from custseg.engine import Engine
import math

with Engine(threads=2) as engine:
    print(engine.map_batches(math.sqrt, [1.0, 4.0, 9.0]))
"""


def test_a_script_that_does_not_ask_for_its_name_can_use_the_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout == "[1.0, 2.0, 3.0]\n"


@pytest.mark.parametrize("threads", [1, 3])
def test_batches_keep_their_order(threads: int) -> None:
    with Engine(threads=threads) as engine:
        assert engine.map_threads(abs, [-3, 2, -1]) == [3, 2, 1]
        assert engine.map_batches(abs, [-3, 2, -1]) == [3, 2, 1]
        engine.end_workers()
        assert engine.map_batches(abs, [-4, 5]) == [4, 5]
        give_back_memory()


@pytest.mark.parametrize("verb", ["beside", "behind"])
def test_work_beside_does_not_hold_up_and_says_what_went_wrong(verb: str) -> None:
    began, go_on = threading.Event(), threading.Event()

    def wait() -> str:
        began.set()
        go_on.wait(60)
        return "waited"

    def fail() -> None:
        raise LimitError("engine.memory", limit="1GB")

    with Engine(threads=2) as engine:
        begin = getattr(engine, verb)
        first, second = begin(wait), begin(fail)
        assert began.wait(60)
        # Behind, one piece waits for the other; beside, as many run as there are threads.
        assert not first.done()
        assert verb == "beside" or not second.done()
        go_on.set()
        assert first.result() == "waited"
        with pytest.raises(LimitError):
            second.result()
    with Engine(threads=1) as engine:
        assert getattr(engine, verb)(lambda: 5).result() == 5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_work_behind_lets_others_go_first_and_changes_nobody_elses_priority() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    with Engine(threads=2) as engine:
        own = priority()
        assert engine.behind(priority).result() > own
        assert engine.beside(priority).result() == own
    assert priority() == own


def test_a_query_past_the_memory_limit_is_a_limit_that_was_reached() -> None:
    numbers = pa.table({"n": range(2_000_000)})
    with Engine(threads=1, memory_limit="1MB") as engine, pytest.raises(LimitError) as caught:
        engine.sql("SELECT n, list(n) FROM numbers GROUP BY n", numbers=numbers)
    assert caught.value.key == "engine.memory"


def test_peak_memory_is_of_this_process_whatever_started_it() -> None:
    # What the parent holds when it starts the process must not count.
    held = bytearray(300_000_000)
    code = "from custseg.jobs.monitor import peak_memory; print(peak_memory())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(held) > int(done.stdout) > 1_000_000


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("SELECT n + 1 AS more FROM numbers WHERE n > 3", True),
        ("WITH a AS (SELECT * FROM numbers UNION ALL SELECT * FROM numbers) SELECT n FROM a", True),
        ("SELECT n IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10) AS few FROM numbers", False),
        ("SELECT n, COUNT(*) FROM numbers GROUP BY n", False),
        ("SELECT * FROM numbers JOIN numbers AS others USING (n)", False),
    ],
)
def test_it_is_known_which_queries_keep_the_order_of_rows(query: str, kept: bool) -> None:
    with Engine(threads=2) as engine:
        assert engine.keeps_order(query, numbers=pa.table({"n": range(10)})) == kept


def test_a_signal_in_the_middle_of_a_query_is_an_interrupt() -> None:
    def handler(*_: object) -> None:
        raise SystemExit

    before = signal.signal(signal.SIGUSR1, handler)
    timer = threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGUSR1])
    endless = "SELECT sum(a.range * b.range) FROM range(10000000) AS a, range(10000000) AS b"
    try:
        timer.start()
        with Engine(threads=1) as engine, pytest.raises(KeyboardInterrupt):
            engine.sql(endless)
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)


def test_a_table_waits_on_disk_and_outlives_the_engine_where_it_is_mapped(tmp_path: Path) -> None:
    table = pa.table({"n": [1, 2, None], "text": ["a", None, "東"]})
    with Engine(threads=1, temporary=tmp_path / "scratch") as engine:
        away = engine.put_away(table)
        assert away.table().equals(table)
        assert away.path.stat().st_mode & 0o777 == 0o600
        mapped = away.mapped()
    away.path.unlink()
    assert mapped.equals(table)


def test_after_a_rest_queries_have_what_is_left_of_the_limit() -> None:
    with Engine(threads=1, memory_limit="4GB") as engine:
        assert engine.sql("SELECT 1 AS n")["n"].to_pylist() == [1]
        assert engine.memory > 3 << 30
        first = setting(engine)
        held = np.ones(300 << 17)
        engine.rest()
        assert engine.sql("SELECT 2 AS n")["n"].to_pylist() == [2]
        assert setting(engine) < first < engine.memory
        assert held.all()


def test_a_rest_waits_for_no_query_and_ends_none() -> None:
    with Engine(threads=1) as engine:

        def rest(batch: pa.RecordBatch) -> None:
            engine.rest()
            rows.append(len(batch))

        rows: list[int] = []
        engine.batches("SELECT * FROM range(500000)", rest)
    assert sum(rows) == 500_000


def setting(engine: Engine) -> float:
    """The limit of DuckDB in bytes."""
    found = engine.connection.execute("SELECT current_setting('memory_limit')").fetchone()
    number, unit = str(found[0] if found else "").split()
    return float(number) * {"MiB": 1 << 20, "GiB": 1 << 30}[unit]
