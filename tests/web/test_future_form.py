"""Moves as forms: every kind, every field, there and back."""

import pytest
from pydantic import ValidationError

from millrace.model.value_stream import FutureState
from millrace.simulate.moves.apply import MOVES
from millrace.web.pages.future_form import (
    FIELDS,
    KINDS,
    Asked,
    Field,
    FutureForm,
    future_form,
    given_future,
    new_move,
    refused_form,
)
from millrace.workbench.shared.future_trials import MovableParts

PARTS = MovableParts(
    ("Log", "Approve", "Do"), ("Desk", "Owner"), {"priority": ("P1", "P2"), "site": ("Leeds", "Porto")}
)
NOTHING = FutureState(name="")


def sent(form: FutureForm) -> dict[str, list[str]]:
    """What a browser sends of a form that nobody has touched."""
    fields: dict[str, list[str]] = {"name": [form.name], "description": [form.description], "kind": []}
    for place, card in enumerate(form.cards):
        fields["kind"].append(card.kind)
        for field in (*card.does, *card.planned):
            fields |= sent_of(f"{place}-{field.name}", field)
    return fields


def sent_of(name: str, field: Field) -> dict[str, list[str]]:
    if field.wording.asked is Asked.HOURS:
        return {f"{name}-{day}": list(written) for day, written in field.options}
    if field.wording.asked in (Asked.CHOICES, Asked.WHERE):
        return {name: list(field.values)}
    return {name: [field.value]}


def test_every_kind_of_move_has_its_form() -> None:
    assert set(KINDS) == set(MOVES)
    assert {kind for kind, *_ in future_form(NOTHING, PARTS).kinds} == set(MOVES)


def test_every_field_of_every_move_is_asked_for() -> None:
    assert {name for kind in KINDS.values() for name in kind.model_fields} - {"move"} == set(FIELDS)


@pytest.mark.parametrize("kind", sorted(MOVES))
def test_a_new_move_survives_its_form_untouched(kind: str) -> None:
    future = FutureState(name="Future", moves=(new_move(kind, PARTS),))
    assert given_future(sent(future_form(future, PARTS)), NOTHING) == future


def test_what_was_filled_in_is_in_the_move() -> None:
    future = FutureState(name="Future", moves=(new_move("auto_approve", PARTS), new_move("escalate_after", PARTS)))
    filled_in = sent(future_form(future, PARTS)) | {
        "0-step": ["Approve"],
        "0-share_ratio": ["33.5"],
        "0-where": ["priority=P1", "priority=P2", "site=Leeds"],
        "0-one_off_cost": ["4000"],
        "1-limit": ["1 h 30 min"],
        "1-needs": ["Auto approve: Approve"],
    }
    first, second = given_future(filled_in, NOTHING).moves
    assert first.model_dump(mode="json", exclude_defaults=True) == {
        "move": "auto_approve",
        "step": "Approve",
        "share_ratio": 0.335,
        "where": {"priority": ["P1", "P2"], "site": ["Leeds"]},
        "one_off_cost": 4000,
    }
    assert second.model_dump(mode="json", exclude_defaults=True)["limit"] == "1 h 30 min"
    assert second.needs == ("Auto approve: Approve",)


def test_what_no_field_asks_for_stays() -> None:
    before = FutureState.model_validate({"name": "F", "estimates": {"Log": {"process_time": "1 min"}}})
    assert given_future(sent(future_form(before, PARTS)), before) == before


def test_what_cannot_be_meant_is_told_beside_its_field_and_the_rest_is_kept() -> None:
    future = FutureState(name="Future", moves=(new_move("add_capacity", PARTS), new_move("escalate_after", PARTS)))
    filled_in = sent(future_form(future, PARTS)) | {"0-people": ["0"], "1-limit": ["soon"], "1-step": ["Approve"]}
    with pytest.raises(ValidationError) as refused:
        given_future(filled_in, NOTHING)
    form = refused_form(filled_in, NOTHING, PARTS, refused.value)
    wrong = {field.name: field.wrong for card in form.cards for field in card.does if field.wrong}
    assert set(wrong) == {"people", "limit"}
    assert "“soon” is not a duration" in wrong["limit"]
    assert next(field.value for field in form.cards[1].does if field.name == "step") == "Approve"


def test_what_the_stream_no_longer_has_can_still_be_chosen() -> None:
    future = FutureState.model_validate({"name": "F", "moves": [{"move": "eliminate", "step": "Gone"}]})
    (step,) = (field for field in future_form(future, PARTS).cards[0].does if field.name == "step")
    assert ("", ("Gone",)) in step.options
    assert step.value == "Gone"


def test_only_moves_that_can_be_made_are_offered() -> None:
    bare = MovableParts(("Log",), (), {})
    kinds = {kind for kind, *_ in future_form(NOTHING, bare).kinds}
    assert not kinds & {"shift_left", "add_capacity", "pool_teams", "delegate_approval", "prioritise", "change_hours"}
    assert "automate" in kinds
