"""The lists of a segmentation: of each named segment, of each rule, and of the look-alikes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches

import numpy as np
import pyarrow as pa

from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.customers import People
from custseg.jobs.monitor import Monitor
from custseg.jobs.rule_columns import rule_of_columns
from custseg.segment.analyses import Analyses
from custseg.segment.category_shares import CATEGORY_SHARES
from custseg.segment.contacts import ContactList, Contacts, contact_columns, contact_lists
from custseg.segment.forecast import FORECASTS
from custseg.segment.maps import alike
from custseg.segment.overview import describe_rules, everything
from custseg.segment.possible_columns import possible_columns
from custseg.segment.rules import Rule, matching, unknown_values
from custseg.segment.run import Segmentation
from custseg.segment.summary import CATEGORY_SHARE, RulesSummary


def lists_of_segments(
    made: Segmentation, contacts: Contacts | None, settings: Settings, monitor: Monitor
) -> list[ContactList]:
    """Make the list of each named segment, and say which actions are of no segment."""
    if made.segments is None:
        return []
    files = {row.name: row.file for row in made.segments.rows}
    known = [*files, *settings.rules]
    for name in settings.actions:
        if name not in known:
            nearest = "".join(get_close_matches(name, known, n=1, cutoff=0.0))
            monitor.warn("segment.warn.action", name=name, nearest=nearest)
    return contact_lists(made.scores, files, contacts)


def check_names(
    engine: Engine,
    rules: Mapping[str, str],
    names: Collection[str],
    roles: Collection[str],
    people: People | None,
    features: Collection[str],
    *,
    events: bool,
) -> None:
    """See that rules look at columns that there may be, before the orders are added up.

    Parameters
    ----------
    names
        What the rules call columns.
    roles
        Of the columns of the orders.
    features
        What clusters are made of; nothing for none.
    events
        Whether there are any.

    Raises
    ------
    UsageError
        If one does not.
    """
    if not rules:
        return
    schema = possible_columns(
        engine,
        roles,
        people.table if people is not None else None,
        clusters=bool(features),
        shares=any(name.startswith((CATEGORY_SHARES, CATEGORY_SHARE)) for name in features),
        events=events,
        mentioned=names,
    )
    for name, text in rules.items():
        rule_of_columns(name, text, schema, date.min)


def check_columns(
    rules: Mapping[str, str],
    as_of: date,
    scores: pa.Table,
    profile: pa.Table | None,
    people: People | None,
) -> None:
    """See that rules look at columns that there are, before tables and forecast are made.

    Raises
    ------
    UsageError
        If one does not.
    """
    schema = everything(
        scores.slice(0, 0),
        profile.slice(0, 0) if profile is not None else None,
        people.table.slice(0, 0) if people is not None else None,
    ).schema
    for name in FORECASTS:
        if name not in schema.names:
            schema = schema.append(pa.field(name, pa.float64()))
    for name, text in rules.items():
        rule_of_columns(name, text, schema, as_of)


def lists_of_rules(
    engine: Engine,
    made: Segmentation,
    known: pa.Table,
    contacts: Contacts | None,
    wanted: Mapping[str, str],
    actions: Mapping[str, str],
    as_of: date,
    monitor: Monitor,
) -> tuple[RulesSummary | None, list[ContactList]]:
    """Make the list of each segment by rule.

    Parameters
    ----------
    known
        All that is known of the customers of `made`, in their order.
    wanted, actions
        Rules, and what to do with segments, by name.
    """
    if not wanted:
        return None, []
    rules = {
        name: rule_of_columns(name, text, known.schema, as_of) for name, text in wanted.items()
    }
    masks = {name: matching(engine, known, rule) for name, rule in rules.items()}
    for rule in rules.values():
        _warn_of_values(monitor, rule, known)
    summary = describe_rules(made.customers, rules, masks, actions)
    for names in alike(rules):
        own = [row.file for row in summary.rows if row.name in names]
        monitor.warn("segment.warn.rule_names", names=", ".join(names), files=", ".join(own))
    files = {row.name: row.file for row in summary.rows}
    return summary, contact_lists(made.scores, files, contacts, masks)


def _warn_of_values(monitor: Monitor, rule: Rule, known: pa.Table) -> None:
    """Say of each value that a rule asks for and nobody has; what is near it, of kinds alone."""
    personal = {*contact_columns(known), "customer_id"} - {"prefecture", "country"}
    for column, value, nearest in unknown_values(rule, known):
        if nearest and column not in personal:
            monitor.warn(
                "segment.warn.rule_value",
                name=rule.name,
                column=column,
                value=value,
                nearest=nearest,
            )
        else:
            monitor.warn("segment.warn.rule_value_unknown", name=rule.name, column=column)


def list_of_lookalikes(
    made: Segmentation, contacts: Contacts | None, analyses: Analyses | None
) -> list[ContactList]:
    """Make the list of the look-alikes, the likest first, under the same consent as every list."""
    if analyses is None or analyses.lookalikes is None or analyses.alike is None:
        return []
    places, likeness = analyses.alike
    inside = np.zeros(len(made.scores), dtype=bool)
    inside[places] = True
    likest = np.full(len(made.scores), np.nan)
    likest[places] = likeness
    scores = made.scores.append_column("likeness", pa.array(likest, mask=~inside))
    files = {analyses.lookalikes.segment: analyses.lookalikes.file}
    members = {analyses.lookalikes.segment: inside}
    return contact_lists(scores, files, contacts, members, (("likeness", "descending"),))
