"""Steps change, and whatever names them goes along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millrace.model.difference import Change, difference
from millrace.model.merging import merged
from millrace.model.step_changes import (
    ChangeRefused,
    NoSuchStepToChange,
    add_step,
    change_step,
    move_step,
    plain,
    remove_step,
    stream_of,
)
from millrace.model.templates.template import TEMPLATES, load_template
from millrace.model.value_stream import ValueStream

STREAM = stream_of(
    {
        "name": "access",
        "steps": [
            {"name": "Submit"},
            {"name": "Approve", "team": "Owners", "routes": [{"to": "Submit", "share_ratio": 0.05}]},
            {"name": "Provide"},
        ],
        "value": {"after": "Provide"},
        "improvements": [{"name": "By rule", "steps": ["Approve", "Provide"]}],
        "measures": [{"name": "wait_time", "step": "Approve"}, "lead_time"],
        "future_states": [
            {
                "name": "Then",
                "estimates": {"Approve": {"process_time": "1 min"}},
                "leaves_out": ["Provide"],
                "moves": [
                    {"move": "automate", "step": "Approve"},
                    {"move": "shift_left", "step": "Provide", "to": "Approve"},
                    {"move": "route_directly", "to": "Approve"},
                ],
            }
        ],
    }
)


def named(stream: ValueStream) -> list[str]:
    return [step.name for step in stream.steps]


def test_a_new_name_is_taken_over_wherever_the_step_is_named() -> None:
    renamed = change_step(STREAM, 2, {**plain(STREAM)["steps"][1], "name": "Decide"})
    text = str(plain(renamed))
    assert renamed.steps[1].team == "Owners"
    assert renamed.improvements[0].steps == ("Decide", "Provide")
    assert renamed.future_states[0].moves[2].called == "Route directly: Decide"
    assert text.count("Approve") == 1, "the team “Approve” of shift_left alone keeps its name"


def test_what_is_about_a_removed_step_alone_goes_too() -> None:
    assert STREAM.places_naming("Approve") == ("measure “wait_time”", "improvement “By rule”", "future state “Then”")
    without = remove_step(STREAM, 2)
    assert named(without) == ["Submit", "Provide"]
    assert [measure.name for measure in without.measures] == ["lead_time"]
    assert [move.called for move in without.future_states[0].moves] == ["Shift left: Provide"]
    assert remove_step(STREAM, 3).value.after is None
    assert remove_step(STREAM, 1).steps[0].routes == ()


def test_steps_are_added_and_moved() -> None:
    more = add_step(STREAM, {"name": "Check"}, after=1)
    assert named(more) == ["Submit", "Check", "Approve", "Provide"]
    assert named(move_step(more, 2, by=1)) == ["Submit", "Approve", "Check", "Provide"]
    assert named(move_step(more, 1, by=-1)) == named(more)


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(ChangeRefused, match="Two steps are called “Submit”"):
        add_step(STREAM, {"name": "Submit"}, after=3)
    with pytest.raises(ChangeRefused) as refused:
        change_step(STREAM, 1, {"name": "Submit", "estimate": {"process_time": "soon"}})
    assert list(refused.value.problems) == [("steps", 0, "estimate", "process_time")]
    with pytest.raises(NoSuchStepToChange, match="it has 3"):
        remove_step(STREAM, 9)


@given(st.sampled_from(TEMPLATES), st.data())
def test_any_step_of_any_template_can_be_renamed_and_removed(called: str, data: st.DataObject) -> None:
    stream = load_template(called)
    number = data.draw(st.integers(1, len(stream.steps)))
    step = plain(stream)["steps"][number - 1]
    renamed = change_step(stream, number, {**step, "name": "Another name"})
    assert change_step(renamed, number, step) == stream
    assert step["name"] not in named(remove_step(stream, number))


def test_a_difference_is_told_field_by_field() -> None:
    changed = change_step(STREAM, 2, {"name": "Approve", "team": "Desk", "estimate": {"process_time": "15 min"}})
    assert difference(STREAM, changed) == (
        Change("Step “Approve”: team", "Owners", "Desk"),
        Change("Step “Approve”: routes", "to Submit, share ratio 0.05", None),
        Change("Step “Approve”: estimate process time", None, "15 min"),
    )
    moved = move_step(STREAM, 1, by=1)
    assert difference(STREAM, moved) == (
        Change("Order of the steps", "Submit → Approve → Provide", "Approve → Submit → Provide"),
    )
    assert difference(STREAM, STREAM) == ()


def test_changes_of_different_fields_stand_together() -> None:
    theirs = change_step(STREAM, 2, {**plain(STREAM)["steps"][1], "team": "Desk"})
    mine = add_step(STREAM, {"name": "Check"}, after=1)
    both = merged(STREAM, theirs, mine)
    assert both is not None
    assert named(both) == ["Submit", "Check", "Approve", "Provide"]
    assert both.steps[2].team == "Desk"


def test_changes_of_the_same_field_do_not() -> None:
    theirs = change_step(STREAM, 1, {"name": "Submit", "team": "Desk"})
    mine = change_step(STREAM, 1, {"name": "Submit", "team": "Users"})
    assert merged(STREAM, theirs, mine) is None
    assert merged(STREAM, theirs, theirs) == theirs
