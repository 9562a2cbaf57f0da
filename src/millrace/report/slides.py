"""A stream as slides: a deck for the review, with tables and charts that can be edited where they stand."""

from io import BytesIO
from typing import Any

from millrace.draw import theme
from millrace.draw.charts.wording import day, percent_roughly
from millrace.draw.raster import svg_to_png
from millrace.report.slide_content import BIGGEST, SlideContent
from millrace.report.slide_parts import (
    add_bars,
    add_bullets,
    add_lines,
    add_picture,
    add_slide,
    add_table,
    add_title_slide,
    new_deck,
)

HEADLINES = (
    "lead_time", "time_to_close", "flow_efficiency", "first_time_completion", "rework", "handoffs", "work_in_progress",
    "throughput", "closing_tail",
)  # fmt: skip
DAY = 86_400.0
MOST_STEPS = 12
MOST_FINDINGS = 8


def slides(content: SlideContent) -> bytes:
    """The deck as a PPTX file: figures, map, where the time goes, weeks, findings, what needs attention."""
    deck = new_deck(content.title)
    add_title_slide(deck, content.title, content.subtitle, content.description)
    _figures(deck, content)
    add_picture(
        add_slide(deck, "The stream as measured", content.subtitle),
        svg_to_png(content.map_svg),
        content.map_alt,
    )
    _time(deck, content)
    _weeks(deck, content)
    _findings(deck, content)
    if content.attention:
        add_bullets(add_slide(deck, "What needs attention", ""), [each.sentence for each in content.attention])
    _reading(deck, content)
    written = BytesIO()
    deck.save(written)
    return written.getvalue()


def _figures(deck: Any, content: SlideContent) -> None:
    told = {each.name: each for each in content.told}
    rows = [
        (each.label, each.figure, each.interval, each.reason or each.over, each.trend, each.target or "none set")
        for name in HEADLINES
        if (each := told.get(name)) is not None
    ]
    slide = add_slide(deck, "How the stream fares", f"From {content.demand} to {content.value}")
    header = ("Measure", "Figure", "95 % interval", "Over", "Trend", "Target")
    add_table(slide, header, rows, widths=(2.0, 1.3, 1.9, 3.2, 2.6, 1.5))


def _time(deck: Any, content: SlideContent) -> None:
    """The steps that take longest, in the order of the stream."""
    longest = sorted(content.steps, key=lambda part: -part.lead_seconds)[:MOST_STEPS]
    steps = [part for part in content.steps if part in longest]
    if not steps:
        return
    most = longest[0]
    whole = sum(part.lead_seconds for part in content.steps)
    slide = add_slide(
        deck,
        f"{percent_roughly(most.lead_seconds / whole)} of the lead time is spent in “{most.step}”",
        "Days of the mean delivered item, all its visits of a step together",
    )
    names = [part.step for part in steps]
    if any(part.working_seconds is None for part in steps):
        add_bars(slide, names, {"Lead time": ([part.lead_seconds / DAY for part in steps], theme.REST)})
        return
    working = [(part.working_seconds or 0.0) / DAY for part in steps]
    waiting = [part.lead_seconds / DAY - work for part, work in zip(steps, working, strict=True)]
    add_bars(slide, names, {"Working": (working, theme.WORKING), "Waiting": (waiting, theme.WAITING)})


def _weeks(deck: Any, content: SlideContent) -> None:
    trend = content.lead_time
    if trend.points:
        series = {"Median lead time": ([point.value / DAY for point in trend.points], theme.WORKING)}
        if trend.centre is not None and trend.upper_limit is not None:
            series["Mean"] = ([trend.centre / DAY] * len(trend.points), theme.INK)
            series["Upper limit"] = ([trend.upper_limit / DAY] * len(trend.points), theme.REST)
        slide = add_slide(deck, "Lead time, week by week", "Days, of items delivered in the week")
        add_lines(slide, [day(point.week_at) for point in trend.points], series)
    if content.weeks:
        weeks = content.weeks
        series = {
            "Demanded": ([float(week.n_demanded) for week in weeks], theme.WAITING),
            "Delivered": ([float(week.n_delivered) for week in weeks], theme.WORKING),
        }
        slide = add_slide(deck, "What comes and what goes", "Items a week")
        add_lines(slide, [day(week.began_at) for week in weeks], series)


def _findings(deck: Any, content: SlideContent) -> None:
    if not content.findings:
        add_bullets(add_slide(deck, "Findings", ""), ["Nothing stands out in this log."])
        return
    slide = add_slide(deck, "What was found, most at stake first", "Hours a month; no hour counts twice")
    rows = [
        (str(told.number), told.title, told.hours, told.wastes, f"{told.n_items:,}")
        for told in content.findings[:MOST_FINDINGS]
    ]
    header = ("", "Finding", "Hours a month", "Waste", "Items")
    add_table(slide, header, rows, widths=(0.5, 6.2, 1.8, 2.8, 1.2))
    for told in content.findings[:BIGGEST]:
        slide = add_slide(deck, told.title, f"{told.hours} {told.stake}")
        tried = [f"Try: {each.title}. {each.how_to_try}" for each in told.to_try]
        add_bullets(slide, [told.sentence, *tried])


def _reading(deck: Any, content: SlideContent) -> None:
    slide = add_slide(deck, "How to read the figures", "")
    told = {each.name: each for each in content.told}
    said = [f"{each.label}: {each.definition}" for name in HEADLINES if (each := told.get(name)) is not None]
    add_bullets(slide, said, size=13)
