"""What a choice aims at: a measure, and on demand the figure that it has to reach."""

import re
from dataclasses import dataclass

from millrace.errors import MillraceError
from millrace.model.duration import parse_duration, show_duration
from millrace.model.ratio import parse_ratio, show_ratio
from millrace.model.yaml_problem import did_you_mean
from millrace.simulate.figures import FIGURES, Unit

_WRITTEN = re.compile(r"\s*(?P<measure>[a-z_]+(?:\s+[a-z0-9]+)?)\s*(?P<sign><=|>=|≤|≥)\s*(?P<value>.+?)\s*")


class UnknownAim(MillraceError):
    """A choice is to be made by a measure that a future state is not told by."""

    slug = "unknown-aim"

    def __init__(self, measure: str) -> None:
        """Name those there are."""
        known = [name for name, told in FIGURES.items() if told.less_is_better is not None]
        meant = did_you_mean(measure, known) or f"; choose by {', '.join(known)}."
        super().__init__(f"“{measure}” is no measure to choose moves by{meant}")


class GoalNotUnderstood(MillraceError):
    """A goal is not written as one."""

    slug = "goal-not-understood"

    def __init__(self, written: str, why: str) -> None:
        """Repeat it and show how to write it."""
        super().__init__(
            f"The goal “{written}” is not understood: {why}. Write it like “lead_time p85 <= 2 d” or “rework <= 3 %”."
        )


@dataclass(frozen=True)
class Goal:
    """A figure to reach: at most `value` where less is better, else at least; in seconds, or a ratio or number."""

    measure: str
    value: float

    def is_met_by(self, figure: float) -> bool:
        """Whether a figure reaches it."""
        return figure <= self.value if FIGURES[self.measure].less_is_better else figure >= self.value

    def __str__(self) -> str:
        """Tell it as a condition."""
        sign = "at most" if FIGURES[self.measure].less_is_better else "at least"
        return f"{FIGURES[self.measure].title.lower()} {sign} {shown(self.measure, self.value)}"


def parse_goal(written: str) -> Goal:
    """Read “lead_time p85 <= 2 d”. Raises GoalNotUnderstood and UnknownAim."""
    parts = _WRITTEN.fullmatch(written)
    if parts is None:
        raise GoalNotUnderstood(written, "it has no measure, sign and figure")
    measure = aim("_".join(parts["measure"].split()))
    less = parts["sign"] in ("<=", "≤")
    if less != FIGURES[measure].less_is_better:
        raise GoalNotUnderstood(written, f"{'more' if less else 'less'} of it is better")
    return Goal(measure, _value(written, parts["value"], FIGURES[measure].unit))


def aim(measure: str) -> str:
    """The name of a measure to choose by; “lead_time” is its mean. Raises UnknownAim."""
    for name in (measure, f"{measure}_mean"):
        if name in FIGURES and FIGURES[name].less_is_better is not None:
            return name
    raise UnknownAim(measure)


def shown(measure: str, value: float) -> str:
    """A figure of a measure in its unit."""
    unit = FIGURES[measure].unit
    if unit is Unit.SECONDS:
        return ("−" if value < 0 else "") + show_duration(abs(value))
    if unit is Unit.RATIO:
        return show_ratio(value)
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"


def _value(written: str, text: str, unit: Unit) -> float:
    try:
        if unit is Unit.SECONDS:
            return parse_duration(text).total_seconds()
        return float(parse_ratio(text))
    except ValueError as refused:
        kind = "duration" if unit is Unit.SECONDS else "number"
        raise GoalNotUnderstood(written, f"“{text}” is no {kind}") from refused
