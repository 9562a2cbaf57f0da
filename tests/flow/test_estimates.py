"""Ends of work only: what people say of a step stands in, and is called estimated."""

from collections.abc import Callable
from datetime import timedelta

from logs import DESK, SHOP

from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import flow_efficiency
from millrace.flow.measurement import measurement_per
from millrace.flow.step_measures import StepMeasures, edges, step_measures
from millrace.flow.summary import Absent, Clock, DurationSummary, Share
from millrace.model.value_stream import Estimate, Match, Rule, Value, ValueStream

EVENTS = [(0, "Register"), (4, "Check"), (9, "Resolve")]


def with_estimates(**hours: float) -> ValueStream:
    steps = tuple(
        step.model_copy(update={"estimate": Estimate(process_time=timedelta(hours=hours[step.name]))})
        if step.name in hours
        else step
        for step in SHOP.steps
    )
    return SHOP.model_copy(update={"steps": steps})


def of(flow: Flow, name: str) -> StepMeasures:
    return next(row for row in step_measures(flow) if row.step == name)


def test_an_estimate_stands_in_for_work_that_the_log_cannot_tell(ends: Callable[..., Flow]) -> None:
    check = of(ends(with_estimates(Check=2), a=EVENTS), "Check")

    assert check.is_estimated
    assert isinstance(check.process_time, DurationSummary)
    assert isinstance(check.wait_time, DurationSummary)
    assert (check.process_time.total_seconds, check.wait_time.total_seconds) == (2 * 3600, 7 * 3600)
    assert isinstance(check.queue_time, Absent)


def test_a_visit_is_never_worked_on_for_longer_than_it_lasts(ends: Callable[..., Flow]) -> None:
    check = of(ends(with_estimates(Check=50), a=EVENTS), "Check")

    assert isinstance(check.process_time, DurationSummary)
    assert check.process_time.total_seconds == 9 * 3600


def test_flow_efficiency_rests_on_estimates_only_where_every_step_has_one(ends: Callable[..., Flow]) -> None:
    assert isinstance(flow_efficiency(ends(with_estimates(Check=2), a=EVENTS)), Absent)
    assert flow_efficiency(ends(with_estimates(Register=1, Check=2), a=EVENTS)) == Share(2 * 3600, 9 * 3600)


def test_a_log_that_tells_work_needs_no_estimate(shop: Callable[..., Flow]) -> None:
    check = of(shop(with_estimates(Check=50), a=[(0, 1, "Register"), (2, 4, "Check")]), "Check")

    assert not check.is_estimated
    assert isinstance(check.process_time, DurationSummary)
    assert check.process_time.total_seconds == 2 * 3600


def test_every_measure_of_the_groups_adds_up_to_the_whole(desk: Callable[..., Flow]) -> None:
    flow = desk(
        a=[(0, "New"), (1, "In progress", {"team": "North"}), (3, "Resolved", {"team": "North"})],
        b=[(0, "In progress", {"team": "South"}), (300, "Resolved", {"team": "South"})],
    )

    for per in ("team", "week"):
        groups = measurement_per(flow, per)
        assert len(groups) == 2
        assert sum(group.lead_time.groups[""].total_seconds for group in groups.values()) == 303 * 3600
        assert sum(row.n_visits for group in groups.values() for row in group.steps) == 3


def test_a_visit_behind_value_is_only_counted(desk: Callable[..., Flow]) -> None:
    value = Value(rule=Rule(when=(Match(status=("Resolved",)),)))
    flow = desk(
        DESK.model_copy(update={"value": value}), a=[(0, "In progress"), (1, "Resolved"), (2, "New"), (3, "New")]
    )

    take_in = of(flow, "Take in")
    assert (take_in.n_visits, take_in.n_visits_after_value) == (0, 1)
    assert take_in.lead_time.total_seconds == 0


def test_waits_between_steps_are_told_on_the_clock_asked_for(desk: Callable[..., Flow]) -> None:
    flow = desk(a=[(9, "In progress"), (10, "Fixing"), (11, "New"), (33, "In progress"), (34, "Resolved")])

    elapsed, business = ({edge.to_step: edge.queue_p50_seconds for edge in edges(flow, clock=clock)} for clock in Clock)

    assert elapsed["Take in"] == 22 * 3600
    assert business["Take in"] == 6 * 3600
