"""What a run of the chain leaves of itself: its manifest, with every setting and its origin."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import custseg
from custseg.chain.facts import ChainFacts
from custseg.chain.keys import step_key
from custseg.config import Settings
from custseg.config.load import keys
from custseg.config.schema import FREE_TABLES
from custseg.jobs.chain_place import COMMAND
from custseg.jobs.monitor import peak_memory
from custseg.tables import Manifest, read_manifest


def chain_manifest(
    facts: ChainFacts, folder: Path, settings: Settings, origins: Mapping[str, str], began: float
) -> Manifest:
    """Give the manifest of a run whose steps stand in `folder`; `began` is in seconds of UTC."""
    inside = [read_manifest(folder / step.name) for step in facts.steps]
    return Manifest(
        command=COMMAND,
        version=custseg.__version__,
        run_id=step_key(
            COMMAND, custseg.__version__, {}, facts.inputs, [step.key for step in facts.steps]
        )[:12],
        config={
            name: {"value": value, "origin": origins.get(name, "default")}
            for name, value in plain_settings(settings).items()
        },
        # Orders are read by two steps.
        inputs=tuple(dict.fromkeys(each for manifest in inside for each in manifest.inputs)),
        counts={
            "records": facts.records,
            "customers": facts.customers,
            "orders": facts.orders,
        },
        warnings=tuple({"key": each.key, "params": dict(each.params)} for each in facts.warnings),
        started=utc_text(began),
        seconds={step.name: step.seconds for step in facts.steps},
        peak_memory=peak_memory(),
    )


def plain_settings(settings: Settings) -> dict[str, Any]:
    """Every setting by its dotted name."""
    plain: dict[str, Any] = {
        name: getattr(getattr(settings, key.section), key.attribute) for name, key in keys().items()
    }
    for table in FREE_TABLES:
        plain |= {f"{table}.{name}": value for name, value in getattr(settings, table).items()}
    return plain


def utc_text(seconds: float) -> str:
    """Give seconds of UTC as ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))
