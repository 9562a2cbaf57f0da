"""A back-test in the terminal, as text or JSON."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.simulate.backtest.backtest import Backtest
from millrace.simulate.backtest.verdict import Trust
from millrace.workbench.forecasts import Backtested

COLOURS = {Trust.TRUSTWORTHY: "green", Trust.ROUGH: "yellow", Trust.NOT_TRUSTWORTHY: "red"}
MOST_STEPS = 12


def print_backtest_json(tested: Backtested) -> None:
    """Print the back-test as JSON; durations in seconds, instants in UTC."""
    result = {
        **asdict(tested.backtest),
        "verdicts": [
            {"subject": each.subject, "trust": each.trust, "sentence": each.sentence} for each in tested.verdicts
        ],
    }
    print(json.dumps(result, indent=1, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def show_backtest(tested: Backtested) -> None:
    """Print what was fitted and simulated, the verdicts, lead times beside the guesses, and the steps."""
    console, found = Console(), tested.backtest
    console.print(Text(f"Back-test of {found.source_name}", "bold"))
    known = "with what became of them" if found.with_hindsight else "as they were known then"
    console.print(
        Text(
            f"Fitted to {found.n_earlier:,} items from before {found.at:%-d %B %Y, %H:%M}, {known}; simulated "
            f"{found.n_replications} times and held against the {found.n_later:,} demanded from then to "
            f"{found.until_at:%-d %B %Y}, seen until {found.observed_until:%-d %B %Y}.",
            DIM,
        )
    )
    console.print()
    for verdict in tested.verdicts:
        line = Text(f"{verdict.subject.capitalize()}: ", "bold")
        line.append(verdict.trust, COLOURS[verdict.trust])
        line.append(f". {verdict.sentence}")
        console.print(line)
    console.print()
    console.print(_lead_times(found))
    console.print()
    console.print(_steps(found))
    for remark in found.remarks:
        console.print(Text(remark, DIM))


def _lead_times(found: Backtest) -> Any:
    rows = table("Lead times", "distance", figures=("distance",))
    rows.add_row("simulated", show_ratio(found.lead_time.distance))
    rows.add_row("noise floor: two simulated runs", show_ratio(found.lead_time.noise))
    for baseline in found.baselines:
        rows.add_row(f"guess: {baseline.name}", show_ratio(baseline.distance_ratio))
    return rows


def _steps(found: Backtest) -> Any:
    figures = ("wait\nreal", "wait\nsimulated", "time\nreal", "time\nsimulated")
    rows = table("Step, per item", *figures, figures=figures)
    most = sorted(found.step_waits, key=lambda each: -each.real_lead_seconds)[:MOST_STEPS]
    for each in found.step_waits:
        if each in most:
            seconds = (
                each.real_seconds,
                each.simulated_seconds,
                each.real_lead_seconds,
                each.simulated_lead_seconds,
            )
            rows.add_row(each.step, *(show_duration(second) for second in seconds))
    return rows
