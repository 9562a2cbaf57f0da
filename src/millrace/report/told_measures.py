"""Every measure in words, each with what it needs to be read: its definition, n, variation, trend and target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from millrace.draw.charts.wording import ELAPSED, THIN, Noun, TimeScale, count, duration, interval, percent, sentence
from millrace.draw.figures import ABSENT
from millrace.flow.flow import Flow
from millrace.flow.item_list import ItemMeasure
from millrace.flow.measurement import Measurement
from millrace.flow.summary import Absent, Clock, DurationSummary, LeftOut
from millrace.flow.trend import Trend
from millrace.report.content import DurationMeasure, ShareMeasure
from millrace.report.glossary import meaning_of
from millrace.report.headline import limits_in_words, trend_in_words
from millrace.report.measure_rows import duration_measures, share_measures, targets
from millrace.report.wording import noun_of

HEADER = ("Measure", "Figure", "95 % interval", "Over", "Variation", "Trend", "Target")


@dataclass(frozen=True)
class ToldMeasure:
    """One measure in words. `name` is its name in `MEASURE_TERMS` where it has one there.

    `figure` is `–` where it cannot be known, and `reason` then says why. `items` names the list of the items that it
    counts, where they can be listed.
    """

    name: str
    label: str
    definition: str
    figure: str
    over: str = ""
    interval: str = ""
    variation: str = ""
    trend: str = ""
    target: str = ""
    reason: str = ""
    items: ItemMeasure | None = None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of its row under `HEADER`."""
        return (
            self.label,
            self.figure,
            self.interval,
            self.reason or self.over,
            self.variation,
            self.trend,
            self.target,
        )


_NAMES = {
    "Lead time": ("lead_time", ItemMeasure.LEAD_TIME),
    "Time to close": ("time_to_close", ItemMeasure.LEAD_TIME),
    "Time to own": ("time_to_own", ItemMeasure.DEMAND),
    "Life": ("life", ItemMeasure.DEMAND),
    "Flow efficiency": ("flow_efficiency", ItemMeasure.LEAD_TIME),
    "Rework": ("rework", ItemMeasure.REWORK),
    "Time in later visits": ("later_visits", ItemMeasure.REWORK),
    "First-time completion": ("first_time_completion", ItemMeasure.FIRST_TIME_COMPLETION),
    "Entry quality": ("entry_quality", ItemMeasure.LEAD_TIME),
    "Idle": ("idle", ItemMeasure.IDLE),
    "Closing tail": ("closing_tail", ItemMeasure.CLOSING_TAIL),
}
"""The name of a row of the report, and the list of its items."""


@dataclass(frozen=True)
class _Context:
    noun: Noun
    scale: TimeScale
    trends: Mapping[str, Trend]
    targets: Mapping[str, str]

    def told(
        self,
        name: str,
        label: str,
        definition: str,
        figure: str = ABSENT,
        *,
        over: str = "",
        reason: str = "",
        items: ItemMeasure | None = None,
        left_out: tuple[LeftOut, ...] = (),
    ) -> ToldMeasure:
        """The measure with its trend, as far as there are a figure and a trend, and its target."""
        trend = None if reason else self.trends.get(name)
        return ToldMeasure(
            name,
            label,
            definition,
            figure,
            over,
            variation=_week_limits(trend),
            trend="" if trend is None else trend_in_words(trend),
            target=sentence(self.targets.get(name, "")),
            reason=reason,
            items=items,
            left_out=left_out,
        )


def told_measures(flow: Flow, measured: Measurement, trends: Mapping[str, Trend]) -> tuple[ToldMeasure, ...]:
    """All measures of a selection, on its clock; `trends` by the name of their measure."""
    is_business = measured.clock is Clock.BUSINESS
    scale = TimeScale(measured.clock, flow.about.calendar.hours_per_day) if is_business else ELAPSED
    context = _Context(noun_of(flow), scale, trends, targets(flow.about.stream))
    durations = (_of_duration(row, measured.clock, context) for row in duration_measures(flow, measured))
    shares = (_of_share(row, context) for row in share_measures(flow, measured))
    return (*durations, *shares, *_of_counts(measured, context), *_of_money(measured, context))


def _of_duration(row: DurationMeasure, clock: Clock, context: _Context) -> ToldMeasure:
    name, items = _NAMES[row.name]
    summary = row.business if clock is Clock.BUSINESS else row.elapsed
    if isinstance(summary, Absent) or summary.p50 is None:
        reason = summary.reason if isinstance(summary, Absent) else f"no {context.noun.one} to measure"
        return context.told(name, row.name, row.definition, reason=reason, items=items, left_out=row.left_out)
    figure = duration(summary.p50.seconds, context.scale)
    over = f"{count(summary.n)} {row.population.removeprefix('all ')}"
    told = context.told(name, row.name, row.definition, figure, over=over, items=items, left_out=row.left_out)
    return replace(told, interval=interval(summary.p50, context.scale), variation=_spread(summary, context.scale))


