"""From a simulated stream and the items of a run to the tables that the compiled engine works on."""

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.distribution import FAMILIES, Distribution, Family
from millrace.simulate.engine.demanded import EPOCH, HOUR, Demanded, chances_of, microseconds, pick, random
from millrace.simulate.engine.hours import NEVER
from millrace.simulate.engine.labels import Labels
from millrace.simulate.engine.plan import (
    CREW,
    GATHER,
    ITEM,
    LAW,
    NONE,
    PATIENCE,
    POOL,
    RULE,
    STEP,
    TO_CANCELLED,
    TO_VALUE,
    WAIT,
    WAY,
    WORK,
    WORKED,
    Int32s,
    Int64s,
    Plan,
    Records,
)
from millrace.simulate.simulated_stream import (
    CANCELLED,
    DISCIPLINES,
    USUAL_RANK,
    VALUE,
    Batch,
    Place,
    SimulatedStep,
    SimulatedStream,
    Wait,
    Where,
    Work,
)

_MICROSECOND = timedelta(microseconds=1)
_ENDS = {VALUE: TO_VALUE, CANCELLED: TO_CANCELLED}
_NOTHING = {"work_from": 0, "work_to": 0, "way_from": 0, "way_to": 0, "gather": NONE, "patience": NONE}


def compiled(stream: SimulatedStream, items: Demanded, ends_at: datetime, seed: int) -> tuple[Plan, Labels]:
    """The plan for a stream (which must have been checked) and its items, and what its codes stand for."""
    compiler = _Compiler(stream, items, ends_at, seed)
    return compiler.plan(), compiler.labels


