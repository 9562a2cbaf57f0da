"""Figures and instants as pages say them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from millrace.draw.charts.wording import count, duration, percent


def instant(at: datetime | None) -> str:
    """A day and a time in UTC: `3 Mar 2026, 14:05`."""
    return "–" if at is None else f"{at.day} {at:%b %Y, %H:%M}"


FILTERS: dict[str, Callable[..., Any]] = {
    "count": count,
    "duration": duration,
    "percent": percent,
    "instant": instant,
}
"""Filters of the templates."""
