"""The back-test of streams whose truth is known."""

from datetime import timedelta
from pathlib import Path

import pytest
from bench.known_truth import HALF_YEAR, STARTS_AT, drawn_stream, recorded

from millrace.eventlog.event_log import EventLog
from millrace.flow.flow import Flow
from millrace.simulate.backtest.backtest import Backtest, backtest
from millrace.simulate.backtest.split import TooLittleToSplit, split
from millrace.simulate.backtest.verdict import Trust, verdicts
from millrace.simulate.fit.history import history

AT = STARTS_AT + HALF_YEAR / 2


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    return recorded(drawn_stream(5), tmp_path_factory.mktemp("log"), 5)


def _log(flow: Flow) -> EventLog:
    return EventLog.open(flow.events_path.parent)


@pytest.fixture(scope="module")
def tested(flow: Flow) -> Backtest:
    return backtest(_log(flow), flow, n_replications=4)


def test_what_happened_later_is_not_known_at_the_split(flow: Flow, tmp_path: Path) -> None:
    parts = split(_log(flow), flow.about.stream, AT, AT + timedelta(days=60), tmp_path)

    assert parts.earlier.now_at < AT <= parts.later.began_at
    assert history(parts.earlier).is_open.any()


def test_with_hindsight_the_earlier_items_are_known_to_their_end(flow: Flow, tmp_path: Path) -> None:
    parts = split(_log(flow), flow.about.stream, AT, AT + timedelta(days=60), tmp_path, with_hindsight=True)

    assert parts.earlier.now_at > AT
    assert not history(parts.earlier).is_open.any()


def test_a_split_that_leaves_too_little_is_refused_in_a_sentence(flow: Flow, tmp_path: Path) -> None:
    with pytest.raises(TooLittleToSplit, match=r"earlier part .* a back-test wants at least 50"):
        split(_log(flow), flow.about.stream, STARTS_AT + timedelta(days=1), AT, tmp_path)


def test_a_steady_stream_is_foretold_near_the_noise_floor(tested: Backtest) -> None:
    assert tested.lead_time.distance <= max(2 * tested.lead_time.noise, 0.12)
    assert tested.routes.distance < 0.05
    assert abs(tested.throughput.error_ratio) < 0.1


def test_the_verdict_of_a_steady_stream_trusts_its_routes_and_its_throughput(tested: Backtest) -> None:
    trusted = {each.subject: each.trust for each in verdicts(tested)}

    assert trusted["routes"] is Trust.TRUSTWORTHY
    assert trusted["throughput"] is Trust.TRUSTWORTHY


def test_every_step_tells_its_time_real_and_simulated(flow: Flow, tested: Backtest) -> None:
    assert [each.step for each in tested.step_waits] == [step.name for step in flow.about.stream.steps]
    assert all(each.simulated_lead_seconds > 0 for each in tested.step_waits)


def test_the_same_seed_gives_the_same_back_test(flow: Flow) -> None:
    first, again = (backtest(_log(flow), flow, n_replications=2, seed=3) for _ in range(2))

    assert first == again
