"""A week of a stream: its figures beside what is usual, what changed since the week before, and why."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from millrace.draw.charts.weekly_trend import figure
from millrace.draw.charts.wording import ELAPSED, count, duration, percent
from millrace.flow.flow import Flow
from millrace.flow.group_figures import group_figures
from millrace.flow.lead_time_change import LeadTimeChange, lead_time_change
from millrace.flow.measurement import Measurement
from millrace.flow.trend import Trend, TrendPoint, lead_time_trend, throughput_trend, weekly_trends
from millrace.flow.work_item_age import work_item_age
from millrace.model.absent import Absent
from millrace.report.attention import attention
from millrace.report.wording import noun_of

SHOWN_WEEKS = 26
NOTABLE_RATIO = 0.1
"""A change of the mean by less than this share of it is left to chance."""
_MOST_PARTS = 2


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class WeekFigure(_Kept):
    """A figure of the week in words, beside the week before and the natural limits; `weeks` are the values so far."""

    name: str
    label: str
    shown: str
    before: str
    usual: str
    n: int
    is_signal: bool
    is_up: bool | None
    weeks: tuple[float, ...]


class WeekTold(_Kept):
    """A week as it was known when it ended. `why` explains the change of the mean lead time, or says why it cannot."""

    week_on: date
    as_of: datetime
    source: str
    figures: tuple[WeekFigure, ...]
    changed: tuple[str, ...]
    why: tuple[str, ...]
    attention: tuple[str, ...]


def week_told(flow: Flow, measured: Measurement, week_at: datetime) -> WeekTold:
    """What is to be said of the week that began at `week_at`; `flow` knows nothing later than its end."""
    trends = weekly(flow, measured)
    told = [(name, trend, point) for name, trend in trends.items() if (point := _point(trend, week_at))]
    charted = (("lead-time-trend", trends["lead_time"]), ("throughput-trend", trends["throughput"]))
    noticed = attention(flow, measured, work_item_age(flow), charted)
    return WeekTold(
        week_on=week_at.date(),
        as_of=flow.now_at,
        source=flow.about.source_name,
        figures=tuple(_figure(name, trend, point) for name, trend, point in told),
        changed=tuple(_changed(told)),
        why=tuple(_why(lead_time_change(flow, week_at), noun_of(flow).many)),
        attention=tuple(each.sentence for each in noticed),
    )


def weekly(flow: Flow, measured: Measurement) -> dict[str, Trend]:
    """All figures that are told week by week, by the name of the measure."""
    return {
        "lead_time": lead_time_trend(flow),
        "throughput": throughput_trend(flow, measured.weeks),
        **weekly_trends(flow, group_figures(flow, "week")),
    }


def _point(trend: Trend, week_at: datetime) -> TrendPoint | None:
    return next((point for point in trend.points if point.week_at == week_at), None)


def _figure(name: str, trend: Trend, point: TrendPoint) -> WeekFigure:
    until = [each for each in trend.points if each.week_at <= point.week_at][-SHOWN_WEEKS:]
    before = until[-2].value if len(until) > 1 else None
    limits = "fewer than six weeks: not known yet"
    if trend.lower_limit is not None:
        limits = f"{figure(trend, trend.lower_limit, ELAPSED)} to {figure(trend, trend.upper_limit, ELAPSED)}"
    return WeekFigure(
        name=name,
        label=trend.measure[:1].upper() + trend.measure[1:],
        shown=figure(trend, point.value, ELAPSED),
        before=figure(trend, before, ELAPSED),
        usual=limits,
        n=point.n,
        is_signal=point.is_signal,
        is_up=None if before is None or before == point.value else point.value > before,
        weeks=tuple(each.value for each in until),
    )


def _changed(told: Iterable[tuple[str, Trend, TrendPoint]]) -> Iterator[str]:
    """What no chance explains: points that break a rule of the XmR chart."""
    for _, trend, point in told:
        if not point.is_signal or trend.centre is None or trend.lower_limit is None or trend.upper_limit is None:
            continue
        is_beyond = not trend.lower_limit <= point.value <= trend.upper_limit
        side = "above" if point.value > trend.centre else "below"
        what = f"is {side} its natural limits" if is_beyond else f"has been {side} its mean for eight weeks or more"
        yield (
            f"{trend.measure[:1].upper() + trend.measure[1:]} {what}: {figure(trend, point.value, ELAPSED)}, "
            f"where {figure(trend, trend.centre, ELAPSED)} is the mean."
        )


def _why(change: LeadTimeChange | Absent, items: str) -> Iterator[str]:
    if isinstance(change, Absent):
        yield f"Why lead time changed is not told: {change.reason}."
        return
    now, before = duration(change.mean_seconds), duration(change.mean_before_seconds)
    if abs(change.seconds) < NOTABLE_RATIO * change.mean_before_seconds:
        yield f"Mean lead time hardly changed: {now} after {before}."
        return
    verb = "rose" if change.seconds > 0 else "fell"
    yield f"Mean lead time {verb} from {before} ({count(change.n_before)} {items}) to {now} ({count(change.n)})."
    same = [part for part in change.parts if part.seconds * change.seconds > 0][:_MOST_PARTS]
    for part in same:
        yield (
            f"{duration(abs(part.seconds))} of that {'came' if change.seconds > 0 else 'went'} in “{part.step}” "
            f"({percent(part.seconds / change.seconds)} of the change)."
        )
    if (mix := change.mix) and abs(mix.seconds) >= NOTABLE_RATIO * abs(change.seconds):
        yield (
            f"Other work was delivered: “{mix.label}” ({mix.column.replace('_', ' ')}) makes up "
            f"{percent(mix.share_ratio)} after {percent(mix.share_before_ratio)}; the mix alone "
            f"{'adds' if mix.seconds > 0 else 'takes'} {duration(abs(mix.seconds))}."
        )
