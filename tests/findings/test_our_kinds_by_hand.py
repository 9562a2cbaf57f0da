"""Kinds of findings on lives written by hand: what they count, what they leave alone, whose time it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.findings.conftest import copies
from tests.flow.logs import DESK

from millrace.diagnose.findings.approvals import NOT_DECIDED, PASSED, REFUSED, approvals
from millrace.diagnose.findings.evidence import HOUR, Evidence
from millrace.diagnose.findings.kind import Candidate, Examined
from millrace.diagnose.findings.kinds.approval_never_refused import approval_never_refused
from millrace.diagnose.findings.kinds.automatable_step import automatable_step
from millrace.diagnose.findings.kinds.batching import batching
from millrace.diagnose.findings.kinds.breach_by_age import breach_by_age
from millrace.diagnose.findings.kinds.cancelled_after_work import cancelled_after_work
from millrace.diagnose.findings.kinds.closing_tail import closing_tail
from millrace.diagnose.findings.kinds.duplicates import duplicates
from millrace.diagnose.findings.kinds.incomplete_intake import incomplete_intake
from millrace.diagnose.findings.kinds.priority_inversion import priority_inversion
from millrace.diagnose.findings.kinds.reopened import reopened
from millrace.diagnose.findings.kinds.skill_mismatch import skill_mismatch
from millrace.diagnose.findings.kinds.slow_to_start import slow_to_start
from millrace.diagnose.findings.priorities import ranks
from millrace.diagnose.findings.queues import queue_claim, queues
from millrace.model.absent import Absent
from millrace.model.measure import Measure
from millrace.model.value_stream import Match, Step, ValueStream

See = Callable[..., Evidence]

QUICK = [(9, "New"), (9.5, "In progress"), (10, "Resolved"), (10.5, "Closed")]
"""Half an hour's wait, half an hour's work, half an hour until it is closed."""
APPROVAL = ValueStream(
    name="approval",
    steps=(
        Step(name="Take in", match=(Match(status=("New",)),)),
        Step(name="Approve", match=(Match(status=("Fixing",)),)),
        Step(name="Work", match=(Match(status=("In progress",)),)),
    ),
    pauses=DESK.pauses,
)
"""The desk with its “Fixing” for an approval."""


def only(examined: Examined | Absent) -> Candidate:
    assert isinstance(examined, Examined)
    (candidate,) = examined.candidates
    return candidate


def hours(candidate: Candidate) -> float:
    return candidate.claim.total / HOUR


def test_a_wait_ends_where_work_begins_or_the_team_changes(desk: See) -> None:
    evidence = desk({"a": [(0, "New", {"team": "A"}), (2, "New", {"team": "B"}), (5, "In progress", {"team": "B"}),
                           (6, "Resolved")]})  # fmt: skip
    waits = queues(evidence)
    assert (waits.elapsed / HOUR).tolist() == [2, 3]
    assert waits.is_started.tolist() == [False, True]
    assert (waits.work / HOUR).tolist() == [0, 1]


def test_a_wait_can_be_claimed_from_an_instant_on(desk: See) -> None:
    evidence = desk({"a": [(0, "New"), (2, "New"), (5, "In progress"), (6, "Resolved")]})
    waits = queues(evidence)
    claim = queue_claim(evidence, waits, [0], waits.began_at[[0]] + HOUR)
    assert claim.total == 4 * HOUR


def test_a_wait_for_the_requester_is_no_queue(desk: See) -> None:
    evidence = desk({"a": [(0, "New"), (1, "Awaiting user"), (5, "In progress"), (6, "Resolved")]})
    assert (queues(evidence).elapsed / HOUR).tolist() == [1]


def test_slow_starts_claim_the_queue_and_not_the_work(desk: See) -> None:
    slow = [(9, "New"), (13, "In progress"), (13.5, "Resolved")]
    candidate = only(slow_to_start(desk(copies(60, slow))))
    assert hours(candidate) == 60 * 4
    assert candidate.place.step == "Work"


def test_a_start_within_the_hour_is_not_slow(desk: See) -> None:
    assert slow_to_start(desk(copies(60, QUICK))) == Examined()


def test_what_follows_an_approval_tells_how_it_ended(desk: See) -> None:
    evidence = desk(
        {
            "passed": [(0, "Fixing"), (1, "In progress"), (2, "Resolved")],
            "cancelled": [(0, "Fixing"), (1, "Cancelled")],
            "sent back": [(0, "New"), (1, "Fixing"), (2, "New"), (3, "Resolved")],
            "open": [(0, "New"), (1, "Fixing")],
        },
        APPROVAL,
    )
    outcome = dict(zip(("cancelled", "open", "passed", "sent back"), _outcomes(evidence), strict=True))
    assert outcome == {"passed": PASSED, "cancelled": REFUSED, "sent back": REFUSED, "open": NOT_DECIDED}


def _outcomes(evidence: Evidence) -> list[int]:
    """Outcomes in the order of the items' ids."""
    found = approvals(evidence)
    keys = evidence.flow.items.join(evidence.flow.attribute("item_id"), "last_row").to_pyarrow().to_pylist()
    label = {row["item"]: row["label"] for row in keys}
    named = sorted(zip([label[code] for code in evidence.items.item[found.item].tolist()], found.outcome, strict=True))
    return [int(outcome) for _, outcome in named]


