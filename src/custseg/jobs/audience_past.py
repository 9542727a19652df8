"""What the last audience run sent, so that today's can be compared with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.summary import AudienceSummary
from custseg.errors import InputError
from custseg.jobs.customers import folder_of_run
from custseg.jobs.stored import find_stored, read_stored, read_summary
from custseg.tables import TableRead, read_manifest

STATE: Final = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The last run.

    Attributes
    ----------
    sent
        List and platform → ``customer_id`` and the columns as they were sent.
    suppressed
        Rows of its lists of opt-outs; 0 where it had none.
    known
        Whether there was one.
    """

    sent: Mapping[tuple[str, str], pa.Table] = field(default_factory=dict)
    suppressed: int = 0
    known: bool = False


def read_past(previous: str | Path | None) -> Past:
    """Read the folder of an earlier run; nothing where none is named.

    Raises
    ------
    InputError
        If it is no audience run, or damaged.
    """
    if previous is None:
        return Past()
    folder = Path(previous)
    command = read_manifest(folder).command
    if command != "audience":
        raise InputError("audience.not_an_audience", path=str(previous), command=command)
    summary = read_summary(folder, AudienceSummary)
    files = {each.name: each.file for each in summary.lists}
    sent = {
        (each.list, each.platform): read_stored(
            folder, f"{STATE}/{files[each.list]}.{each.platform}"
        )
        for each in summary.files
    }
    return Past(sent=sent, suppressed=summary.suppressed, known=True)


def as_input(given: object, name: str) -> TableRead:
    """Give an input that is a run, a file or rules as what the manifest says of inputs."""
    size = 0
    if isinstance(given, str | Path) and Path(given).is_dir():
        digest = read_manifest(Path(given)).run_id
    elif isinstance(given, str | Path):
        data = Path(given).read_bytes()
        digest, size = hashlib.sha256(data).hexdigest(), len(data)
    else:
        digest = hashlib.sha256(repr(given).encode()).hexdigest()
    nothing = pa.table({})
    return TableRead(
        table=nothing,
        rows=pa.array([], pa.int64()),
        name=name,
        format="csv",
        quarantine=nothing,
        sha256=digest,
        bytes=size,
    )


def successors(customers: object) -> dict[str, str]:
    """Give the customers that were merged into others, from the ids that a clean run keeps."""
    folder = folder_of_run(customers)
    if folder is None or find_stored(folder, "id_book") is None:
        return {}
    book = read_stored(folder, "id_book")
    merged = book.filter(pc.is_valid(book["successor"]))
    return dict(
        zip(merged["customer_id"].to_pylist(), merged["successor"].to_pylist(), strict=True)
    )


def country_of(customers: object) -> str | None:
    """Give the default country that a clean run found; None where there is none."""
    if not isinstance(customers, str | Path):
        return None
    try:
        text = (Path(customers) / "summary.json").read_text(encoding="utf-8")
        found = json.loads(text).get("country")
    except (OSError, ValueError):
        return None
    return found if isinstance(found, str) and found else None
