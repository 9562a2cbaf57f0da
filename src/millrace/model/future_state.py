"""A future state as a stream of its own: the current one with the changes that the future state names."""

from millrace.errors import MillraceError
from millrace.model.value_stream import Estimate, FutureState, Route, Step, ValueStream


class UnknownFutureState(MillraceError):
    """The stream has no future state of that name."""

    slug = "unknown-future-state"

    def __init__(self, stream: ValueStream, called: str) -> None:
        """Name the future states that there are."""
        there_are = ", ".join(f"“{future.name}”" for future in stream.future_states) or "none"
        super().__init__(f"“{stream.name}” has no future state “{called}”; there is {there_are}.")


def future_stream(stream: ValueStream, called: str) -> ValueStream:
    """Return the stream as the named future state has it.

    Of a changed estimate only the figures that it gives replace those of today. Routes to a step that falls away
    lead to the next one that stays. Raises UnknownFutureState.
    """
    future = next((future for future in stream.future_states if future.name == called), None)
    if future is None:
        raise UnknownFutureState(stream, called)
    kept = [step for step in stream.steps if step.name not in future.leaves_out]
    instead = {step.name: _instead(step.name, stream, future) for step in stream.steps}
    steps = tuple(_changed(step, future, instead) for step in kept)
    value = stream.value
    if value.after is not None and instead[value.after] != value.after:
        value = value.model_copy(update={"after": _last_before(value.after, stream, future)})
    return stream.model_copy(update={"steps": steps, "value": value})


def _instead(step: str, stream: ValueStream, future: FutureState) -> str | None:
    """The step itself, or the next in order that stays."""
    names = [each.name for each in stream.steps]
    return next((name for name in names[names.index(step) :] if name not in future.leaves_out), None)


def _last_before(step: str, stream: ValueStream, future: FutureState) -> str | None:
    names = [each.name for each in stream.steps]
    before = reversed(names[: names.index(step)])
    return next((name for name in before if name not in future.leaves_out), None)


def _changed(step: Step, future: FutureState, instead: dict[str, str | None]) -> Step:
    routes = []
    for route in future.routes.get(step.name, step.routes):
        to = instead[route.to]
        if to is not None:
            routes.append(Route(**{**dict(route), "to": to}))
    estimate = step.estimate
    if step.name in future.estimates:
        changes = future.estimates[step.name].model_dump(exclude_unset=True, mode="python")
        today = step.estimate.model_dump(exclude_unset=True) if step.estimate else {}
        estimate = Estimate.model_validate({**today, **changes})
    return step.model_copy(update={"estimate": estimate, "routes": tuple(routes)})
