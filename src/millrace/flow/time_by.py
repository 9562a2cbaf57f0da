"""Time by record type, practice, team or step: whose part of the lead time is whose."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from millrace.flow.flow import Flow
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.small_groups import shown_teams
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND, Clock, Share
from millrace.model.state import STATES, State

GROUPINGS = ("record_type", "practice", "team", "step")
NO_LABEL = "none named"
_WAITS = (State.NEW, State.WAITING)


@dataclass(frozen=True)
class AttributedTime:
    """Time of delivered items before value that one label has, in seconds.

    `lead` is its share of all lead time: what the requester waits for it. `active` and `wait` are known as work and as
    waiting; `unknown` cannot be told apart; the rest of `lead` was spent done, before the item was taken up again.
    """

    label: str
    n_items: int
    lead: Share
    active_seconds: float
    wait_seconds: float
    unknown_seconds: float


def time_by(
    flow: Flow, grouping: str, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> tuple[AttributedTime, ...]:
    """All lead time of delivered items by `record_type`, `practice`, `team` or `step`, the longest first.

    The labels add up to the whole. A practice is that of the step which the record waited for is in by itself; a step
    with several practices counts for all of them together, as one label.
    """
    spans = flow.spans.filter(flow.spans.is_before_value)
    if not selection.is_everything:
        spans = spans.semi_join(selected(flow, selection), "item")
    time = spans.business if clock is Clock.BUSINESS else spans.elapsed
    column = grouping
    if grouping == "practice":
        column = "own_step" if flow.about.record_types else "step"
    if grouping == "record_type":
        types = flow.records.select("record", "record_type")
        spans = spans.join(types, "record")
        time, column = spans.business if clock is Clock.BUSINESS else spans.elapsed, "record_type"
    rows = spans.group_by(column, "state").agg(total=time.sum()).to_pyarrow().to_pylist()
    names = _names(flow, grouping)
    sums: dict[str, dict[State, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        sums[names.get(row[column], NO_LABEL)][STATES[row["state"]]] += int(row["total"]) / SECOND
    whole = sum(sum(states.values()) for states in sums.values())
    n_items = _n_items(spans, column, names)
    ordered = sorted(sums.items(), key=lambda each: (-sum(each[1].values()), each[0]))
    return tuple(
        AttributedTime(
            label,
            n_items[label],
            Share(sum(states.values()), whole),
            states[State.ACTIVE],
            sum(states[state] for state in _WAITS),
            states[State.UNKNOWN],
        )
        for label, states in ordered
    )


def _names(flow: Flow, grouping: str) -> Mapping[int, str]:
    if grouping == "record_type":
        return dict(enumerate(flow.about.record_types))
    if grouping == "team":
        return dict(enumerate(shown_teams(flow)))
    if grouping == "step":
        return dict(enumerate(flow.step_names))
    steps = enumerate(flow.about.stream.steps)
    return {code: " and ".join(step.practices) for code, step in steps if step.practices}


def _n_items(spans: Any, column: str, names: Mapping[int, str]) -> dict[str, int]:
    """How many items have time of each label; codes of one label count an item once."""
    import ibis

    codes = defaultdict(list)
    for code in spans.select(column).distinct().to_pyarrow()[column].to_pylist():
        codes[names.get(code, NO_LABEL) if code != NOTHING else NO_LABEL].append(code)
    cases = [(spans[column].isin(listed), place) for place, listed in enumerate(codes.values())]
    if not cases:
        return {}
    labelled = spans.select(spans.item, place=ibis.cases(*cases))
    rows = labelled.group_by("place").agg(n=labelled.item.nunique()).to_pyarrow().to_pylist()
    labels = list(codes)
    return {labels[row["place"]]: row["n"] for row in rows}