def _of_share(row: ShareMeasure, context: _Context) -> ToldMeasure:
    name, items = _NAMES[row.name]
    if isinstance(row.share, Absent) or row.share.ratio is None:
        reason = row.share.reason if isinstance(row.share, Absent) else f"no {context.noun.one} to measure"
        return context.told(name, row.name, row.definition, reason=reason, items=items, left_out=row.left_out)
    over = f"{count(row.share.part)} of {count(row.share.whole)} {row.counted}"
    figure = percent(row.share.ratio)
    return context.told(name, row.name, row.definition, figure, over=over, items=items, left_out=row.left_out)


def _of_counts(measured: Measurement, context: _Context) -> Iterator[ToldMeasure]:
    noun = context.noun
    if isinstance(measured.handoffs, Absent):
        yield _absent("handoffs", "Handoffs", "Handoff", measured.handoffs, context)
    else:
        over = f"in {noun.counted(measured.handoffs.n_items)}"
        yield _counted("handoffs", "Handoffs", "Handoff", measured.handoffs.n, over, context, ItemMeasure.HANDOFFS)
    if isinstance(measured.bounces, Absent):
        yield _absent("ping_pong", "Ping-pong", "Ping-pong", measured.bounces, context)
    else:
        over, returned = f"in {noun.counted(measured.bounces.n_items)}", measured.bounces.n_items_returned
        yield _counted("ping_pong", "Ping-pong", "Ping-pong", measured.bounces.n, over, context, ItemMeasure.PING_PONG)
        of = f"of {noun.counted(measured.rework.items.whole)}"
        yield _counted("returns", "Returns", "Return", returned, of, context, ItemMeasure.RETURNS)
    over = f"in {noun.counted(measured.rework.n_items_reopened)}"
    yield _counted(
        "reopened", "Reopenings", "Reopened", measured.rework.n_reopened, over, context, ItemMeasure.REOPENED
    )
    for name, label, items, n in (
        ("demand", "Demand", ItemMeasure.DEMAND, sum(week.n_demanded for week in measured.weeks)),
        ("throughput", "Throughput", ItemMeasure.LEAD_TIME, sum(week.n_delivered for week in measured.weeks)),
    ):
        weeks = len(measured.weeks)
        rate = f"{count(n / weeks)} a week" if weeks else ABSENT
        over = f"{noun.counted(n)} in {count(weeks)} weeks"
        yield context.told(name, label, meaning_of(label), rate, over=over, items=items)
    n_open = sum(step.n_open for step in measured.steps)
    yield _counted(
        "work_in_progress", "Work in progress", "Work in progress, work item age", n_open,
        f"{noun.many} at the end of the log", context, ItemMeasure.OPEN,
    )  # fmt: skip


def _of_money(measured: Measurement, context: _Context) -> Iterator[ToldMeasure]:
    for name, label, cost in (
        ("cost_per_item", "Cost per item", measured.cost),
        ("cost_of_delay_per_item", "Cost of delay per item", measured.cost_of_delay),
    ):
        if isinstance(cost, Absent) or cost.per_item is None:
            yield _absent(name, label, label, cost if isinstance(cost, Absent) else Absent("none delivered"), context)
        else:
            rated = f"{context.noun.counted(cost.n_items)}; {percent(cost.rated.ratio)} of the time has a rate"
            yield context.told(name, label, meaning_of(label), f"{cost.per_item:,.2f}", over=rated)
    label = "Satisfaction (CSAT)"
    if isinstance(measured.csat, Absent) or measured.csat.mean is None:
        why = measured.csat if isinstance(measured.csat, Absent) else Absent("nobody answered")
        yield _absent("csat", label, label, why, context)
    else:
        csat = measured.csat
        over = f"{count(csat.responses.part)} answers, {percent(csat.responses.ratio)} of {context.noun.many} delivered"
        yield context.told("csat", label, meaning_of(label), f"{csat.mean:.2f}", over=over)


def _counted(name: str, label: str, term: str, n: int, over: str, context: _Context, items: ItemMeasure) -> ToldMeasure:
    return context.told(name, label, meaning_of(term), count(n), over=over, items=items)


def _absent(name: str, label: str, term: str, why: Absent, context: _Context) -> ToldMeasure:
    return context.told(name, label, meaning_of(term), reason=why.reason)


def _spread(summary: DurationSummary, scale: TimeScale) -> str:
    if summary.p85 is None or summary.p95 is None:
        return ""
    p85, p95 = duration(summary.p85.seconds, scale), duration(summary.p95.seconds, scale)
    return f"85{THIN}% within {p85}, 95{THIN}% within {p95}"


def _week_limits(trend: Trend | None) -> str:
    """Between which figures a share, or a count, moves from week to week."""
    if trend is None or trend.upper_limit is None or trend.unit == "seconds":
        return ""
    if trend.unit == "ratio":
        low, high = percent(max(trend.lower_limit or 0.0, 0.0)), percent(min(trend.upper_limit, 1.0))
        return f"{low} to {high} a week"
    return f"{limits_in_words(trend)} {'per item' if trend.unit == 'handoffs' else 'a week'}"
