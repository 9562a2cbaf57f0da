"""Measures of each step: what its data box on the map and its row in a table say."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from millrace.flow.estimates import estimated_steps, with_estimates
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import why_unknown
from millrace.flow.lead_time import is_open
from millrace.flow.selection import EVERYTHING, MONTH, Selection, length, selected
from millrace.flow.spans import NOTHING
from millrace.flow.summaries import summaries
from millrace.flow.summary import NO_DURATIONS, SECOND, Absent, Clock, DurationSummary, Share

NO_QUEUE = "an estimate of the work does not tell which part of the wait came before it"
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class StepMeasures:
    """One step, over the visits that began before value. Durations are per visit.

    `process_time` and `wait_time` are Absent where the log cannot tell working from waiting; `queue_time` is the part
    of the wait before any work. `delay` is this step's wait of all wait before value, over delivered items.
    `complete_and_accurate` is derived: items handed on to a later step that neither came back to this or an earlier
    one, nor next waited for the requester. `n_open` counts items in the step at the log's end. `mean_in_step` is their
    mean number over the period (total lead time ÷ its length). `people` is the number of persons seen, None where
    persons are unknown. `handed_off`: visits that began with a change of team, of all visits with a step before.
    `is_estimated`: the log cannot tell work from waiting, and the step's estimate stands in. Visits that began after
    value are only counted, as `n_visits_after_value`.
    """

    step: str
    n_visits: int
    n_items: int
    visits_per_month: float
    lead_time: DurationSummary
    process_time: DurationSummary | Absent
    wait_time: DurationSummary | Absent
    queue_time: DurationSummary | Absent
    delay: Share | Absent
    rework: Share
    complete_and_accurate: Share
    automation: Share | Absent
    n_open: int
    mean_in_step: float | None
    people: int | None
    main_team: str | None
    team_share: Share | None
    handed_off: Share
    is_estimated: bool = False
    n_visits_after_value: int = 0


@dataclass(frozen=True)
class Edge:
    """Visits of `to_step` that directly follow visits of `from_step`; `is_rework` where it leads back."""

    from_step: str
    to_step: str
    n: int
    is_rework: bool
    queue_p50_seconds: float | None
    """Median wait at the start of the visit that follows, before work on it began; None where unknown."""


def step_measures(
    flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> tuple[StepMeasures, ...]:
    """Every step of the stream, *unmapped* included where events fell to it, in the stream's order."""
    visits = with_estimates(flow, _visits(flow, selection))
    before = visits.filter(~visits.is_after_value)
    prefix = "business_" if clock is Clock.BUSINESS else ""
    columns = tuple(f"{prefix}{column}" for column in ("lead", "active", "wait", "queue"))
    times = summaries(before, "step", *columns)
    counts = _counts(before, f"{prefix}wait")
    gathered = _Gathered(
        flow,
        length(flow, selection),
        why_unknown(flow, frozenset(counts)),
        sum(row["wait"] for row in counts.values()),
        _people(flow, selection),
        _open(flow, selection),
        _after_value(visits),
    )
    unmapped = len(flow.about.stream.steps)
    return tuple(
        _measured(
            step,
            counts.get(step, Counter()),
            [times[step][column] if step in times else NO_DURATIONS for column in columns],
            gathered,
        )
        for step in range(len(flow.step_names))
        if step in counts or step < unmapped
    )


@dataclass(frozen=True)
class _Gathered:
    """What the rows of all steps share."""

    flow: Flow
    length: timedelta
    unknown: Absent | None
    total_wait: int
    people: Mapping[int, int] | None
    open_items: Mapping[int, int]
    after_value: Mapping[int, int]


def _measured(step: int, row: Counter[str], times: Sequence[DurationSummary], gathered: _Gathered) -> StepMeasures:
    flow, is_estimated = gathered.flow, step in estimated_steps(gathered.flow)
    unknown = None if is_estimated else gathered.unknown
    n_months = gathered.length / MONTH
    lead, active, wait, queue = times
    team = _main_team(row)
    return StepMeasures(
        step=flow.step_names[step],
        n_visits=row["n"],
        n_items=row["n_items"],
        visits_per_month=row["n"] / n_months if n_months else float(row["n"]),
        lead_time=lead,
        process_time=unknown or active,
        wait_time=unknown or wait,
        queue_time=unknown or (Absent(NO_QUEUE) if is_estimated else queue),
        delay=gathered.unknown or Share(row["wait"] / SECOND, gathered.total_wait / SECOND),
        rework=Share(row["n"] - row["n_items"], row["n"]),
        complete_and_accurate=Share(row["n_handed_on"] - row["n_came_back"], row["n_handed_on"]),
        automation=_automation(flow, row),
        n_open=gathered.open_items.get(step, 0),
        mean_in_step=row["lead"] / (gathered.length / _MICROSECOND) if gathered.length else None,
        people=None if gathered.people is None else gathered.people.get(step, 0),
        main_team=flow.about.teams[team[0]] if team else None,
        team_share=Share(team[1], team[2]) if team else None,
        handed_off=Share(row["n_handoffs"], row["n_after_another"]),
        is_estimated=is_estimated,
        n_visits_after_value=gathered.after_value.get(step, 0),
    )


