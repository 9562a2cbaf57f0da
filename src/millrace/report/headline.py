"""The finding that a report opens with, and the big figures below it, each with what it needs to be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from millrace.draw.charts.wording import (
    ELAPSED,
    THIN,
    count,
    day,
    days,
    duration,
    interval,
    item_days,
    percent,
    percent_roughly,
    sentence,
)
from millrace.draw.figures import ABSENT
from millrace.flow.summary import Absent, DurationSummary, Share
from millrace.flow.trend import Trend
from millrace.report.content import ReportContent

NOTABLE_RATIO = 0.1
"""From here on the closing tail belongs into the headline."""


@dataclass(frozen=True)
class BigFigure:
    """A figure with its label and its context: pairs of what is said (`Target`) and what it says."""

    label: str
    text: str
    context: tuple[tuple[str, str], ...]


def headline(content: ReportContent) -> str:
    """One sentence: how long it takes, and the most telling thing about where the time goes."""
    whole = content.lead_times.groups.get("")
    if whole is None or whole.p50 is None:
        return f"None of the {content.noun.counted(content.log.n_items)} has been delivered yet"
    if whole.n == 1:
        first = f"The one {content.noun.one} delivered took {duration(whole.p50.seconds)}"
    else:
        first = f"Half of {content.noun.counted(whole.n)} took longer than {duration(whole.p50.seconds)}"
    second = next(_telling(content), "")
    return f"{first}; {second}" if second else first


def _telling(content: ReportContent) -> Iterator[str]:
    """What to say beside the lead time, the most telling first."""
    tail = content.closing_tail.share_of_life.ratio if content.closing_tail else None
    if tail is not None and tail >= NOTABLE_RATIO:
        yield f"{percent_roughly(tail)} of all elapsed time comes after the work was done"
    if isinstance(content.flow_efficiency, Share) and content.flow_efficiency.ratio is not None:
        yield f"{percent_roughly(content.flow_efficiency.ratio)} of the lead time was work"
    if content.ageing and content.ageing.items:
        yield f"{content.noun.counted(len(content.ageing.items))} are still open"


def big_figures(content: ReportContent) -> tuple[BigFigure, ...]:
    """The figures that a reader wants first; one that the content does not hold is left out."""
    makers: tuple[Callable[[ReportContent], BigFigure | None], ...] = (
        _lead_time,
        _flow_efficiency,
        _throughput,
        _work_in_progress,
        _handoffs,
        _first_time_completion,
        _closing_tail,
        _cost,
    )
    return tuple(figure for maker in makers if (figure := maker(content)) is not None)


def _lead_time(content: ReportContent) -> BigFigure:
    whole = content.lead_times.groups.get("")
    if whole is None or whole.p50 is None:
        why = f"no {content.noun.one} has been delivered"
        return BigFigure("Lead time, median", ABSENT, (("Missing", why), _target(content, "lead_time")))
    sure = (
        f"95{THIN}% interval {interval(whole.p50)}" if whole.p50.low_seconds is not None else "too few for an interval"
    )
    context = [("n", f"{count(whole.n)}, {sure}"), ("Variation", _spread(whole))]
    business = content.business_lead_times.groups.get("") if content.business_lead_times else None
    if business and business.p50:
        days = f"{count(content.hours_per_day)}{THIN}h days"
        context.append(("Business", f"{duration(business.p50.seconds, content.business_scale)} in {days}"))
    context += [("Trend", trend_in_words(content.lead_time_trend)), _target(content, "lead_time")]
    return BigFigure("Lead time, median", duration(whole.p50.seconds), tuple(context))


def _spread(summary: DurationSummary) -> str:
    if summary.p85 is None or summary.p95 is None:
        return ABSENT
    return f"85{THIN}% within {duration(summary.p85.seconds)}, 95{THIN}% within {duration(summary.p95.seconds)}"


def _flow_efficiency(content: ReportContent) -> BigFigure:
    share = content.flow_efficiency
    if isinstance(share, Absent):
        context = (("Missing", share.reason), _target(content, "flow_efficiency"))
        return BigFigure("Flow efficiency", ABSENT, context)
    context = (
        ("Of", f"{item_days(share.whole)} of lead time, {days(share.part)} were work"),
        _target(content, "flow_efficiency"),
    )
    return BigFigure("Flow efficiency", percent(share.ratio), context)


def _throughput(content: ReportContent) -> BigFigure | None:
    trend = content.throughput_trend
    if trend is None or not trend.points:
        return None
    if trend.centre is None:
        total = count(sum(point.value for point in trend.points))
        missing = ("Missing", "a weekly mean: there are too few whole weeks")
        return BigFigure(f"{sentence(content.noun.many)} delivered", total, (missing, _target(content, "throughput")))
    context = (
        ("n", f"{count(len(trend.points))} weeks, {count(sum(p.value for p in trend.points))} {content.noun.many}"),
        ("Variation", limits_in_words(trend)),
        ("Trend", trend_in_words(trend)),
        _target(content, "throughput"),
    )
    return BigFigure("Delivered a week, mean", count(trend.centre), context)


def limits_in_words(trend: Trend) -> str:
    """Between which figures the weeks vary as usual."""
    low = max(trend.lower_limit or 0.0, 0.0)
    return f"natural limits {count(low)} to {count(trend.upper_limit or 0.0)}"


def _work_in_progress(content: ReportContent) -> BigFigure | None:
    if content.ageing is None:
        return None
    items = content.ageing.items
    context = [("When", day(content.ageing.now_at))]
    if items:
        context.append(("Oldest", duration(max(item.age_seconds for item in items))))
    context.append(_target(content, "work_in_progress"))
    return BigFigure(f"Open {content.noun.many}", count(len(items)), tuple(context))


def _handoffs(content: ReportContent) -> BigFigure:
    handoffs = content.handoffs
    if isinstance(handoffs, Absent):
        return BigFigure("Handoffs", ABSENT, (("Missing", handoffs.reason), _target(content, "handoffs")))
    some = Share(handoffs.n_items, content.log.n_items)
    context = (
        ("n", f"in {content.noun.counted(handoffs.n_items)}, {percent(some.ratio)} of all"),
        _target(content, "handoffs"),
    )
    return BigFigure("Handoffs", count(handoffs.n), context)


def _first_time_completion(content: ReportContent) -> BigFigure | None:
    if content.rework is None:
        return None
    share = content.rework.first_time_completion
    context = (
        ("n", f"{count(share.part)} of {content.noun.counted(share.whole)}"),
        ("Rework", f"in {percent(content.rework.items.ratio)}"),
        _target(content, "first_time_completion"),
    )
    return BigFigure("First-time completion", percent(share.ratio), context)


def _cost(content: ReportContent) -> BigFigure | None:
    cost = content.cost
    if isinstance(cost, Absent) or cost.per_item is None:
        return None
    context = (
        ("n", content.noun.counted(cost.n_items)),
        ("Rated", f"{percent(cost.rated.ratio)} of working time has a rate"),
        _target(content, "cost_per_item"),
    )
    return BigFigure(
        f"Cost per {content.noun.one}", f"{cost.per_item:,.2f}{THIN}{content.currency}".rstrip(THIN), context
    )


def _closing_tail(content: ReportContent) -> BigFigure | None:
    tail = content.closing_tail
    if tail is None or tail.tail.p50 is None:
        return None
    context = (
        ("n", f"{count(tail.tail.n)}, half closed within {duration(tail.tail.p50.seconds)}"),
        _target(content, "closing_tail"),
    )
    return BigFigure("Closing tail, of all time", percent(tail.share_of_life.ratio), context)


def trend_in_words(trend: Trend | None) -> str:
    """What the weeks say: signals, none, or too few weeks to tell."""
    if trend is None or trend.upper_limit is None:
        return "too few whole weeks to tell"
    n_signals = sum(point.is_signal for point in trend.points)
    if n_signals == 0:
        return f"no signal in {count(len(trend.points))} weeks"
    return f"{count(n_signals)} of {count(len(trend.points))} weeks out of the ordinary"


def _target(content: ReportContent, measure: str) -> tuple[str, str]:
    return "Target", sentence(content.targets.get(measure, "")) or "no target set"


def all_clocks(content: ReportContent) -> str:
    """Which clocks the report shows, and what a business day is."""
    shown = f"Durations are {ELAPSED.words}, unless a view says otherwise."
    if not content.calendar_words:
        return shown
    assumed = " Nobody gave this calendar: it stands in until someone does." if content.calendar_is_assumed else ""
    hours = count(content.hours_per_day)
    return f"{shown} Business hours: {content.calendar_words}; a working day has {hours}{THIN}h.{assumed}"
