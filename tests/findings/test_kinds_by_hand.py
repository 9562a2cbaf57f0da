"""Kinds of findings on logs small enough to reckon by hand: what they claim, and when they keep silent."""

from collections.abc import Callable

import pytest
from tests.findings.conftest import copies
from tests.flow.logs import HOUR

from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.findings.kind import Candidate, Examined
from millrace.diagnose.findings.kinds.extra_step import extra_step
from millrace.diagnose.findings.kinds.extreme_duration import extreme_duration
from millrace.diagnose.findings.kinds.extreme_repetition import extreme_repetition
from millrace.diagnose.findings.kinds.extreme_touchpoints import extreme_touchpoints
from millrace.diagnose.findings.kinds.idle_time import idle_time
from millrace.diagnose.findings.kinds.ping_pong import ping_pong
from millrace.diagnose.findings.kinds.push_to_front import push_to_front
from millrace.diagnose.findings.kinds.repeating_pattern import repeating_pattern
from millrace.diagnose.findings.kinds.rework import rework
from millrace.diagnose.findings.kinds.slow_step import slow_step
from millrace.diagnose.findings.kinds.slow_transition import slow_transition
from millrace.diagnose.findings.kinds.touchpoints_of_group import touchpoints_of_group
from millrace.diagnose.findings.kinds.waiting_on_others import waiting_on_others
from millrace.model.absent import Absent

Desk = Callable[..., Evidence]
A, B, FIRST, SECOND = ({"team": team} for team in ("A", "B", "Desk 1st", "Network 2nd"))
PLAIN = [(0, "New"), (1, "In progress"), (3, "Resolved")]


def only(examined: Examined | Absent) -> Candidate:
    assert isinstance(examined, Examined)
    (candidate,) = examined.candidates
    return candidate


def nothing(examined: Examined | Absent) -> bool:
    return isinstance(examined, Examined) and not examined.candidates


def test_ping_pong_claims_the_time_away_from_the_first_team(desk: Desk) -> None:
    bounced = [(0, "In progress", A), (2, "In progress", B), (5, "In progress", A), (6, "Resolved", A)]
    found = only(
        ping_pong(desk({**copies(30, bounced, "bounced"), **copies(270, [(0, "In progress", A), (4, "Resolved", A)])}))
    )

    assert found.claim.total == 30 * 3 * HOUR
    assert found.figures[0].value == 0.1
    assert [figure.value for figure in found.figures[1:3]] == [6 * 3600, 4 * 3600]


def test_a_little_ping_pong_is_no_finding(desk: Desk) -> None:
    bounced = [(0, "In progress", A), (2, "In progress", B), (5, "In progress", A), (6, "Resolved", A)]

    assert nothing(ping_pong(desk({"bounced": bounced, **copies(20, [(0, "In progress", A), (4, "Resolved", A)])})))


def test_without_teams_ping_pong_is_between_steps(desk: Desk) -> None:
    detour = [(0, "In progress"), (2, "Fixing"), (5, "In progress"), (6, "Resolved")]
    found = only(ping_pong(desk({**copies(30, detour, "detour"), **copies(270, PLAIN)})))

    assert (found.place.step, found.place.to_step) == ("Work", "Fix")
    assert found.claim.total == 30 * 3 * HOUR


def test_rework_claims_second_and_later_visits(desk: Desk) -> None:
    back = [(0, "New"), (1, "In progress"), (2, "Fixing"), (4, "In progress"), (7, "Resolved")]
    found = only(rework(desk({**copies(40, back, "back"), **copies(160, PLAIN)})))

    assert found.place.step == "Work"
    assert found.claim.total == 40 * 3 * HOUR
    assert found.figures[0].value == 0.2


def test_what_most_items_come_back_to_is_no_rework(desk: Desk) -> None:
    back = [(0, "New"), (1, "In progress"), (2, "Fixing"), (4, "In progress"), (7, "Resolved")]

    assert nothing(rework(desk(copies(10, back))))


def test_waits_for_the_requester_are_claimed_up_to_value(desk: Desk) -> None:
    asked = [(0, "New"), (1, "In progress"), (2, "Awaiting user"), (6, "In progress"), (8, "Resolved"), (90, "Closed")]
    found = only(waiting_on_others(desk({"asked": asked, "plain": [(0, "New"), (2, "Resolved")]})))

    assert found.claim.total == 4 * HOUR
    assert found.figures[0].value == 0.4


def test_extremes_are_claimed_above_nineteen_of_twenty(desk: Desk) -> None:
    ordinary = {f"i{n}": [(0, "In progress"), (1 + n % 10, "Resolved")] for n in range(190)}
    found = only(extreme_duration(desk({**ordinary, **copies(6, [(0, "In progress"), (500, "Resolved")], "stuck")})))

    assert found.claim.total == 6 * (500 - 10) * HOUR
    assert found.figures[0].n == 196


def test_a_long_tail_is_not_extreme(desk: Desk) -> None:
    ordinary = {f"i{n}": [(0, "In progress"), (1.1 ** (n % 40), "Resolved")] for n in range(200)}

    assert nothing(extreme_duration(desk(ordinary)))


def test_an_extra_step_is_one_that_others_on_the_same_route_leave_out(desk: Desk) -> None:
    short = [(0, "New"), (1, "Fixing"), (3, "Resolved")]
    with_step = [(0, "New"), (1, "In progress"), (5, "Fixing"), (6, "Resolved")]
    found = only(extra_step(desk({**copies(60, short, "short"), **copies(20, with_step, "long")})))

    assert found.place.step == "Work"
    assert found.claim.total == 20 * 4 * HOUR
    assert found.figures[0].value == 0.25