def _after_value(visits: Any) -> dict[int, int]:
    """Visits that began after value, per step: they are in no other figure of the step."""
    late = visits.filter(visits.is_after_value)
    rows = late.group_by("step").agg(n=late.count()).to_pyarrow().to_pylist()
    return {row["step"]: row["n"] for row in rows}


def edges(flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING) -> tuple[Edge, ...]:
    """Which step follows which before value, most frequent first."""
    visits = _visits(flow, selection)
    following = visits.filter((visits.previous_step != NOTHING) & ~visits.is_after_value)
    names, column = flow.step_names, "business_queue" if clock is Clock.BUSINESS else "queue"
    # One code for the pair of steps, so that the engine's columns stay numbers.
    paired = following.mutate(pair=(following.previous_step.cast("int32") * len(names) + following.step).cast("int32"))
    found = [
        (*divmod(pair, len(names)), summary[column]) for pair, summary in summaries(paired, "pair", column).items()
    ]
    found.sort(key=lambda each: (-each[2].n, each[0], each[1]))
    return tuple(
        Edge(
            names[before],
            names[after],
            queue.n,
            after <= before,
            queue.p50.seconds if flow.knows_work and queue.p50 else None,
        )
        for before, after, queue in found
    )


def _visits(flow: Flow, selection: Selection) -> Any:
    return flow.visits if selection.is_everything else flow.visits.semi_join(selected(flow, selection), "item")


def _counts(before: Any, wait: str) -> dict[int, Counter[str]]:
    """Counts and sums per step; visits per team beside them, under `team` and its code."""
    first = before.nth_visit == 1
    rows = before.group_by("step", "team").agg(
        n=before.count(),
        n_items=first.sum(),
        wait=before[wait].sum(where=before.is_delivered),
        lead=before.lead.sum(),
        n_handed_on=before.item_handed_on.sum(),
        n_came_back=before.item_came_back.sum(),
        n_automated=(before.is_automated == 1).sum(),
        n_known_automated=(before.is_automated != NOTHING).sum(),
        n_handoffs=before.is_handoff.sum(),
        n_after_another=(before.previous_step != NOTHING).sum(),
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows.to_pyarrow().to_pylist():
        counts[row["step"]].update({name: int(row[name] or 0) for name in row if name not in ("step", "team")})
        counts[row["step"]][f"team {row['team']}"] = row["n"]
    return counts


def _main_team(row: Counter[str]) -> tuple[int, int, int] | None:
    """The team with most visits of a step, their number, and that of all visits with a team."""
    teams = {int(name[5:]): n for name, n in row.items() if name.startswith("team ")}
    teams.pop(NOTHING, None)
    best = max(teams, key=lambda team: (teams[team], -team), default=None)
    return None if best is None else (best, teams[best], sum(teams.values()))


def _people(flow: Flow, selection: Selection) -> dict[int, int] | None:
    if not flow.about.people:
        return None
    if selection.is_everything:
        return dict(enumerate(flow.about.people_of_steps))
    spans = flow.spans.filter(flow.spans.person != NOTHING).semi_join(selected(flow, selection), "item")
    pairs = spans.select("step", "person").distinct().to_pyarrow()
    return Counter(pairs["step"].to_pylist())


def _open(flow: Flow, selection: Selection) -> dict[int, int]:
    items = selected(flow, selection, instant=None)
    items = items.filter(is_open(items))
    rows = items.group_by("last_step").agg(n=items.count()).to_pyarrow().to_pylist()
    return {row["last_step"]: row["n"] for row in rows}


def _automation(flow: Flow, row: Counter[str]) -> Share | Absent:
    if not flow.has("is_automated"):
        return Absent("the log does not say which work is automated; map a column to is_automated")
    return Share(row["n_automated"], row["n_known_automated"])
