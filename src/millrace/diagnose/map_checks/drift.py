"""Drawn once, then forgotten: where the log has drifted from the drawing, or the drawing never fitted."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from math import sqrt

from millrace.diagnose.map_checks.check import Found, Place, Subject, note, warning
from millrace.diagnose.observed import Observed
from millrace.flow.flow import UNMAPPED
from millrace.flow.step_measures import StepMeasures
from millrace.flow.summary import Absent, DurationSummary, Share
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.model.routing import ways_on
from millrace.model.value_stream import Estimate

PITFALL = "drawn once, then forgotten"
MUCH_UNMAPPED_RATIO = 0.05
KNOWN_ACTIVITY_RATIO = 0.01
"""An activity that fewer items have is no news."""
KNOWN_ROUTE_RATIO = 0.05
"""A route that fewer visits of a step take need not be drawn."""
FEWEST_VISITS = 20
TOLERANCE_RATIO = 0.1
"""An estimate may lie outside the measured interval by this share of it: people round."""
SHARE_TOLERANCE_RATIO = 0.02
Z95 = 1.959964
_N_NAMED = 5
_NEGLIGIBLE_SECONDS = 60
"""Added to both times: some seconds of wait against none are not as far off as can be."""


def _unmapped(subject: Subject) -> Iterator[Found]:
    log = subject.observed
    if log is None:
        return
    share = log.binding.unmapped_time
    if share.ratio is None:
        share = log.binding.unmapped_events
    if share.ratio and share.ratio >= MUCH_UNMAPPED_RATIO:
        yield Found(
            f"{show_ratio(share.ratio)} of the time in {log.source_name} lies in events that no step takes.",
            "Add their labels under match of the steps they belong to, or draw the steps that are missing.",
            evidence=tuple(
                f"“{label.name}”: {show_ratio(label.time.ratio or 0)} of the time, {label.n_events:,} events"
                for label in log.binding.unmapped[:_N_NAMED]
            ),
            place=("steps",),
        )


def _new_activities(subject: Subject) -> Iterator[Found]:
    """Labels of which no event goes to any step."""
    labels = subject.observed.binding.labels if subject.observed else ()
    taken = {(each.activity, each.status) for each in labels if each.step != UNMAPPED}
    for label in labels:
        is_new = label.step == UNMAPPED and (label.activity, label.status) not in taken
        if is_new and (label.items.ratio or 0) >= KNOWN_ACTIVITY_RATIO:
            yield Found(
                f"“{label.name}” occurs in the log and in no step.",
                "Add it under match of the step it belongs to, or draw the step.",
                evidence=(f"{label.n_events:,} events in {label.items.part:,.0f} items",),
                place=("steps",),
            )


def _never_visited(subject: Subject) -> Iterator[Found]:
    log = subject.observed
    if log is None:
        return
    n_events: Counter[str] = Counter()
    for label in log.binding.labels:
        n_events[label.step] += label.n_events
    for place, step in subject.steps():
        if not n_events[step.name]:
            remedy = (
                "See whether its labels have changed (millrace bind shows them), or take the step out of the drawing."
                if step.match
                else "Give the step match rules (millrace bind suggests some), or say that the log does not show it."
            )
            yield Found(f"No event of {log.source_name} belongs to “{step.name}”.", remedy, place=place)


def _idle_rules(subject: Subject) -> Iterator[Found]:
    """Rules that take nothing, of steps that other rules fill."""
    rules = subject.observed.binding.rules if subject.observed else ()
    filled = {rule.step for rule in rules if rule.n_events}
    for place, step in subject.steps():
        idle = [rule.nth for rule in rules if rule.step == step.name and not rule.n_events]
        if idle and step.name in filled:
            yield Found(
                f"Of the rules of “{step.name}”, {_numbered(idle)} no event.",
                "Take the rule out, or move it before the one that takes its events.",
                place=(*place, "match"),
            )


def _numbered(numbers: list[int]) -> str:
    named = " and ".join(f"number {number}" for number in numbers)
    return f"{named} {'takes' if len(numbers) == 1 else 'take'}"


def _undrawn_routes(subject: Subject) -> Iterator[Found]:
    log = subject.observed
    if log is None:
        return
    drawn = {(name, way.to) for name, ways in ways_on(subject.stream).items() for way in ways}
    visits, places, later = _visits(log), _places(subject), _after_value(subject)
    for edge in log.edges:
        whole = visits.get(edge.from_step, 0)
        is_known = {edge.from_step, edge.to_step} <= places.keys() and edge.from_step != edge.to_step
        if not is_known or edge.from_step in later or (edge.from_step, edge.to_step) in drawn or whole < FEWEST_VISITS:
            continue
        if edge.n / whole >= KNOWN_ROUTE_RATIO:
            yield Found(
                f"{show_ratio(edge.n / whole)} of the visits of “{edge.from_step}” go on to “{edge.to_step}”, "
                f"{'back, ' if edge.is_rework else ''}a way that is not drawn.",
                "Draw the route with its share, or see whether the steps' match rules sort the events rightly.",
                evidence=(f"{edge.n:,} of {whole:,} visits",),
                place=(*places[edge.from_step], "routes"),
            )


def _shares_off(subject: Subject) -> Iterator[Found]:
    """Drawn routes that more or fewer visits take; those to steps that run in parallel follow no order in a log."""
    log = subject.observed
    if log is None:
        return
    taken = {(edge.from_step, edge.to_step): edge.n for edge in log.edges}
    visits, ways, later = _visits(log), ways_on(subject.stream), _after_value(subject)
    for place, step in subject.steps():
        whole = visits.get(step.name, 0)
        if whole < FEWEST_VISITS or step.name in later:
            continue
        for at, route in enumerate(step.routes):
            share = Share(taken.get((step.name, route.to), 0), whole)
            drawn = next((way for way in ways[step.name] if way.to == route.to), None)
            if drawn is None or drawn.in_parallel or not _is_off(drawn.share_ratio, share):
                continue
            yield Found(
                f"{show_ratio(drawn.share_ratio)} of “{step.name}” is drawn as going to “{route.to}”; "
                f"in the log it is {show_ratio(share.ratio or 0)}.",
                "Correct the share of the route.",
                evidence=(_interval_told(share),),
                place=(*place, "routes", at),
            )


def _estimates_off(subject: Subject) -> Iterator[Found]:
    measured = {row.step: row for row in subject.observed.steps} if subject.observed else {}
    later = _after_value(subject)
    for place, step in subject.steps():
        row = measured.get(step.name)
        if row is None or step.estimate is None or row.is_estimated or step.name in later:
            continue
        for field, told, evidence, off_ratio in (*_times_off(step.estimate, row), *_ratios_off(step.estimate, row)):
            yield Found(
                told,
                "Correct the estimate, or find out what makes the difference.",
                evidence=(evidence,),
                place=(*place, "estimate", field),
                off_ratio=off_ratio,
            )


def _times_off(estimate: Estimate, row: StepMeasures) -> Iterator[tuple[str, str, str, float]]:
    """Estimates that lie outside the measured median's interval and also away from the mean: nobody says which of the
    two an estimate means."""
    waits = [wait for wait in (estimate.queue_time, estimate.inside_wait_time) if wait is not None]
    wait = sum(waits, timedelta()) if waits else None
    compared = (
        ("process_time", "process time", estimate.process_time, row.process_time),
        ("queue_time" if estimate.queue_time is not None else "inside_wait_time", "wait", wait, row.wait_time),
    )
    for field, word, estimated, summary in compared:
        if estimated is None or isinstance(summary, Absent) or summary.n < FEWEST_VISITS:
            continue
        # A log that never shows work in a step does not say that the work takes no time.
        if field == "process_time" and not summary.total_seconds:
            continue
        low, high = _range(summary)
        if not low * (1 - TOLERANCE_RATIO) <= estimated.total_seconds() <= high * (1 + TOLERANCE_RATIO):
            median = summary.p50.seconds if summary.p50 else None
            told = f"“{row.step}”: a {word} of {show_duration(estimated.total_seconds())} is estimated"
            span = f"{show_duration(low)} – {show_duration(high)}"
            evidence = f"median with its 95 % interval and mean: {span}; {summary.n:,} visits"
            off_ratio = _off_ratio(_NEGLIGIBLE_SECONDS + estimated.total_seconds(), _NEGLIGIBLE_SECONDS + (median or 0))
            yield field, f"{told}, but the median is {show_duration(median)}.", evidence, off_ratio


def _range(summary: DurationSummary) -> tuple[float, float]:
    """From the least to the greatest of the median's interval and the mean."""
    if summary.p50 is None or summary.mean_seconds is None:
        return 0.0, float("inf")
    edges = (summary.p50.low_seconds, summary.p50.high_seconds, summary.p50.seconds, summary.mean_seconds)
    known = [edge for edge in edges if edge is not None]
    return min(known), max(known)


