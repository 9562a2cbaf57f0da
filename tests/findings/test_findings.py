"""All findings of a flow together: ranked, priced, none counted twice, the same in every run."""

from collections.abc import Callable

import pytest
from bench.planted.planted_log import planted_flow
from bench.planted.recipe import Recipe
from bench.planted.wastes import with_wastes
from tests.findings.conftest import copies
from tests.flow.logs import DESK

from millrace.diagnose.findings.finding import Findings, Place, finding_id
from millrace.diagnose.findings.findings import findings
from millrace.diagnose.findings.kinds import ping_pong, rework, waiting_on_others
from millrace.flow.flow import Flow
from millrace.model.absent import Absent

MIXED = ("ping_pong", "rework", "closing_tail", "slow_step", "incomplete_intake")
A, B = {"team": "A"}, {"team": "B"}
BOUNCED = [(0, "In progress", A), (2, "Awaiting user", B), (5, "In progress", A), (6, "Resolved", A)]
STRAIGHT = [(0, "In progress", A), (2, "Awaiting user", A), (4, "Resolved", A)]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flow, Findings]:
    """A log with five wastes at once, and what is found in it."""
    flow = planted_flow(with_wastes(Recipe(seed=5, n_items=1_200), MIXED), tmp_path_factory.mktemp("mixed"))
    return flow, findings(flow)


def test_hours_at_stake_never_exceed_the_hours_there_are(mixed: tuple[Flow, Findings]) -> None:
    _, found = mixed
    hours = sum(finding.stake.hours_per_month for finding in found.findings) * found.n_months

    assert 0 < hours <= found.hours
    assert all(f.stake.hours_per_month <= f.stake.claimed_hours_per_month for f in found.findings)


def test_hours_of_a_finding_are_those_of_its_items(mixed: tuple[Flow, Findings]) -> None:
    _, found = mixed

    for finding in found.findings:
        of_items = finding.item_microseconds.sum() / 3.6e9 / found.n_months
        assert of_items == pytest.approx(finding.stake.hours_per_month)
        assert len(finding.item_codes) == finding.n_items


def test_findings_are_ranked_by_what_is_at_stake(mixed: tuple[Flow, Findings]) -> None:
    _, found = mixed
    hours = [finding.stake.hours_per_month for finding in found.findings]

    assert len(hours) >= len(MIXED)
    assert hours == sorted(hours, reverse=True)


def test_a_second_run_finds_the_same_under_the_same_ids(mixed: tuple[Flow, Findings]) -> None:
    flow, found = mixed

    assert findings(Flow.open(flow.folder, flow.events_path)).findings == found.findings


def test_nobody_is_named(mixed: tuple[Flow, Findings]) -> None:
    flow, found = mixed
    said = " ".join(str(finding) for finding in found.findings)

    assert not any(person in said for person in flow.about.people)


def test_ids_tell_places_apart_and_do_not_depend_on_figures() -> None:
    assert finding_id("rework", Place(step="Fix")) == finding_id("rework", Place(step="Fix"))
    assert finding_id("rework", Place(step="Fix")) != finding_id("rework", Place(to_step="Fix"))


def test_an_hour_goes_to_the_more_specific_of_two_claims(desk_flow: Callable[..., Flow]) -> None:
    flow = desk_flow({**copies(6, BOUNCED, "bounced"), **copies(24, STRAIGHT)})

    found = findings(flow, kinds=(waiting_on_others.KIND, ping_pong.KIND))

    of_kind = {finding.kind: finding.stake for finding in found.findings}
    months = found.n_months
    assert of_kind["ping_pong"].hours_per_month * months == pytest.approx(6 * 3)
    assert of_kind["waiting_on_others"].claimed_hours_per_month * months == pytest.approx(6 * 3 + 24 * 2)
    assert of_kind["waiting_on_others"].hours_per_month * months == pytest.approx(24 * 2)


def test_work_is_priced_at_the_rate_of_its_team_and_waiting_at_that_of_its_priority(
    desk_flow: Callable[..., Flow],
) -> None:
    urgent = {"more": (("priority", "P1"),), **A}
    back = [
        (0, "In progress", urgent), (1, "Fixing", urgent), (3, "In progress", urgent), (5, "Awaiting vendor", urgent),
        (6, "In progress", urgent), (7, "Resolved", urgent),
    ]  # fmt: skip
    stream = DESK.model_copy(update={"rates_per_hour": {"A": 50.0}, "delay_rates_per_hour": {"P1": 100.0}})

    flow = desk_flow({**copies(5, back, "back"), **copies(12, [(0, "In progress"), (3, "Resolved")])}, stream)
    (found,) = findings(flow, kinds=(rework.KIND,)).findings

    # The second visit of “Work” holds three hours of work and one of waiting.
    money, hours = found.stake.money_per_month, found.stake.hours_per_month
    assert not isinstance(money, Absent)
    assert money / hours == pytest.approx((3 * 50 + 1 * 100) / 4)


def test_without_rates_money_is_absent_with_its_reason(desk_flow: Callable[..., Flow]) -> None:
    (found,) = findings(
        desk_flow({**copies(6, BOUNCED, "bounced"), **copies(24, STRAIGHT)}), kinds=(ping_pong.KIND,)
    ).findings

    assert isinstance(found.stake.money_per_month, Absent)
    assert "rates_per_hour" in found.stake.money_per_month.reason


def test_time_that_no_rate_is_given_for_costs_nothing_known(desk_flow: Callable[..., Flow]) -> None:
    stream = DESK.model_copy(update={"rates_per_hour": {"Nobody here": 50.0}})
    flow = desk_flow({**copies(6, BOUNCED, "bounced"), **copies(24, STRAIGHT)}, stream)
    (found,) = findings(flow, kinds=(ping_pong.KIND,)).findings

    assert isinstance(found.stake.money_per_month, Absent)


def test_a_kind_that_the_log_cannot_show_is_named_with_the_reason(desk_flow: Callable[..., Flow]) -> None:
    found = findings(desk_flow(copies(3, [(0, "New"), (1, "In progress"), (2, "Resolved")])))

    assert found.findings == ()
    assert "tell no tiers" in found.not_looked_for["push_to_front"].reason


def test_two_items_are_an_anecdote(desk_flow: Callable[..., Flow]) -> None:
    flow = desk_flow({**copies(2, BOUNCED, "bounced"), **copies(9, STRAIGHT)})

    assert findings(flow, kinds=(ping_pong.KIND,)).findings == ()


def test_one_event_is_looked_at_without_complaint(desk_flow: Callable[..., Flow]) -> None:
    assert findings(desk_flow({"1": [(0, "New")]})).findings == ()
