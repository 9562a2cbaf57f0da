"""The register's own rules: which state follows which, what a step needs, which action waits for which."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millrace.improve.register.action import ActionsInACircle, NoSuchAction, refuse_circle
from millrace.improve.register.seven_steps import (
    LAST,
    Known,
    StateTooEarly,
    StepNotLeft,
    lacking,
    refuse_leaving,
    refuse_too_early,
)
from millrace.improve.register.state import FOLLOWS, OVER, ImprovementState, NotNext, refuse_leap

TODAY = date(2026, 3, 1)
NOTHING = Known(None, None, False, False, None, 0, 0, False, None)
EVERYTHING = Known("quicker", "Desk lead", True, True, date(2026, 2, 1), 2, 0, True, date(2026, 6, 1))


def test_every_state_can_be_reached_and_left_but_the_last() -> None:
    reached = {ImprovementState.NEW}
    for _ in FOLLOWS:
        reached |= {to for state in reached for to in FOLLOWS[state]}
    assert reached == set(ImprovementState)
    assert [state for state in ImprovementState if not FOLLOWS[state]] == [ImprovementState.CLOSED]
    assert ImprovementState.CLOSED in OVER


def test_a_leap_is_refused_with_the_ways_there_are() -> None:
    with pytest.raises(NotNext, match="“new” cannot become “closed”; it may go to “accepted”, “cancelled”"):
        refuse_leap(ImprovementState.NEW, ImprovementState.CLOSED)


def test_no_step_is_left_with_nothing_known() -> None:
    for step in range(1, LAST):
        with pytest.raises(StepNotLeft):
            refuse_leaving(step, NOTHING, TODAY)


def test_every_step_is_left_when_all_is_known() -> None:
    assert [lacking(step, EVERYTHING, TODAY) for step in range(1, LAST + 1)] == [None] * LAST


def test_the_last_step_is_never_left() -> None:
    with pytest.raises(StepNotLeft, match="it is the last one"):
        refuse_leaving(LAST, EVERYTHING, TODAY)


def test_work_does_not_begin_without_a_baseline_nor_end_without_a_measurement() -> None:
    with pytest.raises(StateTooEarly, match="no measured baseline"):
        refuse_too_early(ImprovementState.IN_PROGRESS, 2, NOTHING, TODAY)
    with pytest.raises(StateTooEarly, match="nothing was measured after the change"):
        refuse_too_early(ImprovementState.CLOSED, 6, NOTHING, TODAY)
    refuse_too_early(ImprovementState.CANCELLED, 1, NOTHING, TODAY)


def test_a_change_that_is_still_to_come_is_not_acted_on() -> None:
    coming = Known("quicker", "lead", True, True, date(2026, 4, 1), 1, 0, False, None)
    assert lacking(5, coming, TODAY) == "the day of the change has not come"


def test_actions_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(ActionsInACircle, match="action 1 needs action 3 needs action 2 needs action 1"):
        refuse_circle({1: [3], 2: [1], 3: [2]})
    with pytest.raises(NoSuchAction, match="no action 9"):
        refuse_circle({1: [9]})


@given(st.integers(1, 30).flatmap(lambda n: st.lists(st.sets(st.integers(1, n), max_size=4), min_size=n, max_size=n)))
def test_actions_that_need_only_earlier_ones_never_form_a_circle(wanted: list[set[int]]) -> None:
    refuse_circle({number: sorted(each for each in needs if each < number) for number, needs in enumerate(wanted, 1)})
