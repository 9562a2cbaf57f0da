"""Findings on the map: a burst where each of the biggest holds, with the number that it bears in the report."""

from dataclasses import replace

from millrace.diagnose.findings.finding import Finding, Findings
from millrace.draw.charts.waste_pareto import BIGGEST, named
from millrace.draw.map_picture import Burst, MapPicture, MapStep, Queue, Stage
from millrace.model.state import WaitReason


def with_bursts(picture: MapPicture, found: Findings, *, href: str = "") -> MapPicture:
    """The picture with the biggest findings at their steps, or at the queue before where they are about waiting there.

    With `href`, a burst leads to that address with the finding's number put in, such as `#finding-{}`.
    """
    marks = [(each, _burst(number, each, href)) for number, each in enumerate(found.findings[:BIGGEST], 1)]
    stages = tuple(
        Stage(tuple(_marked(step, marks) for step in stage.steps), stage.is_parallel) for stage in picture.stages
    )
    return replace(picture, stages=stages)


def _burst(number: int, finding: Finding, href: str) -> Burst:
    hours = f"{round(finding.stake.hours_per_month):,} h a month"
    return Burst(str(number), f"{named(finding)} ({hours})", href.format(number) if href else None)


def _marked(step: MapStep, marks: list[tuple[Finding, Burst]]) -> MapStep:
    here = [(finding, burst) for finding, burst in marks if _step_of(finding) == step.name]
    waits = tuple(burst for finding, burst in here if step.queue is not None and _is_about_queue(finding))
    others = tuple(burst for finding, burst in here if burst not in waits)
    queue = step.queue
    if isinstance(queue, Queue) and waits:
        queue = replace(queue, bursts=(*queue.bursts, *waits))
    return replace(step, queue=queue, bursts=(*step.bursts, *others))


def _step_of(finding: Finding) -> str | None:
    """The step that a finding is marked at: its place, else where most of its time lies."""
    return finding.place.to_step or finding.place.step or finding.main_step


def _is_about_queue(finding: Finding) -> bool:
    return finding.place.reason is WaitReason.QUEUE or finding.kind == "slow_transition"
