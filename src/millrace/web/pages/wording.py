"""Figures, instants and drawings as pages show them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from millrace.draw.charts.finding_comparison import shown
from millrace.draw.charts.wording import count, duration, interval, percent
from millrace.flow.handoffs import Handoffs
from millrace.flow.summary import DurationSummary, Share
from millrace.model.absent import Absent
from millrace.web.security.uploads import UploadTooLarge
from millrace.workbench.shared.shown_streams import ShownChart

DASH = "–"


def instant(at: datetime | None) -> str:
    """A day and a time in UTC: `3 Mar 2026, 14:05`."""
    return DASH if at is None else f"{at.day} {at:%b %Y, %H:%M}"


def share_or_dash(share: Share | Absent) -> str:
    """A share as a percentage; a dash where it cannot be known."""
    return DASH if isinstance(share, Absent) else percent(share.ratio)


def why(figure: object, otherwise: str) -> str:
    """Why a figure is absent, or what it means where it is there."""
    return figure.reason if isinstance(figure, Absent) else otherwise


def median(summary: DurationSummary | Absent) -> str:
    """The median of many durations."""
    return DASH if isinstance(summary, Absent) or summary.p50 is None else duration(summary.p50.seconds)


def handoffs(found: Handoffs | Absent) -> str:
    """How many handoffs there were."""
    return DASH if isinstance(found, Absent) else count(found.n)


def words(name: str) -> str:
    """A name of a column or a measure in words: `item_type` → “item type”."""
    return name.replace("_", " ")


def drawing(svg: str) -> Markup:
    """A drawing of ours: the renderer has escaped what comes from logs and streams."""
    return Markup(svg)


def image(svg: str, alt: str) -> Markup:
    """A drawing as one image to a listener, with its text alternative."""
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1))


def chart(drawn: ShownChart) -> Markup:
    """A chart as an image."""
    return image(drawn.svg, drawn.alt)


def figure_value(figure: Any) -> str:
    """A figure of a finding in its unit."""
    return shown(figure.value, figure.unit)


def heading(column: str) -> str:
    """The heading of a column: `lead_time_seconds` → “Lead time”."""
    words = column.removesuffix("_seconds").removeprefix("n_").replace("_at", "").replace("_", " ")
    return words.capitalize()


def cell(value: object, column: str) -> str:
    """A cell of a list of items, by the name of its column."""
    if value is None:
        return DASH
    if column.endswith("_seconds") and isinstance(value, int | float):
        return duration(float(value))
    if isinstance(value, datetime):
        return instant(value)
    return count(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def browser(agent: str) -> str:
    """What people call the browser that names itself so: `Mozilla/5.0 (X11; …) Firefox/140.0` → “Firefox”."""
    known = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    return next((name for mark, name in known.items() if mark in agent), agent.partition("/")[0] or "unknown")


def too_large(largest_bytes: int) -> str:
    """What is said of an export that is larger than may be sent."""
    return UploadTooLarge(largest_bytes).sentence


FILTERS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (
        browser, cell, chart, count, drawing, duration, heading, image, instant, interval, median, percent,
        share_or_dash, too_large, words,
    )
}  # fmt: skip
"""Filters of the templates."""

TESTS: dict[str, Callable[..., bool]] = {"absent": lambda figure: isinstance(figure, Absent)}
"""Tests of the templates."""
