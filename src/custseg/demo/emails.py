"""E-mail addresses that look like people's and reach nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.text import Writer, chance, digits, draw, join, mixed, picked, take, where, words


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """What a country's addresses are made of.

    Attributes
    ----------
    domains
        Reserved for examples (RFC 2606, and JPRS for .jp): mail to them reaches nobody. The
        first are the most frequent.
    nicks
        Words for addresses without a name in them.
    """

    domains: tuple[str, ...]
    nicks: tuple[str, ...]


JAPANESE: Final = Mailboxes(
    domains=(
        "example.com", "mail.example.jp", "example.jp", "example.ne.jp", "keitai.example",
        "example.co.jp", "post.example.com", "example.net", "web.example.org",
        "hikari.example.jp",
    ),
    nicks=(
        "sakura", "hana", "neko", "sora", "umi", "kuma", "mikan", "yuki", "hoshi", "tsuki", "inu",
        "momo", "kaze", "mori", "pan", "taiyo", "usagi", "ringo", "niji", "kumo",
    ),
)  # fmt: skip
ENGLISH: Final = Mailboxes(
    domains=(
        "example.com", "mail.example.com", "example.net", "example.org", "post.example.net",
        "inbox.example", "web.example.org", "home.example.com", "office.example", "m.example",
    ),
    nicks=(
        "sunny", "happy", "coffee", "river", "blue", "tiger", "music", "garden", "bike", "green",
        "lucky", "star", "ocean", "runner", "daisy", "rocket", "maple", "cat", "golf", "book",
    ),
)  # fmt: skip


def make_emails(
    rng: np.random.Generator, mail: Mailboxes, family: pa.Array, given: pa.Array, share: float
) -> pa.Array:
    """Make an address for each person from their name in Latin letters, no two alike.

    Parameters
    ----------
    share
        Of the persons who have one; the others' cells are empty.
    """
    count = len(family)
    number = digits(rng.integers(1, 10_000, count))
    nick = join(picked(rng, mail.nicks, count), picked(rng, mail.nicks, count))
    initial = pc.utf8_slice_codeunits(given, 0, 1)
    writers: tuple[Writer, ...] = (
        lambda rows: join(take(given, rows), take(family, rows), sep="."),
        lambda rows: join(take(family, rows), "-", take(given, rows), take(number, rows)),
        lambda rows: join(take(initial, rows), "_", take(family, rows), take(number, rows)),
        lambda rows: join(take(family, rows), take(number, rows)),
        lambda rows: join(take(nick, rows), take(number, rows)),
    )
    local = mixed(draw(rng, (2, 3, 2, 2, 3), count), *writers)
    rank = draw(rng, 1 / np.arange(1.5, len(mail.domains) + 1), count)
    domain = take(words(mail.domains), rank)
    address = join(local, domain, sep="@")
    code = np.asarray(address.dictionary_encode().indices)
    first = np.zeros(count, dtype=np.bool_)
    first[np.unique(code, return_index=True)[1]] = True
    again = join(local, "-", digits(np.arange(count)), "@", domain)
    return where(~chance(rng, count, share), "", where(first, address, again))
