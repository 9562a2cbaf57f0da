"""A comparison of a future state with today as JSON: the stable form that `millrace simulate` writes, and its schema.

Durations are seconds, ratios lie between 0 and 1, instants are ISO 8601 in UTC, money is in the currency of the rates.
A figure that cannot be known is null, and its reason stands under `absent`.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

from millrace.model.absent import Absent
from millrace.simulate.backtest.verdict import Verdict
from millrace.simulate.compare import Bottleneck, Comparison, Estimate
from millrace.simulate.figures import FIGURES
from millrace.simulate.sensitivity import Sensitivity


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class EstimateJson(_Part):
    """A mean over replications with its 95 % interval."""

    mean: float
    low: float
    high: float


class ComparedJson(_Part):
    """One measure today, in future, their difference (future less today), and how likely the future is better."""

    title: str
    unit: str
    less_is_better: bool | None
    current: EstimateJson | None
    future: EstimateJson | None
    difference: EstimateJson | None
    better_ratio: float | None
    absent: str | None = None


class BottleneckJson(_Part):
    """The step with most waiting per item, and the busiest team."""

    step: str
    wait_seconds: float
    busiest_teams: tuple[str, ...]
    utilisation_ratio: float | None


class WorthJson(_Part):
    """Money a month, and once."""

    work_saved_per_month: float | None
    running_cost_per_month: float
    capacity_cost_per_month: float | None
    benefit_per_month: float | None
    one_off_cost: float
    pay_back_months: float | None
    absent: dict[str, str]


class AssumptionJson(_Part):
    """An assumption that was changed, and the gain in mean lead time then."""

    told: str
    gain_seconds: float


class SensitivityJson(_Part):
    """The gain in mean lead time as assumed, and with each assumption changed, the most telling first."""

    gain_seconds: float
    assumptions: tuple[AssumptionJson, ...]


class VerdictJson(_Part):
    """How far the simulation of a subject can be trusted: trustworthy, rough or not trustworthy, and why."""

    subject: str
    trust: str
    sentence: str


class FutureJson(_Part):
    """A future state beside the current one."""

    stream: str
    future_state: str
    basis: str
    starts_at: str
    ends_at: str
    warm_up_seconds: float
    n_replications: int
    figures: dict[str, ComparedJson]
    step_waits_seconds: dict[str, tuple[float, float]]
    current_bottleneck: BottleneckJson
    future_bottleneck: BottleneckJson
    worth: WorthJson
    sensitivity: SensitivityJson | None
    trust: tuple[VerdictJson, ...]
    trust_absent: str | None
    remarks: tuple[str, ...]


def future_form(
    stream: str,
    future_state: str,
    basis: str,
    comparison: Comparison,
    sensitivity: Sensitivity | None,
    remarks: tuple[str, ...],
    trust: tuple[Verdict, ...] | Absent,
) -> FutureJson:
    """The comparison in its stable form."""
    return FutureJson(
        stream=stream,
        future_state=future_state,
        basis=basis,
        starts_at=comparison.period.starts_at.isoformat(),
        ends_at=comparison.period.ends_at.isoformat(),
        warm_up_seconds=comparison.warm_up.total_seconds(),
        n_replications=comparison.n_replications,
        figures={name: _compared(name, comparison) for name in FIGURES},
        step_waits_seconds=comparison.step_waits,
        current_bottleneck=_bottleneck(comparison.current_bottleneck),
        future_bottleneck=_bottleneck(comparison.future_bottleneck),
        worth=_worth(comparison),
        sensitivity=None
        if sensitivity is None
        else SensitivityJson(
            gain_seconds=sensitivity.gain_seconds,
            assumptions=tuple(
                AssumptionJson(told=each.told, gain_seconds=each.gain_seconds) for each in sensitivity.assumptions
            ),
        ),
        trust=()
        if isinstance(trust, Absent)
        else tuple(VerdictJson(subject=each.subject, trust=each.trust, sentence=each.sentence) for each in trust),
        trust_absent=trust.reason if isinstance(trust, Absent) else None,
        remarks=remarks,
    )


def future_schema() -> dict[str, Any]:
    """The JSON Schema of the form."""
    return FutureJson.model_json_schema(mode="serialization")


def _compared(name: str, comparison: Comparison) -> ComparedJson:
    measured, compared = FIGURES[name], comparison.figures[name]
    sides = (compared.current, compared.future, compared.difference)
    absent = next((side.reason for side in sides if isinstance(side, Absent)), None)
    current, future, difference = (_estimate(side) for side in sides)
    return ComparedJson(
        title=measured.title,
        unit=measured.unit,
        less_is_better=measured.less_is_better,
        current=current,
        future=future,
        difference=difference,
        better_ratio=compared.better_ratio,
        absent=absent,
    )


def _estimate(side: Estimate | Absent) -> EstimateJson | None:
    return None if isinstance(side, Absent) else EstimateJson(mean=side.mean, low=side.low, high=side.high)


def _bottleneck(found: Bottleneck) -> BottleneckJson:
    return BottleneckJson(
        step=found.step,
        wait_seconds=found.wait_seconds,
        busiest_teams=found.busiest.teams if found.busiest else (),
        utilisation_ratio=found.busiest.utilisation_ratio if found.busiest else None,
    )


def _worth(comparison: Comparison) -> WorthJson:
    worth = comparison.worth
    names = ("work_saved_per_month", "capacity_cost_per_month", "benefit_per_month", "pay_back_months")
    figures = {name: getattr(worth, name) for name in names}
    known = {name: None if isinstance(figure, Absent) else figure for name, figure in figures.items()}
    return WorthJson(
        running_cost_per_month=worth.running_cost_per_month,
        one_off_cost=worth.one_off_cost,
        absent={name: figure.reason for name, figure in figures.items() if isinstance(figure, Absent)},
        **known,
    )
