"""Change failure rate, incidents caused by changes, and problems that end repeats, worked by hand. Hours."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from record_logs import Link, Record, journeys_of, record, stream_of

from millrace.eventlog.event_log import EventLog
from millrace.flow.change_success import change_success, problem_effect
from millrace.flow.flow import Flow
from millrace.flow.summary import Absent, Share

DAY = 24
WEEK = timedelta(days=7)


def cut(folder: Path, records: Sequence[Record], links: Sequence[Link]) -> tuple[Flow, EventLog]:
    types = tuple(dict.fromkeys(each.item_type for each in records))
    flow = journeys_of(records, links, folder, stream_of(types=types))
    return flow, EventLog.open(folder / "log")


def change(key: str, done_day: float) -> Record:
    return record("change", key, (0, "New"), (done_day * DAY, "Done"))


def incident(key: str, day: float, ci: str = "mail") -> Record:
    return record("incident", key, (day * DAY, "New"), (day * DAY + 1, "Done"), ci=ci)


def test_a_change_fails_where_a_linked_incident_begins_within_the_time_after_it(tmp_path: Path) -> None:
    soon, late, before, fine = (change(key, 2) for key in ("soon", "late", "before", "fine"))
    records = [
        soon, late, before, fine, record("change", "off", (0, "New"), (9, "Cancelled")), change("last", 38),
        incident("I1", 4), incident("I2", 30), incident("I3", 1), incident("I4", 40),
    ]  # fmt: skip
    *_, i1, i2, i3, _ = records
    flow, log = cut(tmp_path, records, [(i1, soon), (soon, i1), (late, i2), (i3, before)])

    found = change_success(flow, log, within=WEEK)

    assert not isinstance(found, Absent)
    assert found.failed == Share(1, 4)
    assert found.failed_changes == ("soon",)
    assert (found.n_too_late, found.n_not_done) == (1, 1)
    assert found.caused == Share(1, 4)


def test_without_links_nothing_can_be_said_of_changes(tmp_path: Path) -> None:
    flow, log = cut(tmp_path, [change("c", 1), incident("i", 2)], [])

    found = change_success(flow, log)

    assert isinstance(found, Absent)
    assert "no incident is linked" in found.reason


def test_a_log_without_changes_says_so(tmp_path: Path) -> None:
    flow, log = cut(tmp_path, [incident("i", 2)], [])

    found = change_success(flow, log)

    assert isinstance(found, Absent)
    assert "no change records" in found.reason


def test_a_problem_ends_repeats_where_fewer_like_incidents_follow_than_went_before(tmp_path: Path) -> None:
    mended = record("problem", "mended", (0, "New"), (10 * DAY, "Done"))
    useless = record("problem", "useless", (0, "New"), (10 * DAY, "Done"))
    mails = [incident(f"m{day}", day, "mail") for day in (4, 6, 8, 12)]
    prints = [incident(f"p{day}", day, "print") for day in (9, 11, 15)]
    far = incident("far", 60, "other")
    flow, log = cut(tmp_path, [mended, useless, *mails, *prints, far], [(mails[0], mended), (useless, prints[0])])

    found = problem_effect(flow, log, attribute="ci", within=WEEK)

    assert not isinstance(found, Absent)
    assert (found.n_compared, found.n_ending, found.n_before, found.n_after) == (2, 1, 4, 3)
