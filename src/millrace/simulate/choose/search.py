"""The search: all sets where they are few, otherwise generations of them (NSGA-II)."""

from collections.abc import Callable
from typing import Any

from millrace.simulate.choose.question import MoveSet, Question
from millrace.simulate.choose.trials import Screened, Trials

MOST_EXHAUSTIVE = 1024
"""Up to so many sets all are simulated."""
MOST_TRIED = 1000
"""Of more, so many different ones."""
_POPULATION = 40
_PATIENCE = 3 * _POPULATION
"""After so many sets that were known already there is nothing more to be found."""


def search(
    trials: Trials, *, most_exhaustive: int = MOST_EXHAUSTIVE, progress: Callable[[float], None] = lambda _: None
) -> bool:
    """Screen sets; whether all allowed ones were. The same seed screens the same sets."""
    question = trials.question
    if question.n_sets <= most_exhaustive:
        every = question.every_set()
        for n, chosen in enumerate(every, 1):
            trials.screened(chosen)
            progress(n / len(every))
        return True
    _evolve(trials, progress)
    return False


def _evolve(trials: Trials, progress: Callable[[float], None]) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    question = trials.question
    sampler = optuna.samplers.NSGAIISampler(population_size=_POPULATION, seed=question.experiment.seed)
    study = optuna.create_study(directions=["minimize", "minimize"], sampler=sampler)
    spaces: dict[str, Any] = {
        str(place): optuna.distributions.CategoricalDistribution(range(1 + len(candidate.options)))
        for place, candidate in enumerate(question.candidates)
    }
    for begun in _beginnings(question):
        study.enqueue_trial({str(place): strength for place, strength in enumerate(begun)})
    n_known = 0
    while trials.n_screened < MOST_TRIED and n_known < _PATIENCE:
        n_before = trials.n_screened
        trial = study.ask(spaces)
        chosen = _repaired(question, tuple(trial.params[str(place)] for place in range(len(spaces))))
        found = trials.screened(chosen)
        if found is None:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            study.tell(trial, _aims(question, found))
        n_known = n_known + 1 if trials.n_screened == n_before else 0
        progress(trials.n_screened / MOST_TRIED)


def _aims(question: Question, found: Screened) -> tuple[float, float]:
    return found.cost, found.mean if question.less_is_better else -found.mean


def _beginnings(question: Question) -> list[MoveSet]:
    """Nothing, everything, and each move by itself at every strength."""
    whole = tuple(len(candidate.options) for candidate in question.candidates)
    singles = [
        question.only(place, strength)
        for place, candidate in enumerate(question.candidates)
        for strength in range(1, 1 + len(candidate.options))
    ]
    return [question.nothing, whole, *singles]


def _repaired(question: Question, chosen: MoveSet) -> MoveSet:
    """The set without moves that lack what they need, and without the dearest until it is within the budget."""
    chosen = question.without(chosen, -1)
    while question.budget is not None and question.cost(chosen) > question.budget:
        made = [place for place, strength in enumerate(chosen) if strength]
        dearest = max(made, key=lambda place: question.cost(question.only(place, chosen[place])))
        chosen = question.without(chosen, dearest)
    return chosen
