"""A target is missed, or close to it: the last whole period is on the wrong side."""

from collections.abc import Iterator
from datetime import timedelta

from millrace.govern.signal import Severity, Signal, Watched
from millrace.govern.target_status import Standing, TargetPoint, points_back
from millrace.model.duration import show_duration
from millrace.model.measure import measure_label, show_figure
from millrace.model.target import Direction, Target

TITLE = "Target missed"


def target_missed(watched: Watched) -> Iterator[Signal]:
    """Each target that its last whole period missed, or came close to missing; once per run of such periods."""
    for target in watched.stream.targets:
        points = points_back(watched.flow, watched.stream, target, at=watched.at)
        latest = next(points, None)
        if latest is None or latest.standing not in (Standing.MISSED, Standing.CLOSE):
            continue
        first, n_periods = latest, 1
        for point in points:
            if point.standing is not latest.standing:
                break
            first, n_periods = point, n_periods + 1
        yield _signal(target, latest, first, n_periods)


def _signal(target: Target, latest: TargetPoint, first: TargetPoint, n_periods: int) -> Signal:
    is_missed = latest.standing is Standing.MISSED
    return Signal(
        "target_missed",
        f"{target.name}: {latest.standing}",
        Severity.WARNING if is_missed else Severity.NOTICE,
        f"“{target.name}” is missed" if is_missed else f"“{target.name}” is close",
        f"{_begun(measure_label(target.measure))} came to {shown(target, latest.value)} (n = {latest.n}) "
        f"in {_period(target, latest)}; the target is {limit_told(target)}."
        + (f" It is the {n_periods}th period in a row." if n_periods > 3 else ""),
        first.until_at,
        occasion=first.label,
    )


def shown(target: Target, value: float | None) -> str:
    """A figure in its measure's unit; one that misses the target by less than is shown says so."""
    if value is None:
        return "–"
    is_duration = isinstance(target.target, timedelta)
    figure = show_duration(value) if is_duration else show_figure(target.measure, value)
    if target.is_kept_by(value) or figure != show_figure(target.measure, target.target):
        return figure
    return f"just {'over' if target.better is Direction.AT_MOST else 'under'} {figure}"


def limit_told(target: Target) -> str:
    """The target in words."""
    side = "at most" if target.better is Direction.AT_MOST else "at least"
    return f"{side} {show_figure(target.measure, target.target)}"


def _period(target: Target, point: TargetPoint) -> str:
    if target.per == "rolling":
        return f"the {target.rolling_days} days before {point.until_at:%Y-%m-%d}"
    return f"the {target.per} from {point.label}"


def _begun(words: str) -> str:
    """Words that begin a sentence."""
    return words[:1].upper() + words[1:]