def _ratios_off(estimate: Estimate, row: StepMeasures) -> Iterator[tuple[str, str, str, float]]:
    compared: tuple[tuple[str, str, float | None, Share | Absent], ...] = (
        ("complete_and_accurate_ratio", "%C&A", estimate.complete_and_accurate_ratio, row.complete_and_accurate),
        ("automation_ratio", "automation", estimate.automation_ratio, row.automation),
    )
    for field, word, estimated, share in compared:
        if estimated is None or isinstance(share, Absent) or share.whole < FEWEST_VISITS:
            continue
        if _is_off(estimated, share):
            told = f"“{row.step}”: {word} is estimated at {show_ratio(estimated)}, but measured at "
            ratio = share.ratio or 0.0
            yield field, f"{told}{show_ratio(ratio)}.", _interval_told(share), _off_ratio(estimated, ratio)


def _off_ratio(drawn: float, measured: float) -> float:
    """By which share of the greater of the two the smaller one falls short of it."""
    return 1 - min(drawn, measured) / max(drawn, measured)


def _volume_off(subject: Subject) -> Iterator[Found]:
    log, drawn = subject.observed, subject.stream.demand.volume_per_month
    if log is None or log.items_per_month is None or drawn is None:
        return
    # Counts of arrivals vary by about their root from month to month.
    allowed = max(TOLERANCE_RATIO * log.items_per_month, Z95 * sqrt(log.items_per_month))
    if abs(drawn - log.items_per_month) > allowed:
        yield Found(
            f"{drawn:,.0f} items a month are drawn; the log has {log.items_per_month:,.0f}.",
            "Correct demand: volume_per_month, or see whether the log holds more or less than this stream.",
            evidence=(f"{log.binding.n_items:,} items in the log",),
            place=("demand",),
        )


