"""Measures in the terminal, as tables or JSON."""

import json

from rich.console import Console
from rich.table import Table
from rich.text import Text

from millrace.cli.shown_across_records import show_across_records
from millrace.cli.tables import DIM, table
from millrace.draw.charts.wording import Noun
from millrace.flow.handoffs import NO_TEAMS
from millrace.flow.summary import Absent, Clock, DurationSummary, Share
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.report.measures_form import measures_json
from millrace.report.wording import noun_of, period_of
from millrace.workbench import Measured

WAITING, WORKING = "yellow", "cyan"
SUMMARY = ("n", "p50", "p85", "p95", "mean")


def print_json(measured: Measured) -> None:
    """Print the stable JSON form (docs/reference/measures-json.md)."""
    form = measures_json(
        measured.flow,
        measured.measurement,
        measured.readiness,
        groups=measured.groups,
        sla=_sla(measured),
        across=measured.across,
        per_item=measured.per_item,
    )
    print(json.dumps(form.model_dump(mode="json"), ensure_ascii=False, indent=1))


def _sla(measured: Measured) -> dict[str, object] | None:
    sla = measured.sla
    if sla is None:
        return None
    return {
        "within_seconds": sla.within.total_seconds(),
        "clock": sla.clock,
        "n_met": sla.met.part,
        "n": sla.met.whole,
        "met_ratio": sla.met.ratio,
        "n_open": sla.n_open,
        "n_open_breached": sla.n_open_breached,
    }


def show_measures(measured: Measured) -> None:
    """Print the measures that matter first: lead time, where the time goes, the steps, what comes back."""
    console = Console()
    flow, figures = measured.flow, measured.measurement
    noun = noun_of(flow)
    console.print(Text(flow.about.stream.shown_name, "bold"))
    console.print(Text(f"{noun.counted(flow.about.n_items)} · {flow.about.n_events:,} events · {period_of(flow)}", DIM))
    console.print()
    console.print(_durations(measured))
    for left_out in figures.lead_time.left_out:
        console.print(Text(f"  left out: {left_out.n_items:,} {left_out.reason}", DIM))
    console.print()
    console.print(_steps(measured))
    console.print()
    console.print(_facts(measured))
    if figures.survival.parts_from_finished:
        console.print(Text(figures.survival.parts_from_finished, WAITING))
    if measured.across is not None:
        show_across_records(measured.across, console)
    if measured.groups is not None:
        console.print()
        console.print(_grouped(measured))


def _durations(measured: Measured) -> Table:
    figures, day = measured.measurement, measured.flow.about.calendar.hours_per_day
    durations = table("", *SUMMARY, figures=SUMMARY)
    rows = {
        "Lead time": (figures.lead_time.groups.get(""), 24.0),
        f"Lead time, business days of {day:g} h": (figures.business_lead_time.groups.get(""), day),
        "Time to close": (figures.time_to_close.groups.get(""), 24.0),
        "Closing tail": (figures.closing_tail.tail, 24.0),
    }
    for name, (summary, hours) in rows.items():
        durations.add_row(name, *_summary(summary, hours))
    return durations


def _summary(summary: DurationSummary | None, hours_per_day: float) -> tuple[str, ...]:
    if summary is None or summary.p50 is None or summary.p85 is None or summary.p95 is None:
        return ("0", "–", "–", "–", "–")
    shown = (summary.p50.seconds, summary.p85.seconds, summary.p95.seconds, summary.mean_seconds)
    return (f"{summary.n:,}", *(show_duration(seconds, hours_per_day=hours_per_day) for seconds in shown))


