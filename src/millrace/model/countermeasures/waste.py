"""The wastes of lean work, as they show in service management, and the four coarse ones over them."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from millrace.model.part import Part
from millrace.model.yaml_text import parse_yaml


class WasteGroup(StrEnum):
    """The coarse names under which a map collects wastes."""

    WAITING = "waiting"
    REWORK = "rework"
    HANDOFFS = "handoffs"
    MANUAL_STEPS = "manual_steps"


class Waste(Part):
    """A waste: its name in data, its title for people, what it is, and the coarse ones that it counts towards."""

    name: str
    title: str
    meaning: str
    groups: tuple[WasteGroup, ...] = ()


@cache
def wastes() -> tuple[Waste, ...]:
    """All wastes, in the order of their initials: DOWNTIME."""
    tree = parse_yaml((files(__package__) / "wastes.yaml").read_text("utf-8"))
    return TypeAdapter(tuple[Waste, ...]).validate_python(tree["wastes"])


def waste(name: str) -> Waste:
    """The waste of that name."""
    return next(each for each in wastes() if each.name == name)
