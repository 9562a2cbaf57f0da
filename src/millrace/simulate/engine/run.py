"""One run of a simulated stream: what happened to every item between two instants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from millrace.simulate.engine.check import check_stream
from millrace.simulate.engine.compiling import compiled
from millrace.simulate.engine.demanded import Demanded, demanded, microseconds
from millrace.simulate.engine.labels import Label
from millrace.simulate.engine.plan import HAPPENING, N_RECORDED, NONE, PHASE, Plan, Records
from millrace.simulate.simulated_stream import OpenItem, SimulatedStream

UNENDED = 2**62
"""Where a phase ends that is going on when the run ends."""


class Period(NamedTuple):
    """From when to when a stream is run."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Run:
    """What happened. `phases` (see `plan.PHASE`) are in the order in which they ended; those still going on come last.

    A phase's `item` is a place in `items`, its `code` one in `labels`, its `person` a number within all people (-1:
    nobody). An item's phases follow each other without a gap from its arrival on.
    """

    stream: SimulatedStream
    period: Period
    replication: int
    items: Demanded
    labels: list[Label]
    phases: Records


def run(
    stream: SimulatedStream,
    period: Period,
    *,
    seed: int = 0,
    replication: int = 0,
    open_items: Sequence[OpenItem] = (),
) -> Run:
    """Run `stream` once. The same arguments give the same run, on any machine and beside any number of others.

    Replications of one seed are independent of each other; the same replication of two streams shares its random
    numbers: the same items come, and whatever both streams decide in the same place is decided alike.
    Raises what `check_stream` raises.
    """
    check_stream(stream)
    own_seed = _seed(seed, replication)
    items = demanded(stream.demand, period.starts_at, period.ends_at, own_seed, open_items)
    plan, labels = compiled(stream, items, period.ends_at, own_seed)
    return Run(stream, period, replication, items, labels.listed, _phases(plan, microseconds(period.ends_at)))


def _phases(plan: Plan, ends_at: int) -> Records:
    from millrace.simulate.engine import kernel

    n_people, n_steps = len(plan.free), len(plan.steps)
    agenda = np.empty(4096 + 2 * n_people, HAPPENING)
    phases = np.empty(4096 + 2 * n_people + 3 * len(plan.items) * n_steps // 2, PHASE)
    _open_crews(plan, agenda)
    while not kernel.run(plan, agenda, phases, ends_at):
        agenda, phases = _doubled(agenda), _doubled(phases)
    return _with_unended(plan, phases)


def _doubled(table: Any) -> Any:
    return np.concatenate([table, np.empty_like(table)])


def _open_crews(plan: Plan, agenda: Records) -> None:
    """Put the first opening of every crew that keeps hours on the agenda."""
    from millrace.simulate.engine import kernel

    for number, crew in enumerate(plan.crews):
        if crew["calendar"] != NONE and len(plan.periods):
            crew["period"] = plan.calendars[crew["calendar"]]
            opens = plan.periods["opens"][crew["period"]]
            kernel.schedule(agenda, plan.counters, opens, kernel.OPENS, number, NONE)


def _with_unended(plan: Plan, phases: Records) -> Records:
    """What was recorded, and what is going on at the end."""
    n = int(plan.counters[N_RECORDED])
    going_on = np.flatnonzero(plan.items["code"] != NONE)
    last = np.empty(len(going_on), PHASE)
    last["item"], last["ended"] = going_on, UNENDED
    for field in ("code", "began", "person"):
        last[field] = plan.items[field][going_on]
    return np.concatenate([phases[:n], last])


def _seed(seed: int, replication: int) -> int:
    """One number for the two, so that replications have nothing in common."""
    mixed: Any = np.random.SeedSequence([seed % 2**64, replication]).generate_state(1, np.uint64)
    return int(mixed[0])
