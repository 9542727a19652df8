"""Words of events: inquiries, visits and other contacts of customers."""

MESSAGES = {
    "segment.event_role_missing": (
        "No column of the events was recognized as {role}.",
        "Name it with --role COLUMN={role}, or in the [roles] section of custseg.toml.",
    ),
    "segment.warn.no_events": "The events have a header and no rows: nobody has any contact.",
    "segment.warn.event_states": "Words for the state of an event that say neither open nor closed: {states}; those events count as open.",
    "report.events": "Contacts",
    "report.events_line": "{events}; customers with any: {customers}",
    "report.events_complaints": "{events}; customers with any: {customers}; open complaints: {open} (customers waiting: {waiting})",
    "report.events_left_out": "left out {rows}: {reasons}",
    "report.count.event.one": "{count} event",
    "report.count.event.many": "{count} events",
    "segment.event.empty": "empty rows",
    "segment.event.repeated": "the same in another file",
    "segment.event.no_customer": "no customer",
    "segment.event.undated": "no readable date",
    "segment.event.future": "after the reference date",
    "segment.event.no_orders": "of nobody with orders",
}
