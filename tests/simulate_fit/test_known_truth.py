"""Logs simulated from a known stream are fitted back; a change of the true stream is foretold from the fitted one."""

import numpy as np
import pytest
from bench.known_truth import fitted_to, foretold

from millrace.simulate.fit.fit import Fit
from millrace.simulate.simulated_stream import SimulatedStream

Fitted = tuple[SimulatedStream, Fit]


@pytest.fixture(scope="module", params=[0, 5], ids=["in office hours", "around the clock"])
def fitted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    return fitted_to(request.param, tmp_path_factory.mktemp("truth"))


def test_the_rate_of_demand_is_recovered_within_a_tenth(fitted: Fitted) -> None:
    truth, found = fitted

    assert sum(found.stream.demand.arrivals.per_hour) == pytest.approx(sum(truth.demand.arrivals.per_hour), rel=0.1)


def test_every_team_has_its_people_and_its_hours(fitted: Fitted) -> None:
    truth, found = fitted
    crews = {team.name: team.crews[0] for team in found.stream.teams}

    for team in truth.teams:
        assert crews[team.name].n_people == team.crews[0].n_people
        hours, true_hours = (crew.calendar and crew.calendar.hours for crew in (crews[team.name], team.crews[0]))
        assert hours == true_hours


def test_work_takes_as_long_as_it_does_within_a_tenth(fitted: Fitted) -> None:
    truth, found = fitted
    visits, names = found.history.visits, [step.name for step in found.history.steps]

    for step in truth.steps:
        seconds = found.capacities.work_seconds[visits.step == names.index(step.name)]
        assert seconds.mean() == pytest.approx(step.work[0].ways[0].time.mean_seconds, rel=0.1)


def test_shares_of_routes_are_recovered_within_four_points(fitted: Fitted) -> None:
    truth, found = fitted
    visits, names = found.history.visits, [step.name for step in found.history.steps]

    for step in truth.steps:
        left = visits.to[visits.step == names.index(step.name)]
        for way in step.routes[0].ways:
            if way.to in names:
                assert np.mean(left == names.index(way.to)) == pytest.approx(way.share_ratio, abs=0.04)


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_a_change_of_the_true_stream_is_foretold_within_the_range(seed: int) -> None:
    """A part of the study that `python -m bench fit` does over 100 streams."""
    found = foretold(seed, n_runs=20)

    assert found.holds, f"{found.truth:.1f} h lies outside {found.low:.1f} to {found.high:.1f} h"
