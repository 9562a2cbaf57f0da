"""Conditions on a stretch of an item's life: what holds while it lasts."""

from pydantic import model_validator

from millrace.model.part import Part
from millrace.model.state import Side, State, WaitReason


class Held(Part):
    """What holds in a span: all given conditions do; within one, any listed value does.

    `step`, `team` and `activity` are patterns as those of `Match`; an activity is what the event said that opened the
    span: by its activity, or its status where it has none.
    """

    state: tuple[State, ...] = ()
    wait_reason: tuple[WaitReason, ...] = ()
    side: tuple[Side, ...] = ()
    step: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    activity: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, given: object) -> object:
        """A single value may be written without a list."""
        if not isinstance(given, dict):
            return given
        return {name: (value,) if isinstance(value, str) else value for name, value in given.items()}

    @model_validator(mode="after")
    def _says_something(self) -> "Held":
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError("name at least one of state, wait_reason, side, step, team or activity")
        return self
