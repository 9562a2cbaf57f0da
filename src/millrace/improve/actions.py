"""Actions of a plan as improvements of the stream, so that they can be followed up there."""

from datetime import timedelta

from millrace.improve.action_plan import Action, ActionPlan
from millrace.model.improvement import Expectation, Improvement, ImprovementKind
from millrace.model.value_stream import FutureState, ValueStream

_KINDS = {
    "eliminate": ImprovementKind.ELIMINATE,
    "reduce_demand": ImprovementKind.ELIMINATE,
    "automate": ImprovementKind.AUTOMATE,
    "auto_approve": ImprovementKind.AUTOMATE,
    "shift_left": ImprovementKind.SHIFT_LEFT,
    "delegate_approval": ImprovementKind.SHIFT_LEFT,
    "route_directly": ImprovementKind.ROUTE,
    "pool_teams": ImprovementKind.ROUTE,
    "escalate_after": ImprovementKind.ESCALATE,
    "raise_entry_quality": ImprovementKind.TEACH,
}


def with_actions(stream: ValueStream, future: FutureState, plan: ActionPlan) -> ValueStream:
    """The stream with the plan's actions among its improvements; those of the same name keep what only people know."""
    known = {each.name: each for each in stream.improvements}
    is_own = any(each.name == future.name for each in stream.future_states)
    made = {
        each.move.called: _improvement(stream, future.name if is_own else None, plan, each) for each in plan.actions
    }
    merged = {name: _merged(known.get(name), each) for name, each in made.items()}
    kept = tuple(merged.pop(each.name, each) for each in stream.improvements)
    return stream.model_copy(update={"improvements": (*kept, *merged.values())})


def _improvement(stream: ValueStream, future: str | None, plan: ActionPlan, action: Action) -> Improvement:
    step = getattr(action.move, "step", None)
    is_step = any(each.name == step for each in stream.steps)
    return Improvement(
        name=action.move.called,
        kind=_KINDS.get(action.move.move, ImprovementKind.SHORTEN),
        steps=(step,) if step and is_step else (),
        owner=action.move.owner,
        future_state=future,
        expects=_expects(plan, action),
    )


def _expects(plan: ActionPlan, action: Action) -> tuple[Expectation, ...]:
    """Only the mean lead time is both a measure of the stream and told by the plan in the same words."""
    if plan.measure != "lead_time_mean" or action.gain.low <= 0:
        return ()
    before, after = (timedelta(seconds=round(each.mean)) for each in (action.before, action.after))
    return (Expectation(measure="lead_time", baseline=before, target=after),)


def _merged(known: Improvement | None, made: Improvement) -> Improvement:
    if known is None:
        return made
    changes = {"owner": made.owner or known.owner, "kind": made.kind, "steps": made.steps, "expects": made.expects}
    return known.model_copy(update={**changes, "future_state": made.future_state or known.future_state})
