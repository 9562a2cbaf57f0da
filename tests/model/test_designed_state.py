from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millrace.model.absent import Absent
from millrace.model.designed_state import designed_state
from millrace.model.future_state import UnknownFutureState, future_stream
from millrace.model.routing import EndlessStream, expected_visits, main_path, rework_ratio
from millrace.model.state import Side
from millrace.model.templates.template import TEMPLATES, load_template
from millrace.model.value_stream import Demand, Estimate, FutureState, Route, Step, Value, ValueStream
from millrace.model.work_calendar import WorkCalendar


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def step(name: str, *routes: Route, queue: float = 0, work: float = 0, **more: object) -> Step:
    estimate = Estimate(queue_time=minutes(queue), process_time=minutes(work))
    return Step.model_validate({"name": name, "routes": routes, "estimate": estimate, **more})


def to(name: str, share_ratio: float = 1.0, *, in_parallel: bool = False) -> Route:
    return Route(to=name, share_ratio=share_ratio, in_parallel=in_parallel)


def stream(*steps: Step, **more: object) -> ValueStream:
    return ValueStream.model_validate({"name": "s", "steps": steps, **more})


def test_the_worked_example_reads_as_its_consistent_figures() -> None:
    designed = designed_state(load_template("hr-access"))
    approval = designed.steps[2]

    assert designed.process_time == minutes(25)
    assert designed.wait_time == minutes(215)
    assert designed.lead_time == minutes(240)
    assert designed.flow_efficiency_ratio == pytest.approx(0.104, abs=0.0005)
    assert (approval.name, approval.wait_time) == ("Review and approve", minutes(150))
    assert approval.share_of_delay == pytest.approx(0.70, abs=0.005)
    assert designed.n_handoffs == 3
    assert designed.automation_ratio == pytest.approx(0.40)
    assert designed.rework_ratio == pytest.approx(0.05)
    assert designed.volume_per_month == 350


def test_the_future_of_the_worked_example_takes_45_minutes_and_one_in_a_hundred_comes_back() -> None:
    future = designed_state(future_stream(load_template("hr-access"), "Automatic standard access"))

    assert future.lead_time == minutes(45)
    assert future.rework_ratio == pytest.approx(0.01)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_reckoned_to_the_end(name: str) -> None:
    designed = designed_state(load_template(name))

    assert isinstance(designed.lead_time, timedelta)
    assert isinstance(designed.cost_per_item, float)
    assert designed.main_path[-1] == load_template(name).value.after


def test_a_loop_of_probability_p_is_visited_one_by_one_minus_p_times() -> None:
    looping = stream(step("a"), step("b", to("b", 0.25)), step("c"))

    assert expected_visits(looping) == pytest.approx({"a": 1, "b": 1 / 0.75, "c": 1})


def test_a_loop_over_two_steps_repeats_both() -> None:
    looping = stream(step("a"), step("b", to("a", 0.2), to("c", 0.8)), step("c"))

    assert expected_visits(looping) == pytest.approx({"a": 1.25, "b": 1.25, "c": 1})


def test_branches_are_visited_by_their_shares() -> None:
    branching = stream(step("a", to("b", 0.7), to("c", 0.3)), step("b", to("d")), step("c", to("d")), step("d"))

    assert expected_visits(branching) == pytest.approx({"a": 1, "b": 0.7, "c": 0.3, "d": 1})


def test_what_leaves_does_not_come_to_the_next_step() -> None:
    assert expected_visits(stream(step("a", leaves_ratio=0.4), step("b"))) == pytest.approx({"a": 1, "b": 0.6})


def test_what_the_routes_do_not_take_goes_to_the_next_step() -> None:
    assert expected_visits(stream(step("a", to("c", 0.3)), step("b"), step("c"))) == pytest.approx(
        {"a": 1, "b": 0.7, "c": 1}
    )


def parallel_stream() -> ValueStream:
    return stream(
        step("order", to("desk", in_parallel=True), to("badge", in_parallel=True)),
        step("desk", to("welcome"), queue=10),
        step("badge", to("welcome"), queue=30),
        step("welcome"),
    )


def test_parallel_branches_each_get_every_item_and_meet_once() -> None:
    assert expected_visits(parallel_stream()) == pytest.approx({"order": 1, "desk": 1, "badge": 1, "welcome": 1})


def test_of_parallel_branches_the_longest_is_on_the_main_path() -> None:
    designed = designed_state(parallel_stream())

    assert designed.main_path == ("order", "badge", "welcome")
    assert designed.lead_time == minutes(30)
    assert designed.wait_time_per_item == minutes(40)


def test_the_main_path_takes_the_most_frequent_way_forward_and_never_a_way_back() -> None:
    branching = stream(step("a", to("c", 0.6)), step("b"), step("c", to("a", 0.7)), step("d"))

    assert main_path(branching, {}) == ("a", "c", "d")


def test_a_way_back_taken_twice_counts_as_one_item_reworked() -> None:
    assert rework_ratio(stream(step("a"), step("b", to("a", 0.5)))) == pytest.approx(0.5)


def test_rework_adds_up_over_steps_as_chances_do() -> None:
    twice = stream(step("a"), step("b", to("a", 0.2)), step("c", to("a", 0.1)))

    assert rework_ratio(twice) == pytest.approx(1 - 0.8 * 0.9)


def test_a_loop_without_a_way_out_is_named() -> None:
    with pytest.raises(EndlessStream, match="“a”, “b”"):
        designed_state(stream(step("a"), step("b", to("a"))))


