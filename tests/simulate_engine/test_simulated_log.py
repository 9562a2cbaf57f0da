"""A simulated log is a log: both shapes measure the same, and every wait has its reason."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.simulate_engine.desks import MONDAY, steady, step, weeks

from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.lead_time import lead_time
from millrace.flow.time_by_state import time_by_state
from millrace.model.state import State, WaitReason
from millrace.simulate.distribution import exponential
from millrace.simulate.engine.run import run
from millrace.simulate.figures import flow_of
from millrace.simulate.simulated_log import simulated_log, stream_of
from millrace.simulate.simulated_stream import (
    VALUE,
    Crew,
    ItemKind,
    SimulatedStream,
    SimulatedTeam,
    Wait,
    Way,
)

PERIOD = weeks(4)
HALF_AN_HOUR = exponential(1800)

STREAM = SimulatedStream(
    "small",
    steady(0.8, ItemKind(0.5, {"priority": "P1"}), ItemKind(0.5, {"priority": "P2"})),
    (
        step("First", "team", HALF_AN_HOUR, Way("Second", 0.9), Way("First", 0.1)),
        step("Second", "team", HALF_AN_HOUR, Way("After"), waits=(Wait(exponential(3600), WaitReason.SUPPLIER, 0.5),)),
        step("After", "team", HALF_AN_HOUR, Way(VALUE), is_after_value=True),
    ),
    (SimulatedTeam("team", (Crew(2),)),),
)


def flow(folder: Path, shape: Shape, since_at: datetime | None = None, n_runs: int = 1) -> Flow:
    runs = [run(STREAM, PERIOD, replication=number) for number in range(n_runs)]
    return flow_of(simulated_log(runs, folder / "log", shape=shape, since_at=since_at), stream_of(STREAM), folder / "f")


def test_both_shapes_have_the_same_lead_times(tmp_path: Path) -> None:
    statuses, activities = (
        lead_time(flow(tmp_path / shape, shape)).groups[""] for shape in (Shape.STATUS_LOG, Shape.ACTIVITY_LOG)
    )
    assert activities == statuses


def test_every_wait_is_told_with_its_reason_and_what_follows_value_is_closing(tmp_path: Path) -> None:
    pieces = time_by_state(flow(tmp_path, Shape.STATUS_LOG)).pieces
    reasons = {piece.wait_reason for piece in pieces if piece.state is State.WAITING}
    assert reasons == {WaitReason.QUEUE, WaitReason.SUPPLIER}
    assert sum(piece.seconds for piece in pieces if piece.state is State.DONE) > 0


def test_replications_are_told_apart(tmp_path: Path) -> None:
    groups = lead_time(flow(tmp_path, Shape.STATUS_LOG, n_runs=3), per="replication").groups
    assert set(groups) == {"0", "1", "2"}


def test_what_ended_before_the_period_is_left_out(tmp_path: Path) -> None:
    half = MONDAY + timedelta(weeks=2)
    whole, rest = (flow(tmp_path / str(nth), Shape.STATUS_LOG, since) for nth, since in enumerate((None, half)))
    assert rest.about.n_items == pytest.approx(whole.about.n_items / 2, rel=0.15)
    assert rest.about.n_events < whole.about.n_events


def test_items_keep_their_attributes(tmp_path: Path) -> None:
    assert set(lead_time(flow(tmp_path, Shape.STATUS_LOG), per="priority").groups) == {"P1", "P2"}
