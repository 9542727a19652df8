"""What must hold before a list is made: trust in the opt-outs, care for the columns, a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from custseg.audience.lists import ListRules, holdout
from custseg.audience.platforms.model import Platform
from custseg.config import Settings
from custseg.config.schema import AudienceSettings
from custseg.errors import InputError, LimitError, UsageError
from custseg.jobs.audience_members import columns_asked
from custseg.jobs.audience_past import Past
from custseg.jobs.gate import Heard
from custseg.jobs.keys import check_private
from custseg.privacy.sensitive import sensitive_columns


def trust(heard: Heard, past: Past, settings: Settings) -> None:
    """Stop where a list of opt-outs is gone, or has lost more than it should.

    Raises
    ------
    InputError, LimitError
    """
    if past.suppressed and not heard.suppressed:
        raise InputError("audience.suppression_missing", rows=past.suppressed)
    least = past.suppressed * (1 - settings.audience.max_shrink)
    if heard.suppressed < least:
        raise LimitError(
            "audience.suppression_shrunk",
            before=past.suppressed,
            now=heard.suppressed,
            most=f"{settings.audience.max_shrink:.0%}",
        )


def spare_sensitive(
    platforms: Iterable[Platform], asked: Mapping[str, str], known: pa.Table, as_of: date
) -> None:
    """Keep what needs special care (health, creed, …) out of files for advertising.

    Neither may it stand in one, nor may it choose who does: to be on such a list would tell.

    Raises
    ------
    UsageError
        If a platform's rules, or a list's, name such a column.
    """
    ads = [each for each in platforms if each.channel == "ads"]
    if not ads:
        return
    used = {column.source: each.name for each in ads for column in each.columns}
    used |= columns_asked(asked, known, as_of)
    for column in sensitive_columns(used):
        raise UsageError("audience.sensitive", column=column, name=used[column])


def list_rules(chosen: AudienceSettings, customers: pa.Table) -> ListRules:
    """Give how lists share customers, with the holdout group drawn.

    Raises
    ------
    UsageError, InputError
        If a holdout group is wanted without a campaign or a key that can be used.
    """
    held_out = np.zeros(len(customers), dtype=bool)
    if chosen.holdout:
        if not chosen.campaign or not chosen.key:
            raise UsageError("audience.holdout_needs")
        names = customers["customer_id"].to_pylist()
        held_out = holdout(names, _key(chosen.key), chosen.campaign, chosen.holdout)
    return ListRules(
        priority=chosen.priority,
        one_per_household=chosen.one_per_household,
        held_out=held_out,
    )


def _key(path: str) -> bytes:
    try:
        check_private(Path(path))
        key = Path(path).read_bytes().strip()
    except OSError as error:
        raise InputError("audience.key_missing", path=path) from error
    if len(key) < 16:
        raise InputError("audience.key_short", path=path)
    return key
