from datetime import date, timedelta
from pathlib import Path

import pytest

from millrace.diagnose.map_checks.check import MapFinding, Severity
from millrace.diagnose.map_checks.check_map import CHECKS, check_file, check_map
from millrace.model.frameworks.framework import UnknownFramework
from millrace.model.stream_file import parse_stream
from millrace.model.templates.template import load_template
from millrace.model.value_stream import FutureState, Step, ValueStream

TODAY = date(2026, 3, 2)


def found_in(text: str) -> dict[str, MapFinding]:
    return {found.rule: found for found in check_map(parse_stream(text), today=TODAY).findings}


def template_with(**changes: object) -> dict[str, MapFinding]:
    stream = load_template("hr-access").model_copy(update=changes)
    return {found.rule: found for found in check_map(stream, today=TODAY).findings}


def test_rules_have_names_of_their_own() -> None:
    names = [check.name for check in CHECKS]

    assert len(names) == len(set(names))


def test_an_empty_stream_lacks_demand_value_owner_team_measures_and_review() -> None:
    rules = found_in("name: a")

    assert {"no-demand", "no-value", "no-owner", "few-steps", "no-measures", "no-review", "no-feedback"} <= set(rules)


def test_errors_come_first() -> None:
    severities = [found.severity for found in check_map(ValueStream(name="a"), today=TODAY).findings]

    assert severities == sorted(severities, key=list(Severity).index)


def test_a_stream_of_one_team_is_mapped_too_narrowly() -> None:
    found = found_in("name: a\nsteps: [{name: b, team: Desk}, {name: c, team: Desk}, {name: d, team: Desk}]")

    assert found["one-team"].sentence == "All work of this stream is done by one team, “Desk”."


def test_the_requester_does_not_count_as_a_second_team() -> None:
    assert "one-team" in found_in("name: a\nsteps: [{name: b, team: User, side: requester}, {name: c, team: Desk}]")


def test_thirteen_steps_are_too_many_and_neighbours_of_one_team_fold_first() -> None:
    steps = ", ".join(f"{{name: s{at}, team: T{at // 2}}}" for at in range(13))

    assert "“s0” and “s1” (both T0)" in found_in(f"name: a\nsteps: [{steps}]")["many-steps"].remedy


def test_a_step_under_one_percent_of_the_time_may_be_folded() -> None:
    found = found_in(
        "name: a\nsteps: [{name: b, estimate: {queue_time: 1 min, process_time: 0 min}},"
        " {name: c, estimate: {queue_time: 5 h, process_time: 1 h}}]"
    )

    assert found["tiny-step"].sentence == "“b” carries 0.3 % of the lead time."


def test_a_step_that_adds_value_is_never_folded() -> None:
    found = found_in(
        "name: a\nsteps: [{name: b, value_class: value-adding, estimate: {queue_time: 1 min, process_time: 0 min}},"
        " {name: c, estimate: {queue_time: 5 h, process_time: 1 h}}]"
    )

    assert "tiny-step" not in found


def test_a_step_that_no_route_leads_to_is_told() -> None:
    found = found_in("name: a\nsteps: [{name: b, routes: [{to: d}]}, {name: c}, {name: d}]")

    assert found["unreached-step"].sentence == "No route leads to “c”."


def test_a_step_without_class_or_benefit_is_not_linked_to_value() -> None:
    found = found_in("name: a\nsteps: [{name: b}]")

    assert {"unclassed-step", "no-benefit"} <= set(found)


def test_a_stream_in_which_nothing_adds_value_is_told() -> None:
    assert "nothing-adds-value" in found_in("name: a\nsteps: [{name: b, value_class: necessary}]")


def test_waste_that_no_improvement_addresses_is_told() -> None:
    waste = "name: a\nsteps: [{name: b, value_class: waste}]"

    assert "waste-kept" in found_in(waste)
    assert "waste-kept" not in found_in(waste + "\nimprovements: [{name: drop it, steps: [b]}]")


def test_an_action_without_an_owner_is_told() -> None:
    found = found_in("name: a\nimprovements: [{name: Automate}]")

    assert found["action-without-owner"].sentence == "Nobody looks after the improvement “Automate”."


def test_a_review_without_the_receiving_side_is_told() -> None:
    assert "receivers-not-asked" in found_in("name: a\nreviewers: [{who: Lead}]")
    assert "receivers-not-asked" not in found_in("name: a\nreviewers: [{who: Key user, side: requester}]")


def test_a_measure_alone_lacks_target_and_variation() -> None:
    found = found_in("name: a\nmeasures: [{name: lead_time, current: 4 h}]")

    assert {"no-target", "no-variation", "no-cost"} <= set(found)


def test_a_mean_without_spread_is_told() -> None:
    found = found_in("name: a\nmeasures: [{name: lead_time, statistic: mean, current: 4 h}]")

    assert "mean-alone" in found
    assert "no-variation" not in found