def test_a_step_of_another_sort_of_item_is_not_extra(desk: Desk) -> None:
    def of_type(name: str, events: list[tuple[float, str]]) -> list[tuple[float, str, dict[str, object]]]:
        return [(at, status, {"more": (("item_type", name),)}) for at, status in events]

    short = of_type("incident", [(0, "New"), (1, "Fixing"), (3, "Resolved")])
    with_step = of_type("request", [(0, "New"), (1, "In progress"), (5, "Fixing"), (6, "Resolved")])
    lives = {**copies(60, short, "short"), **copies(20, with_step, "long")}

    assert nothing(extra_step(desk(lives)))


def test_rounds_after_the_first_are_a_repeating_pattern(desk: Desk) -> None:
    rounds = [(hour, ("In progress", "Fixing")[hour % 2]) for hour in range(6)]
    found = only(repeating_pattern(desk({**copies(2, [*rounds, (6, "Resolved")], "round"), **copies(8, PLAIN)})))

    assert found.claim.total == 2 * 4 * HOUR
    assert (found.place.step, found.place.to_step) == ("Work", "Fix")


def test_two_rounds_are_no_pattern(desk: Desk) -> None:
    rounds = [(hour, ("In progress", "Fixing")[hour % 2]) for hour in range(4)]

    assert nothing(repeating_pattern(desk({"round": [*rounds, (4, "Resolved")]})))


def test_a_transition_made_again_and_again_is_claimed_from_the_third_time_on(desk: Desk) -> None:
    asks = [(hour, ("In progress", "Awaiting user")[hour % 2]) for hour in range(13)]
    found = only(extreme_repetition(desk({**copies(2, [*asks, (13, "Resolved")], "asks"), **copies(80, PLAIN)})))

    assert found.claim.total == 2 * 4 * HOUR
    assert len(found.claim.spans) == 2 * 4


def test_many_hands_are_claimed_by_their_surplus_of_standing_time(desk: Desk) -> None:
    one = [(0, "New"), (1, "In progress", {"person": "p0", **A}), (3, "Resolved")]
    many = [(2 * n, "New", {"person": f"p{n}", **A}) for n in range(10)]
    found = only(extreme_touchpoints(desk({**copies(2, [*many, (20, "Resolved")], "many"), **copies(80, one)})))

    assert found.figures[1].value == 10
    assert found.claim.total == 2 * 20 * HOUR * 9 // 10


def test_idle_is_more_than_a_working_day_with_a_team_and_nobody(desk: Desk) -> None:
    # From Monday 9:00 to Tuesday 13:00 are twelve working hours; the day has eight.
    idle = [(9, "New", A), (37, "In progress", {"person": "p", **A}), (38, "Resolved")]
    taken = [(9, "New", A), (10, "In progress", {"person": "p", **A}), (12, "Resolved")]
    found = only(idle_time(desk({**copies(30, idle, "idle"), **copies(30, taken)})))

    assert found.claim.total == 30 * 28 * HOUR
    assert found.figures[0].value == 0.5


def test_what_is_handed_up_is_claimed_while_it_stands_there(desk: Desk) -> None:
    stays = [(0, "In progress", FIRST), (2, "Resolved", FIRST)]
    pushed = [(0, "In progress", FIRST), (1, "New", SECOND), (9, "In progress", SECOND), (11, "Resolved", SECOND)]
    found = only(push_to_front(desk({**copies(28, stays), **copies(12, pushed, "pushed")})))

    assert found.claim.total == 12 * 8 * HOUR
    assert found.figures[0].value == 0.3


def lives_of_categories(n: int, queue: dict[str, float], work: dict[str, float]) -> dict[str, list[tuple[object, ...]]]:
    """`n` items a category: a queue of so many hours, and work of so many, both a little different each time."""
    return {
        f"{category} {number}": [
            (0, "New", {"more": (("category", category),)}),
            (q := queue[category] * (1 + number / n), "In progress", {"more": (("category", category),)}),
            (q + work[category] * (1 + number / n), "Resolved", {"more": (("category", category),)}),
        ]
        for category in queue
        for number in range(n)
    }


def test_a_slow_step_claims_what_exceeds_the_mean_of_the_others(desk: Desk) -> None:
    evidence = desk(lives_of_categories(30, {"mail": 1, "laptop": 1}, {"mail": 2, "laptop": 8}))
    found = only(slow_step(evidence))

    assert found.place.segment == (("category", "laptop"),)
    work = 8 * sum(1 + number / 30 for number in range(30)) * HOUR
    assert found.claim.total == pytest.approx(work * 3 / 4, abs=60)
    assert nothing(slow_transition(evidence))


def test_a_slow_transition_claims_the_wait_before_work_not_the_work(desk: Desk) -> None:
    evidence = desk(lives_of_categories(30, {"mail": 1, "laptop": 9}, {"mail": 2, "laptop": 2}))
    found = only(slow_transition(evidence))

    assert (found.place.step, found.place.to_step) == (None, "Take in")
    wait = 9 * sum(1 + number / 30 for number in range(30)) * HOUR
    assert found.claim.total == pytest.approx(wait * 8 / 9, abs=60)


def test_touches_of_a_group_need_hands(desk: Desk) -> None:
    evidence = desk(lives_of_categories(30, {"mail": 1, "laptop": 9}, {"mail": 2, "laptop": 2}))

    assert isinstance(touchpoints_of_group(evidence), Absent)
