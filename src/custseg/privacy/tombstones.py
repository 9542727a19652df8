"""Tombstones: what is left of somebody who was forgotten, and how records are known by it.

A tombstone is a keyed hash (HMAC-SHA-256) of a piece of evidence. Without the key nobody can
tell whose it is, nor try values until one fits.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.privacy.evidence import SOLITARY

TOMBSTONES: Final = pa.schema([("tombstone", pa.string()), ("kind", pa.string())])

KEY_CHECK: Final = "key"
"""Kind of the tombstone of nobody, by which a wrong key is noticed."""

Mask = npt.NDArray[np.bool_]


def keyed(key: bytes, purpose: str, text: str) -> str:
    """Give the keyed hash of a text, for one purpose: other purposes give other hashes."""
    return hmac.digest(key, f"custseg {purpose}\n{text}".encode(), hashlib.sha256).hex()


def tombstone(key: bytes, kind: str, text: str) -> str:
    """Give the tombstone of a piece of evidence."""
    return keyed(key, f"tombstone {kind}", text)


def key_check(key: bytes) -> str:
    """Give what tells whether a key is the one that made the other tombstones."""
    return tombstone(key, KEY_CHECK, "")


def make_tombstones(own: pa.Table, others: pa.Table, key: bytes) -> pa.Table:
    """Make the tombstones of somebody (:data:`TOMBSTONES`), the one of the key among them.

    Parameters
    ----------
    own, others
        Evidence on the records of the person, and on everybody else's
        (:data:`custseg.privacy.evidence.EVIDENCE`). A value that others share is not theirs
        alone, and leaves no tombstone by itself.
    """
    pairs = set(zip(own["kind"].to_pylist(), own["text"].to_pylist(), strict=True))
    alone = {kind for kind, _ in pairs} & SOLITARY
    shared: set[tuple[str, str]] = set()
    for kind in sorted(alone):
        mine = pa.array(sorted(text for each, text in pairs if each == kind), pa.string())
        theirs = others.filter(pc.equal(others["kind"], kind))["text"]
        found = theirs.filter(pc.is_in(theirs, value_set=mine))
        shared |= {(kind, text) for text in found.to_pylist()}
    rows = {(tombstone(key, kind, text), kind) for kind, text in pairs - shared}
    rows.add((key_check(key), KEY_CHECK))
    return pa.Table.from_pylist(
        [{"tombstone": text, "kind": kind} for text, kind in sorted(rows)], schema=TOMBSTONES
    )


def forgotten(found: pa.Table, tombstones: pa.Table, key: bytes, records: int) -> Mask:
    """Tell which of `records` records are those of somebody who was forgotten.

    Parameters
    ----------
    found
        Evidence on the records.
    tombstones
        By :data:`TOMBSTONES`.
    """
    gone = np.zeros(records, dtype=np.bool_)
    known = set(tombstones["tombstone"].to_pylist())
    for kind in sorted(set(tombstones["kind"].to_pylist()) - {KEY_CHECK}):
        part = found.filter(pc.equal(found["kind"], kind))
        text = part["text"].combine_chunks().dictionary_encode()
        marked = np.array(
            [tombstone(key, kind, each) in known for each in text.dictionary.to_pylist()],
            dtype=np.bool_,
        )
        if marked.any():
            hit = marked[text.indices.to_numpy(zero_copy_only=False)]
            gone[part["record"].to_numpy()[hit]] = True
    return gone
