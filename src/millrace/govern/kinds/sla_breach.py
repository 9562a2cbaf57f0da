"""A promise is broken while there is still something to do: an open item has used up its time."""

from collections.abc import Iterator

import numpy as np

from millrace.govern.lives import instant
from millrace.govern.service_level_record import OVERDUE
from millrace.govern.signal import Severity, Signal, Watched

TITLE = "Service level breached"


def sla_breach(watched: Watched) -> Iterator[Signal]:
    """Each open item that is overdue, since the instant at which its time was used up."""
    for record in watched.records:
        late = np.flatnonzero(record.state == OVERDUE)
        for k, key in zip(late.tolist(), watched.lives.keys(record.places[late]), strict=True):
            yield Signal(
                "sla_breach",
                f"{record.level.name}: {key}",
                Severity.CRITICAL,
                f"{key} has broken “{record.level.name}”",
                f"{record.level.told(record.used[k] / 1e6)} of the {record.level.told(record.limit / 1e6)} promised "
                "are used, and it is still open.",
                instant(record.due_at[k]),
                item=key,
            )
