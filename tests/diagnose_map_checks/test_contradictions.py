"""The worked example with its contradictory figures put in: each raises its own error, and nothing else does."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from millrace.diagnose.map_checks.check import MapFinding, Severity
from millrace.diagnose.map_checks.check_map import check_map
from millrace.model.improvement import Expectation, Improvement
from millrace.model.measure import Measure
from millrace.model.templates.template import TEMPLATES, load_template
from millrace.model.value_stream import ValueStream

TODAY = date(2026, 3, 2)


def errors(stream: ValueStream) -> list[MapFinding]:
    return [found for found in check_map(stream, today=TODAY).findings if found.severity is Severity.ERROR]


def with_estimate(stream: ValueStream, step: str, **figures: timedelta) -> ValueStream:
    steps = tuple(
        each.model_copy(update={"estimate": each.estimate.model_copy(update=figures)})
        if each.name == step and each.estimate
        else each
        for each in stream.steps
    )
    return stream.model_copy(update={"steps": steps})


def with_measure(stream: ValueStream, **stated: object) -> ValueStream:
    return stream.model_copy(update={"measures": (*stream.measures, Measure.model_validate(stated))})


def with_current(stream: ValueStream, name: str, figure: float | timedelta) -> ValueStream:
    measures = tuple(
        measure.model_copy(update={"current": figure}) if measure.name == name else measure
        for measure in stream.measures
    )
    return stream.model_copy(update={"measures": measures})


def rework_from_5_to_1_and_from_2_to_half_a_percent(stream: ValueStream) -> ValueStream:
    forms = Improvement(
        name="Fill in forms",
        owner="Lead",
        expects=(Expectation(measure="rework", baseline=0.02, target=0.01),),
    )
    return stream.model_copy(update={"improvements": (*stream.improvements, forms)})


def lead_time_of_45_minutes_and_under_an_hour(stream: ValueStream) -> ValueStream:
    return with_measure(stream, name="lead_time", target="1 h", future_state="Automatic standard access")


def first_pass_of_99_and_of_98_percent(stream: ValueStream) -> ValueStream:
    return with_measure(stream, name="first_time_completion", stated="99 %")


def approval_of_one_hour_in_four_and_70_percent_of_delay(stream: ValueStream) -> ValueStream:
    hour = with_estimate(stream, "Review and approve", queue_time=timedelta())
    return with_estimate(hour, "Configure access", queue_time=timedelta(minutes=118))


def process_time_of_25_minutes_in_steps_of_77(stream: ValueStream) -> ValueStream:
    """2 + 60 + 15 = 77 minutes, all taken for work; lead time and the share of delay stay what they were."""
    none = timedelta()
    stream = with_estimate(stream, "Configure access", queue_time=timedelta(minutes=9))
    stream = with_estimate(stream, "Submit request", process_time=none)
    stream = with_estimate(stream, "Deliver to the user", process_time=none)
    return with_estimate(
        stream,
        "Review and approve",
        process_time=timedelta(minutes=60),
        inside_wait_time=none,
        queue_time=timedelta(minutes=114),
    )


def three_handoffs_of_four_parties(stream: ValueStream) -> ValueStream:
    """Four parties in a row, each handing on to the next, and the last one back: counted, not guessed."""
    steps = tuple(
        step.model_copy(update={"team": "Employee"}) if step.name == "Submit request" else step for step in stream.steps
    )
    as_party = steps[0].model_copy(update={"side": "provider"})
    return stream.model_copy(update={"steps": (as_party, *steps[1:])})


def access_management_as_a_practice(stream: ValueStream) -> ValueStream:
    configure = stream.steps[3].model_copy(update={"practices": ("Access management",)})
    return stream.model_copy(update={"steps": (*stream.steps[:3], configure, *stream.steps[4:])})


ROWS: dict[str, Callable[[ValueStream], ValueStream]] = {
    "two-baselines": rework_from_5_to_1_and_from_2_to_half_a_percent,
    "two-targets": lead_time_of_45_minutes_and_under_an_hour,
    "unclear-standing": first_pass_of_99_and_of_98_percent,
    "share-of-delay-disagrees": approval_of_one_hour_in_four_and_70_percent_of_delay,
    "process-time-disagrees": process_time_of_25_minutes_in_steps_of_77,
    "handoffs-disagree": three_handoffs_of_four_parties,
    "unknown-practice": access_management_as_a_practice,
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_passes_without_an_error(name: str) -> None:
    assert errors(load_template(name)) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_even_draws_a_warning(name: str) -> None:
    severities = {found.severity for found in check_map(load_template(name), today=TODAY).findings}

    assert severities <= {Severity.NOTE}


@pytest.mark.parametrize("rule", ROWS)
def test_each_contradiction_raises_its_own_error_and_no_other(rule: str) -> None:
    assert [found.rule for found in errors(ROWS[rule](load_template("hr-access")))] == [rule]


def test_all_contradictions_together_raise_each_of_them_and_no_other_error() -> None:
    stream = load_template("hr-access")
    for contradict in ROWS.values():
        if contradict is not approval_of_one_hour_in_four_and_70_percent_of_delay:
            stream = contradict(stream)
    stream = with_current(stream, "share_of_delay", 1 / 4)

    assert {found.rule for found in errors(stream)} == set(ROWS)


def test_a_contradiction_tells_both_figures_and_where_they_stand() -> None:
    [found] = errors(rework_from_5_to_1_and_from_2_to_half_a_percent(load_template("hr-access")))

    assert found.sentence == "Rework: two baselines are stated, 5 % and 2 %."
    assert found.evidence == (
        "5 % as today's figure (measure 6)",
        "2 % as today's figure (improvement “Fill in forms”)",
    )


def test_a_share_of_delay_that_does_not_fit_lists_the_waits() -> None:
    [found] = errors(approval_of_one_hour_in_four_and_70_percent_of_delay(load_template("hr-access")))

    assert found.sentence == ("Share of delay of “Review and approve”: 70 % is stated, but the steps come to 26.5 %.")
    assert "“Configure access”: 2 h 3 min" in " ".join(found.evidence)


def test_a_term_of_another_world_names_the_practices_that_took_over() -> None:
    [found] = errors(access_management_as_a_practice(load_template("hr-access")))

    assert found.remedy == "Use “Service request management” and “Information security management”."
    assert found.evidence[0] == "“Access management” is a process of ITIL v3"
