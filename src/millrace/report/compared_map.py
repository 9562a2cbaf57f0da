"""Designed against measured on one map: the layout that people drew, with what the log says in it.

Where both know a figure, the measured one stands for it and the estimate beside it, marked “≈”; where only people know
one, it stands as an estimate. Routes that people drew carry both shares; routes that only the log knows say so.
"""

from dataclasses import replace

from millrace.draw.map_picture import (
    Figure,
    MapPicture,
    MapState,
    MapStep,
    Queue,
    Requester,
    ReworkRoute,
    Rung,
    SkipRoute,
    Stage,
    Totals,
)
from millrace.model.absent import Absent
from millrace.model.designed_step import lead_time, wait_time
from millrace.model.value_stream import Step, ValueStream
from millrace.report.designed_map import designed_map, improvement_notes

NOT_DRAWN = "not drawn"


def compared_map(stream: ValueStream, measured: MapPicture) -> MapPicture:
    """The picture of `stream` as drawn, with the figures of `measured`: the current state of a log cut by it.

    Raises EndlessStream where items never get out of a loop.
    """
    drawn = designed_map(stream)
    has_findings = any(step.bursts for step in measured.steps)
    found = {step.name: step for step in measured.steps}
    steps = {step.name: step for step in stream.steps}
    stages = tuple(
        replace(
            stage,
            steps=tuple(_step(step, steps[step.name], found.get(step.name), has_findings) for step in stage.steps),
        )
        for stage in drawn.stages
    )
    ids = {step.id: here.id for step in measured.steps for here in drawn.steps if here.name == step.name}
    return replace(
        drawn,
        stages=stages,
        state=MapState.COMPARED,
        subtitle=measured.subtitle,
        requester=_requester(drawn.requester, measured.requester),
        rework=_rework(drawn, measured, ids),
        skips=_skips(drawn, measured, ids),
        rungs=_rungs(drawn.stages, measured),
        totals=_totals(drawn.totals, measured.totals),
        hours_per_day=measured.hours_per_day,
        clock_note=measured.clock_note,
        footnotes=(
            "Estimates (≈) are of one visit, on the elapsed clock.",
            *measured.footnotes,
            *(() if has_findings else improvement_notes(stream.improvements)),
        ),
    )


def _step(drawn: MapStep, step: Step, found: MapStep | None, has_findings: bool) -> MapStep:
    """A box: measured where the log has the step, as drawn where it has not; findings take the improvements' place."""
    wait, lead = wait_time(step), lead_time(step)
    drawn = replace(
        drawn,
        inside_wait=None,
        wait_time=None if isinstance(wait, Absent) else Figure(wait.total_seconds(), is_estimated=True),
        lead_time=None if isinstance(lead, Absent) else Figure(lead.total_seconds(), is_estimated=True),
    )
    if found is None:
        return replace(drawn, lead_time=None)
    return replace(
        drawn,
        # Where the log cannot divide the time in a step, the undivided time is what compares.
        lead_time=_compared(drawn.lead_time, found.lead_time) if found.lead_time else None,
        process_time=_compared(drawn.process_time, found.process_time),
        wait_time=_compared(drawn.wait_time, found.wait_time),
        complete_and_accurate=_compared(drawn.complete_and_accurate, found.complete_and_accurate),
        volume_per_month=_compared(drawn.volume_per_month, found.volume_per_month),
        people=_compared(drawn.people, found.people),
        automation=_compared(drawn.automation, found.automation),
        queue=_queue(drawn.queue, found.queue),
        bursts=found.bursts if has_findings else drawn.bursts,
        href=found.href,
    )


def _compared(drawn: Figure | None, found: Figure | None) -> Figure | None:
    """The measured figure with the estimate beside it; the estimate alone where nothing is measured."""
    if drawn is None or drawn.value is None:
        return found
    if found is not None and found.is_estimated:
        return found
    if found is None or found.value is None:
        return replace(drawn, note=found.reason) if found else drawn
    return replace(found, estimated=drawn.value)


def _queue(drawn: Queue | None, found: Queue | None) -> Queue | None:
    if drawn is None or found is None:
        return found or drawn
    return Queue(
        _compared(drawn.n_waiting, found.n_waiting), _compared(drawn.wait, found.wait), found.is_handoff, found.bursts
    )


def _requester(drawn: Requester | None, found: Requester | None) -> Requester | None:
    if drawn is None or found is None:
        return drawn
    return replace(drawn, volume_per_month=_compared(drawn.volume_per_month, found.volume_per_month), noun=found.noun)


def _rework(drawn: MapPicture, measured: MapPicture, ids: dict[str, str]) -> tuple[ReworkRoute, ...]:
    found = {(ids[route.from_step], ids[route.to_step]): route.share_ratio for route in measured.rework}
    both = tuple(
        replace(route, share_ratio=found.pop((route.from_step, route.to_step), None), estimated_ratio=route.share_ratio)
        for route in drawn.rework
    )
    return (*both, *(ReworkRoute(*ends, share, NOT_DRAWN) for ends, share in found.items()))


def _skips(drawn: MapPicture, measured: MapPicture, ids: dict[str, str]) -> tuple[SkipRoute, ...]:
    """Skips of the log that pass over a column here; one that leads to the next is simply the way that was drawn."""
    stage_of = {step.id: at for at, stage in enumerate(drawn.stages) for step in stage.steps}
    found = {(ids[route.from_step], ids[route.to_step]): route.share_ratio for route in measured.skips}
    both = tuple(
        replace(route, share_ratio=found.pop((route.from_step, route.to_step), None), estimated_ratio=route.share_ratio)
        for route in drawn.skips
    )
    unforeseen = tuple(
        SkipRoute(*ends, share, NOT_DRAWN) for ends, share in found.items() if stage_of[ends[1]] > stage_of[ends[0]] + 1
    )
    return (*both, *unforeseen)


def _rungs(stages: tuple[Stage, ...], measured: MapPicture) -> tuple[Rung, ...]:
    """The measured rungs: those of steps that share a column added up, so that all still make the mean lead time."""
    by_name = {
        stage.steps[0].name: rung for stage, rung in zip(measured.stages, measured.rungs, strict=False) if stage.steps
    }
    return tuple(
        _added([by_name[step.name] for step in stage.steps if step.name in by_name]) for stage in stages if by_name
    )


def _added(rungs: list[Rung]) -> Rung:
    if len(rungs) == 1:
        return rungs[0]
    return Rung(*(_sum([getattr(rung, part) for rung in rungs]) for part in ("waiting", "working", "undivided")))


def _sum(figures: list[Figure | None]) -> Figure | None:
    given = [figure for figure in figures if figure is not None]
    values = [figure.value for figure in given if figure.value is not None]
    if len(values) < len(given):
        return next(figure for figure in given if figure.value is None)
    return Figure(sum(values)) if values else None


def _totals(drawn: Totals | None, found: Totals | None) -> Totals | None:
    if drawn is None or found is None:
        return found
    return replace(
        found,
        lead_time=_compared(drawn.lead_time, found.lead_time),
        process_time=_compared(drawn.process_time, found.process_time),
        flow_efficiency=_compared(drawn.flow_efficiency, found.flow_efficiency),
        rolled_complete_and_accurate=_compared(drawn.rolled_complete_and_accurate, found.rolled_complete_and_accurate),
        n_handoffs=_compared(drawn.n_handoffs, found.n_handoffs),
    )
