"""What a base remembers of audiences: read before a run, written with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.identifiers import is_phone_like, phones
from custseg.audience.platforms.model import Platform
from custseg.base import (
    Base,
    NewList,
    SentFile,
    previous_file,
    successors,
    suppression_sizes,
    write_consents,
    write_lists,
    write_suppressions,
)
from custseg.base.tombstones import read_tombstones
from custseg.engine import Engine
from custseg.jobs.audience_past import Past
from custseg.jobs.clean_memory import checked_key
from custseg.jobs.gate import Heard
from custseg.jobs.kept import Kept
from custseg.privacy.tombstones import forgotten

if TYPE_CHECKING:
    from custseg.jobs.audience import AudienceResult
    from custseg.jobs.audience_write import Made


def past_of_base(
    base: Base, lists: Mapping[str, str], platforms: Mapping[str, Platform], engine: Engine
) -> Past:
    """Give what was sent before this run, and how long the lists of opt-outs were."""
    sent = {}
    for name in lists:
        for platform in platforms:
            found = previous_file(base, "audience", name, platform)
            if found is not None:
                sent[name, platform] = _table(found, engine)
    return Past(sent=sent, suppressed=suppressed_before(base), known=bool(sent))


def suppressed_before(base: Base) -> int:
    """Give how many rows the lists of opt-outs had at the last run."""
    return sum(suppression_sizes(base).values())


def merged_customers(base: Base) -> dict[str, str]:
    """Give the customers that were merged into others."""
    found = successors(base)
    return dict(zip(found["id"].to_pylist(), found["now"].to_pylist(), strict=True))


def remember(
    kept: Kept,
    result: AudienceResult,
    platforms: Mapping[str, Platform],
    heard: Heard,
    country: str,
    engine: Engine,
) -> None:
    """Say what the lists are now, what was sent, and what people said.

    Of who was forgotten nothing is kept; `country` is to read phone numbers by.
    """
    base = kept.base
    by_list: dict[str, list[Made]] = {}
    for made in result.made:
        by_list.setdefault(made.summary.list, []).append(made)
    lists = {}
    for name, files in by_list.items():
        everyone = pa.chunked_array([made.rows.customer_id for made in files]).unique()
        lists[name] = NewList(
            members=pa.table({"customer_id": everyone.sort()}),
            files=[_sent(made, platforms[made.summary.platform], engine) for made in files],
        )
    write_lists(base, "audience", lists)
    counts = {
        f"{made.summary.list}/{made.summary.platform}": made.summary.rows for made in result.made
    }
    base.count(counts)
    kept.tell("audience", counts)
    write_suppressions(base, heard.suppressions)
    gone = _of_forgotten(base, heard.events, country, engine)
    write_consents(base, heard.events.filter(pc.invert(gone)))


def _of_forgotten(base: Base, events: pa.Table, country: str, engine: Engine) -> pa.Array:
    """Tell which events are about somebody who was forgotten, by address or phone number.

    A member number leaves no tombstone by itself: one that nobody has any more may be theirs.
    """
    stones = read_tombstones(base)
    if not stones.num_rows:
        return pa.array([False] * events.num_rows, pa.bool_())
    # What may be a number is listed as an id, too.
    text = events["loose"].combine_chunks()
    number = pc.and_(pc.equal(events["kind"], "id"), is_phone_like(text)).combine_chunks()
    found = pa.table(
        {
            "record": pa.array(range(events.num_rows), pa.int64()),
            "kind": pc.if_else(number, "phone", events["kind"]),
            "text": pc.replace_with_mask(
                text, number, phones(text.filter(number), country, engine)
            ),
        }
    )
    known = base.sql(
        'SELECT "value" AS text FROM {identifiers} UNION SELECT customer_id FROM {customers}'
    )
    nobody = pc.and_(
        pc.equal(events["kind"], "id"),
        pc.invert(pc.or_(number, pc.is_in(text, value_set=known["text"].combine_chunks()))),
    )
    gone = forgotten(found, stones, checked_key(stones), events.num_rows)
    return pc.or_(pa.array(gone), nobody.combine_chunks())


def _sent(made: Made, platform: Platform, engine: Engine) -> SentFile:
    names = made.rows.table.column_names
    places = {f"c{place}": made.rows.table[name] for place, name in enumerate(names)}
    cells = ", ".join(places)
    # Rows are told apart by the hash of their cells.
    whole = " || '\x1f' || ".join(f"coalesce({place}, '')" for place in places)
    rows = engine.sql(
        f'SELECT customer_id, sha256({whole}) AS "key", [{cells}] AS cells FROM rows',  # noqa: S608  own names
        rows=pa.table({"customer_id": made.rows.customer_id, **places}),
    )
    return SentFile(platform=platform.name, columns=tuple(names), header=platform.header, rows=rows)


def _table(sent: SentFile, engine: Engine) -> pa.Table:
    """Give a file's rows as columns again."""
    places = range(1, len(sent.columns) + 1)
    cells = ", ".join(f"cells[{place}] AS c{place}" for place in places)
    rows = engine.sql(f"SELECT customer_id, {cells} FROM rows", rows=sent.rows)  # noqa: S608
    return rows.rename_columns(["customer_id", *sent.columns])
