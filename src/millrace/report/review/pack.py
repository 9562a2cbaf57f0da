"""The pack of a review: how the stream fares, what stands out, what was done, what is to be decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from millrace.diagnose.recurring.issue import Issue
from millrace.draw import theme
from millrace.draw.charts.drawing import draw
from millrace.draw.charts.weekly_trend import weekly_trend
from millrace.draw.charts.wording import Noun, count, day, duration, percent_roughly
from millrace.flow.trend import Trend
from millrace.report.review.decision import Decision
from millrace.report.review.sheet import Drawing, Pack, Part, Rows, Sentences, Sheet
from millrace.report.slide_content import BIGGEST, SlideContent
from millrace.report.slides import HEADLINES

DAY = 86_400.0
MOST_ROWS = 8
MOST_TO_DECIDE = 5


@dataclass(frozen=True)
class Tabled:
    """What lies on the table beside the figures: rows of targets, service levels, alerts and improvements, in words.

    `targets`: name, target, figure, standing. `service_levels`: name, promise, met, open and overdue. `alerts`: since,
    severity, what. `improvements`: title, state, owner, verdict. `to_decide` are further sentences to decide on.
    """

    targets: tuple[tuple[str, str, str, str], ...] = ()
    service_levels: tuple[tuple[str, str, str, str], ...] = ()
    alerts: tuple[tuple[str, str, str], ...] = ()
    improvements: tuple[tuple[str, str, str, str], ...] = ()
    to_decide: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    last_decisions: tuple[Decision, ...] = ()


def pack(content: SlideContent, tabled: Tabled, noun: Noun) -> Pack:
    """The whole pack; a topic that there is nothing to say of is left out."""
    sheets = tuple(_sheets(content, tabled, noun))
    agenda = Sheet(
        "Agenda",
        "What this review is about",
        content.subtitle,
        (Sentences(tuple(f"{sheet.topic}: {sheet.title}" for sheet in sheets), is_numbered=True),),
    )
    return Pack(f"Review: {content.title}", content.subtitle, headline(content, noun), (agenda, *sheets))


def headline(content: SlideContent, noun: Noun) -> str:
    """What the review comes down to, in a sentence or two."""
    told = {each.name: each for each in content.told}
    lead = told.get("lead_time")
    said = f"Half of the {noun.many} take {lead.figure} or less" if lead and not lead.reason else content.title
    if content.findings:
        most = content.findings[0]
        said += f"; most is at stake in “{most.title}”, {most.hours} a month"
    return f"{said}."


def _sheets(content: SlideContent, tabled: Tabled, noun: Noun) -> Iterator[Sheet]:
    if tabled.last_decisions:
        yield _last_time(tabled.last_decisions)
    yield _figures(content)
    yield Sheet(
        "The stream",
        "The stream as measured",
        content.subtitle,
        (Drawing(content.map_svg, content.map_alt, is_wide=True),),
    )
    if time := _time(content):
        yield time
    yield from _trends(content, noun)
    yield from _findings(content)
    if tabled.issues:
        yield _issues(tabled.issues, noun)
    if tabled.targets or tabled.service_levels:
        yield _targets(tabled)
    if tabled.alerts:
        yield _alerts(tabled.alerts)
    if tabled.improvements:
        yield _improvements(tabled.improvements)
    yield _decisions(content, tabled)


def _last_time(decisions: Sequence[Decision]) -> Sheet:
    rows = tuple((each.text, each.who or "–", f"{each.due_on}" if each.due_on else "–") for each in decisions)
    title = f"{count(len(decisions))} decision{'' if len(decisions) == 1 else 's'} of the last review to follow up"
    return Sheet("Last time", title, "", (Rows(("Decision", "Who", "Until"), rows, (0.64, 0.2, 0.16)),))


def _figures(content: SlideContent) -> Sheet:
    told = {each.name: each for each in content.told}
    rows = tuple(
        (each.label, each.figure, each.interval or "–", each.reason or each.over, each.trend or "–", each.target or "–")
        for name in HEADLINES
        if (each := told.get(name)) is not None
    )
    header = ("Measure", "Figure", "95 % interval", "Over", "Trend", "Target")
    first = content.attention[0].sentence if content.attention else "Nothing is out of the ordinary at its end."
    widths = (0.16, 0.12, 0.14, 0.24, 0.22, 0.12)
    return Sheet("Figures", "How the stream fares", first, (Rows(header, rows, widths),))


def _time(content: SlideContent) -> Sheet | None:
    whole = sum(part.lead_seconds for part in content.steps)
    if not whole:
        return None
    most = max(content.steps, key=lambda part: part.lead_seconds)
    rows = tuple(
        (
            part.step,
            duration(part.lead_seconds),
            "–" if part.working_seconds is None else duration(part.working_seconds),
            percent_roughly(part.lead_seconds / whole),
        )
        for part in content.steps
    )
    title = f"{percent_roughly(most.lead_seconds / whole)} of the lead time is spent in “{most.step}”"
    header = ("Step", "Time in it", "of that at work", "Share")
    return Sheet(
        "Where time goes",
        title,
        "The mean delivered item, all its visits of a step together",
        (Rows(header, rows, (0.46, 0.18, 0.18, 0.18)),),
    )


def _trends(content: SlideContent, noun: Noun) -> Iterator[Sheet]:
    for topic, trend, scale, colour in (
        ("Lead time", content.lead_time, DAY, theme.WORKING),
        ("Throughput", content.throughput, 1.0, theme.WORKING),
    ):
        chart = weekly_trend(trend, noun=noun)
        if chart is not None:
            native = _native(trend, scale, colour)
            drawing = Drawing(draw(chart.picture), chart.alt, tuple(day(p.week_at) for p in trend.points), native)
            yield Sheet(topic, chart.title, chart.subtitle, (drawing, *_noted(chart.note)))


def _native(trend: Trend, scale: float, colour: str) -> dict[str, tuple[tuple[float, ...], str]]:
    series = {trend.measure.capitalize(): (tuple(point.value / scale for point in trend.points), colour)}
    limits = {"Mean": (trend.centre, theme.INK), "Upper limit": (trend.upper_limit, theme.REST)}
    for name, (value, ink) in limits.items():
        if value is not None:
            series[name] = ((value / scale,) * len(trend.points), ink)
    return series


def _noted(note: str) -> tuple[Part, ...]:
    return (Sentences((note,)),) if note else ()


def _findings(content: SlideContent) -> Iterator[Sheet]:
    if not content.findings:
        return
    rows = tuple(
        (str(told.number), told.title, told.hours, told.wastes, count(told.n_items))
        for told in content.findings[:MOST_ROWS]
    )
    most = content.findings[0]
    header = ("", "Finding", "Hours a month", "Waste", "Items")
    yield Sheet(
        "Findings",
        f"“{most.title}” holds most: {most.hours} a month",
        "Most at stake first; no hour counts twice",
        (Rows(header, rows, (0.05, 0.45, 0.16, 0.22, 0.12)),),
    )
    for told in content.findings[:BIGGEST]:
        tried = tuple(f"Try: {each.title}. {each.how_to_try}" for each in told.to_try)
        yield Sheet(
            f"Finding {told.number}", told.title, f"{told.hours} {told.stake}", (Sentences((told.sentence, *tried)),)
        )


def _issues(issues: Sequence[Issue], noun: Noun) -> Sheet:
    most = issues[0]
    rows = tuple(
        (
            issue.name,
            count(round(issue.per_month)),
            count(round(issue.hours_per_month)),
            "yes" if issue.is_candidate else "–",
        )
        for issue in issues[:MOST_ROWS]
    )
    title = f"“{most.name}” keeps coming back: {count(round(most.per_month))} {noun.many} a month"
    header = ("What comes back", "a month", "Hours a month", "Problem candidate")
    return Sheet("Recurring issues", title, "", (Rows(header, rows, (0.52, 0.14, 0.16, 0.18)),))


def _targets(tabled: Tabled) -> Sheet:
    n_missed = sum(row[3] == "missed" for row in tabled.targets)
    title = "All targets are met" if not n_missed else f"{n_missed} of {len(tabled.targets)} targets are missed"
    parts: list[Part] = []
    if tabled.targets:
        parts.append(Rows(("Target", "is", "came to", "stands"), tabled.targets, (0.4, 0.24, 0.22, 0.14)))
    else:
        title = "How promises are kept"
    if tabled.service_levels:
        header = ("Service level", "promises", "met", "open")
        parts.append(Rows(header, tabled.service_levels, (0.3, 0.3, 0.22, 0.18)))
    return Sheet("Targets", title, "In the last whole period", tuple(parts))


def _alerts(alerts: tuple[tuple[str, str, str], ...]) -> Sheet:
    n = len(alerts)
    title = f"{count(n)} alert{' is' if n == 1 else 's are'} open"
    shown = f"The worst {MOST_ROWS}" if n > MOST_ROWS else ""
    return Sheet("Alerts", title, shown, (Rows(("Since", "", "What"), alerts[:MOST_ROWS], (0.16, 0.14, 0.7)),))


def _improvements(improvements: tuple[tuple[str, str, str, str], ...]) -> Sheet:
    n_proved = sum(row[3].startswith("confirmed") for row in improvements)
    title = f"{n_proved} of {len(improvements)} improvement{'' if len(improvements) == 1 else 's'} shown to have helped"
    header = ("Improvement", "State", "Owner", "Verdict")
    return Sheet("Improvements", title, "", (Rows(header, improvements, (0.36, 0.14, 0.16, 0.34)),))


def _decisions(content: SlideContent, tabled: Tabled) -> Sheet:
    tried = [
        f"Whether to act on “{told.title}” ({told.hours} a month)"
        + (f": {told.to_try[0].title[:1].lower()}{told.to_try[0].title[1:]}." if told.to_try else ".")
        for told in content.findings[:BIGGEST]
    ]
    said = (*tabled.to_decide, *tried)[:MOST_TO_DECIDE] or (
        "Nothing is to be decided; set the day of the next review.",
    )
    n = len(said)
    return Sheet(
        "Decisions", f"{count(n)} decision{'' if n == 1 else 's'} to take", "", (Sentences(said, is_numbered=True),)
    )
