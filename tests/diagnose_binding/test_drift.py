"""Drift: where a log and a drawing differ, each difference by its rule; and silence where they agree."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.flow.logs import Row, Written, hour, write_log

from millrace.diagnose.map_checks.check import MapFinding
from millrace.diagnose.map_checks.check_map import check_map
from millrace.diagnose.map_checks.drift import CHECKS
from millrace.diagnose.observed import observed
from millrace.eventlog.engine import connect
from millrace.flow.cut import cut
from millrace.model.stream_file import parse_stream

DRAWN = """
name: desk
steps:
  - name: register
    match: [{status: New}]
    estimate: {queue_time: 1 h, complete_and_accurate_ratio: 100 %}
  - name: work
    match: [{status: In progress}]
    estimate: {process_time: 2 h}
"""
TODAY = date(2024, 3, 1)
Check = Callable[..., dict[str, MapFinding]]


def life(*events: tuple[float, str]) -> list[tuple[float, str]]:
    return list(events)


USUAL = life((0, "New"), (1, "In progress"), (3, "Resolved"))


@pytest.fixture
def drift(tmp_path: Path) -> Check:
    def check(drawn: str, *lives: list[tuple[float, str]]) -> dict[str, MapFinding]:
        rows = [
            Row(f"i{item}", hour(24 * item + at), status=status, position=n)
            for item, events in enumerate(lives)
            for n, (at, status) in enumerate(events)
        ]
        stream = parse_stream(drawn)
        with connect() as connection:
            log = write_log(rows, tmp_path, Written())
            flow = cut(log, stream, tmp_path, connection)
            report = check_map(stream, today=TODAY, observed=observed(flow, log, connection))
        return {found.rule: found for found in report.findings if found.rule in {rule.name for rule in CHECKS}}

    return check


PAUSED = DRAWN + "pauses: [{status: [Resolved]}]\n"


def test_a_drawing_that_fits_the_log_has_not_drifted(drift: Check) -> None:
    assert drift(PAUSED, *[USUAL] * 30) == {}


def test_without_a_log_no_rule_about_drift_looks() -> None:
    stream = parse_stream(DRAWN)

    assert not {found.rule for found in check_map(stream, today=TODAY).findings} & {rule.name for rule in CHECKS}


def test_much_unmapped_time_is_told_with_its_labels(drift: Check) -> None:
    odd = life((0, "New"), (1, "Parked"), (3, "In progress"), (5, "Resolved"))
    found = drift(PAUSED, *[odd] * 30)

    assert found["much-unmapped"].sentence == "40 % of the time in log.csv lies in events that no step takes."
    assert found["much-unmapped"].evidence == ("“Parked”: 40 % of the time, 30 events",)
    assert found["new-activity"].sentence == "“Parked” occurs in the log and in no step."


def test_a_rare_activity_is_no_news(drift: Check) -> None:
    odd = life((0, "New"), (1, "Parked"), (1.1, "In progress"), (3, "Resolved"))

    assert "new-activity" not in drift(PAUSED, *[USUAL] * 150, odd)


def test_a_step_that_never_occurs_is_told(drift: Check) -> None:
    found = drift(PAUSED.replace("pauses", "  - {name: review, match: [{status: Review}]}\npauses"), *[USUAL] * 30)

    assert found["step-never-visited"].sentence == "No event of log.csv belongs to “review”."
    assert found["step-never-visited"].place == ("steps", 2)


def test_a_rule_that_takes_nothing_is_told(drift: Check) -> None:
    found = drift(PAUSED.replace("[{status: New}]", "[{status: New}, {status: N*}]"), *[USUAL] * 30)

    assert found["rule-takes-nothing"].sentence == "Of the rules of “register”, number 2 takes no event."


def test_a_way_that_many_take_and_nobody_drew_is_told(drift: Check) -> None:
    back = life((0, "New"), (1, "In progress"), (2, "New"), (3, "In progress"), (5, "Resolved"))
    found = drift(PAUSED, *[USUAL] * 20, *[back] * 10)

    assert found["route-not-drawn"].sentence == (
        "25 % of the visits of “work” go on to “register”, back, a way that is not drawn."
    )
    assert found["route-not-drawn"].evidence == ("10 of 40 visits",)


def test_a_drawn_share_that_the_log_contradicts_is_told(drift: Check) -> None:
    drawn = PAUSED.replace(
        "    estimate: {process_time: 2 h}", "    routes: [{to: register, share_ratio: 2 %, label: unclear}]"
    )
    back = life((0, "New"), (1, "In progress"), (2, "New"), (3, "In progress"), (5, "Resolved"))
    found = drift(drawn, *[USUAL] * 20, *[back] * 10)

    assert found["route-share-off"].sentence == (
        "2 % of “work” is drawn as going to “register”; in the log it is 25 %."
    )


def test_an_estimate_outside_its_interval_is_told(drift: Check) -> None:
    found = drift(PAUSED.replace("queue_time: 1 h", "queue_time: 3 h"), *[USUAL] * 30)

    assert found["estimate-off"].sentence == "“register”: a wait of 3 h is estimated, but the median is 1 h."
    assert found["estimate-off"].place == ("steps", 0, "estimate", "queue_time")


def test_an_estimate_may_mean_the_mean_as_well_as_the_median(drift: Check) -> None:
    slow = life((0, "New"), (7, "In progress"), (9, "Resolved"))

    assert "estimate-off" not in drift(PAUSED.replace("queue_time: 1 h", "queue_time: 2 h"), *[USUAL] * 25, *[slow] * 5)


def test_a_few_visits_contradict_nothing(drift: Check) -> None:
    assert "estimate-off" not in drift(PAUSED.replace("queue_time: 1 h", "queue_time: 3 h"), *[USUAL] * 5)


def test_a_volume_that_differs_is_told(drift: Check) -> None:
    drawn = PAUSED.replace("steps:", "demand: {volume_per_month: 300}\nsteps:")
    found = drift(drawn, *[USUAL] * 92)

    assert found["volume-off"].sentence == "300 items a month are drawn; the log has 31."
