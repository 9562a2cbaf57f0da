"""Inconsistent figures: what is stated against what the steps' own estimates add up to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from millrace.diagnose.map_checks.check import Found, Subject, error, note, warning
from millrace.diagnose.map_checks.claims import Claim, Standing, claims, current_figures, exact_figure
from millrace.model.absent import Absent
from millrace.model.designed_state import DesignedState, designed_state, handoffs
from millrace.model.designed_step import DesignedStep
from millrace.model.duration import write_duration
from millrace.model.future_state import future_stream
from millrace.model.measure import measure_label
from millrace.model.ratio import show_ratio
from millrace.model.routing import EndlessStream, expected_visits

PITFALL = "inconsistent figures"
DURATION_TOLERANCE_RATIO = 0.1
"""A stated duration may differ from the reckoned one by this share of it: people round."""
SHARE_TOLERANCE_RATIO = 0.02
"""A stated share may differ by so many hundredths of the whole."""
COMPARABLE_STATISTICS = (None, "mean", "p50", "total")

Reckoned = float | timedelta | Absent | None


@dataclass(frozen=True)
class _Reading:
    """The rule that compares one measure with the drawing, and what to do where the stated figure differs."""

    rule: str
    remedy: str


_READINGS = {
    "lead_time": _Reading("lead-time-disagrees", "Look for a wait that nobody drew, or correct the stated lead time."),
    "process_time": _Reading(
        "process-time-disagrees",
        "If a step's time is mostly waiting inside the step, move that part to inside_wait_time; "
        "otherwise correct the stated process time.",
    ),
    "wait_time": _Reading(
        "wait-time-disagrees", "Say for each step how long items queue before it and wait inside it."
    ),
    "flow_efficiency": _Reading("flow-efficiency-disagrees", "Divide process time by lead time of the same path."),
    "share_of_delay": _Reading(
        "share-of-delay-disagrees",
        "A queue before a step, the work in it and a wait inside it are three things: "
        "give queue_time and inside_wait_time their parts of the delay.",
    ),
    "handoffs": _Reading(
        "handoffs-disagree",
        "A handoff is a change of the responsible team between consecutive steps of the main path; the requester's "
        "own steps do not count. Correct the teams or the stated number.",
    ),
    "automation_share": _Reading("automation-disagrees", "Correct automation_ratio of the steps, or the stated share."),
    "rework": _Reading(
        "rework-disagrees", "Draw the routes that lead back with their shares, or correct the stated share."
    ),
    "rolled_complete_and_accurate": _Reading(
        "rolled-accuracy-disagrees", "Multiply the steps' shares: 98 % at each of six steps is 89 % overall."
    ),
    "demand": _Reading("demand-disagrees", "Let demand: volume_per_month and the measure say the same."),
}


def _disagreement(measure: str) -> Callable[[Subject], Iterator[Found]]:
    """Make the look of one rule: every agreed figure of a measure against the drawing."""

    def look(subject: Subject) -> Iterator[Found]:
        if subject.designed is None:
            return
        for claim in current_figures(subject.stream):
            reckoned = _reckoned(claim, subject.designed) if claim.measure == measure else None
            if reckoned is None or isinstance(reckoned, Absent) or _agree(claim.figure, reckoned):
                continue
            yield Found(
                f"{claim.label[0].upper()}{claim.label[1:]}: {claim.shown} is stated, "
                f"but the steps come to {exact_figure(measure, reckoned)}.",
                _READINGS[measure].remedy,
                evidence=(claim.told, *_parts(claim, subject)),
                place=claim.place,
            )

    return look


def _reckoned(claim: Claim, designed: DesignedState) -> Reckoned:
    if claim.statistic not in COMPARABLE_STATISTICS:
        return None
    if claim.step is not None:
        step = next(step for step in designed.steps if step.name == claim.step)
        return _of_step(claim.measure, step)
    return _of_stream(claim.measure, designed)


def _of_stream(measure: str, designed: DesignedState) -> Reckoned:
    return {
        "lead_time": designed.lead_time,
        "process_time": designed.process_time,
        "wait_time": designed.wait_time,
        "flow_efficiency": designed.flow_efficiency_ratio,
        "handoffs": float(designed.n_handoffs),
        "automation_share": designed.automation_ratio,
        "rework": designed.rework_ratio,
        "rolled_complete_and_accurate": designed.rolled_complete_and_accurate_ratio,
        "demand": designed.volume_per_month,
    }.get(measure)


def _of_step(measure: str, step: DesignedStep) -> Reckoned:
    return {
        "lead_time": step.lead_time,
        "process_time": step.process_time,
        "wait_time": step.wait_time,
        "share_of_delay": step.share_of_delay,
        "automation_share": step.automation_ratio,
    }.get(measure)


def _agree(stated: float | timedelta, reckoned: float | timedelta) -> bool:
    if isinstance(stated, timedelta) and isinstance(reckoned, timedelta):
        return abs(stated - reckoned) <= DURATION_TOLERANCE_RATIO * reckoned
    if isinstance(stated, timedelta) or isinstance(reckoned, timedelta):
        return False
    if reckoned <= 1 and stated <= 1:
        return abs(stated - reckoned) <= SHARE_TOLERANCE_RATIO
    return abs(stated - reckoned) <= DURATION_TOLERANCE_RATIO * reckoned


def _parts(claim: Claim, subject: Subject) -> tuple[str, ...]:
    """What the reckoned figure is made of."""
    designed = subject.designed
    if designed is None:
        return ()
    if claim.measure == "handoffs":
        return tuple(f"{before} → {after}" for before, after in handoffs(subject.stream, designed.main_path))
    field = {"lead_time": "lead_time", "process_time": "process_time"}.get(claim.measure, "wait_time")
    if claim.measure not in ("lead_time", "process_time", "wait_time", "share_of_delay"):
        return ()
    parts = ((step.name, getattr(step, field)) for step in designed.steps if step.on_main_path)
    return tuple(f"“{name}”: {write_duration(part)}" for name, part in parts if part)


def _endless(subject: Subject) -> Iterator[Found]:
    try:
        expected_visits(subject.stream)
    except EndlessStream as endless:
        yield Found(
            endless.sentence,
            "Give one of them a route onward, or leaves_ratio.",
            evidence=("routes back take 100 % of the visits",),
            place=("steps",),
        )


def _overloaded(subject: Subject) -> Iterator[Found]:
    for (place, step), figures in zip(
        subject.steps(), subject.designed.steps if subject.designed else (), strict=False
    ):
        use = figures.utilisation_ratio
        if not isinstance(use, Absent) and use > 1:
            yield Found(
                f"“{step.name}” needs {show_ratio(use)} of the hours that its people have for it.",
                "Check people, availability_ratio and process_time; if they are right, a queue grows without end.",
                evidence=(f"{figures.volume_per_month:.0f} visits a month, capacity {figures.capacity_per_month:.0f}",),
                place=place,
            )


def _over_target_time(subject: Subject) -> Iterator[Found]:
    for (place, step), figures in zip(
        subject.steps(), subject.designed.steps if subject.designed else (), strict=False
    ):
        lead = figures.lead_time
        if step.target_time is not None and not isinstance(lead, Absent) and lead > step.target_time:
            yield Found(
                f"“{step.name}” takes {write_duration(lead)}; its target is {write_duration(step.target_time)}.",
                "Find the improvement that closes the gap, or question the target.",
                place=(*place, "target_time"),
            )


def _future_misses_target(subject: Subject) -> Iterator[Found]:
    """A future state whose own figures miss the target that it is meant to reach."""
    futures = {
        future.name: designed_state(future_stream(subject.stream, future.name))
        for future in subject.stream.future_states
        if subject.designed is not None
    }
    for claim in claims(subject.stream):
        if claim.standing is not Standing.TARGET or claim.future_state not in futures:
            continue
        reckoned = _reckoned(claim, futures[claim.future_state])
        if reckoned is None or isinstance(reckoned, Absent) or _agree(claim.figure, reckoned):
            continue
        yield Found(
            f"“{claim.future_state}” should bring {claim.label} to {claim.shown}, "
            f"but its steps come to {exact_figure(claim.measure, reckoned)}.",
            "Change the estimates of the future state, or the target.",
            evidence=(claim.told,),
            place=claim.place,
        )


CHECKS = (
    error("endless-loop", "Every item gets out of the stream", _endless),
    *(
        error(reading.rule, f"Figures stated for {measure_label(measure)} fit the steps", _disagreement(measure))
        for measure, reading in _READINGS.items()
    ),
    warning("overloaded-step", "People can do the work that arrives", _overloaded),
    warning("future-misses-target", "A future state reaches its targets", _future_misses_target),
    note("over-target-time", "Steps keep their target times", _over_target_time),
)
