"""The forecast of open work in the terminal, as text or JSON."""

import json
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.model.absent import Absent
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.simulate.forecast.forecast import Forecast, OpenForecast
from millrace.simulate.forecast.table import open_item_row

MOST_SHOWN = 15


def print_forecast_json(found: Forecast) -> None:
    """Print the forecast as JSON; durations in seconds, instants in UTC, null where nothing is known."""
    result = {
        "source": found.source_name,
        "now_at": found.now_at,
        "until_at": found.until_at,
        "n_replications": found.n_replications,
        "limit_seconds": found.limit_seconds,
        "limit_is_given": found.limit_is_given,
        "expectation": {
            "n_departures": found.expectation.n_departures,
            "p50_seconds": found.expectation.p50_seconds,
            "p85_seconds": found.expectation.p85_seconds,
            "p95_seconds": found.expectation.p95_seconds,
        },
        "done": [
            {"at": mark.at, "n": mark.n_done, "n_low": mark.n_done_low, "n_high": mark.n_done_high}
            for mark in found.marks
        ],
        "items": [open_item_row(item) for item in found.items],
        "remarks": list(found.remarks),
    }
    print(json.dumps(result, indent=1, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def show_forecast(found: Forecast) -> None:
    """Print what can be promised, when the open work will be done, and the items most in danger."""
    console, expected = Console(), found.expectation
    console.print(Text(f"Forecast of {found.source_name}", "bold"))
    console.print(Text(f"{len(found.items):,} items are open on {found.now_at:%-d %B %Y, %H:%M}.", DIM))
    console.print()
    promise = ", ".join(
        f"{share} % within {show_duration(seconds)}"
        for share, seconds in ((50, expected.p50_seconds), (85, expected.p85_seconds), (95, expected.p95_seconds))
        if seconds is not None
    )
    console.print(f"What can be expected of an item: {promise} (told by {expected.n_departures:,} items).")
    late = sum(item.age_seconds >= found.limit_seconds for item in found.items)
    chosen = "" if found.limit_is_given else ", which 85 % keep to"
    console.print(
        f"Of the open items {late:,} are older than {show_duration(found.limit_seconds)}{chosen}; "
        f"of the other {len(found.items) - late:,}, about {_expected_late(found):,.0f} will miss it."
    )
    console.print()
    console.print(_done(found))
    console.print()
    console.print(_in_danger(found))
    for remark in found.remarks:
        console.print(Text(remark, DIM))


def _expected_late(found: Forecast) -> float:
    return sum(_chance(item) for item in found.items if item.age_seconds < found.limit_seconds)


def _chance(item: OpenForecast) -> float:
    return item.simulated_breach_ratio if isinstance(item.breach.chance, Absent) else item.breach.chance


def _done(found: Forecast) -> Any:
    figures = ("done", "at least", "at most")
    rows = table("Of the open items, by", *figures, figures=figures)
    for mark in found.marks:
        rows.add_row(
            f"{mark.at:%-d %B %Y, %H:%M}", f"{mark.n_done:,.0f}", f"{mark.n_done_low:,.0f}", f"{mark.n_done_high:,.0f}"
        )
    return rows


def _in_danger(found: Forecast) -> Any:
    figures = ("age", "may miss it", "simulated", "done by (85 %)")
    rows = table("Open item", "step", *figures, figures=figures)
    for item in [item for item in found.items if item.age_seconds < found.limit_seconds][:MOST_SHOWN]:
        chance = item.breach.chance
        rows.add_row(
            item.key,
            item.step,
            show_duration(item.age_seconds),
            "–" if isinstance(chance, Absent) else show_ratio(chance),
            show_ratio(item.simulated_breach_ratio),
            "–" if item.done_by_p85_at is None else f"{item.done_by_p85_at:%-d %b %Y}",
        )
    return rows
