"""Waste Pareto: what the findings hold, the most at stake first; no hour counts twice."""

from millrace.diagnose.findings.finding import Finding, Findings
from millrace.draw import theme
from millrace.draw.charts.bars import Bar, bars
from millrace.draw.charts.chart import Chart, TableTwin
from millrace.draw.charts.wording import THIN, count, percent, percent_roughly

MOST_BARS = 10
_IN_WORDS = ("no", "one", "two", "three", "four", "five")
BIGGEST = 5
"""Findings that stand out, with the numbers they bear on the map."""


def waste_pareto(found: Findings) -> Chart | None:
    """Draw the hours a month that each finding holds; None where nothing was found."""
    if not found.findings:
        return None
    first = found.findings[:BIGGEST]
    share = sum(finding.stake.share_ratio for finding in first)
    return Chart(
        title=_title(len(first), len(found.findings), share),
        subtitle="Hours of items a month, nights and weekends included; every hour counts once",
        alt="Bars: " + "; ".join(f"{each.title} {_hours(each)}" for each in found.findings[:MOST_BARS]) + ".",
        picture=bars(
            [
                Bar(
                    f"{number}  {named(finding)}",
                    finding.stake.hours_per_month,
                    f"{_hours(finding)} · {percent(finding.stake.share_ratio)}",
                    theme.WAITING if number <= BIGGEST else theme.REST,
                )
                for number, finding in enumerate(found.findings[:MOST_BARS], 1)
            ]
        ),
        table=TableTwin(
            ("Finding", "Hours a month", "Share of all hours"),
            tuple((named(each), _hours(each), percent(each.stake.share_ratio)) for each in found.findings),
        ),
        note=_left_out(len(found.findings) - MOST_BARS),
    )


def named(finding: Finding) -> str:
    """A finding's title with its place, where it has one: `Rework: 2nd line`."""
    place = finding.place
    ways = (place.step, place.to_step) if place.to_step else (place.step,)
    where = " → ".join(name for name in ways if name)
    parts = [where, place.team or "", *(value for _, value in place.segment)]
    told = ", ".join(part for part in parts if part)
    return f"{finding.title}: {told}" if told else finding.title


def _title(n: int, n_all: int, share: float) -> str:
    if n_all == 1:
        return f"One finding holds {percent_roughly(share)} of all hours"
    which = f"The {_IN_WORDS[n]} biggest" if n < n_all else _IN_WORDS[n].capitalize()
    return f"{which} findings hold {percent_roughly(share)} of all hours"


def _hours(finding: Finding) -> str:
    return f"{count(round(finding.stake.hours_per_month))}{THIN}h"


def _left_out(n: int) -> str:
    return "" if n <= 0 else f"{count(n)} smaller ones are in the table only."
