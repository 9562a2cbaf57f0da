"""Who works together: the teams of a log, or, where it names only people, those who do the same things."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.eventlog.engine import text
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING
from millrace.simulate.fit.history import History

Codes = npt.NDArray[np.int64]

LEAST_TIE = 0.05
"""Share of a person's work, or of a step's, from which on the two are tied."""
LEAST_PREFIX = 3


@dataclass(frozen=True)
class Pools:
    """Names of the pools, the pool of each stretch of work (`NOTHING` where nobody is known), and of each person."""

    names: tuple[str, ...]
    of_work: Codes
    of_person: Codes


def pools(history: History) -> Pools:
    """The pools of a log: its teams where it has any, else groups of people."""
    flow, work = history.flow, history.work
    of_person = np.full(len(flow.about.people), NOTHING, np.int64)
    if flow.about.teams:
        known = (work.person != NOTHING) & (work.team != NOTHING)
        of_person[work.person[known]] = work.team[known]
        return Pools(flow.about.teams, work.team, of_person)
    if not (work.person != NOTHING).any():
        return Pools((), np.full(len(work.visit), NOTHING, np.int64), of_person)
    loads = _loads(flow)
    group = _groups(loads)
    present = np.flatnonzero(loads.any(axis=1))
    groups, of_person[present] = np.unique(group[present], return_inverse=True)
    names = [_name(history, np.flatnonzero(of_person == code)) for code in range(len(groups))]
    return Pools(_distinct(names), np.where(work.person != NOTHING, of_person[work.person], NOTHING), of_person)


def _loads(flow: Flow) -> Codes:
    """How often each person did each activity. Activities, not steps: a step may put several people's work together."""
    label = "activity" if "activity" in flow.about.columns else "status"
    rows = flow.engine.con.sql(
        f"SELECT person, {label}, count(*) FROM read_parquet({text(flow.events_path)}) "
        f"WHERE person IS NOT NULL AND {label} IS NOT NULL GROUP BY ALL"
    ).fetchall()
    person = {name: code for code, name in enumerate(flow.about.people)}
    activity = {name: code for code, name in enumerate(sorted({row[1] for row in rows}))}
    loads = np.zeros((len(person), len(activity)), np.int64)
    for who, what, n in rows:
        loads[person[who], activity[what]] = n
    return loads


def _groups(loads: Codes) -> Codes:
    """Groups of people tied to each other by activities that they have in common."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_people, n_activities = loads.shape
    who, what = np.nonzero(loads >= LEAST_TIE * np.maximum(loads.sum(axis=1, keepdims=True), 1))
    ties = coo_array((np.ones(len(who)), (who, n_people + what)), shape=(n_people + n_activities,) * 2)
    _, group = connected_components(ties, directed=False)
    return np.asarray(group[:n_people], np.int64)


def _name(history: History, people: Codes) -> str:
    """What the people of a group are called: what their names begin with, or the step that they do most."""
    flow, work = history.flow, history.work
    names = [flow.about.people[person] for person in people.tolist()]
    if len(names) == 1 and not flow.about.hides_persons:
        return str(names[0])
    common = _prefix(min(names), max(names)).rstrip("0123456789").rstrip(" -_.#")
    if len(common) >= LEAST_PREFIX:
        return common
    done = history.visits.step[work.visit[np.isin(work.person, people)]]
    return f"people of “{history.steps[int(np.bincount(done).argmax())].name}”"


def _prefix(first: str, last: str) -> str:
    same = next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same]


def _distinct(names: list[str]) -> tuple[str, ...]:
    """The names, numbered where two are the same."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(result)
