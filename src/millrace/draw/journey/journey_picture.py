"""What a drawing of a journey shows: its time in stretches, a lane per record with a row per team, its handoffs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from millrace.flow.journey import Journey, JourneyRecord, JourneySpan
from millrace.model.state import Side, State, WaitReason
from millrace.model.work_calendar import WorkCalendar

MOST_ROWS = 9
"""Teams of a record beyond these share one row."""
N_LONGEST = 4
_NOTHING = timedelta()
_WORTH_TELLING = 0.02
"""A stretch that takes less of the time before value is not among the longest that are told."""


class Kind(StrEnum):
    """What goes on in a stretch, as far as a drawing tells it apart."""

    WORKING = "working"
    WAITING = "waiting"
    OUTSIDE = "waiting for others"
    """The wait is the requester's or a supplier's, not the provider's."""
    UNKNOWN = "working or waiting"
    DONE = "done"


@dataclass(frozen=True)
class Stretch:
    """Neighbouring spans of one record and team that say the same, as one piece of time."""

    began_at: datetime
    ended_at: datetime
    record: int
    kind: Kind
    wait_reason: WaitReason
    steps: tuple[str, ...]
    team: str | None
    people: tuple[str, ...]
    is_before_value: bool

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.ended_at - self.began_at


@dataclass(frozen=True)
class Row:
    """What one team had of a record. `own` is the record's life there, `waited` the part the requester waited for."""

    label: str
    teams: tuple[str | None, ...]
    own: tuple[Stretch, ...]
    waited: tuple[Stretch, ...]


@dataclass(frozen=True)
class Lane:
    """A record: what it is called, the lane of the record that led to it, and its rows in order of appearance.

    `waited` is how much of the time before value the demand waited for this record.
    """

    key: str
    record_type: str | None
    parent: int | None
    n_demands: int
    began_at: datetime
    waited: timedelta
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Place:
    """A row of a lane, both by their positions."""

    lane: int
    row: int


@dataclass(frozen=True)
class Handoff:
    """The item goes from one known team to another; `is_return` where that team had it before."""

    at: datetime
    source: Place
    target: Place
    from_team: str
    to_team: str
    is_return: bool


@dataclass(frozen=True)
class Tenure:
    """A team's turn: how long it had the item, and what went on meanwhile; `is_return` where it had it before."""

    team: str
    length: timedelta
    kinds: tuple[tuple[Kind, timedelta], ...]
    is_return: bool


@dataclass(frozen=True)
class Times:
    """How the time before value (or so far, where there is none) divides; `done` is what ended in a reopening."""

    whole: timedelta
    working: timedelta
    waiting: timedelta
    outside: timedelta
    unknown: timedelta
    done: timedelta

    @property
    def waiting_ratio(self) -> float | None:
        """The share of all waits, whoever's they are; None where work and wait cannot be told apart."""
        if self.unknown or not self.whole:
            return None
        return (self.waiting + self.outside) / self.whole


@dataclass(frozen=True)
class JourneyPicture:
    """Everything that the drawing of one journey says.

    `band` is the whole time, piece by piece; `longest` are the pieces before value that took most of it, in order of
    time. `hours` is the calendar whose closed hours are shaded and whose zone times are told in.
    """

    key: str
    record_type: str | None
    demand_at: datetime
    value_at: datetime | None
    ended_at: datetime
    last_state: State
    band: tuple[Stretch, ...]
    longest: tuple[Stretch, ...]
    lanes: tuple[Lane, ...]
    handoffs: tuple[Handoff, ...]
    tenures: tuple[Tenure, ...]
    n_teams: int
    times: Times
    hours: WorkCalendar

    @property
    def n_handoffs(self) -> int:
        """How often it went from one known team to another."""
        return len(self.handoffs)

    @property
    def tail(self) -> timedelta:
        """What follows value."""
        return self.ended_at - self.value_at if self.value_at else _NOTHING


def journey_picture(journey: Journey, hours: WorkCalendar) -> JourneyPicture:
    """What there is to draw of a journey."""
    band = tuple(_stretches(journey.spans))
    lanes = tuple(_lane(journey, at, record, band) for at, record in enumerate(journey.records))
    times = _times(journey)
    return JourneyPicture(
        key=journey.key,
        record_type=journey.records[0].record_type,
        demand_at=journey.demand_at,
        value_at=journey.value_at,
        ended_at=journey.ended_at,
        last_state=journey.last_state,
        band=band,
        longest=_longest(band, times),
        lanes=lanes,
        handoffs=tuple(_handoffs(journey.spans, lanes)),
        tenures=tuple(_tenures(band)),
        n_teams=len({span.team for span in journey.spans} - {None}),
        times=times,
        hours=hours,
    )


def _stretches(spans: Iterable[JourneySpan]) -> Iterator[Stretch]:
    lasting = (span for span in spans if span.ended_at > span.began_at)
    for _, group in groupby(lasting, key=_sameness):
        same = list(group)
        first = same[0]
        yield Stretch(
            began_at=first.began_at,
            ended_at=same[-1].ended_at,
            record=first.record,
            kind=_kind(first),
            wait_reason=first.wait_reason,
            steps=tuple(dict.fromkeys(span.step for span in same)),
            team=first.team,
            people=tuple(dict.fromkeys(span.person for span in same if span.person)),
            is_before_value=first.is_before_value,
        )


