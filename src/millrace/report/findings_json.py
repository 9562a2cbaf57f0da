"""Findings as JSON: the stable form that `millrace findings --json` prints, and its schema.

Hours and money are per month of the log, durations seconds, ratios between 0 and 1. A figure that cannot be known is
null, and its reason stands under `absent`, by the figure's name.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from millrace.diagnose.findings.finding import Bars, Finding, Findings, Place
from millrace.flow.flow import Flow
from millrace.model.absent import Absent
from millrace.model.countermeasures.countermeasure import countermeasure
from millrace.model.countermeasures.waste import waste


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class PlaceJson(_Part):
    """Where it holds, by names; what is null does not narrow it down. With `to_step` the way from `step` to it."""

    step: str | None
    to_step: str | None
    team: str | None
    to_team: str | None
    reason: str | None = Field(description="What is waited for")
    side: str | None = Field(description="Whose time it is")
    segment: dict[str, str] = Field(description="Values of columns of the log")


class FigureJson(_Part):
    """A number behind the claim; `unit` is seconds, ratio, count or factor; `n` counts what `over` names."""

    name: str
    value: float
    unit: str
    definition: str
    n: int
    over: str


class IntervalJson(_Part):
    """The 95 % interval of the first figure, in its unit."""

    low: float
    high: float


class StakeJson(_Part):
    """What is at stake per month of the log.

    `claimed_hours_per_month` is all the time that the claim covers; `hours_per_month` what is left of it after every
    hour has been given to the most specific claim on it, so that it adds up over findings; `share_ratio` is that part
    of all hours of the log.
    """

    hours_per_month: float
    claimed_hours_per_month: float
    share_ratio: float
    money_per_month: float | None


class CountermeasureJson(_Part):
    """Something to try; `move` is what it becomes in a future state."""

    name: str
    title: str
    condition: str
    usual_effect: str
    how_to_try: str
    move: str


class BarJson(_Part):
    """A value of the comparison, over n."""

    label: str
    value: float
    n: int
    is_the_finding: bool


class PictureJson(_Part):
    """A comparison to draw."""

    title: str
    unit: str
    measure: str
    rows: tuple[BarJson, ...]


class FindingJson(_Part):
    """A claim with its evidence. `id` is the same in every run that finds the same at the same place."""

    id: str
    kind: str
    title: str
    sentence: str
    place: PlaceJson
    main_step: str | None = Field(description="Where most of the time at stake lies; null where that is after value")
    figures: tuple[FigureJson, ...]
    adjusted_p: float | None = Field(description="After Benjamini and Hochberg; null where it counts what is there")
    interval: IntervalJson | None
    stake: StakeJson
    wastes: tuple[str, ...] = Field(description="Of the eight (DOWNTIME)")
    waste_groups: tuple[str, ...] = Field(description="waiting, rework, handoffs, manual_steps")
    countermeasures: tuple[CountermeasureJson, ...] = Field(description="Those that fit best first")
    n_items: int
    picture: PictureJson | None
    absent: dict[str, str] = Field(description="Figures that cannot be known, with the reason")


class FindingsJson(_Part):
    """Everything `millrace findings --json` prints, most at stake first."""

    source: str
    stream: str
    n_items: int
    hours: float = Field(description="All hours of the log")
    n_months: float
    n_tested: int = Field(description="Comparisons tested")
    false_discovery_ratio: float = Field(description="The share of false ones among them that is accepted")
    findings: tuple[FindingJson, ...]
    not_looked_for: dict[str, str] = Field(description="Kinds that this log cannot show, with the reason")


def findings_json(flow: Flow, found: Findings) -> FindingsJson:
    """The stable form of what was found in `flow`."""
    about = flow.about
    return FindingsJson(
        source=about.source_name,
        stream=about.stream.name,
        n_items=about.n_items,
        hours=found.hours,
        n_months=found.n_months,
        n_tested=found.n_tested,
        false_discovery_ratio=found.level,
        findings=tuple(finding_json(finding) for finding in found.findings),
        not_looked_for={kind: absent.reason for kind, absent in found.not_looked_for.items()},
    )


def finding_json(finding: Finding) -> FindingJson:
    """The stable form of one finding."""
    stake, money = finding.stake, finding.stake.money_per_month
    interval = finding.certainty.interval
    return FindingJson(
        id=finding.id,
        kind=finding.kind,
        title=finding.title,
        sentence=finding.sentence,
        place=_place(finding.place),
        main_step=finding.main_step,
        figures=tuple(FigureJson(**vars(figure)) for figure in finding.figures),
        adjusted_p=finding.certainty.adjusted_p,
        interval=None if interval is None else IntervalJson(low=interval.low, high=interval.high),
        stake=StakeJson(
            hours_per_month=stake.hours_per_month,
            claimed_hours_per_month=stake.claimed_hours_per_month,
            share_ratio=stake.share_ratio,
            money_per_month=None if isinstance(money, Absent) else money,
        ),
        wastes=finding.wastes,
        waste_groups=waste_groups(finding.wastes),
        countermeasures=tuple(_countermeasure(name) for name in finding.countermeasures),
        n_items=finding.n_items,
        picture=None if finding.picture is None else _picture(finding.picture),
        absent={"money_per_month": money.reason} if isinstance(money, Absent) else {},
    )


def waste_groups(wastes: Iterable[str]) -> tuple[str, ...]:
    """The coarse groups that wastes count towards, each once."""
    return tuple(dict.fromkeys(str(group) for name in wastes for group in waste(name).groups))


def _place(place: Place) -> PlaceJson:
    return PlaceJson(**{**vars(place), "segment": dict(place.segment)})


def _countermeasure(name: str) -> CountermeasureJson:
    return CountermeasureJson.model_validate(countermeasure(name).model_dump(mode="json"))


def _picture(picture: Bars) -> PictureJson:
    return PictureJson(
        title=picture.title,
        unit=picture.unit,
        measure=picture.measure,
        rows=tuple(BarJson(**vars(row)) for row in picture.rows),
    )
