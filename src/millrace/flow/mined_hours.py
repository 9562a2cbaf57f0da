"""Mined hours: when teams and people work, told by the log itself; with the evidence, or absent where it does not tell.

Hours are told from when something was done (starts and ends of work, statuses set), on how many days, never from how
long a record lay open. A person has hours of their own only where they did enough; otherwise their team's hold, and
where the team did too little, those of all together, unless its own work contradicts them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from millrace.eventlog.engine import name, text
from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.summary import SECOND
from millrace.flow.week_profile import AROUND_THE_CLOCK, MIN_SUPPORT_RATIO, WeekProfile, week_profiles
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar

QUARTER = 900 * SECOND
"""Microseconds of a quarter of an hour: every zone's clock differs from UTC by whole quarters."""


@dataclass(frozen=True)
class ShownHours:
    """The weekly hours of a team, a person, or (`who` None) of all together.

    `calendar` is Absent where `n_events` on `n_days` days do not show any; `support_ratio` is the share of events
    within the hours. `is_own` is False where they are those of the team or of all, for want of events.
    """

    who: str | None
    calendar: WorkCalendar | Absent
    n_events: int
    n_days: int
    support_ratio: float
    is_own: bool = True

    @property
    def is_around_the_clock(self) -> bool:
        """True where the log shows work at all hours of the week."""
        return isinstance(self.calendar, WorkCalendar) and self.calendar.hours == AROUND_THE_CLOCK


@dataclass(frozen=True)
class MinedHours:
    """Hours of all together, of every team, and of the people who did enough to have their own."""

    together: ShownHours
    teams: Mapping[str, ShownHours]
    people: Mapping[str, ShownHours]

    def of(self, team: str | None, person: str | None = None) -> ShownHours:
        """The hours that hold for a person of a team: the most particular that the log shows."""
        if person is not None and person in self.people:
            return self.people[person]
        return self.teams.get(team, self.together) if team is not None else self.together


def mined_hours(flow: Flow, *, zone: str | None = None) -> MinedHours:
    """Mine the working hours of teams and people in `zone` (that of the flow's calendar where None).

    Automated events tell nobody's hours and are left out.
    """
    told_in = zone or flow.about.calendar.zone
    _count_instants(flow)
    together = _hours(None, _profiles(flow, None, told_in).get(None), told_in)
    teams = _by(flow, "team", told_in, lambda _: together) if flow.has("team") else {}
    people = {}
    if flow.has("person"):
        team_of = _main_teams(flow) if flow.has("team") else {}
        people = _by(flow, "person", told_in, lambda who: teams.get(team_of.get(who, ""), together))
    return MinedHours(together, teams, people)


def _by(flow: Flow, column: str, zone: str, wider: Any) -> dict[str, ShownHours]:
    """Hours per value of a column; those without their own have the wider ones, unless their work contradicts them."""
    hours = {}
    for who, profile in _profiles(flow, column, zone).items():
        own = _hours(who, profile, zone)
        hours[who] = _lent(own, profile, wider(who)) if isinstance(own.calendar, Absent) else own
    return hours


def _hours(who: str | None, profile: WeekProfile | None, zone: str) -> ShownHours:
    if profile is None:
        return ShownHours(who, Absent("the log has no events by people"), 0, 0, 0.0)
    shown = profile.hours(f"hours mined for {who or 'all'}", zone)
    n_events, n_days = int(profile.n_events.sum()), profile.n_worked_days
    if isinstance(shown, Absent):
        return ShownHours(who, shown, n_events, n_days, 0.0)
    calendar, support = shown
    return ShownHours(who, calendar, n_events, n_days, support)


def _lent(own: ShownHours, profile: WeekProfile, wider: ShownHours) -> ShownHours:
    calendar = wider.calendar
    support = 0.0
    if isinstance(calendar, WorkCalendar):
        support = profile.ratio_within(calendar)
        if support < MIN_SUPPORT_RATIO:
            calendar = Absent(
                f"only {support:.0%} of these events fall into the hours of {wider.who or 'all together'}"
            )
    return ShownHours(own.who, calendar, own.n_events, own.n_days, support, is_own=False)


def _count_instants(flow: Flow) -> None:
    """Make the table `instants`: how often each person of each team did something in each quarter of an hour.

    An end on the stroke belongs to the quarter before it.
    """
    about = flow.about
    who = ", ".join(name(column) if flow.has(column) else f"NULL::VARCHAR AS {column}" for column in ("team", "person"))
    by_people = "WHERE NOT coalesce(is_automated, false)" if flow.has("is_automated") else ""
    rest = f"{who} FROM read_parquet({text(flow.events_path)}) {by_people}"
    ends = f'SELECT epoch_us("at") - 1 AS instant, {rest}'
    told = {
        Shape.STATUS_LOG: f'SELECT epoch_us("at") AS instant, {rest}',
        Shape.ACTIVITY_LOG_ENDS: ends,
        Shape.ACTIVITY_LOG: f"SELECT epoch_us(started_at) AS instant, {rest} UNION ALL {ends}",
    }[about.shape]
    flow.engine.con.execute(f"""
        CREATE OR REPLACE TEMP TABLE instants AS
        SELECT team, person, instant // {QUARTER} AS quarter, count(*) AS n
        FROM ({told}) WHERE instant IS NOT NULL GROUP BY ALL
    """)


def _profiles(flow: Flow, column: str | None, zone: str) -> dict[Any, WeekProfile]:
    """The week of every value of `column` (of all under None), told in `zone`."""
    who = f"{name(column)} IS NOT NULL" if column else "true"
    rows = flow.engine.con.sql(f"""
        SELECT {name(column) if column else "''"} AS who, quarter, sum(n)::BIGINT AS n
        FROM instants WHERE {who} GROUP BY ALL
    """).to_arrow_table()
    if not rows.num_rows:
        return {}
    coded = rows["who"].combine_chunks().dictionary_encode()
    codes = coded.indices.to_numpy().astype(np.int64)
    profiles = week_profiles(codes, _local_half_hours(rows["quarter"].to_numpy(), zone), rows["n"].to_numpy())
    return dict(zip(coded.dictionary.to_pylist() if column else [None], profiles, strict=True))


def _local_half_hours(quarters: Any, zone: str) -> Any:
    """The half-hours since 1970 that the clock on the wall showed in these quarters of an hour, UTC."""
    distinct, of_row = np.unique(quarters, return_inverse=True)
    wall = ZoneInfo(zone)
    instants = (datetime.fromtimestamp(quarter * QUARTER // SECOND, wall) for quarter in distinct.tolist())
    ahead = np.array([(instant.utcoffset() or timedelta()).total_seconds() for instant in instants])
    return ((distinct * QUARTER // SECOND + ahead.astype(np.int64)) // 1800)[of_row]


def _main_teams(flow: Flow) -> dict[str, str]:
    """The team in which each person did most."""
    rows = flow.engine.con.sql("""
        SELECT person, arg_max(team, n) FROM (
            SELECT person, team, sum(n) AS n FROM instants
            WHERE person IS NOT NULL AND team IS NOT NULL GROUP BY ALL) GROUP BY person
    """).fetchall()
    return dict(rows)
