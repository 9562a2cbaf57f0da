"""The map of a stream as people drew it, and of a future state against today: every figure is an estimate.

Boxes show one visit. Ladder and totals follow the main path up to value, so that the rungs add up to the lead time.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from math import isclose

from millrace.draw.designed_stages import DesignedStages, DrawnRoute, PlacedStep, designed_stages
from millrace.draw.figures import show_ratio
from millrace.draw.map_picture import (
    Burst,
    Figure,
    MapPicture,
    MapState,
    MapStep,
    Outcome,
    Queue,
    Requester,
    ReworkRoute,
    Rung,
    SkipRoute,
    Stage,
    Totals,
)
from millrace.model.absent import Absent, given
from millrace.model.designed_state import DesignedState, designed_state, handoffs
from millrace.model.designed_step import DesignedStep
from millrace.model.future_state import future_stream
from millrace.model.improvement import Improvement
from millrace.model.value_stream import Estimate, ValueStream
from millrace.report.wording import noun_in

CLOCK_NOTE = "Elapsed time: 1 d is 24 h."
NOBODY_SAID = "nobody said"


def designed_map(stream: ValueStream) -> MapPicture:
    """The picture of `stream` by its estimates. Raises EndlessStream where items never get out of a loop."""
    picture = _picture(_Drawn.of(stream), None)
    return replace(picture, footnotes=(*picture.footnotes, *improvement_notes(stream.improvements)))


def future_map(stream: ValueStream, future_name: str) -> MapPicture:
    """A future state against today: every figure that changes stands beside what it is now.

    Raises UnknownFutureState, or EndlessStream.
    """
    future = future_stream(stream, future_name)
    named = next(each for each in stream.future_states if each.name == future_name)
    improvements = tuple(each for each in stream.improvements if each.future_state == future_name)
    drawn = _Drawn.of(future.model_copy(update={"improvements": improvements}))
    picture = _picture(drawn, _Drawn.of(stream))
    gone = ", ".join(f"“{name}”" for name in named.leaves_out)
    falls = (f"{gone} {'falls' if len(named.leaves_out) == 1 else 'fall'} away.",) if gone else ()
    return replace(
        picture,
        state=MapState.FUTURE,
        subtitle=f"{named.name}: {named.description}" if named.description else named.name,
        footnotes=(*falls, *picture.footnotes, *improvement_notes(improvements)),
    )


@dataclass(frozen=True)
class _Drawn:
    """A stream with its figures and its place on the map."""

    stream: ValueStream
    state: DesignedState
    stages: DesignedStages
    steps: dict[str, DesignedStep]

    @classmethod
    def of(cls, stream: ValueStream) -> "_Drawn":
        state = designed_state(stream)
        return cls(stream, state, designed_stages(stream), {step.name: step for step in state.steps})


def _picture(drawn: _Drawn, before: _Drawn | None) -> MapPicture:
    stream, columns = drawn.stream, drawn.stages.columns
    ids = {placed.step.name: f"step-{placed.number}" for column in columns for placed in column}
    volume = given(stream.demand.volume_per_month, "no volume of demand is given")
    volume_before = before.stream.demand.volume_per_month if before else None
    return MapPicture(
        title=stream.shown_name,
        stages=tuple(
            Stage(
                tuple(_step(placed, drawn, before) for placed in column),
                is_parallel=len(column) > 1 and all(placed.is_parallel for placed in column),
            )
            for column in columns
        ),
        state=MapState.DESIGNED,
        subtitle=stream.description,
        requester=Requester(
            stream.demand.description or "Demand",
            None if isinstance(volume, Absent) else _figure(volume, volume_before),
            noun_in(f"{stream.archetype or ''} {stream.name}").many,
        ),
        outcome=Outcome(stream.value.description or "Value delivered"),
        rework=tuple(
            ReworkRoute(ids[each.from_step], ids[each.to_step], each.share_ratio, each.label, _before(each, before))
            for each in drawn.stages.rework
        ),
        skips=tuple(
            SkipRoute(ids[each.from_step], ids[each.to_step], each.share_ratio, each.label, _before(each, before))
            for each in drawn.stages.skips
        ),
        rungs=_rungs(drawn),
        totals=_totals(drawn, before),
        clock_note=CLOCK_NOTE,
        footnotes=_footnotes(drawn),
    )


def _step(placed: PlacedStep, drawn: _Drawn, before: _Drawn | None) -> MapStep:
    step = placed.step
    now = drawn.steps[step.name]
    was = before.steps.get(step.name) if before else None
    estimate = step.estimate or Estimate()
    old = _estimate_of(step.name, before)
    box = MapStep(
        id=f"step-{placed.number}",
        number=placed.number,
        name=step.name,
        practice=", ".join(step.practices[:1] or step.value_chain_activities[:1]),
        team=step.team or "",
        system=step.system or "",
        value_class=step.value_class,
        is_automated=estimate.automation_ratio == 1,
        share_ratio=placed.share_ratio,
        queue=_queue(placed, estimate, old),
        process_time=_seen(now.process_time, was.process_time if was else None),
        inside_wait=_seen(_inside_wait(estimate), _inside_wait(old) if was else None),
        complete_and_accurate=_seen(now.complete_and_accurate_ratio, was.complete_and_accurate_ratio if was else None),
        volume_per_month=_seen(now.volume_per_month, was.volume_per_month if was else None),
        people=_seen(given(estimate.people, NOBODY_SAID), old.people),
        automation=_seen(now.automation_ratio, was.automation_ratio if was else None),
        bursts=tuple(
            Burst(str(number), improvement.name)
            for number, improvement in enumerate(drawn.stream.improvements, start=1)
            if step.name in improvement.steps
        ),
    )
    return replace(box, is_changed=before is not None and (was is None or _has_changed(box)))


def _estimate_of(step: str, before: _Drawn | None) -> Estimate:
    steps = before.stream.steps if before else ()
    return next((each.estimate for each in steps if each.name == step and each.estimate), Estimate())


def _inside_wait(estimate: Estimate) -> timedelta | Absent:
    """The wait inside; left out beside a queue, there is none."""
    if estimate.inside_wait_time is None and estimate.queue_time is not None:
        return timedelta()
    return given(estimate.inside_wait_time, "no waiting is estimated")


def _queue(placed: PlacedStep, now: Estimate, was: Estimate) -> Queue | None:
    """What waits before a step; None where nothing does, or did, and the team stays."""
    wait = _seen(given(now.queue_time, NOBODY_SAID), was.queue_time) if now.queue_time or was.queue_time else None
    waiting = _seen(given(now.n_waiting, NOBODY_SAID), was.n_waiting)
    return Queue(waiting, wait, placed.is_handoff) if wait or waiting or placed.is_handoff else None


def _seen(now: float | timedelta | Absent, was: float | timedelta | Absent | None = None) -> Figure | None:
    """A figure that somebody gave, now or before; None where nobody did."""
    if isinstance(now, Absent) and (was is None or isinstance(was, Absent)):
        return None
    return _figure(now, was)


def _figure(now: float | timedelta | Absent, was: float | timedelta | Absent | None = None) -> Figure:
    """An estimate, with what it was before where that is something else."""
    before = None if was is None or isinstance(was, Absent) else _plain(was)
    if isinstance(now, Absent):
        return Figure(None, before=before, reason=now.reason)
    is_same = before is not None and isclose(before, _plain(now))
    return Figure(_plain(now), is_estimated=True, before=None if is_same else before)


def _plain(amount: float | timedelta) -> float:
    return amount.total_seconds() if isinstance(amount, timedelta) else amount


def _has_changed(step: MapStep) -> bool:
    shown = [*vars(step).values(), *(vars(step.queue).values() if step.queue else ())]
    return any(isinstance(figure, Figure) and figure.before is not None for figure in shown)


def _before(route: DrawnRoute, before: _Drawn | None) -> float | None:
    """The route's share before, where it was another; none for a route that is new."""
    routes = (*before.stages.rework, *before.stages.skips) if before else ()
    same = (each for each in routes if (each.from_step, each.to_step) == (route.from_step, route.to_step))
    share = next((each.share_ratio for each in same), None)
    return None if share is None or isclose(share, route.share_ratio) else share


