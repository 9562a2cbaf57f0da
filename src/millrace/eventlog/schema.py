"""The canonical columns of an event log, once it is in.

`events` has one row per event. Beside the columns below it may hold any further attribute under its source's name.
Instants are UTC timestamps without zone, in microseconds.
"""

from enum import StrEnum

EVENT_COLUMNS: dict[str, str] = {
    "item_id": "VARCHAR",
    "at": "TIMESTAMP",
    "started_at": "TIMESTAMP",
    "position": "BIGINT",
    "activity": "VARCHAR",
    "status": "VARCHAR",
    "team": "VARCHAR",
    "person": "VARCHAR",
    "system": "VARCHAR",
    "is_automated": "BOOLEAN",
    "key": "VARCHAR",
    "item_type": "VARCHAR",
    "service": "VARCHAR",
    "category": "VARCHAR",
    "priority": "VARCHAR",
    "channel": "VARCHAR",
    "requester": "VARCHAR",
}
"""Canonical name → engine type. A log holds those its source knows; `item_id`, `at`, `position` always,
and at least one of `activity` and `status`."""

ITEM_COLUMNS: tuple[str, ...] = (
    "key",
    "item_type",
    "service",
    "category",
    "priority",
    "channel",
    "requester",
)
"""Columns that describe the item, not the event: an item has the value of its last event."""


class Shape(StrEnum):
    """What an event of the log means."""

    STATUS_LOG = "status_log"
    """An event sets what holds until the next event."""
    ACTIVITY_LOG = "activity_log"
    """An event reports work, with start and end."""
    ACTIVITY_LOG_ENDS = "activity_log_ends"
    """An event reports work, with its end only."""
