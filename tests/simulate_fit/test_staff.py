"""People who work on several items at once are told from statuses that items keep."""

from dataclasses import replace
from pathlib import Path

import pytest
from bench.known_truth import drawn_stream, one_more_person, recorded
from bench.known_truth import mean_lead_hours as lead_hours

from millrace.model.absent import Absent
from millrace.simulate.fit.fit import Fit, fit
from millrace.simulate.simulated_stream import Crew, SimulatedStream

TEAM = "team 2"


def _with(crew: Crew, slower: float = 1.0) -> SimulatedStream:
    drawn = drawn_stream(5)
    teams = tuple(replace(team, crews=(crew,)) if team.name == TEAM else team for team in drawn.teams)
    steps = tuple(
        replace(
            step,
            work=tuple(
                replace(rule, ways=tuple(replace(way, time=way.time.scaled(slower)) for way in rule.ways))
                for rule in step.work
            ),
        )
        if step.work[0].ways[0].teams == (TEAM,)
        else step
        for step in drawn.steps
    )
    return replace(drawn, teams=teams, steps=steps)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[SimulatedStream, Fit]:
    """Two people of three items each, where there were so many of one."""
    n_people = next(team for team in drawn_stream(5).teams if team.name == TEAM).crews[0].n_people
    truth = _with(Crew(2, at_once=3), slower=6 / n_people)
    return truth, fit(recorded(truth, tmp_path_factory.mktemp("log"), 2))


def test_how_many_items_each_works_on_is_recovered(fitted: tuple[SimulatedStream, Fit]) -> None:
    _, found = fitted
    crews = {team.name: team.crews[0] for team in found.stream.teams}

    assert (crews[TEAM].n_people, crews[TEAM].at_once) == (2, 3)
    assert all(crew.at_once == 1 for name, crew in crews.items() if name != TEAM)
    assert f"The people of {TEAM} work on up to 3 items at once." in found.remarks


def test_one_more_of_them_helps_as_much_as_in_truth(fitted: tuple[SimulatedStream, Fit]) -> None:
    truth, found = fitted
    saved = [lead_hours(each) - lead_hours(one_more_person(each)) for each in (truth, found.stream)]

    assert saved[0] > 0
    assert saved[1] == pytest.approx(saved[0], rel=0.35)


def test_a_status_that_items_keep_is_no_capacity(tmp_path: Path) -> None:
    """Work that nobody limits, by people named at random."""
    drawn = drawn_stream(5)
    endless = replace(drawn, teams=tuple(replace(team, crews=(Crew(3, at_once=40),)) for team in drawn.teams))
    found = fit(recorded(endless, tmp_path, 2))

    assert all(isinstance(pool.n_people, Absent) for pool in found.capacities.pools)
    assert any("several items at once" in remark for remark in found.remarks)
