"""The catalogue of wastes and countermeasures fits the kinds of findings."""

from typing import get_args

from millrace.diagnose.findings.registry import KINDS
from millrace.model.countermeasures.countermeasure import countermeasures, fitting
from millrace.model.countermeasures.waste import wastes
from millrace.model.move import Move
from millrace.model.state import WaitReason

WASTES = {waste.name for waste in wastes()}


def test_the_eight_wastes_spell_downtime() -> None:
    assert "".join(waste.name[0] for waste in wastes()) == "downtime"


def test_every_countermeasure_answers_wastes_and_kinds_that_there_are() -> None:
    kinds = {kind.name for kind in KINDS}

    for each in countermeasures():
        assert set(each.wastes) <= WASTES, each.name
        assert set(each.kinds) <= kinds, each.name


def test_every_countermeasure_becomes_a_move_of_a_future_state() -> None:
    moves = {kind.model_fields["move"].default for kind in get_args(get_args(Move)[0])}

    assert {each.move for each in countermeasures()} <= moves


def test_every_kind_names_wastes_and_has_something_to_try() -> None:
    for kind in KINDS:
        assert set(kind.wastes) <= WASTES, kind.name
        assert fitting(kind.name, kind.wastes), kind.name


def test_what_names_the_kind_comes_before_what_fits_the_reason_to_wait() -> None:
    fit = [each.name for each in fitting("approval_never_refused", ["waiting"], WaitReason.APPROVAL)]

    assert fit[0] == "approve_by_rule"
    assert fit[-1] == "alarm_on_age"


def test_what_has_other_reasons_does_not_fit() -> None:
    fit = [each.name for each in fitting("waiting_on_others", ["waiting"], WaitReason.SUPPLIER)]

    assert fit == ["supplier_limits", "alarm_on_age"]


def test_kinds_have_names_of_their_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