def test_three_hundred_approvals_without_a_refusal_are_told(desk: See) -> None:
    passed = [(0, "Fixing"), (1, "In progress"), (2, "Resolved")]
    candidate = only(approval_never_refused(desk(copies(300, passed), APPROVAL)))
    assert "not one was refused" in candidate.sentence
    assert hours(candidate) == 300


def test_a_few_approvals_without_a_refusal_prove_nothing(desk: See) -> None:
    passed = [(0, "Fixing"), (1, "In progress"), (2, "Resolved")]
    assert approval_never_refused(desk(copies(60, passed), APPROVAL)) == Examined()


def test_a_stream_without_approvals_says_so(desk: See) -> None:
    assert isinstance(approval_never_refused(desk(copies(3, QUICK))), Absent)


def test_a_closing_tail_that_a_timer_ends_is_told_as_one(desk: See) -> None:
    tail = [(9, "New"), (9.5, "In progress"), (10, "Resolved"), (10 + 120, "Closed")]
    candidate = only(closing_tail(desk(copies(60, tail))))
    assert "a timer closes them" in candidate.sentence
    assert hours(candidate) == 60 * 120


def test_an_item_that_is_closed_at_once_has_no_tail(desk: See) -> None:
    assert closing_tail(desk(copies(60, QUICK))) == Examined()


def test_reopened_items_claim_the_time_from_first_done_on(desk: See) -> None:
    back = [(9, "New"), (10, "Resolved"), (12, "In progress"), (15, "Resolved"), (16, "Closed")]
    candidate = only(reopened(desk({**copies(40, QUICK), **copies(20, back, "back")})))
    assert hours(candidate) == 20 * (2 + 3)
    assert candidate.items is not None
    assert len(candidate.items) == 20


def test_asking_the_requester_back_is_incomplete_intake(desk: See) -> None:
    asked = [(9, "New"), (10, "Awaiting user"), (13, "In progress"), (14, "Resolved")]
    candidate = only(incomplete_intake(desk({**copies(80, QUICK), **copies(20, asked, "asked")})))
    assert hours(candidate) == 20 * 3
    assert candidate.figures[0].value == pytest.approx(0.2)


def test_a_log_without_waits_for_the_requester_cannot_show_incomplete_intake(desk: See) -> None:
    assert isinstance(incomplete_intake(desk(copies(80, QUICK))), Absent)


def test_work_that_is_cancelled_late_counts_and_early_does_not(desk: See) -> None:
    late = [(9, "New"), (9.5, "In progress"), (10, "Cancelled")]
    early = [(9, "New"), (9.5, "Cancelled")]
    lives = {**copies(80, QUICK), **copies(20, late, "late"), **copies(20, early, "early")}
    candidate = only(cancelled_after_work(desk(lives)))
    assert candidate.items is not None
    assert len(candidate.items) == 20
    assert hours(candidate) == 20


def test_urgent_items_that_are_passed_over_are_told_with_the_time_since(desk: See) -> None:
    team = {"team": "A"}
    urgent, other = ({**team, "more": (("priority", label),)} for label in ("1 - High", "4 - Low"))
    lives = {}
    for day in range(40):
        at = 24.0 * (day + 2 * (day // 5))
        lives[f"urgent {day}"] = [
            (at + 9, "New", urgent),
            (at + 14, "In progress", urgent),
            (at + 15, "Resolved", urgent),
        ]
        lives[f"other {day}"] = [(at + 10, "New", other), (at + 11, "In progress", other), (at + 12, "Resolved", other)]
    candidate = only(priority_inversion(desk(lives)))
    assert candidate.p_value is not None
    assert candidate.p_value < 1e-6
    assert hours(candidate) == 40 * 3


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("P1", "P2", "P10"), (1, 2, None)),
        (("1 - Critical", "3 - Moderate"), (1, 3)),
        (("High", "Low", "medium"), (1, 3, 2)),
        (("red", "blue"), None),
    ],
)
def test_priorities_are_ranked_as_they_are_written(labels: tuple[str, ...], expected: object) -> None:
    assert ranks(labels) == expected


