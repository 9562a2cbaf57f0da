"""A finding's countermeasures become the moves of a future state."""

import numpy as np
import pytest

from millrace.diagnose.findings.finding import Certainty, Finding, Place, Stake
from millrace.model.absent import Absent
from millrace.model.countermeasures.countermeasure import countermeasures
from millrace.model.move import AddCapacity, AutoApprove, EscalateAfter, PoolTeams, RaiseEntryQuality
from millrace.simulate.moves.apply import MOVES
from millrace.workbench.finding_moves import NoMoveFits, future_of_finding


def finding(place: Place, *measures: str) -> Finding:
    nothing = np.zeros(0)
    return Finding(
        id="found-1",
        kind="kind",
        title="Found",
        place=place,
        sentence="Something was found.",
        figures=(),
        certainty=Certainty(),
        stake=Stake(1, 1, 0.1, Absent("no rates")),
        wastes=(),
        countermeasures=measures,
        n_items=0,
        item_codes=nothing.astype(np.int32),
        item_microseconds=nothing.astype(np.int64),
    )


def test_the_place_fills_the_moves_in() -> None:
    place = Place(step="Approve", team="Owner", segment=(("role", "standard"),))
    future = future_of_finding(finding(place, "approve_by_rule", "capacity_where_it_queues", "alarm_on_age"))
    auto, capacity, escalation = future.moves
    assert auto == AutoApprove(step="Approve", where={"role": ("standard",)}, share_ratio=0.5)
    assert capacity == AddCapacity(team="Owner", people=1)
    assert isinstance(escalation, EscalateAfter)
    assert future.description == "Something was found."


def test_a_move_that_lacks_its_place_is_left_out() -> None:
    future = future_of_finding(finding(Place(team="A"), "approve_by_rule", "swarm", "form_asks_once"))
    assert [type(move) for move in future.moves] == [RaiseEntryQuality]
    both = future_of_finding(finding(Place(team="A", to_team="B"), "swarm"))
    assert both.moves == (PoolTeams(teams=("A", "B")),)


def test_a_finding_without_any_place_says_so() -> None:
    with pytest.raises(NoMoveFits, match="No move can be made of “Found”"):
        future_of_finding(finding(Place(), "approve_by_rule"))


def test_every_countermeasure_names_a_move_that_there_is() -> None:
    assert {each.move for each in countermeasures()} <= set(MOVES)
