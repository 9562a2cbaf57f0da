"""What limits a pool, and what else holds items up; by hand."""

import numpy as np

from millrace.flow.week_profile import AROUND_THE_CLOCK
from millrace.flow.work_time import work_clock
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.delays import free_until, passed_until
from millrace.simulate.fit.discipline import discipline, urgency
from millrace.simulate.fit.past_visits import Stretches
from millrace.simulate.fit.staff import _at_once, _at_once_ratio
from millrace.simulate.simulated_stream import Discipline

HOUR = 3_600_000_000
DAY_AND_NIGHT = work_clock([WorkCalendar(hours=AROUND_THE_CLOCK)], 0, 100 * HOUR)


def _stretches(*hours: tuple[float, float], people: tuple[int, ...] = ()) -> Stretches:
    began, ended = (np.array([round(each[k] * HOUR) for each in hours], np.int64) for k in (0, 1))
    n = np.arange(len(hours))
    return Stretches(n, began, ended, np.zeros_like(n), np.array(people or n, np.int64))


def _held_hours(n_people: int, work: Stretches, *queues: tuple[float, float]) -> list[float]:
    waits = _stretches(*queues)
    return ((free_until(DAY_AND_NIGHT, n_people, work, waits) - waits.began_at) / HOUR).tolist()


def test_a_wait_while_all_are_busy_is_a_matter_of_capacity() -> None:
    assert _held_hours(1, _stretches((0, 4), (4, 6)), (1, 4)) == [0.0]


def test_a_wait_while_somebody_is_free_has_another_cause() -> None:
    assert _held_hours(2, _stretches((0, 4), (3, 6)), (1, 3)) == [2.0]


def test_a_wait_is_held_up_to_the_last_instant_at_which_somebody_was_free() -> None:
    """Free from 2 to 3, busy else: whatever held the item had not let it go by 3."""
    assert _held_hours(1, _stretches((0, 2), (3, 7), (7, 8)), (1, 7)) == [2.0]


def test_nobody_is_free_off_duty() -> None:
    clock = work_clock([WorkCalendar(hours=dict.fromkeys(("thu",), ((540, 1020),)))], 0, 100 * HOUR)

    # 1 January 1970 was a Thursday: the team opens at 9.
    assert free_until(clock, 1, _stretches((9, 10), (10, 11)), _stretches((2, 9))).tolist() == [2 * HOUR]


def test_what_is_passed_by_what_came_later_was_held_up_until_that_came() -> None:
    """The first waits from 1 to 9; what came at 3 and at 5 was taken at 4 and at 6."""
    queues = _stretches((1, 9), (3, 4), (5, 6))
    work = Stretches(np.arange(3), *(np.array(each) * HOUR for each in ([9, 4, 6], [10, 5, 7])), *(np.arange(3),) * 2)

    assert (passed_until(work, queues) / HOUR).tolist() == [5.0, 3.0, 5.0]


def test_one_person_at_work_on_two_items_is_seen() -> None:
    assert _at_once_ratio(_stretches((0, 4), (2, 6), people=(7, 7))) == 0.25
    assert _at_once_ratio(_stretches((0, 4), (2, 6), people=(7, 8))) == 0.0


def test_the_busiest_level_is_how_many_work_at_once() -> None:
    assert _at_once(_stretches((0, 4), (1, 5), (2, 6), (10, 12))) == 3


def test_the_discipline_is_told_by_who_is_taken_while_others_wait() -> None:
    available = np.zeros(100, np.int64) + np.arange(100)
    started = 1_000 + np.arange(100)
    same = np.zeros(100, np.int64)

    assert discipline(available, started, same) is Discipline.FIFO
    assert discipline(available, started[::-1].copy(), same) is Discipline.LIFO
    assert discipline(available, np.random.default_rng(1).permutation(started), same) is Discipline.RANDOM


def test_priorities_are_told_where_the_urgent_are_taken_first() -> None:
    rank = np.arange(100) % 2
    started = 1_000 + np.argsort(np.argsort(rank, kind="stable"))

    assert discipline(np.arange(100), started, rank) is Discipline.PRIORITY


def test_labels_of_priority_are_ordered_by_number_or_word() -> None:
    assert urgency(np.array(["2 - High", "1 - Critical", "3 - Moderate"])) == {
        "1 - Critical": 1,
        "2 - High": 2,
        "3 - Moderate": 3,
    }
    assert urgency(np.array(["Low", "Very High", "Medium", "High"])) == {
        "Very High": 1,
        "High": 2,
        "Medium": 3,
        "Low": 4,
    }
    assert urgency(np.array(["blue", "green"])) is None
