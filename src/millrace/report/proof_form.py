"""The stable JSON form of a verdict on a change."""

from datetime import date, timedelta

from pydantic import BaseModel, Field

from millrace.draw.proof_words import (
    basis_in_words,
    effect_in_words,
    headline,
    money_in_words,
    power_in_words,
    realised_in_words,
)
from millrace.improve.proof.effect import Estimated
from millrace.improve.proof.elsewhere import Elsewhere
from millrace.improve.proof.hypothesis import Hypothesis
from millrace.improve.proof.verdict import Verdict
from millrace.model.absent import Absent


class EffectForm(BaseModel):
    """An effect: seconds for durations, a share for ratios, a count otherwise; ratios are relative to `without`."""

    without: float = Field(description="What the measure would have been in the weeks since")
    with_change: float = Field(description="What it was")
    change_ratio: float
    low_ratio: float = Field(description="Lower bound of the 95 % interval")
    high_ratio: float


class WeekForm(BaseModel):
    """A week: the figure with the mix of work held equal, what it would have been without the change, its items."""

    week_on: date
    n_items: int
    figure: float
    without: float
    reached_ratio: float


class ElsewhereForm(BaseModel):
    """What became of another measure."""

    measure: str
    step: str | None
    effect: EffectForm
    chance_ratio: float = Field(description="How often chance alone would show as much for the worse")
    is_worse: bool


class MoneyForm(BaseModel):
    """What the effect saves a month, in the currency of the rates."""

    what: str
    per_month: float
    low: float
    high: float
    sentence: str


class ProofForm(BaseModel):
    """A verdict on a change. What is not known is null, and `reasons` says why."""

    hypothesis: Hypothesis
    outcome: str = Field(description="confirmed, refuted or not yet known")
    reason: str
    headline: str
    sentences: tuple[str, ...]
    effect: EffectForm | None
    smallest_ratio: float | None = Field(description="The smallest effect seen in 80 of 100 cases")
    weeks_to_wait: int | None
    realised_ratio: float | None
    n_before: int
    n_after: int
    n_left_out: int
    n_placebos: int | None
    inflation: float | None = Field(description="By how much placebo tests widened the interval")
    money: tuple[MoneyForm, ...] | None
    elsewhere: tuple[ElsewhereForm, ...]
    weeks: tuple[WeekForm, ...]
    reasons: dict[str, str]


def proof_form(verdict: Verdict) -> ProofForm:
    """A verdict in its stable form."""
    found = None if isinstance(verdict.effect, Absent) else verdict.effect
    told = {
        "smallest_ratio": verdict.smallest_ratio,
        "weeks_to_wait": verdict.weeks_to_wait,
        "realised_ratio": verdict.realised_ratio,
        "money": verdict.money,
    }
    reasons = {name: value.reason for name, value in told.items() if isinstance(value, Absent)}
    if isinstance(verdict.effect, Absent):
        reasons["effect"] = verdict.effect.reason
    sentences = (
        effect_in_words(verdict), realised_in_words(verdict), power_in_words(verdict), *basis_in_words(verdict)
    )  # fmt: skip
    return ProofForm(
        hypothesis=verdict.hypothesis,
        outcome=verdict.outcome,
        reason=verdict.reason,
        headline=headline(verdict),
        sentences=tuple(each for each in sentences if each),
        effect=None if found is None else _effect(found),
        smallest_ratio=_known(verdict.smallest_ratio),
        weeks_to_wait=None if isinstance(verdict.weeks_to_wait, Absent) else verdict.weeks_to_wait,
        realised_ratio=_known(verdict.realised_ratio),
        n_before=verdict.n_before,
        n_after=verdict.n_after,
        n_left_out=verdict.n_left_out,
        n_placebos=None if found is None else found.placebo.n,
        inflation=None if found is None else found.placebo.inflation,
        money=_money(verdict),
        elsewhere=tuple(map(_elsewhere, verdict.elsewhere)),
        weeks=() if found is None else _weeks(verdict.hypothesis, found),
        reasons=reasons,
    )


def _known(figure: float | Absent) -> float | None:
    return None if isinstance(figure, Absent) else figure


def _effect(found: Estimated) -> EffectForm:
    return EffectForm(
        without=found.shown(found.level),
        with_change=found.shown(found.level + found.effect),
        change_ratio=found.relative(found.effect),
        low_ratio=found.relative(found.low),
        high_ratio=found.relative(found.high),
    )


def _elsewhere(each: Elsewhere) -> ElsewhereForm:
    asked = each.hypothesis
    return ElsewhereForm(
        measure=asked.measure,
        step=asked.step,
        effect=_effect(each.found),
        chance_ratio=each.chance_ratio,
        is_worse=each.is_worse,
    )


def _money(verdict: Verdict) -> tuple[MoneyForm, ...] | None:
    if isinstance(verdict.money, Absent):
        return None
    return tuple(
        MoneyForm(what=m.what, per_month=m.per_month, low=m.low, high=m.high, sentence=money_in_words(m))
        for m in verdict.money
    )


def _weeks(asked: Hypothesis, found: Estimated) -> tuple[WeekForm, ...]:
    series = found.series
    return tuple(
        WeekForm(
            week_on=asked.changed_on + timedelta(weeks=int(week)),
            n_items=int(n),
            figure=found.shown(float(figure)),
            without=found.shown(float(without)),
            reached_ratio=float(reached),
        )
        for week, n, figure, without, reached in zip(
            series.week, series.n, series.figure, found.without, series.exposure, strict=True
        )
    )
