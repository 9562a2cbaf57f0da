"""What is found in published logs, brought in with no mapping."""

from collections.abc import Callable
from typing import Any

import pytest

from millrace.diagnose.findings.finding import Finding
from millrace.diagnose.findings.findings import findings

VINST = "bpic2013_incidents/VINST-new.csv.gz"
SERVICENOW = "uci_servicenow/incident_event_log.csv.gz"
Found = Callable[[str], dict[str, Finding]]


@pytest.fixture(scope="module")
def found(published: Callable[[str], Any]) -> Found:
    """The findings of a published log by their kind, of each kind the one with most at stake."""
    kept: dict[str, dict[str, Finding]] = {}

    def find(name: str) -> dict[str, Finding]:
        if name not in kept:
            flow = published(name).flow
            kept[name] = {each.kind: each for each in reversed(findings(flow).findings)}
            assert not any(person in str(kept[name]) for person in flow.about.people if len(person) > 3)
        return kept[name]

    return find


def days(finding: Finding, figure: str) -> float:
    return round(next(each.value for each in finding.figures if each.name == figure) / 86_400, 1)


def test_ping_pong_of_vinst_lasts_three_times_as_long(found: Found) -> None:
    ping_pong = found(VINST)["ping_pong"]

    assert ping_pong.n_items == 1_177
    assert (days(ping_pong, "life with ping-pong"), days(ping_pong, "life without")) == (28.5, 9.0)


def test_vinst_hands_up_what_does_not_stay_in_first_line(found: Found) -> None:
    pushed = found(VINST)["push_to_front"]

    assert "4,546 of 7,554 items (60 %) stay in the first line" in pushed.sentence


@pytest.mark.parametrize(("name", "share"), [(VINST, 0.31), (SERVICENOW, 0.30)])
def test_waiting_for_the_user_comes_out(found: Found, name: str, share: float) -> None:
    intake = found(name)["incomplete_intake"]

    assert f"{100 * share:.0f} % of all time before value" in intake.sentence
    assert intake.countermeasures[0] == "form_asks_once"


@pytest.mark.parametrize(("name", "share"), [(VINST, 0.31), (SERVICENOW, 0.48)])
def test_the_closing_tail_is_the_biggest_and_timed(found: Found, name: str, share: float) -> None:
    biggest = max(found(name).values(), key=lambda finding: finding.stake.hours_per_month)

    assert biggest.kind == "closing_tail"
    assert biggest.stake.share_ratio == pytest.approx(share, abs=0.01)
    assert "a timer closes them" in biggest.sentence


def test_servicenow_plays_ping_pong_too(found: Found) -> None:
    assert found(SERVICENOW)["ping_pong"].n_items == 2_216


@pytest.mark.parametrize("name", [VINST, SERVICENOW])
def test_no_hour_of_a_real_log_counts_twice(found: Found, name: str) -> None:
    assert 0.5 < sum(finding.stake.share_ratio for finding in found(name).values()) <= 1
