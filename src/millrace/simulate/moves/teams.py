"""Moves that change who is there: add capacity, pool teams, change hours."""

from collections.abc import Sequence
from dataclasses import replace

from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.moves.segment import MoveWithoutEffect, refuse_unknown_team
from millrace.simulate.simulated_stream import Crew, SimulatedStep, SimulatedStream, SimulatedTeam, Work


def add_capacity(
    stream: SimulatedStream, team: str, people: int, *, hours: WorkCalendar | None = None
) -> SimulatedStream:
    """Add people to a team, for `hours` or those of its first crew."""
    called = f"add_capacity {team}"
    refuse_unknown_team(stream, team, called)

    def grown(each: SimulatedTeam) -> SimulatedTeam:
        if not each.crews:
            raise MoveWithoutEffect(called, "no limit to the team’s capacity is known, so nothing waits for its people")
        alike = each.crews[0]
        return replace(each, crews=(*each.crews, Crew(people, hours or alike.calendar, at_once=alike.at_once)))

    return _with_team(stream, team, grown(_team(stream, team)))


def change_hours(stream: SimulatedStream, team: str, hours: WorkCalendar) -> SimulatedStream:
    """Have all of a team work other hours."""
    called = f"change_hours {team}"
    refuse_unknown_team(stream, team, called)
    today = _team(stream, team)
    if not today.crews:
        raise MoveWithoutEffect(called, "no limit to the team’s capacity is known, so nothing waits for its people")
    n_people = sum(crew.n_people for crew in today.crews)
    return _with_team(stream, team, replace(today, crews=(Crew(n_people, hours, at_once=today.crews[0].at_once),)))


def pool_teams(stream: SimulatedStream, teams: Sequence[str]) -> SimulatedStream:
    """Let anybody of the teams do the work of all of them; they pick by the first team's rule."""
    called = f"pool_teams {', '.join(teams)}"
    for team in teams:
        refuse_unknown_team(stream, team, called)
    discipline = _team(stream, teams[0]).discipline
    stream = replace(
        stream,
        teams=tuple(replace(each, discipline=discipline) if each.name in teams else each for each in stream.teams),
    )
    return replace(stream, steps=tuple(_pooled(step, tuple(teams)) for step in stream.steps))


def _pooled(step: SimulatedStep, teams: tuple[str, ...]) -> SimulatedStep:
    def pooled(work: Work) -> Work:
        if work.is_automated or not set(work.teams) & set(teams):
            return work
        # The team whose work it is stays first: it is the one that the log names.
        return replace(work, teams=tuple(dict.fromkeys((*work.teams, *teams))))

    rules = tuple(replace(rule, ways=tuple(pooled(way) for way in rule.ways)) for rule in step.work)
    return replace(step, work=rules)


def _team(stream: SimulatedStream, name: str) -> SimulatedTeam:
    return next(team for team in stream.teams if team.name == name)


def _with_team(stream: SimulatedStream, name: str, instead: SimulatedTeam) -> SimulatedStream:
    return replace(stream, teams=tuple(instead if team.name == name else team for team in stream.teams))