def test_too_few_items_are_told_with_their_number() -> None:
    found = found_in("name: a\nmeasures: [{name: lead_time, current: 4 h, n: 7}]")

    assert found["few-items"].evidence == ("n = 7",)


def test_a_measure_with_nearly_a_known_name_is_asked_about() -> None:
    assert "did you mean “lead_time”?" in found_in("name: a\nmeasures: [leadtime]")["measure-misnamed"].sentence


def test_a_review_longer_ago_than_its_cadence_is_overdue() -> None:
    found = template_with(reviewed_on=TODAY - timedelta(days=31))

    assert found["review-overdue"].sentence == "The last review was 31 d ago; it should take place every 30 d."


def test_a_review_within_its_cadence_is_not_overdue() -> None:
    assert "review-overdue" not in template_with(reviewed_on=TODAY - timedelta(days=30))


def test_percentages_over_100_are_errors() -> None:
    found = found_in("name: a\nmeasures: [{name: first_time_completion, current: 120 %, target: 99 %}]")

    assert found["over-whole"].severity is Severity.ERROR
    assert "120 %" in found["over-whole"].sentence


def test_shares_of_delay_that_pass_the_whole_are_errors() -> None:
    found = found_in(
        "name: a\nsteps: [{name: b}, {name: c}]\nmeasures:\n"
        "  - {name: share_of_delay, step: b, current: 70 %}\n  - {name: share_of_delay, step: c, current: 40 %}"
    )

    assert "add up to 110 %" in found["delay-over-whole"].sentence


def test_a_figure_that_is_neither_todays_nor_a_target_is_asked_about() -> None:
    assert "unsaid-standing" in found_in("name: a\nmeasures: [{name: rework, stated: 5 %}]")


def test_a_loop_that_nobody_gets_out_of_is_an_error_and_not_a_crash() -> None:
    found = found_in("name: a\nsteps: [{name: b}, {name: c, routes: [{to: b}]}]")

    assert "“b”, “c”" in found["endless-loop"].sentence


def test_a_step_whose_people_cannot_keep_up_is_told() -> None:
    found = found_in(
        "name: a\ndemand: {volume_per_month: 1000}\ncalendar: {zone: UTC}\n"
        "steps: [{name: b, estimate: {queue_time: 1 h, process_time: 1 h, people: 2}}]"
    )

    assert found["overloaded-step"].evidence == ("1000 visits a month, capacity 348",)


def test_targets_of_different_future_states_do_not_contradict_each_other() -> None:
    found = found_in(
        "name: a\nfuture_states: [{name: soon}, {name: later}]\nmeasures:\n"
        "  - {name: lead_time, target: 1 h, future_state: soon}\n"
        "  - {name: lead_time, target: 45 min, future_state: later}"
    )

    assert "two-targets" not in found


def test_a_future_state_that_misses_its_target_is_told() -> None:
    future = FutureState(name="Automatic standard access", description="Nothing changes yet.")
    found = template_with(future_states=(future,))

    assert "should bring" in found["future-misses-target"].sentence


def test_a_percentile_is_not_compared_with_what_the_steps_add_up_to() -> None:
    text = (
        "name: a\nsteps: [{{name: b, estimate: {{queue_time: 1 h, process_time: 1 h}}}}]\n"
        "measures: [{{name: lead_time, statistic: {}, current: 9 h}}]"
    )

    assert "lead-time-disagrees" in found_in(text.format("p50"))
    assert "lead-time-disagrees" not in found_in(text.format("p85"))


def test_an_unknown_activity_names_the_nearest() -> None:
    found = found_in("name: a\nsteps: [{name: b, value_chain_activities: [Engagge]}]")

    assert "did you mean “Engage”?" in found["unknown-activity"].remedy


def test_a_step_says_which_of_its_details_are_missing() -> None:
    found = check_map(ValueStream(name="a", steps=(Step(name="b", tasks=("do",)),)), today=TODAY).findings
    [half] = [each for each in found if each.rule == "half-described"]

    assert "tasks" not in half.sentence
    assert half.evidence == ("6 of 7 details are missing",)


def test_findings_of_a_file_have_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        "name: a\nsteps:\n  - name: b\n    practices:\n      - Access management\n  - name: c\n", encoding="utf-8"
    )
    lines = {found.rule: found.line for found in check_file(path, today=TODAY).findings}

    assert lines["unknown-practice"] == 4
    assert lines["no-owner"] == 1


def test_a_framework_beside_the_file_is_used(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("name: ours\nvalue_chain_activities: [{name: Serve}]\n", encoding="utf-8")
    path = tmp_path / "s.yaml"
    path.write_text("name: a\nframework: ours.yaml\nsteps: [{name: b, value_chain_activities: [Serve]}]\n")

    assert "unknown-activity" not in {found.rule for found in check_file(path, today=TODAY).findings}


def test_an_unknown_framework_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("name: a\nframework: nowhere.yaml\n", encoding="utf-8")

    with pytest.raises(UnknownFramework):
        check_file(path, today=TODAY)