def _steps(measured: Measured) -> Table:
    hours = measured.flow.about.calendar.hours_per_day if measured.measurement.clock is Clock.BUSINESS else 24.0
    figures = ("items", "visits", "wait\np50", "work\np50", "share of\ndelay", "%C&A", "back", "open")
    steps = table("Step", *figures, figures=figures)
    for row in measured.measurement.steps:
        steps.add_row(
            row.step,
            f"{row.n_items:,}",
            f"{row.n_visits:,}",
            Text(_p50(row.wait_time, hours), WAITING),
            Text(_p50(row.process_time, hours), WORKING),
            _share(row.delay),
            _share(row.complete_and_accurate),
            _share(row.rework),
            f"{row.n_open:,}",
        )
    return steps


def _p50(summary: DurationSummary | Absent, hours_per_day: float) -> str:
    if isinstance(summary, Absent) or summary.p50 is None:
        return "–"
    return show_duration(summary.p50.seconds, hours_per_day=hours_per_day)


def _share(share: Share | Absent) -> str:
    if isinstance(share, Absent) or share.ratio is None:
        return "–"
    return show_ratio(share.ratio)


def _facts(measured: Measured) -> Table:
    figures, noun = measured.measurement, noun_of(measured.flow)
    facts = table("what", "figure", "of", figures=("figure",), has_head=False)
    facts.add_row("Flow efficiency", _share(figures.flow_efficiency), _reason(figures.flow_efficiency))
    if isinstance(figures.handoffs, Absent) or isinstance(figures.bounces, Absent):
        facts.add_row("Handoffs, ping-pong", "–", NO_TEAMS.reason)
    else:
        facts.add_row("Handoffs", f"{figures.handoffs.n:,}", f"in {noun.counted(figures.handoffs.n_items)}")
        facts.add_row("Ping-pong", f"{figures.bounces.n:,}", f"in {noun.counted(figures.bounces.n_items)}")
        facts.add_row("Back to an earlier team", f"{figures.bounces.n_items_returned:,}", noun.many)
    facts.add_row("Rework", _share(figures.rework.items), noun.counted(figures.rework.items.part))
    facts.add_row("Reopened", f"{figures.rework.n_items_reopened:,}", _by_record(measured, noun))
    facts.add_row("First-time completion", _share(figures.rework.first_time_completion), f"of delivered {noun.many}")
    facts.add_row("Closing tail", _share(figures.closing_tail.share_of_life), "of all elapsed time")
    if not isinstance(figures.cost_of_delay, Absent):
        rated = f"of delay per delivered {noun.one}; {_share(figures.cost_of_delay.rated)} of the wait has a rate"
        facts.add_row("Cost", f"{figures.cost_of_delay.per_item or 0:,.2f}", rated)
    facts.add_row("Variants", f"{figures.variants.n:,}", "sequences of activities")
    if measured.sla is not None:
        late = f"{measured.sla.n_open_breached:,} of {measured.sla.n_open:,} open {noun.many} are late already"
        facts.add_row(f"Within {show_duration(measured.sla.within.total_seconds())}", _share(measured.sla.met), late)
    return facts


def _by_record(measured: Measured, noun: Noun) -> str:
    record = measured.measurement.reopened_by_record
    return noun.many if record is None else f"{noun.many} ({record.n_items:,} by the field “{record.field}”)"


def _reason(share: Share | Absent) -> str:
    return share.reason if isinstance(share, Absent) else "of lead time is work"


def _grouped(measured: Measured) -> Table:
    """Lead time, flow efficiency and rework of each group on the clock asked for."""
    on_business = measured.measurement.clock is Clock.BUSINESS
    hours = measured.flow.about.calendar.hours_per_day if on_business else 24.0
    figures = (*SUMMARY, "flow\neff.", "rework", "first\ntime")
    groups = table(f"Per {measured.per}", *figures, figures=figures)
    for label, group in (measured.groups or {}).items():
        times = group.business_lead_time if on_business else group.lead_time
        groups.add_row(
            label,
            *_summary(times.groups.get(""), hours),
            _share(group.flow_efficiency),
            _share(group.rework.items),
            _share(group.rework.first_time_completion),
        )
    return groups
