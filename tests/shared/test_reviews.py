"""Weeks kept as they were, and reviews."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from millrace.report.review.decision import Decision
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.reviews import ReviewChangedMeanwhile
from millrace.workbench.shared.snapshots import NoSuchWeek

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
WEEKS = 10


def rows(weeks: int, hours: int = 2) -> str:
    """Ten items a week, each worked on for `hours`; in week 8 they take three times as long."""
    told = ["number,time,status,assignment group,priority"]
    for week in range(weeks):
        for n in range(10):
            at = MONDAY + timedelta(days=7 * week + n % 5, hours=8)
            done = at + timedelta(hours=1 + hours * (3 if week == 8 else 1))
            told += [
                f"INC{week:02}{n},{at:%Y-%m-%d %H:%M:%S},New,Desk,P{1 + n % 2}",
                f"INC{week:02}{n},{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S},In Progress,Desk,P{1 + n % 2}",
                f"INC{week:02}{n},{done:%Y-%m-%d %H:%M:%S},Resolved,Desk,P{1 + n % 2}",
            ]
    told.append(f"INC999,{MONDAY + timedelta(days=7 * weeks):%Y-%m-%d} 09:00:00,New,Desk,P1")
    return "\n".join(told) + "\n"


def followed(bench: SharedWorkbench, admin: Actor, folder: Path, weeks: int) -> str:
    """The key of a stream measured on a log of so many weeks."""
    (folder / f"{weeks}.csv").write_text(rows(weeks))
    source = bench.add_source(admin, f"Weeks {weeks}", [("log.csv", folder / f"{weeks}.csv")])
    bench.bring_in_next()
    return bench.begin_stream(admin, bench.proposed_stream(admin, source.key), source=source.key).key


def test_a_week_says_what_changed_and_where(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = followed(bench, admin, tmp_path, WEEKS)
    told = bench.take_snapshot(admin, key, date(2026, 3, 2)).told
    assert any(
        "Median lead time is above its natural limits: 7 h" in each.replace("\u202f", " ") for each in told.changed
    )
    why = [each.replace("\u202f", " ") for each in told.why]
    assert why[0] == "Mean lead time rose from 3 h (10 items) to 7 h (10)."
    assert why[1].startswith("4 h of that came in “In Progress”")


def test_a_past_week_knows_nothing_of_what_came_later(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    long, short = (followed(bench, admin, tmp_path, weeks) for weeks in (WEEKS, 7))
    week = date(2026, 2, 9)
    looked_back = bench.take_snapshot(admin, long, week).told
    told_then = bench.take_snapshot(admin, short, week).told
    assert looked_back.figures == told_then.figures
    assert looked_back.changed == told_then.changed
    assert looked_back.as_of <= datetime(2026, 2, 16, tzinfo=UTC)


def test_a_week_that_was_kept_never_changes(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = followed(bench, admin, tmp_path, WEEKS)
    first = bench.take_snapshot(admin, key)
    (tmp_path / "other.csv").write_text(rows(WEEKS, hours=5))
    bench.replace_source(admin, bench.stream(admin, key).source_key or "", [("log.csv", tmp_path / "other.csv")])
    bench.bring_in_next()
    assert bench.take_snapshot(admin, key) == first
    assert bench.snapshots(admin, key) == (first,)


def test_a_week_that_is_not_over_is_not_kept(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = followed(bench, admin, tmp_path, WEEKS)
    with pytest.raises(NoSuchWeek, match="from 2026-01-05 to 2026-03-09"):
        bench.take_snapshot(admin, key, date(2026, 3, 16))


def test_there_are_three_things_to_do_at_most(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = followed(bench, admin, tmp_path, WEEKS)
    assert len(bench.take_snapshot(admin, key).todo) <= 3


def test_holding_a_review_sets_the_next_and_the_rhythm(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = followed(bench, admin, tmp_path, 3)
    planned = bench.plan_review(admin, key, date(2026, 2, 2))
    assert planned.is_overdue(date(2026, 2, 3))
    decided = (Decision("Approve by rule", "Ada", date(2026, 2, 20)), Decision("Look at P1"))
    written = bench.write_minutes(admin, key, planned.id, "All there.", decided, version=planned.version)
    bench.hold_review(
        admin, key, planned.id, held_on=date(2026, 2, 4), next_on=date(2026, 3, 4), version=written.version
    )
    assert bench.review(admin, key, planned.id).decisions == decided
    following = bench.next_review(admin, key)
    assert following is not None
    assert following.due_on == date(2026, 3, 4)
    stream = bench.stream(admin, key).stream
    assert (stream.reviewed_on, stream.review_every) == (date(2026, 2, 4), timedelta(days=28))


def test_minutes_are_not_written_over_unseen(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = followed(bench, admin, tmp_path, 3)
    planned = bench.plan_review(admin, key, date(2026, 2, 2))
    bench.write_minutes(admin, key, planned.id, "Mine", (), version=planned.version)
    with pytest.raises(ReviewChangedMeanwhile) as told:
        bench.write_minutes(admin, key, planned.id, "Theirs", (), version=planned.version)
    assert told.value.theirs.minutes == "Mine"


def test_packs_of_near_reviews_are_made_once(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = followed(bench, admin, tmp_path, 3)
    today = bench.clock().date()
    far, near = (bench.plan_review(admin, key, today + timedelta(days=days)) for days in (40, 5))
    assert bench.keep_packs() == {key: near.due_on}
    assert (bench.review(admin, key, near.id).has_pack, bench.review(admin, key, far.id).has_pack) == (True, False)
    assert bench.keep_packs() == {}


def test_who_hears_of_alerts_is_reminded(bench: SharedWorkbench, admin: Actor, tmp_path: Path) -> None:
    key = followed(bench, admin, tmp_path, 3)
    assert bench.remind() == 0
    bench.plan_review(admin, key, bench.clock().date() - timedelta(days=1))
    assert bench.remind() == 0
    bench.add_receiver(admin, "Board", "json://example.org/hook")
    assert bench.remind() == 1