def _rungs(drawn: _Drawn) -> tuple[Rung, ...]:
    """A rung for each stage; one off the main path, or after value, is empty. No ladder where no time is known."""
    rungs = [_rung(drawn.steps[column[0].step.name]) for column in drawn.stages.columns]
    known = [figure.value for rung in rungs for _, figure in rung.stretches]
    return tuple(rungs) if any(value is not None for value in known) else ()


def _rung(step: DesignedStep) -> Rung:
    if not step.on_main_path:
        return Rung()
    waits = step.wait_time != timedelta()
    return Rung(_figure(step.wait_time) if waits else None, _figure(step.process_time))


def _totals(drawn: _Drawn, before: _Drawn | None) -> Totals:
    now, was = drawn.state, before.state if before else None
    n_handoffs = Figure(now.n_handoffs, note=_handoff_note(drawn))
    if was and was.n_handoffs != now.n_handoffs:
        n_handoffs = replace(n_handoffs, before=was.n_handoffs)
    return Totals(
        _figure(now.lead_time, was.lead_time if was else None),
        _figure(now.process_time, was.process_time if was else None),
        _figure(now.flow_efficiency_ratio, was.flow_efficiency_ratio if was else None),
        _figure(now.rolled_complete_and_accurate_ratio, was.rolled_complete_and_accurate_ratio if was else None),
        n_handoffs,
    )


def _handoff_note(drawn: _Drawn) -> str:
    return ", ".join(f"{a} → {b}" for a, b in handoffs(drawn.stream, drawn.state.main_path))


def _footnotes(drawn: _Drawn) -> tuple[str, ...]:
    numbers = {placed.step.name: placed.number for column in drawn.stages.columns for placed in column}
    path = [numbers[name] for name in drawn.state.main_path]
    notes = [f"Boxes: one visit. Ladder and totals: the main path up to value, steps {_listed(path)}."] if path else []
    leaving = [
        f"{show_ratio(step.leaves_ratio)} in step {numbers[step.name]}"
        for step in drawn.stream.steps
        if step.leaves_ratio
    ]
    if leaving:
        notes.append(f"Items that end without value: {_listed(leaving)}.")
    return tuple(notes)


def improvement_notes(improvements: tuple[Improvement, ...]) -> tuple[str, ...]:
    """The numbered marks of improvements in words."""
    told = "; ".join(f"{number} {each.name}" for number, each in enumerate(improvements, start=1))
    return (f"Improvements: {told}.",) if told else ()


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
