"""How a log falls to a stream, in the terminal and as JSON."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.diagnose.binding import PAUSE, Binding, BoundLabel
from millrace.diagnose.binding_suggestions import Suggestion
from millrace.flow.flow import UNMAPPED
from millrace.flow.summary import Share
from millrace.model.ratio import show_ratio
from millrace.model.value_stream import Match

MOST_LABELS = 40
"""So many labels are shown, those with most time; --json lists all."""
_STEP, _LOST = "cyan", "yellow"
_FIGURES = ("events", "of items", "of time")


def show_binding(binding: Binding) -> None:
    """Print what each rule carries, what goes where, and what stays unmapped."""
    console = Console()
    if binding.rules:
        console.print(_rules(binding))
    else:
        console.print(Text("The stream has no match rules yet; --suggest proposes a step for every label.", _LOST))
    console.print()
    console.print(_labels(binding.labels[:MOST_LABELS]))
    more = len(binding.labels) - MOST_LABELS
    if more > 0:
        console.print(Text(f"and {more:,} with less time; --json lists all", DIM))
    console.print()
    time, events = _share(binding.unmapped_time), _share(binding.unmapped_events)
    if binding.unmapped:
        console.print(Text(f"Unmapped: {time} of the time and {events} of the events.", _LOST))
    else:
        console.print(Text("Every event goes to a step.", "green"))


def show_suggestions(binding: Binding, suggestions: Sequence[Suggestion], *, least_ratio: float) -> None:
    """Print the step suggested for every status or activity, beside the one that it goes to now."""
    now = _steps_now(binding)
    rows = table("Status or activity", "Goes to now", "Suggested", "Sure", "Because of", figures=("Sure",))
    for each in suggestions:
        is_sure = each.step is not None and each.confidence_ratio >= least_ratio
        rows.add_row(
            each.label,
            _steps(now.get(each.label, [])),
            Text(each.step or "–", _STEP if is_sure else DIM),
            show_ratio(each.confidence_ratio),
            Text(each.why, DIM),
        )
    console = Console()
    console.print()
    console.print(rows)


def binding_json(binding: Binding, suggestions: Sequence[Suggestion]) -> dict[str, Any]:
    """The binding as plain values; shares lie between 0 and 1, and are null where there is nothing to share."""
    return {
        "n_items": binding.n_items,
        "n_events": binding.n_events,
        "unmapped_time_ratio": binding.unmapped_time.ratio,
        "unmapped_events_ratio": binding.unmapped_events.ratio,
        "rules": [
            {"step": rule.step, "nth": rule.nth, "match": rule.match.model_dump(mode="json", exclude_defaults=True)}
            | _carried(rule.n_events, rule.items, rule.time)
            for rule in binding.rules
        ],
        "labels": [
            {"activity": label.activity, "status": label.status, "step": label.step}
            | _carried(label.n_events, label.items, label.time)
            for label in binding.labels
        ],
        "suggestions": [
            {
                each.column: each.label,
                "step": each.step,
                "confidence_ratio": each.confidence_ratio,
                "why": each.why,
                "n_events": each.n_events,
            }
            for each in suggestions
        ],
    }


def _carried(n_events: int, items: Share, time: Share) -> dict[str, Any]:
    return {
        "n_events": n_events,
        "n_items": int(items.part),
        "items_ratio": items.ratio,
        "time_seconds": time.part,
        "time_ratio": time.ratio,
    }


def _rules(binding: Binding) -> Table:
    rows = table("Step", "Match rule", *_FIGURES, figures=_FIGURES)
    for rule in binding.rules:
        figures = (f"{rule.n_events:,}", _share(rule.items), _share(rule.time))
        told = Text(_told(rule.match)) if rule.n_events else Text(f"{_told(rule.match)}  takes nothing", _LOST)
        rows.add_row(_steps([rule.step]), told, *figures)
    return rows


def _told(match: Match) -> str:
    """`status: Assigned, Accepted; team: *2nd*`."""
    conditions = match.model_dump(exclude_defaults=True)
    conditions |= conditions.pop("attributes", {})
    return "; ".join(f"{column}: {', '.join(patterns)}" for column, patterns in conditions.items()) or "everything"


def _labels(labels: Sequence[BoundLabel]) -> Table:
    rows = table("Activity, status", "Goes to", *_FIGURES, figures=_FIGURES)
    for label in labels:
        rows.add_row(label.name, _steps([label.step]), f"{label.n_events:,}", _share(label.items), _share(label.time))
    return rows


def _steps_now(binding: Binding) -> dict[str, list[str]]:
    now: dict[str, list[str]] = {}
    for label in binding.labels:
        for called in {label.activity, label.status} - {None}:
            steps = now.setdefault(str(called), [])
            if label.step not in steps:
                steps.append(label.step)
    return now


def _steps(steps: Sequence[str]) -> Text:
    names = [Text(step, {UNMAPPED: _LOST, PAUSE: DIM}.get(step, _STEP)) for step in steps]
    return Text(", ").join(names)


def _share(share: Share) -> str:
    return "–" if share.ratio is None else show_ratio(share.ratio)
