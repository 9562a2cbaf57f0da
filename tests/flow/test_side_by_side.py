"""A flow answers several questions at once as it answers each by itself."""

from collections.abc import Callable

import pytest

from millrace.flow.flow import Flow
from millrace.flow.handoffs import handoffs
from millrace.flow.lead_time import lead_time
from millrace.flow.selection import Selection, UnknownColumn
from millrace.flow.side_by_side import side_by_side
from millrace.flow.time_by_state import time_by_state

MEASURES = (lead_time, time_by_state, handoffs)


@pytest.fixture
def flow(desk: Callable[..., Flow]) -> Flow:
    return desk(
        a=[(0, "New", {"team": "A"}), (1, "In progress", {"team": "B"}), (5, "Resolved", {"team": "B"})],
        b=[(2, "New", {"team": "A"})],
    )


def test_answers_are_the_same(flow: Flow) -> None:
    with side_by_side(flow) as ask:
        answers = [ask(measure) for measure in MEASURES * 5]

    assert [answer.result() for answer in answers] == [measure(flow) for measure in MEASURES] * 5


def test_a_question_that_cannot_be_answered_says_so_and_others_are_answered(flow: Flow) -> None:
    nowhere = Selection(where={"planet": ("Mars",)})

    with side_by_side(flow) as ask:
        wrong, right = ask(lead_time, selection=nowhere), ask(lead_time)

    assert right.result() == lead_time(flow)
    with pytest.raises(UnknownColumn):
        wrong.result()