def test_a_loop_that_nobody_enters_does_no_harm() -> None:
    island = stream(step("a", to("d")), step("b"), step("c", to("b")), step("d"))

    assert expected_visits(island)["d"] == pytest.approx(1)


def test_ratios_use_the_main_path_and_nothing_beside_it() -> None:
    branching = stream(
        step("a", to("b", 0.8), to("c", 0.2), work=10), step("b", to("d"), queue=30), step("c", queue=500), step("d")
    )

    assert designed_state(branching).flow_efficiency_ratio == pytest.approx(0.25)


def test_what_follows_value_is_no_lead_time() -> None:
    closing = stream(step("a", work=5), step("close", queue=1000), value=Value(after="a"))

    assert designed_state(closing).lead_time == minutes(5)


def test_a_step_without_an_estimate_leaves_the_total_absent_and_is_named() -> None:
    lead = designed_state(stream(step("a", work=5), Step(name="b"))).lead_time

    assert lead == Absent("no waiting is estimated (“b”)")


def test_an_empty_stream_has_no_figures_and_no_failure() -> None:
    designed = designed_state(ValueStream(name="s"))

    assert designed.lead_time == Absent("there are no steps yet")
    assert designed.main_path == ()


def test_handoffs_skip_the_requester_and_steps_without_a_team() -> None:
    passing = stream(
        step("ask", team="User", side=Side.REQUESTER),
        step("log", team="Desk"),
        step("wait"),
        step("answer", team="User", side=Side.REQUESTER),
        step("check", team="Desk"),
        step("do", team="Access"),
    )

    assert designed_state(passing).n_handoffs == 1


def test_labour_counts_people_and_visits_but_not_the_requester() -> None:
    working = stream(
        step("ask", side=Side.REQUESTER, work=30),
        step("do", to("ask", 0.5), team="Desk", work=10).model_copy(
            update={"estimate": Estimate(queue_time=minutes(0), process_time=minutes(10), people_per_item=2)}
        ),
        demand=Demand(volume_per_month=60),
        rates_per_hour={"Desk": 30},
    )
    designed = designed_state(working)

    assert designed.labour_per_item == minutes(40)
    assert designed.labour_hours_per_month == pytest.approx(40)
    assert designed.cost_per_item == pytest.approx(20)
    assert designed.steps[1].volume_per_month == pytest.approx(120)


def test_a_step_that_a_script_does_alone_costs_no_labour() -> None:
    scripted = Step(name="a", estimate=Estimate(queue_time=minutes(0), process_time=minutes(1), automation_ratio=1))

    assert designed_state(stream(scripted)).labour_per_item == minutes(0)


def test_cost_without_a_rate_is_absent_and_names_the_team() -> None:
    assert designed_state(stream(step("a", team="Desk", work=5))).cost_per_item == Absent(
        "no rate per hour is given for Desk (“a”)"
    )


def test_capacity_is_what_people_can_work_off_in_their_hours() -> None:
    estimate = Estimate(queue_time=minutes(0), process_time=minutes(30), people=2, availability_ratio=0.5)
    designed = designed_state(
        stream(Step(name="a", estimate=estimate), demand=Demand(volume_per_month=100), calendar=WorkCalendar())
    )

    hours = 40 * 365.2425 / 12 / 7
    assert designed.steps[0].capacity_per_month == pytest.approx(2 * 0.5 * hours / 0.5)
    assert designed.steps[0].utilisation_ratio == pytest.approx(100 / (2 * hours))
    assert designed.takt_time == timedelta(hours=1) * (hours / 100)


def test_rolled_complete_and_accurate_multiplies_along_the_main_path() -> None:
    steps = [Step(name=name, estimate=Estimate(complete_and_accurate_ratio=0.98)) for name in "abcdef"]

    assert designed_state(stream(*steps)).rolled_complete_and_accurate_ratio == pytest.approx(0.886, abs=0.0005)


def test_a_future_state_changes_only_the_figures_it_names() -> None:
    current = stream(
        step("a", queue=5, work=7),
        future_states=(FutureState(name="f", estimates={"a": Estimate(queue_time=minutes(1))}),),
    )

    assert designed_state(future_stream(current, "f")).lead_time == minutes(8)


def test_routes_to_a_step_that_falls_away_lead_to_the_next() -> None:
    current = stream(
        step("a", to("b", 0.5), to("c", 0.5)),
        step("b"),
        step("c"),
        value=Value(after="c"),
        future_states=(FutureState(name="f", leaves_out=("b",)),),
    )

    assert expected_visits(future_stream(current, "f")) == pytest.approx({"a": 1, "c": 1})


def test_an_unknown_future_state_names_those_there_are() -> None:
    with pytest.raises(UnknownFutureState, match="there is none"):
        future_stream(stream(step("a")), "f")


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 0.9), st.integers(0, 5)), min_size=1, max_size=6))
def test_whatever_loops_there_are_an_item_ends_once(loops: list[tuple[float, int]]) -> None:
    names = [f"s{at}" for at in range(len(loops))]
    steps = [
        step(name, to(names[min(back, at)], p)) for at, (name, (p, back)) in enumerate(zip(names, loops, strict=True))
    ]

    visits = expected_visits(stream(*steps))

    assert visits[names[-1]] * (1 - loops[-1][0]) == pytest.approx(1)
    assert all(count >= 1 - 1e-9 for count in visits.values())
