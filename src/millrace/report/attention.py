"""What needs attention in a stream now: said in sentences, each with the place where it shows."""

from collections.abc import Iterator
from dataclasses import dataclass

from millrace.draw.charts.weekly_trend import figure
from millrace.draw.charts.wording import ELAPSED, THIN, count, day, duration, percent
from millrace.flow.flow import UNMAPPED, Flow
from millrace.flow.item_list import ItemMeasure
from millrace.flow.measurement import Measurement
from millrace.flow.trend import Trend
from millrace.flow.work_item_age import AgeingWork
from millrace.report.wording import noun_of

LATEST_WEEKS = 4
"""A week further back needs no attention any more."""
WEEKS_OF_BALANCE = 8
LEAST_GROWTH = 1.1
"""So many times as many demanded as ended: below that the balance is even."""
LEAST_UNMAPPED_RATIO = 0.05


@dataclass(frozen=True)
class Attention:
    """One thing to look at, and where it shows: a list of items, or a chart by its name."""

    sentence: str
    items: ItemMeasure | None = None
    chart: str = ""


def attention(
    flow: Flow, measured: Measurement, ageing: AgeingWork, trends: tuple[tuple[str, Trend], ...]
) -> tuple[Attention, ...]:
    """What stands out at the end of the log; `trends` are weekly figures, each with the name of its chart."""
    told = [
        *_old_items(flow, measured, ageing),
        *(each for chart, trend in trends for each in _weeks(chart, trend)),
        *_growing(flow, measured),
        *_flattering(measured),
        *_unmapped(measured),
    ]
    return tuple(told)


def _old_items(flow: Flow, measured: Measurement, ageing: AgeingWork) -> Iterator[Attention]:
    whole = measured.lead_time.groups.get("")
    if whole is None or whole.p95 is None:
        return
    old = [item for item in ageing.items if item.age_seconds > whole.p95.seconds]
    if old:
        noun = noun_of(flow)
        oldest = max(item.age_seconds for item in old)
        yield Attention(
            f"{count(len(old))} of {noun.counted(len(ageing.items))} still open {'is' if len(old) == 1 else 'are'} "
            f"older than 95{THIN}% of the delivered ones were ({duration(whole.p95.seconds)}); "
            f"the oldest has been open for {duration(oldest)}.",
            ItemMeasure.OPEN,
        )


def _weeks(chart: str, trend: Trend) -> Iterator[Attention]:
    signals = [point for point in trend.points[-LATEST_WEEKS:] if point.is_signal]
    if not signals or trend.centre is None:
        return
    last = signals[-1]
    yield Attention(
        f"{trend.measure.capitalize()} was out of the ordinary in the week of {day(last.week_at)}: "
        f"{figure(trend, last.value, ELAPSED)}, where {figure(trend, trend.centre, ELAPSED)} is the mean.",
        chart=chart,
    )


def _growing(flow: Flow, measured: Measurement) -> Iterator[Attention]:
    """The last week of a log is rarely whole, so it is left out."""
    weeks = measured.weeks[-WEEKS_OF_BALANCE - 1 : -1]
    came = sum(week.n_demanded for week in weeks)
    ended = sum(week.n_delivered + week.n_cancelled for week in weeks)
    if len(weeks) == WEEKS_OF_BALANCE and came > LEAST_GROWTH * ended:
        yield Attention(
            f"More comes than goes: in {WEEKS_OF_BALANCE} weeks {noun_of(flow).counted(came)} came in and "
            f"{count(ended)} were ended.",
            chart="cumulative-flow",
        )


def _flattering(measured: Measurement) -> Iterator[Attention]:
    if measured.survival.parts_from_finished:
        yield Attention(measured.survival.parts_from_finished, chart="survival")


def _unmapped(measured: Measurement) -> Iterator[Attention]:
    times = measured.step_times.steps
    whole = sum(time.lead_seconds for time in times)
    unmapped = sum(time.lead_seconds for time in times if time.step == UNMAPPED)
    if whole and unmapped / whole >= LEAST_UNMAPPED_RATIO:
        yield Attention(
            f"{percent(unmapped / whole)} of all lead time lies in events that no step of the stream matches.",
        )
