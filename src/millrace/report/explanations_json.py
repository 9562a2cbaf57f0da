"""Explanations as JSON: the stable form that `millrace why --json` prints."""

from pydantic import BaseModel, ConfigDict, Field

from millrace.diagnose.explanation.explanation import Condition, Explanation, Explanations
from millrace.flow.flow import Flow


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ConditionJson(_Part):
    """A value that items have when they are demanded."""

    column: str
    value: str


class RangeJson(_Part):
    """A 95 % interval."""

    low: float
    high: float


class ExplanationJson(_Part):
    """A group of items that meets all `conditions` and fares worse than comparable others."""

    conditions: tuple[ConditionJson, ...]
    sentence: str
    n_items: int
    factor: float = Field(description="Times as long (ratio of geometric means), or as often")
    factor_interval: RangeJson
    excess_per_month: float = Field(description="Hours, or items, a month beyond comparable others")
    excess_interval: RangeJson
    share_ratio: float = Field(description="Part of all that there is to explain")
    adjusted_p: float
    same_as: tuple[tuple[ConditionJson, ...], ...] = Field(description="Groups that say no more than this one")


class LeftOutColumnJson(_Part):
    """A column that was not looked at, and why."""

    column: str
    reason: str


class ExplanationsJson(_Part):
    """Everything `millrace why` tells."""

    source: str
    of: str
    n_items: int
    n_bad: int
    total_per_month: float
    explained_ratio: float
    n_tested: int
    false_discovery_rate: float
    looked_at: tuple[str, ...]
    left_out: tuple[LeftOutColumnJson, ...]
    left_out_items: str
    explanations: tuple[ExplanationJson, ...]


def explanations_json(flow: Flow, found: Explanations) -> ExplanationsJson:
    """The form of everything found in `flow`."""
    return ExplanationsJson(
        source=flow.about.source_name,
        of=str(found.of),
        n_items=found.n_items,
        n_bad=found.n_bad,
        total_per_month=found.total_per_month,
        explained_ratio=found.explained_ratio,
        n_tested=found.n_tested,
        false_discovery_rate=found.level,
        looked_at=found.looked_at,
        left_out=tuple(LeftOutColumnJson(column=each.column, reason=each.reason) for each in found.left_out),
        left_out_items=found.left_out_items,
        explanations=tuple(map(_explanation, found.explanations)),
    )


def _explanation(each: Explanation) -> ExplanationJson:
    return ExplanationJson(
        conditions=_conditions(each.conditions),
        sentence=each.sentence,
        n_items=each.n_items,
        factor=each.factor,
        factor_interval=RangeJson(low=each.interval.low, high=each.interval.high),
        excess_per_month=each.excess_per_month,
        excess_interval=RangeJson(low=each.excess_interval.low, high=each.excess_interval.high),
        share_ratio=each.share_ratio,
        adjusted_p=each.adjusted_p,
        same_as=tuple(map(_conditions, each.same_as)),
    )


def _conditions(conditions: tuple[Condition, ...]) -> tuple[ConditionJson, ...]:
    return tuple(ConditionJson(column=each.column, value=each.value) for each in conditions)
