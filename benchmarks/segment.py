"""Measure `custseg rfm`, the profile and models on made orders, beside bare DuckDB.

    python benchmarks/segment.py                  # 10,000,000 lines, 1,000,000 customers
    python benchmarks/segment.py --lines 1000000 --customers 100000 --only aggregate rfm profile
    python benchmarks/segment.py --lines 60000000 --ids text --only rfm segment \
        --memory-limit 1GB --repeat 1

The yardstick is what anyone would write in DuckDB: by customer, distinct orders, the sum of
the money and the last order, from the same Parquet file. `queries` is another: the columns of
the profile in plain DuckDB, as one query. Each step is a process of its own, and
costs are of the whole process, the start of Python counted. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Literal

from pipeline import CUSTSEG, Measured, run

STEPS: Final = ("aggregate", "queries", "rfm", "profile", "bgnbd", "pareto", "kmeans")
LARGE: Final = ("segment",)
"""Steps that run where they are asked for."""

ON_FILE: Final = frozenset({"aggregate", "queries", "rfm", "profile", "segment"})
QUIET: Final = ("--quiet", "--isolated")

_MAKE: Final = """
COPY (
  SELECT {order} AS order_id, {customer} AS customer_id,
    TIMESTAMP '2022-01-01' + INTERVAL (hash(o, 2) % 94608000) SECOND AS ordered_at,
    'P' || p AS product_id, 'category ' || (p % 40) AS category,
    ['web', 'store', 'app'][1 + (hash(o, 3) % 3)::INTEGER] AS channel,
    (1 + hash(line, 4) % 5)::INTEGER AS quantity,
    ((100 + hash(line, 5) % 990000) / 100)::DECIMAL(10, 2) AS unit_price
  FROM (
    SELECT line, (line // 2 * 7919) % {orders} AS o, hash(line, 6) % 5000 AS p
    FROM range({lines}) made(line)
  )
) TO '{path}' (FORMAT parquet, COMPRESSION {codec})
"""

_IDS: Final = {
    "numbers": {"order": "o", "customer": "(hash(o, 1) % {customers})::BIGINT", "codec": "zstd"},
    "text": {
        "order": "'A' || o",
        "customer": "'C' || (hash(o, 1) % {customers})",
        "codec": "snappy",
    },
}
"""Ids are numbers, which pack well, or text; the second makes the larger files."""

_BARE: Final = """
SELECT customer_id, count(DISTINCT order_id), sum(quantity * unit_price), max(ordered_at)
FROM '{path}' GROUP BY customer_id
"""

_QUERIES: Final = """
WITH lines AS (
  SELECT *, quantity * unit_price AS money FROM '{path}'
), orders AS (
  SELECT customer_id, order_id, min(ordered_at) AS moment, sum(money) AS amount,
    min(channel) AS channel
  FROM lines GROUP BY ALL
), sums AS (
  SELECT customer_id, min(moment) AS first_order, max(moment) AS last_order, count(*) AS frequency,
    sum(amount) AS monetary, avg(amount) AS average_order,
    arg_min(channel, moment) AS first_channel,
    arg_max(channel, moment) AS last_channel, mode(channel) AS preferred_channel
  FROM orders GROUP BY ALL
), gaps AS (
  SELECT customer_id, day, day - lag(day) OVER own AS gap, row_number() OVER own AS number
  FROM (SELECT DISTINCT customer_id, moment::DATE AS day FROM orders)
  WINDOW own AS (PARTITION BY customer_id ORDER BY day)
), times AS (
  SELECT customer_id, min(day) FILTER (number = 2) AS second_order, median(gap) AS interval_days
  FROM gaps GROUP BY ALL
), categories AS (
  SELECT customer_id, arg_max(category, money) AS favorite_category,
    max(money) / sum(money) AS favorite_category_share
  FROM (SELECT customer_id, category, sum(money) AS money FROM lines GROUP BY ALL) GROUP BY ALL
), products AS (
  SELECT customer_id, arg_max(product_id, money) AS favorite_product,
    max(money) / sum(money) AS favorite_product_share
  FROM (SELECT customer_id, product_id, sum(money) AS money FROM lines GROUP BY ALL) GROUP BY ALL
)
SELECT * FROM sums JOIN times USING (customer_id) JOIN categories USING (customer_id)
JOIN products USING (customer_id)
"""


def make(path: str, lines: str, customers: str, ids: str) -> dict[str, Any]:
    """Make order lines, two an order, in no order: hashes stand in for chance."""
    import duckdb

    orders = max(1, int(lines) // 2)
    written = {name: text.format(customers=customers) for name, text in _IDS[ids].items()}
    duckdb.sql("SET preserve_insertion_order = false; SET enable_progress_bar = false")
    duckdb.sql(_MAKE.format(path=path, lines=lines, orders=orders, **written))
    return {"rows": int(lines)}


def _unpacked(path: str) -> int:
    import pyarrow.parquet as pq

    metadata = pq.ParquetFile(path).metadata
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    return sum(group.total_byte_size for group in groups)


def aggregate(path: str, limit: str) -> dict[str, Any]:
    """Aggregate by customer in DuckDB, as it comes."""
    return _bare(_BARE.format(path=path), limit)


def queries(path: str, limit: str) -> dict[str, Any]:
    """Find the columns of the profile in DuckDB, as it comes."""
    return _bare(_QUERIES.format(path=path), limit)


def _bare(query: str, limit: str) -> dict[str, Any]:
    import duckdb

    with tempfile.TemporaryDirectory() as spilled:
        connection = duckdb.connect(config={"temp_directory": spilled})
        if limit:
            connection.execute(f"SET memory_limit = '{limit}'")
        found = connection.sql(query).to_arrow_table()
        connection.close()
    return {"customers": found.num_rows}


def profile(path: str, limit: str) -> dict[str, Any]:
    """RFM scores and the profile of every customer, from the file to two tables.

    In a process that is set up, and ends, as that of the command does.
    """
    from custseg.arrow_alone import start_arrow_without_pandas, take_less_memory
    from custseg.own_process import start_own_process

    start_own_process()
    start_arrow_without_pandas()
    take_less_memory()
    from custseg.engine import Engine
    from custseg.jobs.ahead import look_ahead

    with Engine(memory_limit=limit or None) as engine:
        ahead = look_ahead(engine, path)
        from custseg.config import Settings
        from custseg.jobs.monitor import Monitor
        from custseg.jobs.orders import read_order_lines, standard_readers
        from custseg.segment.orders import read_orders
        from custseg.segment.profile import customer_profile
        from custseg.segment.rfm import RfmSettings
        from custseg.segment.run import Plan, segment_customers

        given = read_order_lines(engine, path, Settings(), Monitor(), ahead=ahead)
        readers = standard_readers(engine, Settings())
        found = read_orders(engine, given.lines, given.columns, readers=readers, ledger=True)
        engine.rest()  # as the command does between its stages
        table = customer_profile(engine, found)
        made = segment_customers(found, Plan(rfm=RfmSettings()), profile=table)
    return {"customers": made.scores.num_rows, "columns": table.column_names}


def bgnbd(customers: str) -> dict[str, Any]:
    """Fit BG/NBD to purchases that follow it, and predict every customer."""
    import numpy as np

    rng = np.random.default_rng(1)
    count, r, alpha, a, b = int(customers), 0.8, 60.0, 0.8, 2.5
    rate, leaves = rng.gamma(r, 1 / alpha, count), rng.beta(a, b, count)
    age = rng.integers(30, 730, count)

    def stays(active: Any) -> Any:
        return rng.random(int(active.sum())) >= leaves[active]

    x, last = _purchases(rng, rate, age, stays)
    return _forecast("bg-nbd", x, last, age, ("r", "alpha", "a", "b"))


def pareto(customers: str) -> dict[str, Any]:
    """Fit Pareto/NBD to purchases that follow it, and predict every customer."""
    import numpy as np

    rng = np.random.default_rng(1)
    count, r, alpha, s, beta = int(customers), 0.8, 60.0, 0.7, 200.0
    rate = rng.gamma(r, 1 / alpha, count)
    age = rng.integers(30, 730, count)
    until = np.minimum(age, rng.exponential(1 / rng.gamma(s, 1 / beta, count)))
    x, last = _purchases(rng, rate, until, lambda active: np.ones(int(active.sum()), dtype=bool))
    return _forecast("pareto-nbd", x, last, age, ("r", "alpha", "s", "beta"))


def _purchases(rng: Any, rate: Any, until: Any, stays: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Purchases at some rates until a time: how many, and when the last one."""
    import numpy as np

    x, last, now = np.zeros(len(rate), np.int64), np.zeros(len(rate)), np.zeros(len(rate))
    active = np.ones(len(rate), dtype=bool)
    while active.any():
        now[active] += rng.exponential(1 / rate[active])
        active &= now < until
        x[active] += 1
        last[active] = now[active]
        active[active] = stays(active)
    return x, last


def _forecast(
    name: Literal["bg-nbd", "pareto-nbd"], x: Any, last: Any, age: Any, parameters: tuple[str, ...]
) -> dict[str, Any]:
    """Fit a model to histories, and predict every customer."""
    import numpy as np

    from custseg.segment.history import History, distinct
    from custseg.segment.purchase_models import fit_model

    history = History(
        who=np.arange(len(x)),
        x=x,
        last=last.astype(np.int64),
        age=age,
        mean_value=np.full(len(x), np.nan),
    )
    with _Timed() as took:
        seen = distinct(history, "days")
        model = fit_model(name, seen)
        ahead = model.expected(seen, 90.0)[seen.place]
        alive = model.alive(seen)[seen.place]
    fitted = {each: round(float(getattr(model, each)), 4) for each in parameters}
    return {**took(), **fitted, "expected": float(ahead.sum()), "alive": float(alive.mean())}


def kmeans(customers: str) -> dict[str, Any]:
    """Choose k, and cluster, customers of four kinds who overlap."""
    import numpy as np

    from custseg.segment.clusters import fit_clusters

    rng = np.random.default_rng(1)
    kind = rng.integers(0, 4, int(customers))
    middle = np.array([[3.0, 0.5, 3.5], [5.5, 0.2, 3.0], [2.5, 2.2, 6.0], [5.0, 1.5, 5.0]])[kind]
    values = np.exp(middle + rng.normal(scale=0.6, size=middle.shape))
    values[:, :2] = np.ceil(values[:, :2])
    with _Timed() as took:
        _, choice = fit_clusters(values)
    return {**took(), "k": choice.k, "reason": choice.reason}


class _Timed:
    """Seconds by the clock and of the processors while the context is open."""

    def __enter__(self) -> Callable[[], dict[str, float]]:
        self._start = time.perf_counter(), time.process_time()
        self._took: dict[str, float] = {}
        return lambda: self._took

    def __exit__(self, *_: object) -> None:
        wall, cpu = (
            now - then
            for now, then in zip(
                (time.perf_counter(), time.process_time()), self._start, strict=True
            )
        )
        self._took = {"fit seconds": wall, "fit CPU s": cpu}


_CALLED: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "make": make,
    "aggregate": aggregate,
    "queries": queries,
    "profile": profile,
    "bgnbd": bgnbd,
    "pareto": pareto,
    "kmeans": kmeans,
}


