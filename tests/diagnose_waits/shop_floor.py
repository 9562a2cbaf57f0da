"""Simulated shop floors whose causes of waiting are known: queues, hours, timers, batches; and their logs as flows."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tests.flow.logs import DAY, HOUR, MONDAY, Row, Written, flow_of

from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.model.value_stream import Match, Rule, Step, Value, ValueStream
from millrace.model.work_calendar import WorkCalendar

MINUTE = HOUR // 60
FIRE = 10**9
"""Stands for an item where a batch is due."""


def flow_of_work(rows: Sequence[Row], folder: Path, calendar: WorkCalendar | None = None) -> Flow:
    """Cut rows with starts and ends by a stream with a step per activity, in which the last event brings value."""
    activities = sorted({row.activity for row in rows if row.activity})
    steps = tuple(Step(name=name, match=(Match(activity=(name,)),)) for name in activities)
    stream = ValueStream(name="floor", steps=steps, value=Value(rule=Rule(event="last")), calendar=calendar)
    return flow_of(rows, folder, stream, Written(Shape.ACTIVITY_LOG, ()))


@dataclass
class Floor:
    """People who take work in the order it is ready, as soon as they are free and on duty.

    `hours` are the hours of a weekday in which people begin work, None around the clock. `holds` says how long the
    hand-over to an activity is held, in microseconds; `batches` how an activity gathers: by a number, or until the
    next instant of a function.
    """

    people: dict[str, tuple[str, ...]]
    takes: dict[str, int]
    hours: tuple[int, int] | None = None
    holds: dict[str, Callable[[np.random.Generator], int]] = field(default_factory=dict)
    gathers: dict[str, int | Callable[[int], int]] = field(default_factory=dict)

    def opening(self, at: int) -> int:
        """The first instant from `at` on at which people are on duty."""
        if self.hours is None:
            return at
        day, passed = divmod(at - MONDAY, DAY)
        if day % 7 < 5 and passed < self.hours[0] * HOUR:
            return MONDAY + day * DAY + self.hours[0] * HOUR
        while day % 7 >= 5 or passed >= self.hours[1] * HOUR:
            day, passed = day + 1, self.hours[0] * HOUR
        return MONDAY + day * DAY + passed

    def run(self, arrivals: Sequence[int], route: Sequence[str], seed: int = 1) -> list[Row]:
        """Let items arrive and pass through the activities of `route`; what the log then tells."""
        chance = np.random.default_rng(seed)
        free = {person: 0 for people in self.people.values() for person in people}
        ready = [(at, item, 0) for item, at in enumerate(arrivals)]
        heapq.heapify(ready)
        gathering: dict[int, list[int]] = {}
        rows: list[Row] = []

        def work(at: int, item: int, step: int, person: str) -> None:
            started = self.opening(max(at, free[person]))
            ended = started + max(int(chance.exponential(self.takes[route[step]])), 1)
            free[person] = ended
            rows.append(Row(f"{item}", ended, activity=route[step], started_at=started, person=person))
            if step + 1 < len(route):
                hold = self.holds.get(route[step + 1])
                heapq.heappush(ready, (ended + (hold(chance) if hold else 0), item, step + 1))

        while ready:
            at, item, step = heapq.heappop(ready)
            gather = self.gathers.get(route[step])
            together = [item]
            if item != FIRE and gather is not None:
                waiting = gathering.setdefault(step, [])
                waiting.append(item)
                if not isinstance(gather, int) and len(waiting) == 1:
                    heapq.heappush(ready, (gather(at), FIRE, step))
                if not isinstance(gather, int) or len(waiting) < gather:
                    continue
            if gather is not None:
                together = gathering.pop(step)
            person = min(self.people[route[step]], key=lambda who: max(free[who], at))
            for each in together:
                work(at, each, step, person)
        return sorted(rows, key=lambda row: (int(row.item_id), row.started_at))


def poisson(n: int, per_hour: float, seed: int) -> list[int]:
    """Instants of arrivals around the clock."""
    gaps = np.random.default_rng(seed).exponential(HOUR / per_hour, n)
    return (MONDAY + np.cumsum(gaps).astype(np.int64)).tolist()


def by_day(n_days: int, per_hour: float, seed: int) -> list[int]:
    """Instants of arrivals on weekdays between 9:00 and 17:00."""
    chance = np.random.default_rng(seed)
    days = [day for day in range(n_days) if day % 7 < 5]
    return sorted(
        int(MONDAY + day * DAY + 9 * HOUR + chance.uniform(0, 8 * HOUR))
        for day in days
        for _ in range(chance.poisson(8 * per_hour))
    )
