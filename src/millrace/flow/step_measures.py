"""Measures of each step: what its data box on the map and its row in a table say."""

from dataclasses import dataclass

from millrace.flow.summary import Absent, DurationSummary, Share


@dataclass(frozen=True)
class StepMeasures:
    """One step, over the visits that began before value. Durations are per visit.

    `process_time` and `wait_time` are Absent where the log cannot tell working from waiting.
    `delay` is this step's wait of all wait before value. `complete_and_accurate` is derived (see the glossary).
    `n_waiting_now` counts open items waiting in the step at the log's end; `mean_waiting` is their mean number over
    the period (total wait ÷ period). `people` is the number of distinct persons seen, None where persons are unknown.
    """

    step: str
    n_visits: int
    n_items: int
    visits_per_month: float
    lead_time: DurationSummary
    process_time: DurationSummary | Absent
    wait_time: DurationSummary | Absent
    delay: Share | Absent
    rework: Share
    complete_and_accurate: Share
    automation: Share | Absent
    n_waiting_now: int
    mean_waiting: float | None
    people: int | None
    main_team: str | None
    team_share: Share | None
    handed_off: Share
    """Visits that began with a change of team, of all visits with a step before."""


@dataclass(frozen=True)
class Edge:
    """Visits of `to_step` that directly follow visits of `from_step`; `is_rework` where it leads back."""

    from_step: str
    to_step: str
    n: int
    n_items: int
    is_rework: bool
    wait_p50_seconds: float | None
    """Median wait at the start of the visit that follows, before work on it began; None where unknown."""