def _sameness(span: JourneySpan) -> tuple[object, ...]:
    return span.record, span.team, _kind(span), span.wait_reason, span.is_before_value


def _kind(span: JourneySpan) -> Kind:
    match span.state:
        case State.ACTIVE:
            return Kind.WORKING
        case State.DONE | State.CANCELLED:
            return Kind.DONE
        case State.UNKNOWN:
            return Kind.UNKNOWN
    return Kind.WAITING if span.side is Side.PROVIDER else Kind.OUTSIDE


def _lane(journey: Journey, at: int, record: JourneyRecord, band: Iterable[Stretch]) -> Lane:
    own = tuple(_stretches(record.spans))
    waited = tuple(stretch for stretch in band if stretch.record == at)
    counted = (stretch for stretch in waited if stretch.is_before_value or journey.value_at is None)
    return Lane(
        key=record.key,
        record_type=record.record_type,
        parent=record.from_record,
        n_demands=record.n_demands,
        began_at=record.spans[0].began_at if record.spans else journey.demand_at,
        waited=sum((stretch.length for stretch in counted), _NOTHING),
        rows=tuple(_rows(own, waited)),
    )


def _rows(own: Sequence[Stretch], waited: Sequence[Stretch]) -> Iterator[Row]:
    """A row per team, the first to have the record first; those with the least time share the last row."""
    lengths: dict[str | None, timedelta] = {}
    for stretch in (*own, *waited):
        lengths[stretch.team] = lengths.get(stretch.team, _NOTHING) + stretch.length
    shown = set(lengths)
    if len(lengths) > MOST_ROWS:
        by_length = sorted(lengths, key=lambda team: lengths[team], reverse=True)
        shown = set(by_length[: MOST_ROWS - 1])
    for team in lengths:
        if team in shown:
            yield _row(team or ("no team known" if len(lengths) > 1 else ""), (team,), own, waited)
    rest = tuple(team for team in lengths if team not in shown)
    if rest:
        yield _row(f"{len(rest):,} further teams", rest, own, waited)


def _row(label: str, teams: tuple[str | None, ...], own: Iterable[Stretch], waited: Iterable[Stretch]) -> Row:
    return Row(
        label,
        teams,
        tuple(stretch for stretch in own if stretch.team in teams),
        tuple(stretch for stretch in waited if stretch.team in teams),
    )


def _handoffs(spans: Sequence[JourneySpan], lanes: Sequence[Lane]) -> Iterator[Handoff]:
    """Changes of the known team; unknown teams are skipped."""
    places = {
        (at, team): Place(at, nth)
        for at, lane in enumerate(lanes)
        for nth, row in enumerate(lane.rows)
        for team in row.teams
    }
    seen: set[str] = set()
    for before, after in pairwise(span for span in spans if span.team):
        seen.add(before.team or "")
        if before.team == after.team or not before.team or not after.team:
            continue
        source, target = places.get((before.record, before.team)), places.get((after.record, after.team))
        if source is None or target is None:
            continue
        yield Handoff(after.began_at, source, target, before.team, after.team, after.team in seen)


def _tenures(band: Iterable[Stretch]) -> Iterator[Tenure]:
    """The turns of the known teams before value; what no known team had is nobody's turn."""
    seen: set[str] = set()
    known = (stretch for stretch in band if stretch.team and (stretch.is_before_value or stretch.kind is not Kind.DONE))
    for team, group in groupby(known, key=lambda stretch: stretch.team or ""):
        kinds: dict[Kind, timedelta] = {}
        for stretch in group:
            kinds[stretch.kind] = kinds.get(stretch.kind, _NOTHING) + stretch.length
        yield Tenure(team, sum(kinds.values(), _NOTHING), tuple(kinds.items()), team in seen)
        seen.add(team)


def _times(journey: Journey) -> Times:
    until = journey.value_at or journey.ended_at
    sums = dict.fromkeys(Kind, _NOTHING)
    for span in journey.spans:
        if span.is_before_value or journey.value_at is None:
            sums[_kind(span)] += span.ended_at - span.began_at
    return Times(
        whole=until - journey.demand_at,
        working=sums[Kind.WORKING],
        waiting=sums[Kind.WAITING],
        outside=sums[Kind.OUTSIDE],
        unknown=sums[Kind.UNKNOWN],
        done=sums[Kind.DONE],
    )


def _longest(band: Sequence[Stretch], times: Times) -> tuple[Stretch, ...]:
    """The longest pieces before value that are worth telling; neighbours that differ by team only are still two."""
    told = [stretch for stretch in band if stretch.is_before_value or (times.whole and stretch.kind is not Kind.DONE)]
    told = [stretch for stretch in told if stretch.length >= times.whole * _WORTH_TELLING]
    chosen = sorted(told, key=lambda stretch: stretch.length, reverse=True)[:N_LONGEST]
    return tuple(sorted(chosen, key=lambda stretch: stretch.began_at))
