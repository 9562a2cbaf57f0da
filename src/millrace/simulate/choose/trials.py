"""Sets of moves tried by simulation, each as a whole and each once, on the same demand and the same chances."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from millrace.model.absent import Absent
from millrace.simulate.choose.lead_times import LEAD_TIME_FIGURES, lead_time_figure
from millrace.simulate.choose.question import MoveSet, Question
from millrace.simulate.compare import Estimate, Scenario, estimate, ran_scenario
from millrace.simulate.experiment import Experiment, replicate
from millrace.simulate.load import loads
from millrace.simulate.simulated_stream import SimulatedStream

SCREENINGS = 6
"""Replications by which a set is found worth a closer look."""
_SCREENING_SEED = 7_919
"""Added to the seed, so that what looked good by chance does not look good by the same chance again."""

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Screened:
    """A set and the measure in each of the few replications of the first look."""

    chosen: MoveSet
    cost: float
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Over replications."""
        return fmean(self.values)


@dataclass(frozen=True)
class Tried:
    """A set and the measure in every replication."""

    chosen: MoveSet
    cost: float
    values: tuple[float, ...]
    is_overloaded: bool = False

    @property
    def estimate(self) -> Estimate:
        """The measure with its interval."""
        return estimate(self.values)


class Trials:
    """What has been tried of a question."""

    def __init__(self, question: Question) -> None:
        """Begin without any."""
        self.question = question
        self._screened: dict[MoveSet, Screened | None] = {}
        self._tried: dict[MoveSet, Tried | None] = {}

    @property
    def n_screened(self) -> int:
        """How many sets were simulated."""
        return len(self._screened)

    def screened(self, chosen: MoveSet) -> Screened | None:
        """A first look; None where the set cannot be told: overloaded, nothing delivered, a move without effect."""
        if chosen not in self._screened:
            self._screened[chosen] = self._screen(chosen)
        return self._screened[chosen]

    def all_screened(self) -> list[Screened]:
        """Every set that could be told."""
        return [each for each in self._screened.values() if each is not None]

    def tried(self, chosen: MoveSet) -> Tried | None:
        """All replications; None where the set cannot be told."""
        if chosen not in self._tried:
            self._tried[chosen] = self._try(chosen)
        return self._tried[chosen]

    def _screen(self, chosen: MoveSet) -> Screened | None:
        question = self.question
        variants = question.variants(chosen)
        if variants is None or (any(chosen) and self._is_overloaded(variants)):
            return None
        experiment = replace(
            question.experiment,
            seed=question.experiment.seed + _SCREENING_SEED,
            n_replications=min(SCREENINGS, question.experiment.n_replications),
        )
        values = self._values(variants, experiment)
        return None if values is None else Screened(chosen, question.cost(chosen), values)

    def _try(self, chosen: MoveSet) -> Tried | None:
        question = self.question
        variants = question.variants(chosen)
        values = None if variants is None else self._values(variants, question.experiment)
        if variants is None or values is None:
            return None
        return Tried(chosen, question.cost(chosen), values, self._is_overloaded(variants))

    def _values(self, variants: tuple[SimulatedStream, ...], experiment: Experiment) -> tuple[float, ...] | None:
        """The measure in every replication; None where it cannot be told of each."""
        measure = self.question.measure
        if measure in LEAD_TIME_FIGURES:
            found: list[float | Absent | None] = [
                lead_time_figure(run, experiment.period, measure) for run in replicate(variants, experiment)
            ]
        else:
            ran = ran_scenario(Scenario(self.question.stream, variants), experiment)
            found = [each.figures[measure] for each in ran.replications]
        known = [value for value in found if isinstance(value, float | int)]
        return tuple(known) if len(known) == len(found) else None

    def _is_overloaded(self, variants: Sequence[SimulatedStream]) -> bool:
        if not self.question.knows_hours:
            return False
        experiment = self.question.experiment
        brought = loads(variants[0], experiment.period, seed=experiment.seed)
        return any(load.utilisation_ratio >= 1 for load in brought)


def gain(before: Tried, after: Tried, *, less_is_better: bool) -> Estimate:
    """What is gained from one set to another, replication by replication: more than 0 is better."""
    sign = 1.0 if less_is_better else -1.0
    return estimate([sign * (b - a) for b, a in zip(before.values, after.values, strict=True)])
