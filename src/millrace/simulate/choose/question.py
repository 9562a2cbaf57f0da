"""What is asked: which of these moves, on which stream, by which measure, for how much."""

from dataclasses import dataclass, field
from itertools import product
from math import prod

from millrace.errors import MillraceError
from millrace.model.absent import Absent
from millrace.model.candidates import Candidate
from millrace.model.move import AddCapacity, Move
from millrace.model.value_stream import ValueStream
from millrace.simulate.choose.goal import Goal
from millrace.simulate.compare import Scenario, capacity_cost
from millrace.simulate.experiment import Experiment
from millrace.simulate.figures import FIGURES
from millrace.simulate.moves.apply import apply
from millrace.simulate.moves.segment import MoveWithoutEffect
from millrace.simulate.simulated_stream import SimulatedStream

MoveSet = tuple[int, ...]
"""Per candidate: 0 where it is left out, else which of its strengths (from 1)."""


class CostUnknown(MillraceError):
    """What a move costs cannot be told."""

    slug = "cost-unknown"

    def __init__(self, move: Move, why: str) -> None:
        """Name the move and what is missing."""
        super().__init__(
            f"What “{move.called}” costs is not known: {why}. Give the rate in the stream (rates_per_hour), or the "
            "move a running_cost_per_month."
        )


class NothingToChoose(MillraceError):
    """There are no candidate moves."""

    slug = "nothing-to-choose"

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__("There are no moves to choose from. List candidates under “moves:”, each with what it costs.")


@dataclass(frozen=True)
class Question:
    """Candidates on the variants of a stream. Costs are those of the first `months`: once, and running.

    `knows_hours`: people have the hours that they work, so that it is known when there is too much work for them.
    """

    candidates: tuple[Candidate, ...]
    base: tuple[SimulatedStream, ...]
    stream: ValueStream
    measure: str
    experiment: Experiment
    months: float = 12.0
    budget: float | None = None
    goal: Goal | None = None
    knows_hours: bool = True
    _costs: dict[tuple[int, int], float] = field(default_factory=dict, compare=False, repr=False)

    @property
    def nothing(self) -> MoveSet:
        """Today: no move at all."""
        return (0,) * len(self.candidates)

    @property
    def n_sets(self) -> int:
        """How many sets there are, possible or not."""
        return prod(1 + len(candidate.options) for candidate in self.candidates)

    @property
    def less_is_better(self) -> bool:
        """The direction of the measure."""
        return bool(FIGURES[self.measure].less_is_better)

    def every_set(self) -> list[MoveSet]:
        """All sets that are allowed."""
        ways = product(*(range(1 + len(candidate.options)) for candidate in self.candidates))
        return [chosen for chosen in ways if self.is_allowed(chosen)]

    def is_allowed(self, chosen: MoveSet) -> bool:
        """Whether every move has what it needs, and all are within the budget."""
        return self.has_needs(chosen) and (self.budget is None or self.cost(chosen) <= self.budget)

    def has_needs(self, chosen: MoveSet) -> bool:
        """Whether every move has what it needs."""
        made = {each.name for each, strength in zip(self.candidates, chosen, strict=True) if strength}
        return all(
            not strength or set(each.needs) <= made for each, strength in zip(self.candidates, chosen, strict=True)
        )

    def moves(self, chosen: MoveSet) -> tuple[Move, ...]:
        """The moves of a set, in the order in which they are made."""
        return tuple(
            each.options[strength - 1] for each, strength in zip(self.candidates, chosen, strict=True) if strength
        )

    def cost(self, chosen: MoveSet) -> float:
        """What a set costs in the first months. Raises CostUnknown."""
        return sum(self._cost_of(place, strength) for place, strength in enumerate(chosen) if strength)

    def variants(self, chosen: MoveSet) -> tuple[SimulatedStream, ...] | None:
        """The streams after the moves of a set; None where one of them changes nothing beside the others.

        Raises MoveWithoutEffect where a move alone changes nothing, and MoveMissesPart.
        """
        moves = self.moves(chosen)
        try:
            return tuple(apply(each, moves) for each in self.base)
        except MoveWithoutEffect:
            if len(moves) == 1:
                raise
            return None

    def only(self, place: int, strength: int) -> MoveSet:
        """One candidate and nothing else."""
        return tuple(strength if at == place else 0 for at in range(len(self.candidates)))

    def without(self, chosen: MoveSet, place: int) -> MoveSet:
        """A set less one candidate and all that need it."""
        less = tuple(0 if at == place else strength for at, strength in enumerate(chosen))
        while not self.has_needs(less):
            made = {each.name for each, strength in zip(self.candidates, less, strict=True) if strength}
            less = tuple(
                strength if set(each.needs) <= made else 0 for each, strength in zip(self.candidates, less, strict=True)
            )
        return less

    def _cost_of(self, place: int, strength: int) -> float:
        key = (place, strength)
        if key not in self._costs:
            move = self.candidates[place].options[strength - 1]
            monthly: float | Absent = move.running_cost_per_month
            if isinstance(move, AddCapacity) and not monthly:
                scenario = Scenario(self.stream, (apply(self.base[0], (move,)),))
                monthly = capacity_cost((move,), scenario, self.stream, self.experiment.period)
            if isinstance(monthly, Absent):
                raise CostUnknown(move, monthly.reason)
            self._costs[key] = move.one_off_cost + monthly * self.months
        return self._costs[key]