def test_a_team_that_starts_work_twice_a_week_works_in_batches(desk: See) -> None:
    team = {"team": "A"}
    lives = {}
    for number in range(160):
        week, place = divmod(number, 8)
        asked = 168 * week + 9 + 24 * (place % 4) + number % 7
        starts = 168 * week + 24 * 4 + 14 + place / 60
        lives[f"item {number}"] = [(asked, "New", team), (starts, "In progress", team), (starts + 1, "Resolved", team)]
    assert "on Fridays" in only(batching(desk(lives))).sentence


def test_a_team_that_starts_as_work_arrives_does_not_batch(desk: See) -> None:
    team = {"team": "A"}
    lives = {}
    for number in range(160):
        at = 5.0 * number + (number * number) % 7
        lives[f"item {number}"] = [(at, "New", team), (at + 1, "In progress", team), (at + 2, "Resolved", team)]
    assert batching(desk(lives)) == Examined()


def test_the_same_demand_by_the_same_requester_within_a_day_is_a_duplicate(desk: See) -> None:
    def life(at: float, requester: str) -> list[tuple[object, ...]]:
        by = {"more": (("requester", requester), ("category", "Mail"))}
        return [(at, "New", by), (at + 1, "In progress", by), (at + 2, "Resolved", by)]

    lives = {f"item {number}": life(50.0 * number, f"user {number}") for number in range(100)}
    lives |= {f"again {number}": life(50.0 * number + 2, f"user {number}") for number in range(20)}
    candidate = only(duplicates(desk(lives)))
    assert candidate.items is not None
    assert len(candidate.items) == 20
    assert hours(candidate) == 20 * 2


def test_a_promise_that_is_broken_can_be_seen_coming(desk: See) -> None:
    promising = DESK.model_copy(update={"measures": (Measure(name="lead_time", target=timedelta(hours=10)),)})
    late = [(0, "New"), (12, "In progress"), (13, "Resolved")]
    candidate = only(breach_by_age(desk({**copies(80, QUICK), **copies(20, late, "late")}, promising)))
    assert candidate.figures[0].value == pytest.approx(0.2)
    assert hours(candidate) == pytest.approx(20 * 3, rel=1e-6)


def test_a_field_of_the_records_can_say_who_broke_the_promise(desk: See) -> None:
    kept, broken = ({"more": (("made_sla", word),)} for word in ("true", "false"))
    quick = [(at, status, kept) for at, status in QUICK]
    late = [(0, "New", broken), (12, "In progress", broken), (13, "Resolved", broken)]
    candidate = only(breach_by_age(desk({**copies(80, quick), **copies(60, late, "late")})))
    assert candidate.figures[0].value == pytest.approx(60 / 140)
    assert "made_sla" in candidate.sentence


def test_without_a_promise_nothing_can_be_broken(desk: See) -> None:
    assert isinstance(breach_by_age(desk(copies(3, QUICK))), Absent)


def test_short_work_that_hardly_varies_looks_automatable(desk: See) -> None:
    lives = {
        f"item {number}": [(9, "New"), (9.5, "In progress"), (9.7 + number % 5 / 100, "Resolved")]
        for number in range(120)
    }
    candidate = only(automatable_step(desk(lives)))
    assert candidate.place.step == "Work"


def test_work_that_is_the_same_to_the_second_was_booked_and_tells_nothing(desk: See) -> None:
    assert automatable_step(desk(copies(120, QUICK))) == Examined()


def test_a_second_line_on_simple_work_is_told(desk: See) -> None:
    def life(team: str, work: float) -> list[tuple[object, ...]]:
        by = {"team": team}
        return [(9, "New", by), (10, "In progress", by), (10 + work, "Resolved", by)]

    lives = {
        **copies(100, life("Desk 1st", 0.5)),
        **copies(60, life("Network 2nd", 0.4), "simple"),
        **copies(60, life("Network 2nd", 4), "hard"),
    }
    candidate = only(skill_mismatch(desk(lives)))
    assert candidate.items is not None
    assert len(candidate.items) == 60
    assert hours(candidate) == pytest.approx(60 * 1.4)
