"""The biggest findings as a report tells them: a sentence, a number, a picture, and what to try."""

from dataclasses import dataclass

from millrace.diagnose.findings.finding import Finding, Stake
from millrace.draw.charts.chart import Chart
from millrace.draw.charts.finding_comparison import finding_comparison, shown
from millrace.draw.charts.waste_pareto import BIGGEST, named
from millrace.draw.charts.wording import THIN, count, percent
from millrace.flow.summary import Absent
from millrace.model.countermeasures.countermeasure import Countermeasure, countermeasure
from millrace.model.countermeasures.waste import waste
from millrace.report.content import ReportContent

MOST_TO_TRY = 2


@dataclass(frozen=True)
class ToldFinding:
    """One finding, in words. `figures` are name, value and definition; `chart` is None where nothing is to compare."""

    number: int
    id: str
    title: str
    sentence: str
    hours: str
    stake: str
    wastes: str
    certainty: str
    figures: tuple[tuple[str, str, str], ...]
    to_try: tuple[Countermeasure, ...]
    n_items: int
    chart: Chart | None


def told_findings(content: ReportContent) -> tuple[ToldFinding, ...]:
    """The biggest findings; none where nothing was looked for or found."""
    if content.findings is None:
        return ()
    return tuple(told_finding(number, finding) for number, finding in enumerate(content.findings.findings[:BIGGEST], 1))


def told_finding(number: int, finding: Finding) -> ToldFinding:
    """One finding in words, under its number."""
    return ToldFinding(
        number=number,
        id=finding.id,
        title=named(finding),
        sentence=finding.sentence,
        hours=f"{count(round(finding.stake.hours_per_month))}{THIN}h",
        stake=_stake(finding.stake),
        wastes=", ".join(waste(name).title for name in finding.wastes),
        certainty=_certainty(finding),
        figures=tuple(
            (each.name, shown(each.value, each.unit), f"{each.definition}; over {count(each.n)} {each.over}")
            for each in finding.figures
        ),
        to_try=tuple(countermeasure(name) for name in finding.countermeasures[:MOST_TO_TRY]),
        n_items=finding.n_items,
        chart=None if finding.picture is None else finding_comparison(finding.picture),
    )


def _stake(stake: Stake) -> str:
    """What stands beside the hours a month."""
    said = f"a month, {percent(stake.share_ratio)} of all hours"
    if stake.claimed_hours_per_month > 1.005 * stake.hours_per_month:
        claimed = f"{count(round(stake.claimed_hours_per_month))}{THIN}h"
        said += f"; of {claimed} the rest counts with more specific findings"
    if not isinstance(stake.money_per_month, Absent):
        said += f"; {count(round(stake.money_per_month))} at the given rates"
    return said


def _certainty(finding: Finding) -> str:
    p, interval = finding.certainty.adjusted_p, finding.certainty.interval
    if p is not None:
        return f"p {'< 0.001' if p < 0.001 else f'= {p:.3f}'}, adjusted for all comparisons"
    if interval is None:
        return "counted"
    unit = finding.figures[0].unit
    return f"counted; 95 % interval {shown(interval.low, unit)} – {shown(interval.high, unit)}"
