"""How long work takes in a step: by course, by whether it is the first visit, and by team where that matters."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.distribution import Distribution, constant
from millrace.simulate.fit.clocks import Clocks
from millrace.simulate.fit.durations import fitted_duration
from millrace.simulate.fit.history import History
from millrace.simulate.fit.traits import COURSE, Traits
from millrace.simulate.simulated_stream import Where, Work, WorkRule

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST_IN_CELL = 20
"""Durations that a course needs to speak for itself; with fewer, its neighbours speak with it."""
LEAST_PER_TEAM = 30
LEAST_TEAM_SHARE = 0.01
LEAST_GAIN = 0.02
"""Gain in held-out log-likelihood per visit from which on teams count as different."""


@dataclass(frozen=True)
class Crewing:
    """Who works in a step's visits: a name for each visit's team (`""` for nobody known), and on which clock."""

    team: npt.NDArray[np.str_]
    clocks: Clocks

    @property
    def seconds(self) -> Floats:
        """The work of each visit."""
        return self.clocks.work_seconds


def step_work(history: History, traits: Traits, crewing: Crewing, step: int) -> tuple[WorkRule, ...]:
    """The rules of work in a step, for later visits first."""
    visits = history.visits
    of_step = history.completed & (visits.step == step)
    if not crewing.seconds[of_step].any():
        # Without any work the step would leave no trace in a simulated log.
        return (WorkRule((Work(constant(0.0)),)),)
    later = of_step & (visits.nth > 1)
    parts = [(1, of_step)]
    if min(later.sum(), (of_step & ~later).sum()) >= LEAST_IN_CELL * traits.n_courses:
        parts = [(2, later), (1, of_step & ~later)]
    hours = crewing.clocks.of_work.get(step)
    return tuple(
        WorkRule(_ways(history, crewing, chosen, hours), where, from_visit)
        for from_visit, part in parts
        for where, chosen in by_course(history, traits, np.flatnonzero(part))
    )


def by_course(history: History, traits: Traits, visits: Codes) -> Iterator[tuple[Where, Codes]]:
    """These visits by the course of their items, each with enough of them: neighbouring courses lend where few are."""
    if traits.n_courses == 1:
        yield {}, visits
        return
    course = traits.course[history.visits.item[visits]]
    for each in range(traits.n_courses):
        reach = 0
        while (chosen := np.abs(course - each) <= reach).sum() < LEAST_IN_CELL and reach < traits.n_courses:
            reach += 1
        yield {COURSE: (traits.course_name(each),)}, visits[chosen]


def _ways(history: History, crewing: Crewing, visits: Codes, hours: WorkCalendar | None) -> tuple[Work, ...]:
    """One way per team that does a fair share; their own times where teams differ, else the same for all."""
    team, seconds, weight = crewing.team[visits], crewing.seconds[visits], history.visit_weight[visits]
    names, codes = np.unique(team, return_inverse=True)
    load = np.bincount(codes, weight)
    kept = np.flatnonzero((load >= LEAST_TEAM_SHARE * load.sum()) & (names != ""))
    together = fitted_duration(seconds, weight).distribution
    if not len(kept):
        return (Work(together, calendar=hours),)
    own = _own_times(codes, kept, seconds, weight, together)
    share = load[kept] / load[kept].sum()
    return tuple(
        Work(own[code], (str(names[code]),), float(part), calendar=hours)
        for code, part in zip(kept.tolist(), share, strict=True)
    )


def _own_times(
    codes: Codes, kept: Codes, seconds: Floats, weight: Floats, together: Distribution
) -> dict[int, Distribution]:
    """The times of each team: its own if it worked often enough and teams differ."""
    often = [code for code in kept.tolist() if (codes == code).sum() >= LEAST_PER_TEAM]
    if len(kept) == 1 or not often or _gain_of_teams(codes, often, seconds, weight) < LEAST_GAIN:
        return dict.fromkeys(kept.tolist(), together)
    return {
        code: fitted_duration(seconds[codes == code], weight[codes == code]).distribution if code in often else together
        for code in kept.tolist()
    }


def _gain_of_teams(codes: Codes, often: list[int], seconds: Floats, weight: Floats) -> float:
    """What knowing the team tells of held-out durations, by normal distributions of their logarithms."""
    chosen = np.isin(codes, often)
    logs, team, weight = np.log(np.maximum(seconds[chosen], 1.0)), codes[chosen], weight[chosen]
    fold = np.random.default_rng(0).permutation(len(logs)) % 2
    gain = 0.0
    for k in range(2):
        known, held = fold != k, fold == k
        total = np.bincount(team[known], weight[known], team.max() + 1)
        mean = float(np.average(logs[known], weights=weight[known]))
        own = (np.bincount(team[known], weight[known] * logs[known], team.max() + 1) + 5 * mean) / (total + 5)
        spread = float(np.average((logs[known] - own[team[known]]) ** 2, weights=weight[known])) + 1e-9
        whole = float(np.average((logs[known] - mean) ** 2, weights=weight[known])) + 1e-9
        better = 0.5 * (np.log(whole / spread) + (logs - mean) ** 2 / whole - (logs - own[team]) ** 2 / spread)
        gain += float(weight[held] @ better[held])
    return gain / float(weight.sum())
