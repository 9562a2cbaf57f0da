"""Moves that change who decides: auto-approve, delegate an approval."""

from dataclasses import replace
from datetime import timedelta

from millrace.model.state import WaitReason
from millrace.simulate.distribution import constant
from millrace.simulate.moves.segment import changed, marked, refuse_unknown_team, step_called
from millrace.simulate.moves.steps import handed_to
from millrace.simulate.simulated_stream import (
    EVERYWHERE,
    SimulatedStep,
    SimulatedStream,
    Where,
    Work,
    WorkRule,
)


def auto_approve(
    stream: SimulatedStream, step: str, *, where: Where = EVERYWHERE, share_ratio: float = 1.0
) -> SimulatedStream:
    """Have a rule decide at once: the step's waits, batches and work fall away, its decisions stay."""
    called = f"auto_approve {step}"
    steps = step_called(stream, step, called)
    stream, concerned, others = marked(stream, called, where, share_ratio)
    by_rule = WorkRule((Work(constant(0), is_automated=True),), concerned)
    for each in steps:
        waits = tuple(replace(wait, where={**wait.where, **others}) for wait in each.waits)
        batches = tuple(replace(batch, where={**batch.where, **others}) for batch in each.batches)
        stream = changed(stream, replace(each, waits=waits, batches=batches, work=(by_rule, *each.work)))
    return stream


def delegate_approval(
    stream: SimulatedStream,
    step: str,
    to: str,
    *,
    where: Where = EVERYWHERE,
    share_ratio: float = 1.0,
    process_time: timedelta | None = None,
) -> SimulatedStream:
    """Have a team decide, in `process_time` (as long as today without): no wait for the approval, no schedule."""
    called = f"delegate_approval {step}"
    steps = step_called(stream, step, called)
    refuse_unknown_team(stream, to, called)
    stream, concerned, others = marked(stream, called, where, share_ratio)
    return changed(
        stream, *(_without_approval(handed_to(each, to, concerned, others, process_time), others) for each in steps)
    )


def _without_approval(step: SimulatedStep, others: Where) -> SimulatedStep:
    ended = (WaitReason.APPROVAL, WaitReason.SCHEDULE)
    return replace(
        step,
        waits=tuple(
            replace(wait, where={**wait.where, **others}) if wait.reason in ended else wait for wait in step.waits
        ),
        batches=tuple(replace(batch, where={**batch.where, **others}) for batch in step.batches),
    )