def _is_off(drawn: float, share: Share) -> bool:
    low, high = _wilson(share)
    return not low - SHARE_TOLERANCE_RATIO <= drawn <= high + SHARE_TOLERANCE_RATIO


def _wilson(share: Share) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score, which keeps to 0 and 1 and holds for few visits, too."""
    n, ratio = share.whole, share.part / share.whole
    middle = ratio + Z95**2 / (2 * n)
    half = Z95 * sqrt(ratio * (1 - ratio) / n + Z95**2 / (4 * n**2))
    # Rounding may carry a bound a hair beyond what a share can be.
    return max((middle - half) / (1 + Z95**2 / n), 0.0), min((middle + half) / (1 + Z95**2 / n), 1.0)


def _interval_told(share: Share) -> str:
    low, high = _wilson(share)
    return f"95 % interval {show_ratio(low)} – {show_ratio(high)}; {share.part:,.0f} of {share.whole:,.0f} visits"


def _visits(log: Observed) -> dict[str, int]:
    return {row.step: row.n_visits for row in log.steps}


def _after_value(subject: Subject) -> set[str]:
    """Steps that lie behind value: what is measured before it tells only of items that came back."""
    names = [step.name for step in subject.stream.steps]
    after = subject.stream.value.after
    return set(names[names.index(after) + 1 :]) if after else set()


def _places(subject: Subject) -> dict[str, Place]:
    return {step.name: place for place, step in subject.steps()}


CHECKS = (
    warning("much-unmapped", "The steps take the events of the log", _unmapped),
    warning("step-never-visited", "Every step occurs in the log", _never_visited),
    warning("route-not-drawn", "The ways that items take are drawn", _undrawn_routes),
    warning("estimate-off", "Estimates agree with what is measured", _estimates_off),
    warning("route-share-off", "Shares of routes agree with what is measured", _shares_off),
    note("new-activity", "Activities of the log have a step", _new_activities),
    note("volume-off", "The volume agrees with the log", _volume_off),
    note("rule-takes-nothing", "Every match rule takes events", _idle_rules),
)
