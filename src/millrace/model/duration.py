"""Durations as people write and read them: `25 min`, `3.2 h`, `2.6 d`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

_UNIT_SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_WRITTEN = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(sec|min|[smhdw])\s*")


def parse_duration(written: Any) -> timedelta:
    """Read `15 min`, `1.5 h`, `1 h 30 min`, `2 d`; a timedelta passes through.

    A day is 24 hours: an elapsed duration. Raises ValueError, which the model's reader turns into a sentence.
    """
    if isinstance(written, timedelta):
        return written
    text = str(written).strip().lower()
    seconds, at = 0.0, 0
    for part in _WRITTEN.finditer(text):
        if part.start() != at:
            break
        seconds += float(part[1].replace(",", ".")) * _UNIT_SECONDS[part[2]]
        at = part.end()
    if at != len(text) or not text or seconds > timedelta.max.total_seconds():
        raise ValueError(f"“{written}” is not a duration; write it like “15 min”, “1.5 h” or “2 d”")
    return timedelta(seconds=seconds)


def write_duration(duration: timedelta) -> str:
    """Write a duration so that `parse_duration` reads the same one back: `1 h 30 min`."""
    left = round(duration.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 min"


def show_duration(seconds: float | None, *, hours_per_day: float = 24) -> str:
    """Show a duration with two significant figures and one unit: `8 min`, `3.2 h`, `2.6 d`; `–` where unknown.

    On the business clock a day has the calendar's working hours, so that 32 working hours read as 4 days of 8.
    """
    if seconds is None:
        return "–"
    size = abs(seconds)
    for unit, unit_seconds, limit in (
        ("s", 1.0, 59.5),
        ("min", 60.0, 3570.0),
        ("h", 3600.0, hours_per_day * 3600),
    ):
        if size < limit:
            return f"{_two_figures(seconds / unit_seconds)} {unit}"
    return f"{_two_figures(seconds / (hours_per_day * 3600))} d"


def _two_figures(value: float) -> str:
    if value == 0 or abs(value) >= 9.95:
        return f"{value:,.0f}".replace(",", " ")
    text = f"{value:.1f}" if abs(value) >= 0.95 else f"{value:.2g}"
    return text.removesuffix(".0")


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration, json_schema_input_type=str),
    PlainSerializer(write_duration, return_type=str),
]