def step(name: str, *arguments: str | Path | int) -> Measured:
    """Run a step of this file as a process of its own."""
    return run(sys.executable, Path(__file__), "--step", name, *map(str, arguments))


def measure(name: str, data: Path, work: Path, customers: int, limit: str) -> Measured:
    """Measure one step on the made file."""
    if name in ("bgnbd", "pareto", "kmeans"):
        return step(name, customers)
    bound = ("--memory-limit", limit) if limit else ()
    if name in ("rfm", "segment"):
        given = ("--orders", data) if name == "segment" else (data,)
        return run(CUSTSEG, name, *given, "-o", work / name, "--force", *QUIET, *bound)
    return step(name, data, limit)


def show(name: str, runs: list[Measured], bare: Measured | None) -> None:
    """Print the best of some runs, and its ratio to the bare aggregation."""
    best = min(runs, key=lambda each: each.cpu_seconds)
    ratio = f"{best.cpu_seconds / bare.cpu_seconds:8.2f}" if bare is not None else f"{'':8}"
    said = json.loads(best.says) if best.says.startswith("{") else {}
    told = ", ".join(
        f"{key} {round(value, 3) if isinstance(value, float) else value}"
        for key, value in said.items()
        if key != "columns"
    )
    memory = f"{best.peak_bytes / 1e6:9.0f}"
    print(
        f"{name:12}{best.seconds:9.2f}{best.cpu_seconds:9.2f}{memory}{ratio}   {told}", flush=True
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=(*STEPS, *LARGE), default=list(STEPS))
    parser.add_argument("--ids", choices=tuple(_IDS), default="numbers")
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the best counts")
    parser.add_argument("--memory-limit", default="", help="such as 1GB: DuckDB spills past it")
    parser.add_argument("--data", type=Path, help="keep the made file here, and use it again")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    chosen = parser.parse_args()
    figures: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory(prefix="custseg-bench-") as scratch:
        work = Path(scratch)
        data = chosen.data or work / "orders.parquet"
        if set(chosen.only) & ON_FILE:
            if not data.exists():
                step("make", data, chosen.lines, chosen.customers, chosen.ids)
            sizes = data.stat().st_size / 1e6, _unpacked(str(data)) / 1e6
            print("{:,.0f} MB of Parquet, {:,.0f} unpacked".format(*sizes))
        print(f"{'':12}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}{'x bare':>8}")
        bare: Measured | None = None
        for name in chosen.only:
            runs = [
                measure(name, data, work, chosen.customers, chosen.memory_limit)
                for _ in range(chosen.repeat)
            ]
            if name == "aggregate":
                bare = min(runs, key=lambda each: each.cpu_seconds)
            show(name, runs, bare if name in ON_FILE - {"aggregate"} else None)
            figures[name] = [asdict(each) for each in runs]
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        print(json.dumps(_CALLED[sys.argv[2]](*sys.argv[3:])))
        if sys.argv[2] == "profile":
            from custseg.own_process import end_own_process

            end_own_process(0)
    else:
        sys.exit(main())
