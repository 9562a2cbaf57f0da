"""Hand-made logs: every hand-over's wait is split as their makers say, given the break that they assume."""

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from millrace.diagnose.waits.cause import CAUSES, Cause
from millrace.diagnose.waits.waits import Waits, waits
from millrace.flow.flow import Flow
from millrace.model.absent import Absent
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar

DATA = Path(__file__).parents[3] / "shared" / "data"
LUNCH = WorkCalendar(hours=dict.fromkeys(WEEKDAYS, ((0, 720), (750, 1440))))
"""Nobody begins between 12:00 and 12:30: the makers of these logs took it so."""
COLUMNS = {
    Cause.BATCHING: "wt_batching",
    Cause.PRIORITISATION: "wt_prioritization",
    Cause.CONTENTION: "wt_contention",
    Cause.UNAVAILABILITY: "wt_unavailability",
    Cause.EXTRANEOUS: "wt_extraneous",
}
Handover = tuple[str, str, str, str]


def expected(path: Path) -> dict[Handover, list[float]]:
    """Seconds by cause of every hand-over that the log's makers tell."""
    with path.open(encoding="utf-8") as file:
        return {
            (row["source_activity"], row["source_resource"], row["target_activity"], row["target_resource"]): [
                _seconds(row[COLUMNS[cause]]) if cause in COLUMNS else 0.0 for cause in CAUSES
            ]
            for row in csv.DictReader(file)
        }


def _seconds(written: str) -> float:
    days, _, clock = written.partition(" days")
    hours, minutes, seconds = (clock.strip() or "0:0:0").split(":")
    return int(days) * 86_400 + int(hours) * 3_600 + int(minutes) * 60 + float(seconds)


def split(found: Waits | Absent) -> dict[Handover, list[float]]:
    assert isinstance(found, Waits)
    names, people, works = found.work.activities, found.flow.about.people, found.work.records
    sums: dict[Handover, list[float]] = defaultdict(lambda: [0.0] * len(CAUSES))
    for work, causes in zip(works, found.by_work.tolist(), strict=True):
        if work["previous"] >= 0:
            before = works[work["previous"]]
            key = names[before["activity"]], people[before["person"]], names[work["activity"]], people[work["person"]]
            sums[key] = [a + b / 1e6 for a, b in zip(sums[key], causes, strict=True)]
    return dict(sums)


@pytest.mark.parametrize("name", ["manual_log_1", "manual_log_2", "manual_log_3"])
def test_every_row_agrees(flow_of_file: Callable[..., Flow], name: str) -> None:
    path = DATA / "waiting_time" / f"{name}_expected.csv"
    if not path.exists():
        pytest.skip("the hand-made logs are not in ../shared/data")

    assert split(waits(flow_of_file(f"waiting_time/{name}.csv", LUNCH))) == expected(path)


@pytest.mark.parametrize("name", ["manual_log_1", "manual_log_2", "manual_log_3"])
def test_without_the_break_only_that_half_hour_is_told_otherwise(flow_of_file: Callable[..., Flow], name: str) -> None:
    """A log of one to three days shows no working hours: the break is time in which someone was there and free."""
    path = DATA / "waiting_time" / f"{name}_expected.csv"
    if not path.exists():
        pytest.skip("the hand-made logs are not in ../shared/data")
    told = expected(path)
    for row in told.values():
        row[CAUSES.index(Cause.EXTRANEOUS)] += row[CAUSES.index(Cause.UNAVAILABILITY)]
        row[CAUSES.index(Cause.UNAVAILABILITY)] = 0.0

    assert split(waits(flow_of_file(f"waiting_time/{name}.csv"))) == told
