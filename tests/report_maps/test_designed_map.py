"""Pictures of drawn streams: where steps stand, which ways need an arc, and what the figures say."""

import pytest

from millrace.draw.map_picture import Figure, MapPicture, MapState, MapStep
from millrace.draw.value_stream_map import value_stream_map
from millrace.model.designed_state import designed_state
from millrace.model.future_state import UnknownFutureState
from millrace.model.stream_file import parse_stream
from millrace.model.templates.template import TEMPLATES, load_template
from millrace.report.designed_map import designed_map, future_map

FUTURE = "Automatic standard access"


def picture_of(steps: str) -> MapPicture:
    return designed_map(parse_stream(f"name: a\nsteps: [{steps}]"))


def columns(picture: MapPicture) -> list[list[str]]:
    return [[step.name for step in stage.steps] for stage in picture.stages]


def step(picture: MapPicture, name: str) -> MapStep:
    return next(step for step in picture.steps if step.name == name)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_can_be_drawn_and_its_ladder_adds_up_to_its_lead_time(template: str) -> None:
    stream = load_template(template)
    picture = designed_map(stream)
    lead = designed_state(stream).lead_time

    assert value_stream_map(picture).startswith("<svg")
    assert sorted(step.name for step in picture.steps) == sorted(step.name for step in stream.steps)
    rungs = [figure.value or 0 for rung in picture.rungs for _, figure in rung.stretches]
    assert sum(rungs) == pytest.approx(lead.total_seconds())


def test_the_worked_example_shows_its_figures_as_estimates() -> None:
    picture = designed_map(load_template("hr-access"))
    approve = step(picture, "Review and approve")
    totals = picture.totals

    assert totals.lead_time == Figure(240 * 60, is_estimated=True)
    assert totals.n_handoffs.value == 3
    assert approve.queue.wait == Figure(93 * 60, is_estimated=True)
    assert approve.inside_wait == Figure(57 * 60, is_estimated=True)
    assert approve.queue.is_handoff
    assert [mark.title for mark in approve.bursts] == [
        "Approve low-risk access by rule",
        "Escalate requests that are stuck",
    ]


def test_ways_that_exclude_each_other_stand_in_one_column_with_their_shares() -> None:
    picture = picture_of(
        "{name: a, routes: [{to: b, share_ratio: 60 %}, {to: c, share_ratio: 30 %}, {to: d, share_ratio: 10 %}]},"
        "{name: b, routes: [{to: e}]}, {name: c, routes: [{to: e}]}, {name: d}, {name: e}"
    )

    assert columns(picture) == [["a"], ["b", "c", "d"], ["e"]]
    assert [each.number for each in picture.stages[1].steps] == ["2a", "2b", "2c"]
    assert [each.share_ratio for each in picture.stages[1].steps] == pytest.approx([0.6, 0.3, 0.1])
    assert not picture.stages[1].is_parallel
    assert picture.skips == ()


def test_parallel_steps_stand_in_one_column_with_the_longest_on_the_main_path() -> None:
    picture = designed_map(load_template("staff-onboarding"))

    assert picture.stages[2].is_parallel
    assert picture.stages[2].steps[0].name == "Prepare equipment"
    assert all(each.share_ratio is None for each in picture.stages[2].steps)


def test_a_detour_gets_a_column_of_its_own_that_the_main_path_skips() -> None:
    picture = picture_of("{name: a, routes: [{to: c, share_ratio: 80 %, label: known}]}, {name: b}, {name: c}")

    assert columns(picture) == [["a"], ["b"], ["c"]]
    assert step(picture, "b").share_ratio == pytest.approx(0.2)
    assert [(skip.from_step, skip.to_step, skip.share_ratio, skip.label) for skip in picture.skips] == [
        ("step-1", "step-3", 0.8, "known")
    ]


def test_time_off_the_main_path_or_after_value_is_no_part_of_the_ladder() -> None:
    picture = designed_map(load_template("incident-resolution"))

    assert [bool(rung.stretches) for rung in picture.rungs] == [True, True, False, True, False]


def test_ways_back_carry_their_share_and_reason() -> None:
    [back] = designed_map(load_template("hr-access")).rework

    assert (back.from_step, back.to_step, back.share_ratio, back.label) == (
        "step-2",
        "step-1",
        0.05,
        "information missing",
    )


def test_shares_that_end_without_value_are_told() -> None:
    notes = " ".join(designed_map(load_template("vendor-onboarding")).footnotes)

    assert "Items that end without value: 10\u00a0% in step 2." in notes


def test_a_stream_without_estimates_has_no_ladder_and_no_invented_figures() -> None:
    picture = picture_of("{name: a}, {name: b, team: Desk}")

    assert picture.rungs == ()
    assert picture.totals.lead_time.value is None
    assert "no waiting is estimated" in picture.totals.lead_time.reason
    assert step(picture, "a").process_time is None


def test_a_stream_without_steps_can_be_drawn() -> None:
    assert value_stream_map(designed_map(parse_stream("name: a"))).startswith("<svg")


def test_handoffs_pass_over_the_requester() -> None:
    picture = picture_of(
        "{name: a, team: Desk}, {name: b, team: User, side: requester}, {name: c, team: Desk}, {name: d, team: Ops}"
    )

    assert [bool(each.queue and each.queue.is_handoff) for each in picture.steps] == [False, False, False, True]


def test_a_future_map_shows_every_changed_figure_against_today() -> None:
    picture = future_map(load_template("hr-access"), FUTURE)
    approve = step(picture, "Review and approve")

    assert picture.state is MapState.FUTURE
    assert picture.totals.lead_time == Figure(45 * 60, is_estimated=True, before=240 * 60)
    assert approve.queue.wait == Figure(600, is_estimated=True, before=93 * 60)
    assert picture.rework[0].before_ratio == 0.05
    assert "1\u00a0%\u00a0back (before:\u00a05\u00a0%)" in value_stream_map(picture)


def test_what_stays_is_not_marked_as_changed() -> None:
    picture = future_map(load_template("hr-access"), FUTURE)

    assert [each.is_changed for each in picture.steps] == [True, True, True, True, True, False]
    assert step(picture, "Configure access").volume_per_month == Figure(pytest.approx(350), is_estimated=True)


def test_steps_that_fall_away_are_told() -> None:
    stream = parse_stream(
        "name: a\nsteps: [{name: b}, {name: c}, {name: d}]\nfuture_states: [{name: lean, leaves_out: [c]}]"
    )
    picture = future_map(stream, "lean")

    assert columns(picture) == [["b"], ["d"]]
    assert picture.footnotes[0] == "“c” falls away."


def test_an_unknown_future_state_is_refused() -> None:
    with pytest.raises(UnknownFutureState):
        future_map(load_template("hr-access"), "no such")
