"""Fingerprints of cells and rows: 128 bits, a whole column at a time.

They are written into run folders and compared months later, so their definition stands here
and depends on no library. They guard against chance, not against somebody who wants two rows
to look alike.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from concurrent.futures import CancelledError
from hashlib import blake2b
from pathlib import Path
from threading import Event
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

UInts = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

_LANES: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_WORD: Final = 8
_BLOCK: Final = 32_768
"""Cells hashed at a time: few enough to stay in the processor's cache."""

_FILE_BLOCK: Final = 8 << 20
"""Bytes of a file hashed at a time: few enough turns that other threads do not hold this one up."""

_LONG: Final = 4096
"""Bytes beyond which a cell is hashed by itself: in a block it would hold up all the others."""

_TAILS: Final = np.array(
    [0xFFFFFFFFFFFFFFFF, *(2 ** (8 * count) - 1 for count in range(1, _WORD))], dtype=np.uint64
)
"""Mask of a last word by how many bytes it has, modulo 8."""


def scattered(numbers: UInts) -> UInts:
    """Scatter 64-bit numbers evenly (the finalizer of SplitMix64, Steele et al. 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def row_hashes(columns: Mapping[str, pa.ChunkedArray], rows: int) -> UInts:
    """Hash each row's filled cells with the names of their columns.

    Parameters
    ----------
    columns
        Columns of text by name. Their order does not matter, and an empty cell adds nothing.
    rows
        Length of the columns.

    Returns
    -------
    Shape (rows, 2).
    """
    total = np.zeros((rows, 2), dtype=np.uint64)
    for name, column in columns.items():
        start = 0
        for chunk in column.chunks:
            total[start : start + len(chunk)] += _cell_hashes(chunk, zlib.crc32(name.encode()))
            start += len(chunk)
    return np.column_stack([scattered(total[:, 0]), scattered(total[:, 1])])


def _cell_hashes(chunk: pa.Array, seed: int) -> UInts:
    """Hash each cell, eight bytes at a time, in two lanes; zero for an empty cell.

    Long cells have their BLAKE2b digest of 16 bytes, salted with the seed.
    """
    hashes = np.zeros((len(chunk), 2), dtype=np.uint64)
    starts, lengths, data = text_buffers(chunk)
    if not len(data):
        return hashes
    # One more word of zeros lets the last cell be read whole.
    data = np.concatenate([data, np.zeros(_WORD, dtype=np.uint8)])
    words = np.lib.stride_tricks.as_strided(
        data[:_WORD].view("<u8"), shape=(len(data) - _WORD + 1,), strides=(1,)
    )
    for block in range(0, len(chunk), _BLOCK):
        cells = slice(block, block + _BLOCK)
        short = np.where(lengths[cells] > _LONG, 0, lengths[cells])
        _hash_block(hashes[cells], starts[cells], short, words, np.uint64(seed))
    for cell in np.flatnonzero(lengths > _LONG):
        text = data[starts[cell] : starts[cell] + lengths[cell]].tobytes()
        digest = blake2b(text, digest_size=16, salt=seed.to_bytes(4, "little")).digest()
        hashes[cell] = np.frombuffer(digest, dtype="<u8")
    return hashes


def _hash_block(hashes: UInts, starts: Ints, lengths: Ints, words: UInts, seed: np.uint64) -> None:
    cells = np.flatnonzero(lengths)
    left = lengths[cells]
    states = [(left.astype(np.uint64) + seed) * factor for factor in _LANES]
    at = starts[cells]
    while len(cells):
        last = left <= _WORD
        word = words[at]
        word[last] &= _TAILS[left[last] % _WORD]
        states = [
            scattered((state ^ word) * factor + factor)
            for state, factor in zip(states, _LANES, strict=True)
        ]
        for lane, state in enumerate(states):
            hashes[cells[last], lane] = state[last]
        more = ~last
        cells, at, left = cells[more], at[more] + _WORD, left[more] - _WORD
        states = [state[more] for state in states]


def text_buffers(
    chunk: pa.Array,
) -> tuple[Ints, Ints, npt.NDArray[np.uint8]]:
    """Give where each text of an array starts, its bytes (none for a null), and all the bytes."""
    _, offset_buffer, data_buffer = chunk.buffers()
    if not len(chunk) or data_buffer is None:
        nothing = np.zeros(len(chunk), dtype=np.int64)
        return nothing, nothing, np.empty(0, dtype=np.uint8)
    every = np.frombuffer(offset_buffer, dtype=np.int32)
    offsets: Ints = every[chunk.offset : chunk.offset + len(chunk) + 1].astype(np.int64)
    lengths: Ints = np.diff(offsets)
    if chunk.null_count:
        lengths[chunk.is_null().to_numpy(zero_copy_only=False)] = 0
    return offsets[:-1], lengths, np.frombuffer(data_buffer, dtype=np.uint8)


def sha256_of(path: Path, stop: Event | None = None) -> str:
    """Give the SHA-256 of a file, as hexadecimal digits.

    Raises
    ------
    CancelledError
        If `stop` was set before all was read.
    """
    digest, block = hashlib.sha256(), memoryview(bytearray(_FILE_BLOCK))
    with path.open("rb", buffering=0) as stored:
        while filled := stored.readinto(block):
            if stop is not None and stop.is_set():
                raise CancelledError
            digest.update(block[:filled])
    return digest.hexdigest()
