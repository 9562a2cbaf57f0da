"""Mined hours: when teams and people work, told by the log itself; with the evidence, or absent where it does not tell.

Hours are told from when something was done (starts and ends of work, statuses set), on how many days, never from how
long a record lay open. A person has hours of their own only where they did enough; otherwise their team's hold, and
where the team did too little, those of all together, unless its own work contradicts them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from millrace.eventlog.engine import name, text
from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.week_profile import AROUND_THE_CLOCK, BINS, MIN_SUPPORT_RATIO, WeekProfile
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar


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
    instants = _instants(flow, told_in)
    together = _hours(None, _profiles(flow, instants, None).get(None), told_in)
    teams = _by(flow, instants, "team", told_in, lambda _: together) if flow.has("team") else {}
    people = {}
    if flow.has("person"):
        team_of = _main_teams(flow) if flow.has("team") else {}
        people = _by(flow, instants, "person", told_in, lambda who: teams.get(team_of.get(who, ""), together))
    return MinedHours(together, teams, people)


def _by(flow: Flow, instants: str, column: str, zone: str, wider: Any) -> dict[str, ShownHours]:
    """Hours per value of a column; those without their own have the wider ones, unless their work contradicts them."""
    hours = {}
    for who, profile in _profiles(flow, instants, column).items():
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


def _instants(flow: Flow, zone: str) -> str:
    """A query for when people did something: local time, team, person. An end on the hour belongs before it."""
    about, events = flow.about, f"read_parquet({text(flow.events_path)})"
    columns = ", ".join(name(column) for column in ("team", "person") if flow.has(column))
    by_people = "WHERE NOT coalesce(is_automated, false)" if flow.has("is_automated") else ""
    rest = f", {columns} FROM {events} {by_people}" if columns else f" FROM {events} {by_people}"
    local = f"timezone({text(zone)}, timezone('UTC', {{}}))"
    if about.shape is Shape.STATUS_LOG:
        return f"SELECT {local.format(name('at'))} AS wall{rest}"
    done = f"SELECT {local.format(name('at'))} - INTERVAL 1 MICROSECOND AS wall{rest}"
    if about.shape is Shape.ACTIVITY_LOG_ENDS:
        return done
    return f"SELECT {local.format('started_at')} AS wall{rest} UNION ALL {done}"


def _profiles(flow: Flow, instants: str, column: str | None) -> dict[Any, WeekProfile]:
    """The week of every value of `column` (of all under None)."""
    who = name(column) if column else "NULL"
    rows = flow.engine.con.sql(f"""
        WITH instants AS ({instants}),
        told AS (SELECT {who} AS who, wall::DATE AS day, isodow(wall) - 1 AS weekday,
                        (hour(wall) * {BINS // 24} + minute(wall) * {BINS // 24} // 60) AS bin
                 FROM instants WHERE wall IS NOT NULL {f"AND {who} IS NOT NULL" if column else ""}),
        extent AS (SELECT who, min(day) AS first_on, max(day) AS last_on, count(DISTINCT day) AS n_worked_days
                   FROM told GROUP BY who),
        binned AS (SELECT who, weekday, bin, count(DISTINCT day) AS marks, count(*) AS n FROM told GROUP BY ALL)
        SELECT b.who, list(weekday::INTEGER), list(bin::INTEGER), list(marks), list(n),
               any_value(date_diff('day', DATE '1970-01-05', first_on)),
               any_value(date_diff('day', DATE '1970-01-05', last_on)), any_value(n_worked_days)
        FROM binned b JOIN extent e ON b.who IS NOT DISTINCT FROM e.who GROUP BY b.who
    """).fetchall()
    return {who: _profile(*rest) for who, *rest in rows}


def _profile(
    weekdays: list[int], bins: list[int], marks: list[int], n: list[int], first: int, last: int, n_worked_days: int
) -> WeekProfile:
    """Days are counted from Monday 5 January 1970."""
    profile = WeekProfile(
        np.zeros((7, BINS), np.int64),
        np.zeros((7, BINS), np.int64),
        np.bincount(np.arange(first, last + 1) % 7, minlength=7).astype(np.int64),
        n_worked_days,
    )
    profile.marks[weekdays, bins] = marks
    profile.n_events[weekdays, bins] = n
    return profile


def _main_teams(flow: Flow) -> dict[str, str]:
    """The team in which each person did most."""
    rows = flow.engine.con.sql(f"""
        SELECT person, arg_max(team, n) FROM (
            SELECT person, team, count(*) AS n FROM read_parquet({text(flow.events_path)})
            WHERE person IS NOT NULL AND team IS NOT NULL GROUP BY ALL) GROUP BY person
    """).fetchall()
    return dict(rows)
