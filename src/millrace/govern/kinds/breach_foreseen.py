"""A promise will probably be broken: of the items that ever used as much time, most ended too late."""

from collections.abc import Iterator

import numpy as np

from millrace.govern.lives import Bools, Ints, instant
from millrace.govern.service_level_record import BREACHED, PAUSED, RUNNING, ServiceLevelRecord
from millrace.govern.signal import Severity, Signal, Watched
from millrace.model.ratio import show_ratio

TITLE = "Breach foreseen"
LEAST_ALIKE = 20
"""Ended items that were once where the open one is now; fewer tell no chance."""


def breach_foreseen(watched: Watched) -> Iterator[Signal]:
    """Each open item within its time whose chance of a breach has reached what the stream asks to be told of."""
    least = watched.stream.watch.foreseen_from_ratio
    for record in watched.records:
        chance, n_alike = chances(record)
        likely = np.flatnonzero((n_alike >= LEAST_ALIKE) & (chance >= least) & is_within(record))
        for k, key in zip(likely.tolist(), watched.lives.keys(record.places[likely]), strict=True):
            left = record.level.told((record.limit - record.used[k]) / 1e6)
            yield Signal(
                "breach_foreseen",
                f"{record.level.name}: {key}",
                Severity.WARNING,
                f"{key} will probably break “{record.level.name}”",
                f"{show_ratio(chance[k])} of the {n_alike[k]} items that ever used as much time ended too late. "
                f"{left} are left of {record.level.told(record.limit / 1e6)}.",
                instant(watched.lives.at),
                item=key,
            )


def is_within(record: ServiceLevelRecord) -> Bools:
    """Open items that have time left."""
    return np.isin(record.state, (RUNNING, PAUSED))


def chances(record: ServiceLevelRecord) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], Ints]:
    """For each item, of the ended ones that used more than it has used: the share that ended too late, and how many."""
    used = np.sort(record.used[record.has_ended])
    n_late = int((record.state == BREACHED).sum())
    n_alike = len(used) - np.searchsorted(used, record.used, side="right")
    chance = np.minimum(n_late / np.maximum(n_alike, 1), 1.0)
    return chance, n_alike