class _Compiler:
    """Tables that grow while the steps are gone through."""

    def __init__(self, stream: SimulatedStream, items: Demanded, ends_at: datetime, seed: int) -> None:
        self.stream, self.items, self.ends_at, self.seed = stream, items, ends_at, seed
        self.labels = Labels(stream)
        self.number = {step.name: number for number, step in enumerate(stream.steps)}
        self.kind, self.example = _kinds(stream, items)
        self.works: list[tuple[Any, ...]] = []
        self.ways: list[tuple[Any, ...]] = []
        self.waits: list[tuple[Any, ...]] = []
        self.wait_index: list[int] = []
        self.gathers: list[tuple[Any, ...]] = []
        self.patiences: list[tuple[Any, ...]] = []
        self.laws: dict[Distribution, int] = {}
        self.calendars: dict[str, tuple[int, WorkCalendar]] = {}
        self.pools: dict[tuple[str, ...], int] = {}
        self.teams = {team.name: team for team in stream.teams}

    def plan(self) -> Plan:
        """Everything laid out."""
        steps = self.stream.steps
        rules = np.stack([self._rules(step) for step in steps])
        ends = [(_salt(step.name), *self.labels.ends(step)) for step in steps]
        pools, crews, lists = self._people()
        laws, quantiles = self._laws()
        periods, calendars = self._periods()
        items, visits = self._items()
        return Plan(
            seed=np.uint64(random(self.seed, "engine").integers(0, 2**63)),
            items=items,
            visits=visits,
            rules=rules,
            steps=np.array(ends, STEP),
            works=np.array(self.works, WORK),
            ways=np.array(self.ways, WAY),
            wait_index=np.array(self.wait_index, np.int32),
            waits=np.array(self.waits, WAIT),
            gathers=np.array(self.gathers, GATHER),
            patiences=np.array(self.patiences, PATIENCE),
            laws=laws,
            quantiles=quantiles,
            pools=pools,
            crews=crews,
            lists=lists,
            free=np.arange(crews["n_people"].sum(), dtype=np.int32),
            is_work=np.array([label.is_work for label in self.labels.listed], bool),
            periods=periods,
            calendars=calendars,
            counters=np.zeros(5, np.int64),
        )

    @property
    def n_visits(self) -> int:
        """The number of a visit after which nothing changes any more."""
        return max((n for step in self.stream.steps for n in _from_visits(step)), default=1)

    def _rules(self, step: SimulatedStep) -> Records:
        """What holds in a step for each kind of item and number of visit."""
        rules = np.zeros((len(self.example), self.n_visits), RULE)
        for field, nothing in _NOTHING.items():
            rules[field] = nothing
        rules["escalate_after"] = NONE
        for work in reversed(step.work):
            held = np.ix_(self._holds(work.where), np.arange(self.n_visits) >= work.from_visit - 1)
            rows = [self._work(step, way) for way in work.ways]
            _put(rules, held, "work", self.works, _with_shares((way.share_ratio for way in work.ways), rows))
        for route in reversed(step.routes):
            held = np.ix_(self._holds(route.where), np.arange(self.n_visits) >= route.from_visit - 1)
            rows = [(_ENDS[way.to] if way.to in _ENDS else self.number[way.to],) for way in route.ways]
            _put(rules, held, "way", self.ways, _with_shares((way.share_ratio for way in route.ways), rows))
        self._put_waits(rules, step)
        for batch in reversed(step.batches):
            rules["gather"][self._holds(batch.where)] = len(self.gathers)
            self.gathers.append(self._gather(step, batch))
        for patience in reversed(step.patience):
            rules["patience"][self._holds(patience.where)] = len(self.patiences)
            self.patiences.append((patience.share_ratio, self._law(patience.time)))
        for escalation in reversed(step.escalations):
            rules["escalate_after"][self._holds(escalation.where)] = round(escalation.after_seconds * 1e6)
        return rules

    def _holds(self, where: Where) -> npt.NDArray[np.bool_]:
        """For which kinds of item a condition holds."""
        return self.items.holds(where)[self.example] if where else np.ones(len(self.example), bool)

    def _work(self, step: SimulatedStep, work: Work) -> tuple[Any, ...]:
        pool = NONE if work.is_automated else self._pool(work.teams)
        team = work.teams[0] if work.teams else None
        queue = NONE if pool == NONE else self.labels.queue(step, team)
        code = self.labels.work(step, team, is_automated=work.is_automated)
        return self._law(work.time), pool, self._calendar(work.calendar), queue, code

    def _put_waits(self, rules: Records, step: SimulatedStep) -> None:
        """List the waits of every kind and visit; those that have the same share a list."""
        first = len(self.waits)
        self.waits += [self._wait(step, wait) for wait in step.waits]
        holds = [self._holds(wait.where) for wait in step.waits]
        known: dict[tuple[int, ...], int] = {}
        for place, prefix in ((Place.BEFORE_WORK, "before"), (Place.AFTER_WORK, "after")):
            here = [nth for nth, wait in enumerate(step.waits) if wait.place is place]
            for kind in range(len(self.example)) if here else ():
                for visit in range(self.n_visits):
                    listed = tuple(
                        first + nth for nth in here if holds[nth][kind] and step.waits[nth].from_visit <= visit + 1
                    )
                    begin = known.setdefault(listed, len(self.wait_index))
                    if begin == len(self.wait_index):
                        self.wait_index += listed
                    rules[f"{prefix}_from"][kind, visit] = begin
                    rules[f"{prefix}_to"][kind, visit] = begin + len(listed)

    def _wait(self, step: SimulatedStep, wait: Wait) -> tuple[Any, ...]:
        # Waits that differ only in whom they are for, or in a limit, are drawn alike: moves tell them apart.
        alike = [each for each in step.waits if _meaning(each) == _meaning(wait)]
        nth = list(dict.fromkeys(each.time for each in alike)).index(wait.time)
        salt, calendar = _salt(step.name, *_meaning(wait), str(nth)), self._calendar(wait.calendar)
        limit = _limit(wait.at_most_seconds)
        return wait.share_ratio, salt, limit, self._law(wait.time), calendar, self.labels.wait(step, wait)

    def _gather(self, step: SimulatedStep, batch: Batch) -> tuple[Any, ...]:
        size = NONE if batch.size is None else batch.size
        calendar = self._calendar(batch.calendar)
        return size, _limit(batch.at_most_seconds), calendar, self.labels.gather(step), NONE, 0, 0

    def _pool(self, teams: tuple[str, ...]) -> int:
        """The pool of those teams; none where one of them has no limit to its capacity."""
        if not teams or any(not self.teams[team].crews for team in teams):
            return NONE
        return self.pools.setdefault(teams, len(self.pools))

    def _people(self) -> tuple[Records, Records, Int32s]:
        """Pools, crews, and the lists of each other's numbers."""
        listed = [(team.name, crew) for team in self.stream.teams for crew in team.crews]
        lists: list[int] = []

        def lay(numbers: Iterable[int]) -> tuple[int, int]:
            begin = len(lists)
            lists.extend(numbers)
            return begin, len(lists)

        pools = [
            (
                DISCIPLINES.index(self.teams[teams[0]].discipline),
                NONE,
                *lay(number for team in teams for number, (name, _) in enumerate(listed) if name == team),
            )
            for teams in self.pools
        ]
        crews, n_people = [], 0
        for name, crew in listed:
            served = lay(number for number, teams in enumerate(self.pools) if name in teams)
            calendar = self._calendar(crew.calendar)
            closes = NEVER if calendar == NONE else -NEVER
            overtime = round(crew.overtime_seconds * 1e6)
            crews.append((closes, overtime, NONE, crew.n_places, crew.n_places, 0, n_people, calendar, *served))
            n_people += crew.n_places
        return np.array(pools, POOL), np.array(crews, CREW), np.array(lists, np.int32)

    def _calendar(self, calendar: WorkCalendar | None) -> int:
        if calendar is None:
            return NONE
        return self.calendars.setdefault(calendar.model_dump_json(), (len(self.calendars), calendar))[0]

    def _periods(self) -> tuple[Records, Int64s]:
        """The periods of all calendars, and where each calendar's begin."""
        begins = int(self.items.arrive_at[0]) if len(self.items.arrive_at) else microseconds(self.ends_at) - HOUR
        rows: list[tuple[int, int, int]] = []
        first = [0]
        for _, calendar in self.calendars.values():
            worked = 0
            for opens, closes in calendar.periods_of_work(EPOCH + begins * _MICROSECOND, self.ends_at):
                period = (microseconds(opens), microseconds(closes))
                rows.append((*period, worked))
                worked += period[1] - period[0]
            first.append(len(rows))
        return np.array(rows, WORKED), np.array(first, np.int64)

    def _law(self, distribution: Distribution) -> int:
        return self.laws.setdefault(distribution, len(self.laws))

    def _laws(self) -> tuple[Records, npt.NDArray[np.float64]]:
        rows, quantiles = [], list[float]()
        for law in self.laws:
            parameters, first = law.parameters, len(quantiles)
            if law.family is Family.EMPIRICAL:
                quantiles += parameters
            rows.append((parameters[0], parameters[-1], first, len(parameters), FAMILIES.index(law.family)))
        return np.array(rows, LAW), np.array(quantiles, np.float64)

    def _items(self) -> tuple[Records, npt.NDArray[np.uint16]]:
        n = len(self.items.uid)
        items = np.zeros(n, ITEM)
        for field in ("work", "crew", "person", "code", "child", "sibling", "before"):
            items[field] = NONE
        items["arrive_at"], items["uid"], items["kind"] = self.items.arrive_at, self.items.uid, self.kind
        items["urgency"], items["step"] = self._ranks()[self.kind], self._entries(n)
        visits = np.zeros((n, len(self.stream.steps)), np.uint16)
        for i, (step, visit) in enumerate(zip(self.items.begins, self.items.visits, strict=True)):
            if step:
                items["step"][i] = self.number[step]
                visits[i, self.number[step]] = visit - 1
        return items, visits

    def _ranks(self) -> Int64s:
        ranks = np.full(len(self.example), USUAL_RANK, np.int64)
        for rank in reversed(self.stream.ranks):
            ranks[self._holds(rank.where)] = rank.rank
        return ranks

    def _entries(self, n: int) -> Int32s:
        """The step at which each item begins."""
        step, undecided = np.zeros(n, np.int32), np.ones(n, bool)
        own = chances_of(self.items, self.seed, "entry")
        for rule in self.stream.entry:
            chosen = undecided & self.items.holds(rule.where)
            to = np.array([self.number[way.to] for way in rule.ways], np.int32)
            step[chosen] = to[pick([way.share_ratio for way in rule.ways], own[chosen])]
            undecided &= ~chosen
        return step


