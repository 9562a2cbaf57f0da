"""A choice among moves as JSON: the stable form that `millrace optimise` writes.

Durations are seconds, ratios lie between 0 and 1, money is in the currency of the costs. Gains are more than 0 where
the measure gets better. A figure that cannot be known is null.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

from millrace.simulate.choose.choose import Choice, ChosenSet
from millrace.simulate.compare import Estimate


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class IntervalJson(_Part):
    """A mean over replications with its 95 % interval."""

    mean: float
    low: float
    high: float


class ChosenSetJson(_Part):
    """A set of moves, its cost in the first months, the measure with it, and the gain on today."""

    moves: tuple[dict[str, Any], ...]
    names: tuple[str, ...]
    cost: float
    one_off_cost: float
    figure: IntervalJson
    gain: IntervalJson
    is_overloaded: bool


class ContributionJson(_Part):
    """What one candidate gains by itself (with what it needs) and on top of the rest of the chosen set."""

    name: str
    alone: IntervalJson | None
    on_top: IntervalJson | None
    n_on_front: int
    is_chosen: bool


class ChoiceJson(_Part):
    """The front in the order of cost, and the set chosen from it."""

    stream: str
    basis: str
    measure: str
    months: float
    budget: float | None
    goal: str | None
    goal_value: float | None
    is_sure: bool
    today: ChosenSetJson
    chosen: ChosenSetJson | None
    front: tuple[ChosenSetJson, ...]
    others: tuple[ChosenSetJson, ...]
    contributions: tuple[ContributionJson, ...]
    never_worth_it: tuple[str, ...]
    n_sets: int
    n_simulated: int
    is_exhaustive: bool
    n_replications: int
    remarks: tuple[str, ...]


def choice_form(stream: str, basis: str, choice: Choice, remarks: tuple[str, ...]) -> ChoiceJson:
    """The choice in its form."""
    return ChoiceJson(
        stream=stream,
        basis=basis,
        measure=choice.measure,
        months=choice.months,
        budget=choice.budget,
        goal=None if choice.goal is None else str(choice.goal),
        goal_value=None if choice.goal is None else choice.goal.value,
        is_sure=choice.is_sure,
        today=_set(choice.today),
        chosen=None if choice.chosen is None else _set(choice.chosen),
        front=tuple(_set(each) for each in choice.front),
        others=tuple(_set(each) for each in choice.others),
        contributions=tuple(
            ContributionJson(
                name=each.name,
                alone=_interval(each.alone),
                on_top=_interval(each.on_top),
                n_on_front=each.n_on_front,
                is_chosen=each.is_chosen,
            )
            for each in choice.contributions
        ),
        never_worth_it=choice.never_worth_it,
        n_sets=choice.n_sets,
        n_simulated=choice.n_simulated,
        is_exhaustive=choice.is_exhaustive,
        n_replications=choice.n_replications,
        remarks=remarks,
    )


def choice_schema() -> dict[str, Any]:
    """The JSON Schema of the form."""
    schema = ChoiceJson.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Choice among moves"}


def _set(chosen: ChosenSet) -> ChosenSetJson:
    gained, figure = _interval(chosen.gain), _interval(chosen.estimate)
    assert gained is not None
    assert figure is not None
    return ChosenSetJson(
        moves=tuple(move.model_dump(mode="json", exclude_defaults=True) for move in chosen.moves),
        names=chosen.names,
        cost=chosen.cost,
        one_off_cost=chosen.one_off_cost,
        figure=figure,
        gain=gained,
        is_overloaded=chosen.is_overloaded,
    )


def _interval(estimate: Estimate | None) -> IntervalJson | None:
    return None if estimate is None else IntervalJson(mean=estimate.mean, low=estimate.low, high=estimate.high)
