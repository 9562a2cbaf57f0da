"""What an item's time is made of: states, reasons to wait, whose time it is, and how well it is known."""

from enum import StrEnum


class State(StrEnum):
    """What is happening to an item while a span lasts."""

    NEW = "new"
    ACTIVE = "active"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    """The log cannot tell active from waiting (an activity log with ends only)."""


class WaitReason(StrEnum):
    """Why an item waits; `closing` is the time after value."""

    NONE = "none"
    QUEUE = "queue"
    REQUESTER = "requester"
    SUPPLIER = "supplier"
    APPROVAL = "approval"
    SCHEDULE = "schedule"
    UNSPECIFIED = "unspecified"
    CLOSING = "closing"


class Side(StrEnum):
    """Whose time a span is."""

    PROVIDER = "provider"
    REQUESTER = "requester"
    SUPPLIER = "supplier"


class Fidelity(StrEnum):
    """How a span's state is known."""

    MEASURED = "measured"
    """The log says so."""
    DERIVED = "derived"
    """It follows from a rule."""
    ESTIMATED = "estimated"
    """A figure from the map."""
    ASSUMED = "assumed"
    """A default."""


STATES: tuple[State, ...] = tuple(State)
"""States in the order of their codes in the tables."""
WAIT_REASONS: tuple[WaitReason, ...] = tuple(WaitReason)
SIDES: tuple[Side, ...] = tuple(Side)
FIDELITIES: tuple[Fidelity, ...] = tuple(Fidelity)
