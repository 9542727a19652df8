"""What a report says of inquiries, visits and other contacts."""

from __future__ import annotations

from custseg.report.model import Block, Counted, Figure, Item, Joined, Lines, Words
from custseg.segment.events import EventsSummary


def contacts(events: EventsSummary) -> list[Block]:
    """How many contacts of how many customers, and complaints that are open."""
    used, people = Counted(events.used, "event"), Figure(events.customers, "people")
    if events.open_complaints is None:
        line = Words("report.events_line", {"events": used, "customers": people})
    else:
        line = Words(
            "report.events_complaints",
            {
                "events": used,
                "customers": people,
                "open": Figure(events.open_complaints, of=events.customers_waiting),
                "waiting": Figure(events.customers_waiting, "people"),
            },
        )
    rows: list[tuple[Item, Item]] = [(Words("report.events"), line)]
    if events.excluded:
        reasons = tuple(
            Words(
                "report.left_out_reason",
                {"reason": Words(f"segment.event.{each.reason}"), "rows": Figure(each.rows)},
            )
            for each in events.excluded
        )
        left: dict[str, Item] = {
            "rows": Figure(events.rows - events.used),
            "reasons": Joined(reasons, " · "),
        }
        rows.append(("", Words("report.events_left_out", left)))
    return [Lines(tuple(rows))]
