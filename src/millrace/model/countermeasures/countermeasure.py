"""Countermeasures: what has helped against a waste elsewhere, when it fits, how to try it."""

from collections.abc import Collection
from functools import cache
from importlib.resources import files

from pydantic import Field, TypeAdapter

from millrace.model.part import Part
from millrace.model.state import WaitReason
from millrace.model.yaml_text import parse_yaml


class Countermeasure(Part):
    """Something to try against a waste.

    It fits a finding of one of its `kinds`; or one of its `wastes` where an item waits for one of its `reasons`. What
    has reasons does not fit where an item waits for another one.
    """

    name: str
    title: str
    wastes: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    reasons: tuple[WaitReason, ...] = ()
    condition: str = Field(description="When it is worth trying, and when not")
    usual_effect: str = Field(description="What it does where it works, in words")
    how_to_try: str = Field(description="The first small step, reversible")
    move: str = Field(description="What it becomes in a future state: a move (`millrace.model.move`)")


@cache
def countermeasures() -> tuple[Countermeasure, ...]:
    """The catalogue, in its order."""
    tree = parse_yaml((files(__package__) / "countermeasures.yaml").read_text("utf-8"))
    return TypeAdapter(tuple[Countermeasure, ...]).validate_python(tree["countermeasures"])


def countermeasure(name: str) -> Countermeasure:
    """The countermeasure of that name."""
    return next(each for each in countermeasures() if each.name == name)


def fitting(kind: str, wastes: Collection[str], reason: WaitReason | None = None) -> tuple[Countermeasure, ...]:
    """Those that fit a finding: first the ones that name its kind, the earlier the better; then the ones for its waste
    and reason to wait."""
    fit = [each for each in countermeasures() if reason is None or not each.reasons or reason in each.reasons]
    named = sorted((each for each in fit if kind in each.kinds), key=lambda each: each.kinds.index(kind))
    further = [
        each for each in fit if each not in named and reason in each.reasons and not set(wastes).isdisjoint(each.wastes)
    ]
    return (*named, *further)
