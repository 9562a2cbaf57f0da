"""Choose moves: the sets that nothing cheaper beats, which to take for a budget or a goal, and what each move adds."""

from collections.abc import Callable
from dataclasses import dataclass

from millrace.errors import MillraceError
from millrace.model.move import Move
from millrace.simulate.choose.front import front, shortlist
from millrace.simulate.choose.goal import Goal
from millrace.simulate.choose.question import MoveSet, NothingToChoose, Question
from millrace.simulate.choose.search import MOST_EXHAUSTIVE, search
from millrace.simulate.choose.trials import Trials, Tried, gain
from millrace.simulate.compare import Estimate

_SEARCHING = 0.6
"""The search’s part of the time, as shown."""


class NothingDelivered(MillraceError):
    """The measure cannot be told of the stream as it is."""

    slug = "nothing-to-choose-by"

    def __init__(self, measure: str) -> None:
        """Name the measure."""
        super().__init__(
            f"Of the stream as it is, {measure} cannot be told by simulation; no move can be judged by it."
        )


@dataclass(frozen=True)
class ChosenSet:
    """A set of moves: what it costs in the first months, the measure with it, and what is gained on today.

    `gain` is more than 0 where the set is better than today, replication by replication on the same chances.
    """

    moves: tuple[Move, ...]
    cost: float
    one_off_cost: float
    estimate: Estimate
    gain: Estimate
    is_overloaded: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What its moves are called."""
        return tuple(move.called for move in self.moves)


@dataclass(frozen=True)
class Contribution:
    """What a candidate gains by itself (with what it needs), and on top of the other moves of the chosen set.

    `on_top` is None where the chosen set is without it (`is_chosen` is false) or could not be told without it.
    `n_on_front`: in how many sets of the front it is.
    """

    name: str
    needs: tuple[str, ...]
    alone: Estimate | None
    on_top: Estimate | None
    n_on_front: int
    is_chosen: bool


@dataclass(frozen=True)
class Choice:
    """The front in the order of cost, the set chosen from it, and others that were looked at closely.

    `chosen` is the best set without a goal; with one the cheapest that reaches it, None where none does.
    `is_sure`: the whole interval of the chosen set reaches the goal.
    """

    measure: str
    months: float
    budget: float | None
    goal: Goal | None
    today: ChosenSet
    front: tuple[ChosenSet, ...]
    others: tuple[ChosenSet, ...]
    chosen: ChosenSet | None
    is_sure: bool
    contributions: tuple[Contribution, ...]
    n_sets: int
    n_simulated: int
    is_exhaustive: bool
    n_replications: int

    @property
    def never_worth_it(self) -> tuple[str, ...]:
        """Moves that are in no set of the front."""
        return tuple(each.name for each in self.contributions if not each.n_on_front)


def choose(
    question: Question, *, most_exhaustive: int = MOST_EXHAUSTIVE, progress: Callable[[float], None] = lambda _: None
) -> Choice:
    """Search, look again at what may be on the front with all replications and new chances, and judge each move.

    Raises NothingToChoose, CostUnknown, NothingDelivered, MoveMissesPart and MoveWithoutEffect.
    """
    if not question.candidates:
        raise NothingToChoose
    for place, candidate in enumerate(question.candidates):
        for strength in range(1, 1 + len(candidate.options)):
            question.variants(question.only(place, strength))
    trials = Trials(question)
    is_exhaustive = search(trials, most_exhaustive=most_exhaustive, progress=lambda share: progress(share * _SEARCHING))
    return _judged(trials, is_exhaustive, lambda share: progress(_SEARCHING + share * (1 - _SEARCHING)))


def _judged(trials: Trials, is_exhaustive: bool, progress: Callable[[float], None]) -> Choice:
    question, less = trials.question, trials.question.less_is_better
    today = trials.tried(question.nothing)
    if today is None:
        raise NothingDelivered(question.measure)
    listed = shortlist(trials.all_screened(), less_is_better=less)
    looked_at = [today]
    for n, each in enumerate(listed, 1):
        found = trials.tried(each.chosen)
        if found is not None and found not in looked_at:
            looked_at.append(found)
        progress(0.8 * n / len(listed))
    on_front = front(looked_at, today, less_is_better=less)
    chosen = _chosen(question, on_front)
    contributions = _contributions(trials, today, on_front, chosen)
    progress(1.0)

    def told(one: Tried) -> ChosenSet:
        moves = question.moves(one.chosen)
        once = sum(move.one_off_cost for move in moves)
        gained = gain(today, one, less_is_better=less)
        return ChosenSet(moves, one.cost, once, one.estimate, gained, one.is_overloaded)

    return Choice(
        measure=question.measure,
        months=question.months,
        budget=question.budget,
        goal=question.goal,
        today=told(today),
        front=tuple(told(each) for each in on_front),
        others=tuple(told(each) for each in looked_at if each not in on_front and each is not today),
        chosen=None if chosen is None else told(chosen),
        is_sure=chosen is not None and _is_surely(question, chosen),
        contributions=contributions,
        n_sets=question.n_sets,
        n_simulated=trials.n_screened,
        is_exhaustive=is_exhaustive,
        n_replications=question.experiment.n_replications,
    )


def _chosen(question: Question, on_front: list[Tried]) -> Tried | None:
    """The cheapest that surely reaches the goal, else the cheapest that does on average; without a goal the best."""
    goal = question.goal
    if goal is None:
        return on_front[-1] if on_front else None
    sure = [each for each in on_front if _is_surely(question, each)]
    likely = [each for each in on_front if goal.is_met_by(each.estimate.mean)]
    return next(iter(sure + likely), None)


def _is_surely(question: Question, tried: Tried) -> bool:
    if question.goal is None:
        return True
    worst = tried.estimate.high if question.less_is_better else tried.estimate.low
    return question.goal.is_met_by(worst)


def _contributions(
    trials: Trials, today: Tried, on_front: list[Tried], chosen: Tried | None
) -> tuple[Contribution, ...]:
    question, less = trials.question, trials.question.less_is_better

    def gained(before: Tried | None, after: Tried | None) -> Estimate | None:
        return None if before is None or after is None else gain(before, after, less_is_better=less)

    found = []
    for place, candidate in enumerate(question.candidates):
        in_chosen = chosen is not None and chosen.chosen[place] > 0
        strength = chosen.chosen[place] if chosen is not None and in_chosen else len(candidate.options)
        alone = _with_needs(question, question.only(place, strength))
        found.append(
            Contribution(
                name=candidate.name,
                needs=candidate.needs,
                alone=gained(today, trials.tried(alone)),
                on_top=gained(trials.tried(question.without(chosen.chosen, place)), chosen)
                if chosen is not None and in_chosen
                else None,
                n_on_front=sum(each.chosen[place] > 0 for each in on_front),
                is_chosen=in_chosen,
            )
        )
    return tuple(found)


def _with_needs(question: Question, chosen: MoveSet) -> MoveSet:
    """The set and whatever its moves need, at the greatest strength."""
    while not question.has_needs(chosen):
        needed = {
            need for each, strength in zip(question.candidates, chosen, strict=True) if strength for need in each.needs
        }
        chosen = tuple(
            strength or (len(each.options) if each.name in needed else 0)
            for each, strength in zip(question.candidates, chosen, strict=True)
        )
    return chosen
