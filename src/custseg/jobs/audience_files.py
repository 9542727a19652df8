"""One list for one platform: its rows, and what became of them since the last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.consent import Permissions
from custseg.audience.delta import compare
from custseg.audience.lists import Chosen
from custseg.audience.platforms.engine import Rows, identifiers, platform_rows
from custseg.audience.platforms.model import Platform
from custseg.audience.reach import fields_for
from custseg.audience.summary import PlatformFile
from custseg.engine import Engine
from custseg.errors import LimitError
from custseg.jobs.audience_past import Past
from custseg.jobs.audience_write import Made
from custseg.jobs.customers import People

Mask = npt.NDArray[np.bool_]


def platform_list(
    name: str,
    file: str,
    platform: Platform,
    chosen: Mapping[str, Mapping[str, Chosen]],
    people: People,
    permitted: Permissions,
    *,
    country: str,
    engine: Engine,
) -> Made:
    """Write one list as one platform wants it; not yet compared.

    Raises
    ------
    LimitError
        If it is too small for the platform.
    """
    of_list = chosen[platform.channel][name]
    kept = pa.array(np.flatnonzero(of_list.kept))
    fields = fields_for(platform.channel, people.table, permitted).take(kept)
    rows = platform_rows(platform, fields, country, engine)
    count = len(rows.table)
    if count < platform.least:
        _refuse(name, platform, count, of_list)
    without = _without(rows)
    left_out = {**of_list.counts(), **without}
    return Made(
        file=file,
        rows=rows,
        delta=None,
        summary=PlatformFile(
            list=name,
            platform=platform.name,
            version=platform.version,
            customers=count,
            rows=count,
            added=count,
            kept=0,
            removed=0,
            left_out=dict(sorted(left_out.items())),
            rejects=_rejected_values(rows),
        ),
    )


def _refuse(name: str, platform: Platform, rows: int, chosen: Chosen) -> NoReturn:
    """Say why a list is too small; where most never agreed, no larger segment helps."""
    found: dict[str, object] = {
        "list": name,
        "platform": platform.label,
        "rows": rows,
        "least": platform.least,
    }
    left_out = len(chosen.reasons) - chosen.reasons.null_count
    silent = chosen.counts().get("no_consent", 0)
    if 2 * silent > left_out:
        raise LimitError(
            "audience.few_agreed", **found, no_consent=silent, channel=platform.channel
        )
    raise LimitError("audience.too_small", **found, left_out=left_out)


def _without(rows: Rows) -> dict[str, int]:
    whole = rows.rejects.filter(pc.equal(rows.rejects["column"], ""))
    found = whole["reason"].value_counts().to_pylist()
    return {each["values"]: each["counts"] for each in found}


def _rejected_values(rows: Rows) -> dict[str, int]:
    cells = rows.rejects.filter(pc.not_equal(rows.rejects["column"], ""))
    found = cells["column"].value_counts().to_pylist()
    return {each["values"]: each["counts"] for each in sorted(found, key=lambda e: e["values"])}


def compared(
    made: Made, platform: Platform, past: Past, merged: Mapping[str, str], most: float
) -> Made:
    """Compare a list with the last time it was sent; `most` of it may have changed.

    Raises
    ------
    LimitError
        If it changed more than it may.
    """
    which = (made.summary.list, made.summary.platform)
    before = past.sent.get(which)
    if before is None:
        return made
    delta = compare(before, made.rows.customer_id, made.rows.table, identifiers(platform), merged)
    if delta.change > most:
        raise LimitError(
            "audience.changed",
            list=which[0],
            platform=platform.label,
            added=delta.customers_added,
            removed=delta.customers_removed,
            before=delta.customers_before,
            most=f"{most:.0%}",
        )
    added = int(delta.added.sum())
    summary = replace(
        made.summary,
        added=added,
        kept=made.summary.rows - added,
        removed=len(delta.removed),
    )
    return replace(made, delta=delta, summary=summary)


def assignments(
    customers: pa.Table,
    inside: Mapping[str, Mask],
    chosen: Mapping[str, Mapping[str, Chosen]],
) -> pa.Table:
    """Give who would have been reached by any channel, treated or held out."""
    parts = []
    for name in inside:
        treated = np.zeros(len(customers), dtype=bool)
        held = np.zeros(len(customers), dtype=bool)
        for of_channel in chosen.values():
            treated |= of_channel[name].kept
            reasons = of_channel[name].reasons
            held |= np.asarray(pc.fill_null(pc.equal(reasons, "holdout"), False))
        both = np.flatnonzero(treated | held)
        parts.append(
            pa.table(
                {
                    "customer_id": customers["customer_id"].take(pa.array(both)),
                    "list": pa.array([name] * len(both), pa.string()),
                    "group": pa.array(
                        np.where(held[both], "holdout", "treated").tolist(), pa.string()
                    ),
                }
            )
        )
    return pa.concat_tables(parts).sort_by([("list", "ascending"), ("customer_id", "ascending")])


def refused_addresses(people: People, permitted: Permissions) -> pa.Array:
    """Give the e-mail addresses that were refused: tools for mailing must know them."""
    parts = []
    for (channel, name), marks in permitted.columns.items():
        if channel == "email":
            parts.append(people.table[name].filter(pa.array(marks < 0)).combine_chunks())
    if not parts:
        return pa.array([], pa.string())
    return pa.concat_arrays(parts).drop_null().unique().sort()
