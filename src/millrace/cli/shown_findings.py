"""Findings in the terminal, as sentences or JSON."""

import json

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.diagnose.findings.finding import Figure, Finding, Findings, Stake, Unit
from millrace.diagnose.findings.registry import KINDS
from millrace.diagnose.findings.saying import count, duration, percent
from millrace.flow.flow import Flow
from millrace.flow.item_list import list_at_stake
from millrace.model.absent import Absent
from millrace.model.countermeasures.countermeasure import countermeasure
from millrace.model.countermeasures.waste import waste
from millrace.report.findings_json import finding_json, findings_json
from millrace.report.wording import period_of
from millrace.workbench.findings import Diagnosed

STAKE = "yellow"
ITEMS_SHOWN = 40
_INDENT = (0, 0, 0, 4)


def print_findings_json(diagnosed: Diagnosed) -> None:
    """Print the stable JSON form of all findings (docs/reference/findings-json.md)."""
    form = findings_json(diagnosed.flow, diagnosed.findings)
    print(json.dumps(form.model_dump(mode="json"), ensure_ascii=False, indent=1))


def print_finding_json(finding: Finding) -> None:
    """Print the stable JSON form of one finding."""
    print(json.dumps(finding_json(finding).model_dump(mode="json"), ensure_ascii=False, indent=1))


def show_findings(diagnosed: Diagnosed, most: int) -> None:
    """Print the findings with most at stake: the claim, what is at stake, what to try."""
    console, found = Console(), diagnosed.findings
    stream = diagnosed.flow.about.stream
    console.print(Text(stream.shown_name, "bold"))
    console.print(Text(_basis(diagnosed.flow, found), DIM))
    console.print()
    for number, finding in enumerate(found.findings[:most], 1):
        console.print(Text.assemble((f"{number:>2}  ", DIM), (finding.title, "bold"), (f"  {finding.id}", DIM)))
        console.print(Padding(Text(finding.sentence), _INDENT))
        console.print(Padding(_stake(finding.stake), _INDENT))
        if finding.countermeasures:
            first = countermeasure(finding.countermeasures[0])
            console.print(Padding(Text.assemble(("→ ", "green"), first.title), _INDENT))
        console.print()
    console.print(Text(_rest(found, most), DIM))


def _basis(flow: Flow, found: Findings) -> str:
    if not found.hours:
        return f"{period_of(flow)} · no time passes in this log"
    monthly = count(round(found.hours / found.n_months))
    scaled = " (scaled up: the log is shorter)" if found.n_months < 1 else ""
    return f"{period_of(flow)} · items spend {monthly} hours a month in all{scaled}, nights and weekends included"


def _stake(stake: Stake) -> Text:
    hours = f"{count(round(stake.hours_per_month))} h a month"
    beside = f" ({percent(stake.share_ratio)} of all hours)"
    if stake.claimed_hours_per_month > 1.005 * stake.hours_per_month:
        claimed = count(round(stake.claimed_hours_per_month))
        beside = (
            f" ({percent(stake.share_ratio)} of all hours; of {claimed} h the rest counts with more specific findings)"
        )
    money = "" if isinstance(stake.money_per_month, Absent) else f", cost {stake.money_per_month:,.0f} a month"
    return Text.assemble((hours, STAKE), money, (beside, DIM))


def _rest(found: Findings, most: int) -> str:
    n, n_more = len(found.findings), max(len(found.findings) - most, 0)
    if not n:
        told = "Nothing was found that is both sure and worth a reader's minute."
    else:
        share = sum(finding.stake.share_ratio for finding in found.findings)
        told = f"{n} finding{'s hold' if n > 1 else ' holds'} {percent(share)} of all hours, no hour twice."
        told += f" {n_more} more with --most {n}." if n_more else ""
    if found.n_tested:
        comparisons = "1 comparison" if found.n_tested == 1 else f"{count(found.n_tested)} comparisons"
        told += f" {comparisons} tested; at most {percent(found.level)} of those told are chance."
    return told


def show_finding(finding: Finding) -> None:
    """Print one finding whole."""
    console = Console()
    kind = next((kind for kind in KINDS if kind.name == finding.kind), None)
    console.print(Text.assemble((finding.title, "bold"), (f"  {finding.id}", DIM)))
    console.print(Padding(Text(finding.sentence), _INDENT))
    console.print(Padding(_stake(finding.stake), _INDENT))
    console.print()
    console.print(Padding(_figures(finding), _INDENT))
    console.print()
    if kind is not None:
        console.print(Padding(Text(f"What counts: {kind.definition}", DIM), _INDENT))
    console.print(Padding(Text(_certainty(finding), DIM), _INDENT))
    if isinstance(finding.stake.money_per_month, Absent):
        console.print(Padding(Text(f"No money: {finding.stake.money_per_month.reason}.", DIM), _INDENT))
    titles = ", ".join(waste(name).title for name in finding.wastes)
    console.print(
        Padding(Text(f"Wastes: {titles}. Items: {count(finding.n_items)}, listed with --items.", DIM), _INDENT)
    )
    for name in finding.countermeasures:
        tried = countermeasure(name)
        console.print()
        console.print(Padding(Text.assemble(("→ ", "green"), (tried.title, "bold")), _INDENT))
        for label, said in (("When", tried.condition), ("Effect", tried.usual_effect), ("Try", tried.how_to_try)):
            console.print(Padding(Text.assemble((f"{label}: ", DIM), said), (0, 0, 0, 6)))


def _certainty(finding: Finding) -> str:
    p, interval = finding.certainty.adjusted_p, finding.certainty.interval
    if p is not None:
        return f"Certainty: p {'< 0.001' if p < 0.001 else f'= {p:.3f}'}, adjusted for everything that was tested."
    if interval is not None:
        unit = finding.figures[0].unit
        low, high = shown(interval.low, unit), shown(interval.high, unit)
        return f"Certainty: counted; the 95 % interval of the first figure is {low} to {high}."
    return "Certainty: counted, not estimated."


def _figures(finding: Finding) -> Table:
    figures = table("Figure", "value", "over", "Definition", figures=("value", "over"))
    for figure in finding.figures:
        figures.add_row(figure.name, _value(figure), f"{figure.n:,} {figure.over}", figure.definition)
    return figures


def _value(figure: Figure) -> str:
    return shown(figure.value, figure.unit)


def shown(value: float, unit: Unit) -> str:
    """A value in its unit."""
    if unit is Unit.SECONDS:
        return duration(value)
    if unit is Unit.RATIO:
        return percent(value)
    if unit is Unit.FACTOR:
        return f"{value:.1f} ×"
    return f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:.1f}"


def show_items(flow: Flow, finding: Finding) -> None:
    """Print the items of a finding, those with most at stake first."""
    console = Console()
    rows = list_at_stake(flow, finding.item_codes, finding.item_microseconds)
    listed = table(
        "Item", "demand", "value", "lead time", "at stake", figures=("demand", "value", "lead time", "at stake")
    )
    wanted = rows.project("item, demand_at, value_at, lead_time_seconds, at_stake_seconds").limit(ITEMS_SHOWN)
    for item, demand_at, value_at, lead, at_stake in wanted.fetchall():
        listed.add_row(
            item,
            f"{demand_at:%Y-%m-%d}",
            "open" if value_at is None else f"{value_at:%Y-%m-%d}",
            "–" if lead is None else duration(lead),
            duration(at_stake),
        )
    console.print(listed)
    if finding.n_items > ITEMS_SHOWN:
        console.print(Text(f"… {count(finding.n_items - ITEMS_SHOWN)} more: write them all with -o items.csv", DIM))
