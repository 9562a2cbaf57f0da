from collections.abc import Callable
from pathlib import Path

import pytest
from imported import rows

from millrace.eventlog.event_log import EventLog
from millrace.eventlog.schema import Shape
from millrace.ingest.importing import import_log

Real = Callable[[str], Path]


def counts(log: EventLog) -> tuple[int, int]:
    (found,) = rows_of(log)
    return found


def rows_of(log: EventLog) -> list[tuple[int, int]]:
    import duckdb

    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT count(*), count(DISTINCT item_id) FROM read_parquet('{log.events_path}')"
        ).fetchall()


@pytest.mark.parametrize(
    ("name", "n_events", "n_items", "shape"),
    [
        ("bpic2013_incidents/VINST-new.csv.gz", 65_533, 7_554, Shape.STATUS_LOG),
        ("bpic2013_incidents/BPI_Challenge_2013_incidents.xes.gz", 65_533, 7_554, Shape.STATUS_LOG),
        ("uci_servicenow/incident_event_log.csv.gz", 141_712, 24_918, Shape.STATUS_LOG),
        ("bpic2014/EventLog.csv.gz", 466_660, 46_606, Shape.ACTIVITY_LOG_ENDS),
        ("intervals/LoanApp_sequential_9-5_diffres_timers.csv.gz", 8_176, 1_000, Shape.ACTIVITY_LOG),
        ("intervals/Loan_Application_3_timers.csv.gz", 11_626, 1_000, Shape.ACTIVITY_LOG),
        ("intervals/Procure_to_Pay_5_timers.csv.gz", 13_409, 1_000, Shape.ACTIVITY_LOG),
        ("intervals/work_orders_pre-drift_transformed.csv.gz", 89_817, 10_022, Shape.ACTIVITY_LOG),
        ("waiting_time/manual_log_1.csv", 12, 4, Shape.ACTIVITY_LOG),
        ("waiting_time/manual_log_2.csv", 15, 5, Shape.ACTIVITY_LOG),
        ("waiting_time/manual_log_3.csv", 63, 18, Shape.ACTIVITY_LOG),
        ("waiting_time/ping_pong_case.csv", 19, 1, Shape.ACTIVITY_LOG),
        ("waiting_time/two_ping_pongs_case.csv", 21, 1, Shape.ACTIVITY_LOG),
        ("waiting_time/prioritization.csv", 2, 2, Shape.ACTIVITY_LOG),
        ("waiting_time/prioritization_and_contention.csv", 3, 2, Shape.ACTIVITY_LOG),
        ("waiting_time/resource_contention.csv", 2, 2, Shape.ACTIVITY_LOG),
    ],
)
def test_every_event_of_a_published_log_comes_in(
    real: Real, tmp_path: Path, name: str, n_events: int, n_items: int, shape: Shape
) -> None:
    log = import_log([real(name)], tmp_path / "log")
    assert counts(log) == (n_events, n_items)
    assert log.about.shape is shape
    assert log.about.readiness.n_rows_kept == n_events


def test_vinst_is_the_same_log_as_text_and_as_xes(real: Real, tmp_path: Path) -> None:
    text = import_log([real("bpic2013_incidents/VINST-new.csv.gz")], tmp_path / "text")
    xes = import_log([real("bpic2013_incidents/BPI_Challenge_2013_incidents.xes.gz")], tmp_path / "xes")
    columns = 'item_id, epoch_us("at"), activity, status, team'
    assert sorted(rows(text, columns), key=str) == sorted(rows(xes, columns), key=str)


def test_servicenow_times_are_day_first_and_junk_states_stay(real: Real, tmp_path: Path) -> None:
    log = import_log([real("uci_servicenow/incident_event_log.csv.gz")], tmp_path / "log")
    events = rows(log, 'CAST("at" AS VARCHAR), status')
    assert events[0] == ("2016-02-29 01:23:00", "New")
    assert len({status for _, status in events}) == 9
    junk = next(event_class for event_class in log.about.event_classes if event_class.status == "-100")
    assert junk.state is None


def test_rabobank_has_the_equal_times_that_were_checked(real: Real, tmp_path: Path) -> None:
    log = import_log([real("bpic2014/EventLog.csv.gz")], tmp_path / "log")
    equal = next(found for found in log.about.readiness.remarks if found.kind == "equal_times")
    assert equal.n_rows == 185_244
    assert len(set(rows(log, "activity"))) == 39


def test_rabobank_records_become_milestones_and_blank_rows_are_refused(real: Real, tmp_path: Path) -> None:
    log = import_log([real("bpic2014/Detail_Incident.csv.gz")], tmp_path / "log")
    assert counts(log)[1] == 46_606
    assert log.about.readiness.n_rows_refused == 203
