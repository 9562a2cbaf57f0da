"""What a check is: a named rule that looks at a stream and tells what it found, with evidence and remedy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from millrace.diagnose.observed import Observed
from millrace.model.designed_state import DesignedState
from millrace.model.frameworks.framework import Framework
from millrace.model.value_stream import Step, ValueStream

Place = tuple[str | int, ...]
"""Where in the stream's file something stands: `("steps", 2, "estimate")`."""


class Severity(StrEnum):
    """How bad it is: an error contradicts itself or has no meaning, a warning misleads, a note is worth a thought."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Subject:
    """What checks look at: the stream, its framework, its reckoned figures, today's date, and what a log says of it.

    `designed` is None where the figures cannot be reckoned, because items never get out of a loop; `observed` where
    no log was given.
    """

    stream: ValueStream
    framework: Framework
    designed: DesignedState | None
    today: date
    observed: Observed | None = None

    def steps(self) -> Iterable[tuple[Place, Step]]:
        """Every step with its place."""
        return ((("steps", at), step) for at, step in enumerate(self.stream.steps))


@dataclass(frozen=True)
class Found:
    """What a rule found at one place: a sentence, what it rests on, and what to do.

    `off_ratio` tells of an estimate how far it is off: by which share of the greater of what is drawn and what is
    measured the smaller one falls short of it (0–1), times with a minute added to both.
    """

    sentence: str
    remedy: str
    evidence: tuple[str, ...] = ()
    place: Place = ()
    off_ratio: float | None = None


@dataclass(frozen=True)
class Check:
    """A rule: its name, how bad what it finds is, what it says in general, and how it looks."""

    name: str
    severity: Severity
    title: str
    look: Callable[[Subject], Iterable[Found]]


@dataclass(frozen=True)
class MapFinding:
    """What a check found, told with the name and severity of its rule and the pitfall that it belongs to.

    `line` is the line of the stream's file, where there is one; `off_ratio` as in `Found`.
    """

    rule: str
    severity: Severity
    pitfall: str
    sentence: str
    evidence: tuple[str, ...]
    remedy: str
    place: Place
    line: int | None = None
    off_ratio: float | None = None


def error(name: str, title: str, look: Callable[[Subject], Iterable[Found]]) -> Check:
    """Make a rule whose findings are errors."""
    return Check(name, Severity.ERROR, title, look)


def warning(name: str, title: str, look: Callable[[Subject], Iterable[Found]]) -> Check:
    """Make a rule whose findings are warnings."""
    return Check(name, Severity.WARNING, title, look)


def note(name: str, title: str, look: Callable[[Subject], Iterable[Found]]) -> Check:
    """Make a rule whose findings are notes."""
    return Check(name, Severity.NOTE, title, look)


def listed(names: Iterable[str]) -> str:
    """Name things in a sentence: `“a”, “b” and “c”`."""
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
