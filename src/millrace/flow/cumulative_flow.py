"""Cumulative flow: how many items have been demanded, have entered each step, and have been delivered, day by day."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CumulativeFlow:
    """Bands of a cumulative flow diagram.

    `band_names` lie from the bottom (delivered) to the top (the first step); `counts[band][day]` is the height of
    the band itself at the end of that day: items delivered so far, or items in that step now.
    """

    days_at: tuple[datetime, ...]
    band_names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