def _put(rules: Records, held: Any, prefix: str, table: list[tuple[Any, ...]], rows: list[tuple[Any, ...]]) -> None:
    """Add alternatives to their table, and say for which rules they hold."""
    rules[f"{prefix}_from"][held], rules[f"{prefix}_to"][held] = len(table), len(table) + len(rows)
    table += rows


def _with_shares(shares: Iterable[float], rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    summed = np.cumsum(list(shares))
    if not rows:
        return []
    return [(until, *row) for until, row in zip((summed / summed[-1]).tolist(), rows, strict=True)]


def _kinds(stream: SimulatedStream, items: Demanded) -> tuple[Int32s, npt.NDArray[np.intp]]:
    """The kind of each item: what no rule tells apart is of one kind; and an example of each."""
    names = sorted({name for where in _conditions(stream) for name in where} & set(items.attributes))
    kind = np.zeros(len(items.uid), np.int64)
    for name in names:
        attribute = items.attributes[name]
        kind = np.unique(kind * (len(attribute.values) + 1) + attribute.codes + 1, return_inverse=True)[1]
    _, example, kind = np.unique(kind, return_index=True, return_inverse=True)
    return kind.astype(np.int32), example


def _conditions(stream: SimulatedStream) -> Iterable[Where]:
    for step in stream.steps:
        for rules in (step.work, step.routes, step.waits, step.batches, step.patience, step.escalations):
            yield from (rule.where for rule in rules)
    yield from (rank.where for rank in stream.ranks)


def _from_visits(step: SimulatedStep) -> Iterable[int]:
    yield from (rule.from_visit for rule in step.work)
    yield from (rule.from_visit for rule in step.routes)
    yield from (wait.from_visit for wait in step.waits)


def _meaning(wait: Wait) -> tuple[str, ...]:
    return wait.place, wait.reason, wait.status or "", wait.team or ""


def _limit(seconds: float | None) -> int:
    return NONE if seconds is None else round(seconds * 1e6)


def _salt(*words: str) -> int:
    written = "\0".join(words).encode()
    return zlib.crc32(written) | zlib.crc32(written[::-1]) << 32
