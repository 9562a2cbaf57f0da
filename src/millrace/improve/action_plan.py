"""The plan of a future state: its moves in phases and in order, what each adds, and when that can be seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from millrace.errors import MillraceError
from millrace.improve.when_to_measure import Measuring, when_to_measure
from millrace.model.absent import Absent
from millrace.model.move import Move
from millrace.simulate.choose.lead_times import lead_times
from millrace.simulate.choose.question import MoveSet, Question
from millrace.simulate.choose.trials import Trials, Tried, gain
from millrace.simulate.compare import Estimate
from millrace.simulate.experiment import replicate

_FREE = 1.0
"""What a move without costs is taken to cost, so that gains per cost can be compared."""


class Phase(StrEnum):
    """When a move is made."""

    QUICK_WINS = "Quick wins"
    LARGER_CHANGES = "Larger changes"
    NO_GAIN_SHOWN = "Only for other reasons: no gain shown"


@dataclass(frozen=True)
class Action:
    """A move in its place: the measure before and after it, and what it adds to all before (more than 0 is better).

    `measuring`: when the effect on the lead time can be seen; absent with the reason where it cannot.
    """

    move: Move
    phase: Phase
    cost: float
    before: Estimate
    after: Estimate
    gain: Estimate
    measuring: Measuring | Absent


@dataclass(frozen=True)
class ActionPlan:
    """The actions in their order; running costs are those of the first `months`."""

    measure: str
    months: float
    actions: tuple[Action, ...]
    today: Estimate
    then: Estimate


@dataclass(frozen=True)
class _Placed:
    place: int
    before: Tried
    after: Tried


class PlanNotTold(MillraceError):
    """Some of the moves cannot be simulated together."""

    slug = "plan-not-told"

    def __init__(self, moves: Sequence[Move]) -> None:
        """Name the moves."""
        told = " and ".join(f"“{move.called}”" for move in moves) or "no move"
        super().__init__(
            f"With {told} the measure cannot be told: one of them changes nothing beside the others, or nothing is "
            "delivered. Take one of them out of the future state."
        )


def action_plan(question: Question, progress: Callable[[float], None] = lambda _: None) -> ActionPlan:
    """Order the moves of a question (one strength each): at each point the one that gains most for its cost comes next.

    What a move needs comes before it. Every step is simulated with all moves before it. Quick wins are moves that gain
    at least as much for their cost as the plan on the whole. Raises PlanNotTold.
    """
    trials = Trials(question)
    placed = _in_order(trials, progress)
    phases = _phases(question, placed)
    order = sorted(range(len(placed)), key=lambda at: (list(Phase).index(phases[placed[at].place]), at))
    chosen, before = question.nothing, _tried(trials, question.nothing)
    actions = []
    today = before
    for at in order:
        place = placed[at].place
        chosen = _with(chosen, place)
        after = _tried(trials, chosen)
        actions.append(_action(question, phases[place], place, before, after))
        before = after
    return ActionPlan(question.measure, question.months, tuple(actions), today.estimate, before.estimate)


def _in_order(trials: Trials, progress: Callable[[float], None]) -> list[_Placed]:
    question = trials.question
    less = question.less_is_better
    before = _tried(trials, question.nothing)
    placed: list[_Placed] = []
    left = list(range(len(question.candidates)))
    while left:
        ready = [place for place in left if question.has_needs(_with(before.chosen, place))]
        tried = {place: _tried(trials, _with(before.chosen, place)) for place in ready}

        def worth(place: int, before: Tried = before, tried: dict[int, Tried] = tried) -> float:
            gained = gain(before, tried[place], less_is_better=less).mean
            return gained / max(tried[place].cost - before.cost, _FREE)

        best = max(ready, key=worth)
        placed.append(_Placed(best, before, tried[best]))
        before = tried[best]
        left.remove(best)
        progress(len(placed) / len(question.candidates))
    return placed


def _phases(question: Question, placed: Sequence[_Placed]) -> dict[int, Phase]:
    """Each move's phase, never before that of a move that it needs."""
    less = question.less_is_better
    gains = {each.place: gain(each.before, each.after, less_is_better=less) for each in placed}
    costs = {each.place: max(each.after.cost - each.before.cost, _FREE) for each in placed}
    shown = [place for place, gained in gains.items() if gained.low > 0]
    average = sum(gains[place].mean for place in shown) / sum(costs[place] for place in shown) if shown else 0.0
    phases: dict[int, Phase] = {}
    by_name: dict[str, Phase] = {}
    for each in placed:
        own = Phase.NO_GAIN_SHOWN
        if gains[each.place].low > 0:
            is_quick = gains[each.place].mean / costs[each.place] >= average
            own = Phase.QUICK_WINS if is_quick else Phase.LARGER_CHANGES
        needed = [by_name[need] for need in question.candidates[each.place].needs]
        phases[each.place] = by_name[question.candidates[each.place].name] = max([own, *needed], key=_rank)
    return phases


def _rank(phase: Phase) -> int:
    return list(Phase).index(phase)


def _action(question: Question, phase: Phase, place: int, before: Tried, after: Tried) -> Action:
    gained = gain(before, after, less_is_better=question.less_is_better)
    return Action(
        move=question.candidates[place].options[0],
        phase=phase,
        cost=after.cost - before.cost,
        before=before.estimate,
        after=after.estimate,
        gain=gained,
        measuring=_measuring(question, before, after, gained),
    )


def _measuring(question: Question, before: Tried, after: Tried, gained: Estimate) -> Measuring | Absent:
    """By the lead times of single items before the change, as the stream brings them."""
    if question.measure != "lead_time_mean":
        return Absent("it is told for the mean lead time only")
    if gained.low <= 0:
        return Absent("no gain is shown")
    variants = question.variants(before.chosen)
    assert variants is not None, "it was simulated before"
    period = question.experiment.period
    found = [lead_times(run, period) for run in replicate(variants, question.experiment)]
    weeks = (period.ends_at - period.starts_at).total_seconds() / 604_800
    return when_to_measure(
        gained.mean,
        float(np.mean([times.std() for times in found])),
        items_per_week=float(np.mean([len(times) for times in found])) / weeks,
        delay_seconds=after.estimate.mean,
    )


def _with(chosen: MoveSet, place: int) -> MoveSet:
    return tuple(1 if at == place else strength for at, strength in enumerate(chosen))


def _tried(trials: Trials, chosen: MoveSet) -> Tried:
    found = trials.tried(chosen)
    if found is None:
        raise PlanNotTold(trials.question.moves(chosen))
    return found
