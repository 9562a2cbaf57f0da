"""A simulated stream fitted to a measured log: its demand, routes, work, waits and teams, each told by the past."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING
from millrace.model.absent import Absent
from millrace.model.state import WAIT_REASONS, WaitReason
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.arrivals import SteadyPeriod, arrivals, steady_period
from millrace.simulate.fit.capacity import Capacities, capacities
from millrace.simulate.fit.discipline import discipline, urgency
from millrace.simulate.fit.history import QUEUE, History, history
from millrace.simulate.fit.routes import entry_routes, step_routes
from millrace.simulate.fit.traits import PACE, Traits, n_paces_for, paces, smoothed_shares, telling_attributes
from millrace.simulate.fit.waits import step_waits
from millrace.simulate.fit.work import Crewing, step_work
from millrace.simulate.simulated_stream import (
    USUAL_RANK,
    Crew,
    Demand,
    DrawnAttribute,
    ItemKind,
    Rank,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
)

Floats = npt.NDArray[np.float64]

PRIORITY = "priority"
LEAST_DEPARTURES = 30
"""Delivered or cancelled items without which nothing can be fitted."""


class TooFewDepartures(MillraceError):
    """A log in which too few items were delivered to fit anything."""

    slug = "too-few-departures"

    def __init__(self, source_name: str, n_departures: int) -> None:
        """Say how many there are and how many it takes."""
        super().__init__(
            f"{source_name} holds {n_departures:,} items that were delivered or cancelled; a simulation is fitted to "
            f"at least {LEAST_DEPARTURES}. Give an export of a longer time."
        )


@dataclass(frozen=True)
class Fit:
    """A stream fitted to a log, with what it was fitted to and what could not be told (`remarks`, in sentences)."""

    stream: SimulatedStream
    history: History
    capacities: Capacities
    traits: Traits
    period: SteadyPeriod
    remarks: tuple[str, ...]


def fit(flow: Flow, *, observed_from: int | None = None) -> Fit:
    """Fit a simulated stream to a flow; departures before `observed_from` are not heard. Raises TooFewDepartures."""
    past = history(flow, observed_from)
    n_departures = int((past.weight > 0).sum())
    if n_departures < LEAST_DEPARTURES:
        raise TooFewDepartures(flow.about.source_name, n_departures)
    period = steady_period(past.demand_at)
    found = capacities(past)
    traits = _traits(past, _own_seconds(past, found))
    stream = SimulatedStream(
        flow.about.stream.name,
        _demand(past, traits, period, flow.about.calendar.zone),
        _steps(past, traits, found),
        _teams(past, found),
        entry=entry_routes(past, traits, flow.step_names),
        ranks=_ranks(past),
    )
    return Fit(stream, past, found, traits, period, _remarks(past, found, period))


def _own_seconds(past: History, found: Capacities) -> Floats:
    """The time that items take of themselves: work and waits, but not what the capacity of pools makes them wait."""
    visits = past.visits
    waits = visits.waits.sum(axis=1) - visits.waits[:, QUEUE] + found.delay_seconds
    own: Floats = np.bincount(visits.item, found.work_seconds + waits, len(past.weight)).astype(np.float64)
    return own


def _steps(past: History, traits: Traits, found: Capacities) -> tuple[SimulatedStep, ...]:
    names = past.flow.step_names
    crewing = Crewing(_crews_of_visits(past, found), found.work_seconds)
    waited = {
        reason: found.delay_seconds if reason is WaitReason.QUEUE else past.visits.waits[:, code]
        for code, reason in enumerate(WAIT_REASONS)
        if past.visits.waits[:, code].any()
    }
    return tuple(
        SimulatedStep(
            name,
            work=step_work(past, traits, crewing, step),
            routes=step_routes(past, traits, step, names),
            waits=step_waits(past, traits, waited, step, _calendar_of_step(found, past.visits.step == step)),
        )
        for step, name in enumerate(names)
        if (past.visits.step == step).any()
    )


def _crews_of_visits(past: History, found: Capacities) -> npt.NDArray[np.str_]:
    """The name of the pool of each visit; `""` where no team is known and nobody limits the work."""
    names = np.array([*(pool.name for pool in found.pools), ""])
    if not past.flow.about.teams and not any(found.limits(code) for code in range(len(found.pools))):
        return np.full(len(found.of_visit), "")
    return names[np.where(found.of_visit == NOTHING, len(found.pools), found.of_visit)]


def _calendar_of_step(found: Capacities, of_step: npt.NDArray[np.bool_]) -> WorkCalendar | None:
    """The hours of the pool that does most of a step, on whose clock its delays are told."""
    pools = found.of_visit[of_step]
    pools = pools[pools != NOTHING]
    if not len(pools):
        return None
    calendar = found.pools[int(np.bincount(pools).argmax())].calendar
    return calendar if isinstance(calendar, WorkCalendar) else None


def _teams(past: History, found: Capacities) -> tuple[SimulatedTeam, ...]:
    rates, rank = past.flow.about.stream.rates_per_hour, _item_ranks(past)
    teams = []
    for code, pool in enumerate(found.pools):
        if isinstance(pool.n_people, Absent):
            teams.append(SimulatedTeam(pool.name, rate_per_hour=rates.get(pool.name)))
            continue
        calendar = pool.calendar if isinstance(pool.calendar, WorkCalendar) else None
        own = np.isin(past.queues.visit, np.flatnonzero(found.of_visit == code))
        taken = discipline(
            past.queues.began_at[own], past.queues.ended_at[own], rank[past.visits.item[past.queues.visit[own]]]
        )
        teams.append(SimulatedTeam(pool.name, (Crew(pool.n_people, calendar),), taken, rates.get(pool.name)))
    return tuple(teams)


def _item_ranks(past: History) -> npt.NDArray[np.int64]:
    """How urgent each item is, the lower the sooner; `USUAL_RANK` where its priority tells nothing."""
    order = urgency(past.attributes[PRIORITY]) if PRIORITY in past.attributes else None
    if order is None:
        return np.full(len(past.weight), USUAL_RANK)
    return np.array([order.get(str(label), USUAL_RANK) for label in past.attributes[PRIORITY]])


def _ranks(past: History) -> tuple[Rank, ...]:
    order = urgency(past.attributes[PRIORITY]) if PRIORITY in past.attributes else None
    return tuple(Rank(rank, {PRIORITY: (label,)}) for label, rank in (order or {}).items())


def _remarks(past: History, found: Capacities, period: SteadyPeriod) -> tuple[str, ...]:
    """What the fit could not tell, and what it left out."""
    remarks = []
    if period.n_left_out:
        remarks.append(
            f"Demand is told by {period.n_items:,} items of a steady period; {period.n_left_out:,} from before and "
            "after it, when the export holds few, are left out of it."
        )
    n_open = int(past.is_open.sum())
    if n_open:
        remarks.append(f"{n_open:,} items are under way; they count as not delivered yet.")
    reasons = sorted({pool.n_people.reason for pool in found.pools if isinstance(pool.n_people, Absent)})
    if not found.pools:
        reasons = ["the log names neither teams nor people"]
    if reasons and not any(found.limits(code) for code in range(len(found.pools))):
        remarks.append(
            f"No capacity is told: {reasons[0]}. Every wait is a delay of its own, "
            "so that adding people changes nothing."
        )
    return tuple(remarks)


def _traits(past: History, own_seconds: npt.NDArray[np.float64]) -> Traits:
    n_paces = n_paces_for(int((past.weight > 0).sum()))
    pace = paces(own_seconds, past.weight, n_paces)
    n_paces = int(pace[past.weight > 0].max()) + 1
    attributes, gains = telling_attributes(past, np.minimum(pace, n_paces - 1))
    return Traits(attributes, np.minimum(pace, n_paces - 1), n_paces, gains)


def _demand(past: History, traits: Traits, period: SteadyPeriod, zone: str) -> Demand:
    """Items come as they came in the steady period, of the kinds that came then; their pace follows from their kind."""
    names = list(traits.attributes)
    labels = [traits.attributes[name] for name in names]
    _, kind = np.unique(np.stack(labels), axis=1, return_inverse=True) if names else (None, np.zeros(len(past.weight)))
    kind = np.asarray(kind, np.int64).ravel()
    recent = (past.demand_at >= period.since_at) & (past.demand_at < period.until_at)
    shares = np.bincount(kind[recent], minlength=kind.max() + 1) / recent.sum()
    heard = past.weight > 0
    tempo = smoothed_shares(
        kind[heard], traits.pace[heard], past.weight[heard], int(kind.max()) + 1, traits.n_paces, pseudo=5.0
    )
    kinds, drawn = [], []
    for code in np.flatnonzero(shares > 0).tolist():
        item = int(np.flatnonzero(kind == code)[0])
        attributes = {name: str(column[item]) for name, column in zip(names, labels, strict=True)}
        kinds.append(ItemKind(float(shares[code]), attributes))
        if traits.n_paces > 1:
            paces_drawn = {traits.pace_name(pace): float(tempo[code, pace]) for pace in range(traits.n_paces)}
            drawn.append(DrawnAttribute(PACE, paces_drawn, {name: (label,) for name, label in attributes.items()}))
    return Demand(arrivals(past.demand_at, period, zone), tuple(kinds), tuple(drawn))
