"""Numbers that may not be there: absent with a reason, never zero, never null; and reckoning with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

_Amount = TypeVar("_Amount", float, timedelta)


@dataclass(frozen=True)
class Absent:
    """A number that cannot be known from what is given, and why."""

    reason: str


def given(value: _Amount | None, reason: str) -> _Amount | Absent:
    """Return the value, or Absent for the reason where there is none."""
    return Absent(reason) if value is None else value


def times(amount: _Amount | Absent, factor: float | Absent) -> _Amount | Absent:
    """Multiply; absent where either is."""
    if isinstance(amount, Absent):
        return amount
    return factor if isinstance(factor, Absent) else amount * factor


def quotient(part: _Amount | Absent, whole: _Amount | Absent) -> float | Absent:
    """Divide two amounts of one kind; absent where either is, or where there is nothing to divide by."""
    if isinstance(part, Absent):
        return part
    if isinstance(whole, Absent):
        return whole
    return part / whole if whole else Absent("there is nothing to divide by")


def total(parts: Iterable[tuple[str, _Amount | Absent]], *, zero: _Amount) -> _Amount | Absent:
    """Add the amounts of named steps; absent where any is, and then the reason names the steps that lack it."""
    added, lacking, is_empty = zero, dict[str, list[str]](), True
    for step, part in parts:
        is_empty = False
        if isinstance(part, Absent):
            lacking.setdefault(part.reason, []).append(f"“{step}”")
        else:
            added += part
    if is_empty:
        return Absent("there are no steps yet")
    return Absent("; ".join(f"{why} ({', '.join(steps)})" for why, steps in lacking.items())) if lacking else added
