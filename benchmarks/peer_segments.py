"""Run one tool on prepared transactions: ``python peer_segments.py TOOL TASK FOLDER``.

It prints one line of JSON: the numbers it found, CPU seconds (without imports), peak memory in MB.
What it says of each customer goes to ``FOLDER/TOOL-TASK.parquet``. It needs no custseg but for the
tool of that name, so that a peer may run in a Python of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Numbers = dict[str, float]
Task = tuple[str, str, float]
"""Last day of calibration, unit of time, and its days."""

CDNOW: Task = ("1997-09-30", "weeks", 7.0)
RETAIL: Task = ("2011-12-09", "days", 1.0)
PAPER = pd.DataFrame(
    {"customer_id": [1, 2], "frequency": [26.0, 0.0], "recency": [30.857, 0.0], "T": [31.0, 31.0]}
)
"""The customer the papers work out, and one with a single purchase."""
AHEAD, HOLDOUT = 52, 39
"""Weeks the paper's customer is looked at, and of CDNOW's holdout."""

Job = Callable[[pd.DataFrame], tuple[Numbers, pd.DataFrame | None]]


def _paper(expected: Any, alive: Any) -> Numbers:
    return {
        "expected": float(np.ravel(expected)[0]),
        "alive": float(np.ravel(alive)[0]),
        "alive_once": float(np.ravel(alive)[1]),
    }


def lifetimes_models(task: Task, lines: pd.DataFrame) -> tuple[Numbers, None]:
    from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
    from lifetimes.utils import summary_data_from_transaction_data

    until, _, days = task
    seen = summary_data_from_transaction_data(
        lines, "customer_id", "day", "amount", observation_period_end=until, freq_multiplier=days
    )
    easy = BetaGeoFitter()
    easy.fit(seen["frequency"], seen["recency"], seen["T"])
    found: Numbers = {f"bg_{name}": float(easy.params_[name]) for name in ("r", "alpha", "a", "b")}
    columns = [PAPER[name] for name in ("frequency", "recency", "T")]
    bought = easy.conditional_expected_number_of_purchases_up_to_time(AHEAD, *columns)
    paper = _paper(bought, easy.conditional_probability_alive(*columns))
    found |= {f"bg_{name}": value for name, value in paper.items()}
    history = [seen[name] for name in ("frequency", "recency", "T")]
    later = easy.conditional_expected_number_of_purchases_up_to_time(HOLDOUT, *history)
    found["bg_holdout"] = float(later.sum())
    if days == CDNOW[2]:
        pareto = ParetoNBDFitter()
        pareto.fit(seen["frequency"], seen["recency"], seen["T"])
        names = ("r", "alpha", "s", "beta")
        found |= {f"pareto_{name}": float(pareto.params_[name]) for name in names}
        bought = pareto.conditional_expected_number_of_purchases_up_to_time(AHEAD, *columns)
        paper = _paper(bought, pareto.conditional_probability_alive(*columns))
        found |= {f"pareto_{name}": value for name, value in paper.items()}
    back = seen[(seen["frequency"] > 0) & (seen["monetary_value"] > 0)]
    spend = GammaGammaFitter()
    spend.fit(back["frequency"], back["monetary_value"])
    found |= {f"gg_{name}": float(spend.params_[name]) for name in ("p", "q", "v")}
    return found, None


def pymc_models(task: Task, lines: pd.DataFrame, *, flat: bool = True) -> tuple[Numbers, None]:
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import BetaGeoModel, GammaGammaModel, ParetoNBDModel
    from pymc_marketing.clv.utils import rfm_summary

    def priors(*names: str) -> Any:
        return {name: Prior("HalfFlat") for name in names} if flat else None

    until, _, days = task
    seen = rfm_summary(
        lines, "customer_id", "day", "amount", observation_period_end=until, time_scaler=days
    )
    easy = BetaGeoModel(data=seen, model_config=priors("r", "alpha", "a", "b"))
    easy.fit(method="map", progressbar=False)
    found = {f"bg_{name}": float(easy.fit_result[name].mean()) for name in ("r", "alpha", "a", "b")}
    bought = easy.expected_purchases(PAPER, future_t=AHEAD).to_numpy()
    paper = _paper(bought, easy.expected_probability_alive(PAPER).to_numpy())
    found |= {f"bg_{name}": value for name, value in paper.items()}
    found["bg_holdout"] = float(easy.expected_purchases(seen, future_t=HOLDOUT).sum())
    if days == CDNOW[2]:
        names = ("r", "alpha", "s", "beta")
        pareto = ParetoNBDModel(data=seen, model_config=priors(*names))
        pareto.fit(method="map", progressbar=False)
        found |= {f"pareto_{name}": float(pareto.fit_result[name].mean()) for name in names}
        bought = pareto.expected_purchases(PAPER, future_t=AHEAD).to_numpy()
        paper = _paper(bought, pareto.expected_probability_alive(PAPER).to_numpy())
        found |= {f"pareto_{name}": value for name, value in paper.items()}
    back = seen[(seen["frequency"] > 0) & (seen["monetary_value"] > 0)]
    spend = GammaGammaModel(data=back, model_config=priors("p", "q", "v"))
    spend.fit(method="map", progressbar=False)
    found |= {f"gg_{name}": float(spend.fit_result[name].mean()) for name in ("p", "q", "v")}
    return found, None


def custseg_models(task: Task, lines: pd.DataFrame) -> tuple[Numbers, None]:
    from datetime import date

    import pyarrow as pa

    from custseg.engine import Engine
    from custseg.segment.bgnbd import fit_bgnbd
    from custseg.segment.gamma_gamma import fit_gamma_gamma
    from custseg.segment.history import Distinct, Unit, distinct, purchase_history
    from custseg.segment.lines import LineSettings
    from custseg.segment.orders import read_orders
    from custseg.segment.pareto_nbd import fit_pareto_nbd
    from custseg.segment.threads import single_thread

    until, unit_name, days = task
    unit: Unit = "weeks" if unit_name == "weeks" else "days"
    roles = {"customer_id": "customer_id", "order_date": "day", "amount": "amount"}
    roles |= {"order_id": "order_id"} if "order_id" in lines else {}
    with Engine() as engine:
        table = pa.Table.from_pandas(lines, preserve_index=False)
        orders = read_orders(engine, table, roles, settings=LineSettings(free=True))
        history = purchase_history(orders.timelines, date.fromisoformat(until))
    seen = distinct(history, unit)
    x, tx, age = (PAPER[name].to_numpy() for name in ("frequency", "recency", "T"))
    both = Distinct(x, tx, age, np.ones(2), np.arange(2))
    with single_thread():
        easy = fit_bgnbd(seen)
    found: Numbers = {f"bg_{name}": getattr(easy, name) for name in ("r", "alpha", "a", "b")}
    found["bg_ll"] = easy.log_likelihood
    paper = _paper(easy.expected(both, AHEAD), easy.alive(both))
    found |= {f"bg_{name}": value for name, value in paper.items()}
    found["bg_holdout"] = float(easy.expected(seen, HOLDOUT)[seen.place].sum())
    if days == CDNOW[2]:
        with single_thread():
            pareto = fit_pareto_nbd(seen)
        names = ("r", "alpha", "s", "beta")
        found |= {f"pareto_{name}": getattr(pareto, name) for name in names}
        found["pareto_ll"] = pareto.log_likelihood
        paper = _paper(pareto.expected(both, AHEAD), pareto.alive(both))
        found |= {f"pareto_{name}": value for name, value in paper.items()}
    with single_thread():
        spend = fit_gamma_gamma(history.x.astype(float), history.mean_value)
    found |= {"gg_p": spend.p, "gg_q": spend.q, "gg_v": spend.gamma}
    return found, None


def _values(customers: pd.DataFrame) -> Numbers:
    return {
        "customers": len(customers),
        "recency": float(customers["recency_days"].mean()),
        "frequency": float(customers["frequency"].mean()),
        "monetary": float(customers["monetary"].mean()),
    }


def custseg_rfm(lines: pd.DataFrame) -> tuple[Numbers, pd.DataFrame]:
    import pyarrow as pa

    from custseg.engine import Engine
    from custseg.segment.orders import read_orders
    from custseg.segment.rfm import Customers, Method, RfmSettings, fit_rfm, score_rfm

    roles = {"customer_id": "customer_id", "order_date": "ordered_at", "order_id": "order_id"}
    with Engine() as engine:
        table = pa.Table.from_pandas(lines, preserve_index=False)
        orders = read_orders(engine, table, {**roles, "amount": "amount"})
    customers = Customers.from_table(orders.customers)
    found = orders.customers.to_pandas()
    methods: tuple[tuple[str, Method, int], ...] = (
        ("quantile", "quantile", 5),
        ("rank_first", "rank-first", 5),
        ("quartile", "quantile", 4),
    )
    for name, method, bins in methods:
        chosen = RfmSettings(method=method, bins=bins)
        scores = score_rfm(customers, fit_rfm(customers, chosen))
        found[f"r_{name}"], found[f"f_{name}"], found[f"m_{name}"] = scores.r, scores.f, scores.m
    found["monetary"] = found["monetary"].astype(float)
    return _values(found), found.drop(columns=["first_order", "last_order"])


def openretailscience_rfm(lines: pd.DataFrame) -> tuple[Numbers, pd.DataFrame]:
    from openretailscience.segmentation.rfm import RFMSegmentation

    names = {"ordered_at": "transaction_date", "order_id": "transaction_id", "amount": "unit_spend"}
    sales = lines.rename(columns=names)
    columns = ["customer_id", "transaction_date", "transaction_id", "unit_spend"]
    made = RFMSegmentation(
        sales[columns], current_date="2011-12-10", r_segments=5, f_segments=5, m_segments=5
    )
    found = made.df.reset_index()
    found["customer_id"] = found["customer_id"].astype(str)
    return _values(found), found


def pymc_rfm(lines: pd.DataFrame) -> tuple[Numbers, pd.DataFrame]:
    from pymc_marketing.clv.utils import rfm_segments

    found = rfm_segments(lines, "customer_id", "ordered_at", "amount")
    found = found.rename(columns={"recency": "recency_days", "monetary_value": "monetary"})
    found["customer_id"] = found["customer_id"].astype(str)
    return _values(found), found


JOBS: dict[str, dict[str, Job]] = {
    "custseg": {
        "cdnow": partial(custseg_models, CDNOW),
        "retail": partial(custseg_models, RETAIL),
        "rfm": custseg_rfm,
    },
    "lifetimes": {
        "cdnow": partial(lifetimes_models, CDNOW),
        "retail": partial(lifetimes_models, RETAIL),
    },
    "pymc-marketing": {
        "cdnow": partial(pymc_models, CDNOW),
        "retail": partial(pymc_models, RETAIL),
        "rfm": pymc_rfm,
    },
    "pymc-marketing, its priors": {
        "cdnow": partial(pymc_models, CDNOW, flat=False),
        "retail": partial(pymc_models, RETAIL, flat=False),
    },
    "openretailscience": {"rfm": openretailscience_rfm},
}
MODULES = {
    "custseg": ("custseg.jobs.segment", "scipy.optimize", "scipy.special"),
    "lifetimes": ("lifetimes",),
    "pymc-marketing": ("pymc_marketing.clv",),
    "pymc-marketing, its priors": ("pymc_marketing.clv",),
    "openretailscience": ("openretailscience.segmentation.rfm",),
}
"""Tool to the modules that it needs, imported before the clock starts."""


def main(tool: str, task: str, folder: Path) -> None:
    """Run, and say what it found and took."""
    from importlib import import_module

    warnings.simplefilter("ignore")
    for module in MODULES[tool]:
        import_module(module)
    lines = pd.read_parquet(folder / f"{'cdnow' if task == 'cdnow' else 'retail'}.parquet")
    started = time.process_time()
    numbers, customers = JOBS[tool][task](lines)
    took = time.process_time() - started
    if customers is not None:
        customers.to_parquet(folder / f"{tool}-{task}.parquet")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"numbers": numbers, "seconds": took, "memory": memory}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
