"""Weekly trend of a measure with the natural limits of an XmR chart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import inf
from statistics import fmean

from millrace.flow.flow import Flow
from millrace.flow.group_figures import GroupFigures
from millrace.flow.lead_time import delivered, with_lead
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import SECOND, Absent, Clock, Share
from millrace.flow.throughput import PeriodCounts
from millrace.model.measure import MEASURE_TERMS

NATURAL_LIMIT = 2.66
"""3 ÷ 1.128: natural process limits lie so many mean moving ranges from the centre (Wheeler 1993)."""
FEWEST_WEEKS = 6
STRAY_RATIO = 0.01
_RUN = 8


@dataclass(frozen=True)
class TrendPoint:
    """One week: its Monday (UTC midnight), how many items, the figure, and whether it breaks an XmR rule."""

    week_at: datetime
    n: int
    value: float
    is_signal: bool


@dataclass(frozen=True)
class Trend:
    """A figure per week with centre line and natural process limits (mean ± 2.66 × mean moving range).

    `unit` is `seconds`, `ratio`, `items`, or `handoffs` (a mean per item). Limits are None with fewer than six whole
    weeks. A signal is a point beyond a limit, or one of eight in a row on one side of the centre.
    """

    measure: str
    unit: str
    points: tuple[TrendPoint, ...]
    centre: float | None
    lower_limit: float | None
    upper_limit: float | None


def lead_time_trend(flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING) -> Trend:
    """Median lead time per whole week of value."""
    items = with_lead(delivered(flow, selection), clock)
    items = items.mutate(week=items.value_at.truncate("W").cast("timestamp"))
    rows = (
        items.group_by("week").agg(n=items.count(), p50=items.lead.median()).order_by("week").to_pyarrow().to_pylist()
    )
    weeks = [(row["week"], row["n"], row["p50"] / SECOND) for row in rows]
    return xmr("median lead time", "seconds", _whole(weeks, flow))


def throughput_trend(flow: Flow, weeks: list[PeriodCounts]) -> Trend:
    """Items delivered per whole week, from where a hundredth of all deliveries has been reached.

    The stray items that open many an export are no part of the process's ordinary weeks.
    """
    running, total = 0, sum(week.n_delivered for week in weeks)
    for begin, week in enumerate(weeks):
        running += week.n_delivered
        if running >= STRAY_RATIO * total:
            weeks = weeks[begin:]
            break
    counted = [(week.began_at.replace(tzinfo=None), week.n_delivered, float(week.n_delivered)) for week in weeks]
    return xmr("throughput", "items", _whole(counted, flow))


def weekly_trends(flow: Flow, weeks: Mapping[str, GroupFigures]) -> dict[str, Trend]:
    """The trends of what delivered items show, by the name of the measure; `weeks` are the group figures per week."""
    shares: dict[str, Callable[[GroupFigures], Share | Absent]] = {
        "flow_efficiency": lambda week: week.flow_efficiency,
        "rework": lambda week: week.rework.items,
        "first_time_completion": lambda week: week.rework.first_time_completion,
        "entry_quality": lambda week: week.rework.entry_quality,
    }
    found = {}
    for name, share_of in shares.items():
        shown = {label: share_of(week) for label, week in weeks.items()}
        rows = [
            (datetime.fromisoformat(label), weeks[label].n_items, share.ratio)
            for label, share in shown.items()
            if isinstance(share, Share) and share.ratio is not None
        ]
        found[name] = xmr(MEASURE_TERMS[name].label, "ratio", _whole(rows, flow))
    if flow.about.teams:
        rows = [
            (datetime.fromisoformat(label), week.n_items, week.handoffs_per_item)
            for label, week in weeks.items()
            if week.handoffs_per_item is not None
        ]
        found["handoffs"] = xmr("handoffs per item", "handoffs", _whole(rows, flow))
    return found


def _whole(weeks: list[tuple[datetime, int, float]], flow: Flow) -> list[tuple[datetime, int, float]]:
    """Weeks that lie wholly within the log: a part of a week is no point of a trend."""
    began_at = flow.now_at.replace(tzinfo=None) - timedelta(microseconds=flow.about.last_at - flow.about.first_at)
    ended_at = flow.now_at.replace(tzinfo=None)
    return [week for week in weeks if week[0] >= began_at and week[0] + timedelta(days=7) <= ended_at]


def xmr(measure: str, unit: str, weeks: list[tuple[datetime, int, float]]) -> Trend:
    """An XmR chart of weekly figures (week's beginning, n, figure); no limit lies below 0, none of a share above 1."""
    values = [value for _, _, value in weeks]
    centre = lower = upper = None
    signals = [False] * len(values)
    if len(values) >= FEWEST_WEEKS:
        centre = fmean(values)
        reach = NATURAL_LIMIT * fmean(abs(b - a) for a, b in pairwise(values))
        most = 1.0 if unit == "ratio" else inf
        lower, upper = max(centre - reach, 0.0), min(centre + reach, most)
        signals = [value > upper or value < centre - reach or run for value, run in _runs(values, centre)]
    points = tuple(
        TrendPoint(week_at.replace(tzinfo=UTC), n, value, signal)
        for (week_at, n, value), signal in zip(weeks, signals, strict=True)
    )
    return Trend(measure, unit, points, centre, lower, upper)


def _runs(values: list[float], centre: float) -> list[tuple[float, bool]]:
    """Each value with whether it ends a run of eight or more on one side of the centre."""
    marked, length, side = [], 0, 0
    for value in values:
        now = (value > centre) - (value < centre)
        length = length + 1 if now == side and now else int(now != 0)
        side = now
        marked.append((value, length >= _RUN))
    return marked
