"""Steps of a stream added, changed, moved and removed, so that whatever names them goes along."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.value_stream import ValueStream
from millrace.model.yaml_problem import told_at

Place = tuple[str | int, ...]
Plain = dict[str, Any]
"""A stream, or a part of one, as its file would hold it."""


class ChangeRefused(MillraceError):
    """What was asked for would make the stream contradict itself. `problems` tell what is wrong at which place."""

    slug = "change-refused"

    def __init__(self, problems: dict[Place, str]) -> None:
        """Tell all of it."""
        told = "; ".join(dict.fromkeys(problems.values()))
        super().__init__(f"{told[:1].upper()}{told[1:]}.")
        self.problems = problems


class NoSuchStepToChange(MillraceError):
    """A stream has no step of this number."""

    slug = "no-such-step-to-change"

    def __init__(self, number: int, stream: ValueStream) -> None:
        """Say how many there are."""
        n_steps = len(stream.steps)
        super().__init__(f"There is no step {number} in “{stream.shown_name}”; it has {n_steps}.")


def plain(stream: ValueStream) -> Plain:
    """The stream as its file would hold it."""
    return stream.model_dump(mode="json", exclude_unset=True)


def stream_of(tree: Plain) -> ValueStream:
    """The stream that a tree stands for. Raises ChangeRefused."""
    try:
        return ValueStream.model_validate(tree)
    except ValidationError as refused:
        raise ChangeRefused(told_at(refused, tree, ValueStream)) from refused


def add_step(stream: ValueStream, step: Plain, *, after: int) -> ValueStream:
    """The stream with a further step behind step `after` (0: in front of all). Raises ChangeRefused."""
    tree = plain(stream)
    tree.setdefault("steps", []).insert(after, step)
    return stream_of(tree)


def change_step(stream: ValueStream, number: int, step: Plain) -> ValueStream:
    """The stream with step `number` as `step` says; a new name is taken over wherever the step is named.

    Raises NoSuchStepToChange, ChangeRefused.
    """
    old, tree = _name(stream, number), plain(stream)
    tree["steps"][number - 1] = step
    new = step.get("name")
    if new and new != old and new not in {each.name for each in stream.steps}:
        _each_name(tree, lambda name: new if name == old else name)
    return stream_of(tree)


def remove_step(stream: ValueStream, number: int) -> ValueStream:
    """The stream without step `number`, nor whatever is about it alone. Raises NoSuchStepToChange."""
    gone, tree = _name(stream, number), plain(stream)
    del tree["steps"][number - 1]
    _each_name(tree, lambda name: None if name == gone else name)
    return stream_of(tree)


def move_step(stream: ValueStream, number: int, *, by: int) -> ValueStream:
    """The stream with step `number` so many places further on, or back; at an end it stays there.

    Raises NoSuchStepToChange.
    """
    _name(stream, number)
    steps = list(stream.steps)
    step = steps.pop(number - 1)
    steps.insert(min(max(number - 1 + by, 0), len(steps)), step)
    return stream.model_copy(update={"steps": tuple(steps)})


def _name(stream: ValueStream, number: int) -> str:
    if not 1 <= number <= len(stream.steps):
        raise NoSuchStepToChange(number, stream)
    return stream.steps[number - 1].name


_Names = Callable[[str], str | None]
"""What a step is called from now on; None where it is gone."""


def _each_name(tree: Plain, names: _Names) -> None:
    """Put other names in every place that names a step; what is about a step that is gone goes too."""
    for step in tree.get("steps", ()):
        _of_routes(step, names)
    _of_one(tree.get("value", {}), "after", names)
    for part in ("measures", "targets"):
        _of_parts(tree, part, names)
    for improvement in tree.get("improvements", ()):
        _of_several(improvement, "steps", names)
        _of_parts(improvement, "expects", names)
    for future in tree.get("future_states", ()):
        _of_future(future, names)


def _of_future(future: Plain, names: _Names) -> None:
    for part in ("estimates", "routes"):
        held = {names(name): value for name, value in future.get(part, {}).items()}
        if part in future:
            future[part] = {name: value for name, value in held.items() if name is not None}
    for routes in future.get("routes", {}).values():
        routes[:] = [{**route, "to": to} for route in routes if (to := names(route["to"])) is not None]
    _of_several(future, "leaves_out", names)
    if "moves" in future:
        future["moves"] = [each for move in future["moves"] if (each := _of_move(move, names)) is not None]


def _of_move(move: Plain, names: _Names) -> Plain | None:
    about = ("to", "after") if move["move"] == "route_directly" else ("step",)
    named = {key: names(move[key]) for key in about if move.get(key) is not None}
    return None if None in named.values() else {**move, **named}


def _of_routes(step: Plain, names: _Names) -> None:
    if "routes" in step:
        step["routes"] = [{**route, "to": to} for route in step["routes"] if (to := names(route["to"])) is not None]


def _of_one(part: Plain, key: str, names: _Names) -> None:
    if part.get(key) is not None:
        part[key] = names(part[key])


def _of_several(part: Plain, key: str, names: _Names) -> None:
    if key in part:
        part[key] = [name for old in part[key] if (name := names(old)) is not None]


def _of_parts(tree: Plain, key: str, names: _Names) -> None:
    """Parts that may be about one step: those about a step that is gone go too."""
    kept = []
    for part in tree.get(key, ()):
        about = part.get("step")
        name = None if about is None else names(about)
        if about is None or name is not None:
            kept.append({**part, "step": name} if about is not None else part)
    if key in tree:
        tree[key] = kept
