"""Fingerprints as numbers and as short texts, a whole column at a time."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.hashing import UInts, text_buffers

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_BASE32: Final = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", dtype=np.uint8)
"""Crockford's alphabet: no letter that is read as a digit."""

_HEX: Final = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_HEX_VALUE: Final = np.full(256, 255, dtype=np.uint8)
_HEX_VALUE[_HEX] = np.arange(16, dtype=np.uint8)

_WIDEST: Final = 1 << 62
"""Numbers that a key shared by several may have."""

KEY_LENGTH: Final = 33
"""Length of a key's text: a letter, so that no spreadsheet takes it for a number, and 32 digits."""


def key_texts(keys: UInts) -> pa.Array:
    """Give the text of each key: ``r`` and 32 hexadecimal digits."""
    letters = np.empty((len(keys), KEY_LENGTH), dtype=np.uint8)
    letters[:, 0] = ord("r")
    # The bytes of a key, the highest first, two digits each.
    octets = np.ascontiguousarray(keys, dtype=">u8").view(np.uint8)
    letters[:, 1::2] = _HEX[octets >> 4]
    letters[:, 2::2] = _HEX[octets & 15]
    return _texts(letters)


def keys_of(texts: pa.Array | pa.ChunkedArray) -> tuple[UInts, Bools]:
    """Read keys back, and tell which texts are keys at all.

    Returns
    -------
    Keys of shape (texts, 2), zero where there is none, and a mask of length texts.
    """
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    fits = pc.fill_null(pc.equal(pc.binary_length(whole), KEY_LENGTH), False)
    mask = fits.to_numpy(zero_copy_only=False).copy()
    keys = np.zeros((len(mask), 2), dtype=np.uint64)
    if not mask.any():
        return keys, mask
    kept = whole.filter(fits)
    starts, _, data = text_buffers(kept)
    letters = data[starts[0] : starts[0] + len(kept) * KEY_LENGTH].reshape(-1, KEY_LENGTH)
    digits = _HEX_VALUE[letters[:, 1:]]
    sound = (letters[:, 0] == ord("r")) & (digits < 16).all(axis=1)
    numbers = np.zeros((len(kept), 2), dtype=np.uint64)
    for place in range(32):
        numbers[:, place // 16] <<= np.uint64(4)
        numbers[:, place // 16] |= digits[:, place].astype(np.uint64)
    keys[mask] = np.where(sound[:, None], numbers, np.uint64(0))
    mask[mask] = sound
    return keys, mask


def key_order(keys: UInts) -> Ints:
    """Give the order of keys by their 128 bits."""
    order = np.argsort(keys[:, 0], kind="stable")
    upper = keys[order, 0]
    if (upper[1:] == upper[:-1]).any():
        order = np.lexsort((keys[:, 1], keys[:, 0]))
    return order


def key_places(past: UInts, keys: UInts) -> Ints:
    """Find each key among sorted ones; -1 where it is not there."""
    place = np.searchsorted(past[:, 0], keys[:, 0])
    padded = np.concatenate([past, np.zeros((1, 2), dtype=np.uint64)])
    inside = place < len(past)
    while True:
        # Keys that share their upper half are next to each other.
        further = inside & (padded[place, 0] == keys[:, 0]) & (padded[place, 1] < keys[:, 1])
        if not further.any():
            break
        place = place + further
        inside = place < len(past)
    same = inside & (padded[place] == keys).all(axis=1)
    return np.where(same, place, -1)


def short_texts(letter: str, numbers: UInts) -> pa.Array:
    """Give a letter and 12 characters of base 32 for the upper 60 bits of each number."""
    letters = np.empty((len(numbers), 13), dtype=np.uint8)
    letters[:, 0] = ord(letter)
    for place in range(12):
        shift = np.uint64(59 - 5 * place)
        letters[:, place + 1] = _BASE32[((numbers >> shift) & np.uint64(31)).astype(np.intp)]
    return _texts(letters)


def _texts(letters: npt.NDArray[np.uint8]) -> pa.Array:
    """Make a text of each row of a matrix of ASCII codes."""
    count, length = letters.shape
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(length)
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(letters.tobytes())]
    return pa.Array.from_buffers(pa.string(), count, buffers)


def order_by(*keys: npt.NDArray[Any]) -> Ints:
    """Give the order by several keys of whole numbers, the first of which counts most.

    As many keys as fit share one number: to order by one takes a fraction of the time.
    """
    shared: list[npt.NDArray[Any]] = []
    room = _WIDEST
    for key in keys:
        least = key.min() if len(key) else 0
        span = int(key.max()) - int(least) + 1 if len(key) else 1
        if room * span < _WIDEST:
            shared[-1] = shared[-1] * span + (key - least).astype(np.int64)
            room *= span
        else:
            shared.append(key if span >= _WIDEST else (key - least).astype(np.int64))
            room = span
    return np.lexsort(shared[::-1])


def later_keys(one: UInts, other: UInts) -> npt.NDArray[np.bool_]:
    """Tell where the key of `one` comes after that of `other`."""
    upper = one[:, 0] > other[:, 0]
    return np.asarray(upper | ((one[:, 0] == other[:, 0]) & (one[:, 1] > other[:, 1])))
