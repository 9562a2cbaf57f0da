"""A simulated stream fitted to a measured log: its demand, routes, work, waits and teams, each told by the past."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.arrivals import SteadyPeriod, arrivals, steady_period
from millrace.simulate.fit.batches import Gathering, gatherings, without_gathering
from millrace.simulate.fit.capacity import Capacities, capacities
from millrace.simulate.fit.clocks import Clocks, clocks
from millrace.simulate.fit.closing import ClosingTail, closing_tail
from millrace.simulate.fit.courses import courses
from millrace.simulate.fit.discipline import PRIORITY, urgency
from millrace.simulate.fit.history import History, history
from millrace.simulate.fit.instants import instant
from millrace.simulate.fit.patience import Impatience, impatience, without_giving_up
from millrace.simulate.fit.routes import entry_routes, step_routes
from millrace.simulate.fit.traits import COURSE, Traits, smoothed_shares, telling_attributes
from millrace.simulate.fit.waits import step_waits
from millrace.simulate.fit.work import Crewing, step_work
from millrace.simulate.simulated_stream import (
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

MOST_SHOWN = 6
"""Days off that a remark lists."""
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
    closing: ClosingTail | Absent
    remarks: tuple[str, ...]


def fit(flow: Flow) -> Fit:
    """Fit a simulated stream to a flow. Raises TooFewDepartures."""
    past = history(flow)
    n_departures = int((past.weight > 0).sum())
    if n_departures < LEAST_DEPARTURES:
        raise TooFewDepartures(flow.about.source_name, n_departures)
    period = steady_period(past.demand_at)
    found = capacities(past)
    impatient = impatience(past, found)
    past = without_giving_up(past, impatient)
    gathered = gatherings(past, found)
    found = without_gathering(found, gathered)
    timed = clocks(past, found)
    traits = _traits(past, timed)
    stream = SimulatedStream(
        flow.about.stream.name,
        _demand(past, traits, period, flow.about.calendar.zone),
        _steps(past, traits, found, timed, gathered, impatient),
        _teams(past, found),
        entry=entry_routes(past, traits, [step.name for step in past.steps]),
        ranks=_ranks(past),
    )
    closing = closing_tail(flow)
    told = () if isinstance(closing, Absent) else (closing.told(),)
    remarks = (*_remarks(past, found, period, gathered), *impatient.remarks, *told)
    return Fit(stream, past, found, traits, period, closing, remarks)


def _steps(
    past: History,
    traits: Traits,
    found: Capacities,
    timed: Clocks,
    gathered: Sequence[Gathering],
    impatient: Impatience,
) -> tuple[SimulatedStep, ...]:
    names = [step.name for step in past.steps]
    batches = {gathering.step: (gathering.batch,) for gathering in gathered}
    crewing = Crewing(_crews_of_visits(past, found), timed)
    return tuple(
        SimulatedStep(
            told.name,
            step=told.step,
            work=step_work(past, traits, crewing, step),
            routes=step_routes(past, traits, step, names),
            waits=step_waits(past, traits, timed, step, found.shows_delay),
            batches=batches.get(step, ()),
            patience=(impatient.patience[step],) if step in impatient.patience else (),
        )
        for step, told in enumerate(past.steps)
        if (past.visits.step == step).any()
    )


def _crews_of_visits(past: History, found: Capacities) -> npt.NDArray[np.str_]:
    """The name of the pool of each visit; `""` where no team is known and nobody limits the work."""
    names = np.array([*(pool.name for pool in found.pools), ""])
    if not past.flow.about.teams and not any(found.limits(code) for code in range(len(found.pools))):
        return np.full(len(found.of_visit), "")
    return names[np.where(found.of_visit == NOTHING, len(found.pools), found.of_visit)]


def _teams(past: History, found: Capacities) -> tuple[SimulatedTeam, ...]:
    rates = past.flow.about.stream.rates_per_hour
    teams = []
    for pool in found.pools:
        if isinstance(pool.n_people, Absent):
            teams.append(SimulatedTeam(pool.name, rate_per_hour=rates.get(pool.name)))
            continue
        calendar = pool.calendar if isinstance(pool.calendar, WorkCalendar) else None
        crew = Crew(pool.n_people, calendar, pool.overtime_seconds, pool.at_once)
        teams.append(SimulatedTeam(pool.name, (crew,), pool.discipline, rates.get(pool.name)))
    return tuple(teams)


def _ranks(past: History) -> tuple[Rank, ...]:
    order = urgency(past.attributes[PRIORITY]) if PRIORITY in past.attributes else None
    return tuple(Rank(rank, {PRIORITY: (label,)}) for label, rank in (order or {}).items())


def _remarks(past: History, found: Capacities, period: SteadyPeriod, gathered: Sequence[Gathering]) -> tuple[str, ...]:
    """What the fit could not tell, and what it left out."""
    remarks = []
    if period.n_left_out:
        remarks.append(
            f"Demand is told by {period.n_items:,} items of a steady period; {period.n_left_out:,} from before and "
            "after it, when the export holds few, are left out of it."
        )
    if past.heard_from is not None:
        remarks.append(
            f"Items that left before {instant(past.heard_from):%-d %B %Y} are left out of routes and times, because "
            "later ones no longer resemble them."
        )
    n_open = int(past.is_open.sum())
    if n_open:
        remarks.append(f"{n_open:,} items are under way; they count as not delivered yet.")
    if not past.flow.knows_work:
        remarks.append(
            "The log tells when work ended, not when it began: the time in each step is one delay, in which work and "
            "waiting cannot be told apart."
        )
    reasons = sorted({pool.n_people.reason for pool in found.pools if isinstance(pool.n_people, Absent)})
    if not found.pools:
        reasons = ["the log names neither teams nor people"]
    if reasons and not any(found.limits(code) for code in range(len(found.pools))):
        remarks.append(
            f"No capacity is told: {reasons[0]}. Every wait is a delay of its own, "
            "so that adding people changes nothing."
        )
    remarks += _days_off(found)
    for pool in found.pools:
        if pool.at_once > 1:
            remarks.append(f"The people of {pool.name} work on up to {pool.at_once} items at once.")
        if pool.overtime_seconds:
            remarks.append(
                f"{pool.name} stays for up to {pool.overtime_seconds / 60:,.0f} minutes after closing to finish "
                "what it has begun."
            )
    remarks += [gathering.told(past.steps[gathering.step].name) for gathering in gathered]
    return tuple(remarks)


def _days_off(found: Capacities) -> list[str]:
    """A sentence on the days on which teams did not work."""
    calendars = [pool.calendar for pool in found.pools if isinstance(pool.calendar, WorkCalendar)]
    days = sorted({day for calendar in calendars for day in calendar.holidays})
    if not days:
        return []
    shown = ", ".join(f"{day:%-d %B %Y}" for day in days[:MOST_SHOWN])
    more = f" and {len(days) - MOST_SHOWN} more" if len(days) > MOST_SHOWN else ""
    return [f"Days off were {shown}{more}. Those to come are not known: the simulation has none."]


def _traits(past: History, timed: Clocks) -> Traits:
    own = timed.seconds
    course = courses(past, own, np.bincount(past.visits.item, own, len(past.weight)).astype(np.float64))
    attributes, gains = telling_attributes(past, course)
    return Traits(attributes, course, int(course.max()) + 1, gains)


def _demand(past: History, traits: Traits, period: SteadyPeriod, zone: str) -> Demand:
    """Items come as they came in the steady period, of the kinds that came then; their kind foretells their course."""
    names = list(traits.attributes)
    labels = [traits.attributes[name] for name in names]
    _, kind = np.unique(np.stack(labels), axis=1, return_inverse=True) if names else (None, np.zeros(len(past.weight)))
    kind = np.asarray(kind, np.int64).ravel()
    recent = (past.demand_at >= period.since_at) & (past.demand_at < period.until_at)
    shares = np.bincount(kind[recent], minlength=kind.max() + 1) / recent.sum()
    heard = past.weight > 0
    tempo = smoothed_shares(
        kind[heard], traits.course[heard], past.weight[heard], int(kind.max()) + 1, traits.n_courses, pseudo=5.0
    )
    kinds, drawn = [], []
    for code in np.flatnonzero(shares > 0).tolist():
        item = int(np.flatnonzero(kind == code)[0])
        attributes = {name: str(column[item]) for name, column in zip(names, labels, strict=True)}
        kinds.append(ItemKind(float(shares[code]), attributes))
        if traits.n_courses > 1:
            paces_drawn = {traits.course_name(course): float(tempo[code, course]) for course in range(traits.n_courses)}
            drawn.append(DrawnAttribute(COURSE, paces_drawn, {name: (label,) for name, label in attributes.items()}))
    return Demand(arrivals(past.demand_at, period, zone), tuple(kinds), tuple(drawn))
