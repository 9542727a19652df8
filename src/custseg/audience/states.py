"""The state of every address and person, from what was said of them: asked of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from custseg.audience.ledger import EVENTS, KIND_OF
from custseg.engine import Engine

Ints = npt.NDArray[np.int64]

NO_CONSENT: Final = "no_consent"


def hear(engine: Engine, found: pa.Table, events: pa.Table) -> pa.Table:
    """Give for each identifier and channel the latest refusal and permission."""
    if not len(events):
        return _STATES.empty_table()
    return engine.sql(_HEARD, found=found, events=events.cast(EVENTS))


_STATES: Final = pa.schema(
    [
        ("customer", pa.int64()),
        ("record", pa.int64()),
        ("kind", pa.string()),
        ("strict", pa.string()),
        ("channel", pa.string()),
        ("deny", pa.int64()),
        ("why", pa.string()),
        ("grant_at", pa.int64()),
    ]
)

_HEARD: Final = """
WITH denied AS (
    SELECT kind, loose, channel, max(moment) AS deny, max_by(why, (moment, why)) AS why
    FROM events WHERE NOT granted GROUP BY ALL
), permitted AS (
    SELECT kind, strict, channel, max(moment) AS grant_at FROM events WHERE granted GROUP BY ALL
)
SELECT customer, record, kind, strict, channel,
       max(deny) AS deny, max_by(why, deny) AS why, max(grant_at) AS grant_at
FROM (
    SELECT found.customer, found.record, found.kind, found.strict, channel,
           deny, why, NULL AS grant_at
    FROM found JOIN denied USING (kind, loose)
    UNION ALL
    SELECT found.customer, found.record, found.kind, found.strict, channel,
           NULL AS deny, NULL AS why, grant_at
    FROM found JOIN permitted USING (kind, strict)
)
GROUP BY customer, record, kind, strict, channel
"""

_ADDRESSES: Final = """
WITH mine AS (
    SELECT customer, record, strict, min(place) AS place
    FROM found WHERE kind = $1 GROUP BY ALL
), said AS (
    SELECT record, deny, why, grant_at FROM heard WHERE channel = $2 AND kind <> $1
    UNION ALL
    SELECT record, if(granted, NULL, moment), if(granted, NULL, why), if(granted, moment, NULL)
    FROM noted WHERE channel = $2
), every AS (
    SELECT mine.customer, mine.strict, said.deny, said.why, said.grant_at
    FROM mine JOIN said USING (record)
    UNION ALL
    SELECT customer, strict, deny, why, grant_at
    FROM heard WHERE channel = $2 AND kind = $1
), state AS (
    SELECT customer, strict, max(deny) AS deny, max_by(why, (deny, why)) AS why,
           max(grant_at) AS grant_at
    FROM every GROUP BY customer, strict
), address AS (
    SELECT customer, strict, min(place) AS place
    FROM mine GROUP BY customer, strict
)
SELECT address.customer, address.strict, place,
       CASE WHEN deny IS NOT NULL AND (grant_at IS NULL OR deny >= grant_at) THEN why
            WHEN grant_at IS NULL THEN 'no_consent' END AS reason
FROM address LEFT JOIN state USING (customer, strict)
ORDER BY customer, place, strict
"""

_PERSONS: Final = """
WITH said AS (
    SELECT customer, kind, strict, NULL AS record, deny, why, grant_at
    FROM heard WHERE channel = $1
    UNION ALL
    SELECT owners.customer, 'record', '', noted.record, if(granted, NULL, moment),
           if(granted, NULL, why), if(granted, moment, NULL)
    FROM noted JOIN owners USING (record) WHERE channel = $1 AND owners.customer >= 0
), state AS (
    SELECT customer, max(deny) AS deny, max_by(why, (deny, why)) AS why,
           max(grant_at) AS grant_at
    FROM said GROUP BY customer, kind, strict, record
)
SELECT customer,
       coalesce(
           max(CASE WHEN deny IS NOT NULL AND (grant_at IS NULL OR deny >= grant_at) THEN why END),
           CASE WHEN max(grant_at) IS NULL THEN 'no_consent' END
       ) AS reason
FROM state GROUP BY customer
"""


@dataclass(frozen=True, slots=True)
class Resolver:
    """Asks the events channel by channel."""

    engine: Engine
    found: pa.Table
    heard: pa.Table
    noted: pa.Table
    owner: Ints

    def addresses(self, channel: str) -> pa.Table:
        """Give each address of its kind with why it may not be used, null where it may."""
        return self.engine.sql(
            _ADDRESSES,
            (KIND_OF[channel], channel),
            found=self.found,
            heard=self.heard,
            noted=self.noted,
        )

    def persons(self, channel: str, count: int) -> pa.Array:
        """Give for each customer why the channel is closed, null where it is open."""
        owners = pa.table({"record": np.arange(len(self.owner)), "customer": self.owner})
        states = self.engine.sql(
            _PERSONS, (channel,), heard=self.heard, noted=self.noted, owners=owners
        )
        reasons = np.full(count, NO_CONSENT, dtype=object)
        reasons[states["customer"].to_numpy()] = states["reason"].to_numpy(zero_copy_only=False)
        return pa.array(reasons, pa.string(), from_pandas=True)
