"""Published logs, read without being told anything about them."""

from pathlib import Path

import duckdb
import pytest

from millrace.eventlog.schema import Shape
from millrace.ingest.raw import ROW, RawColumn, RawTable
from millrace.ingest.recognition import Recognition, recognise, recognise_changes

LOGS = Path(__file__).parents[2].parent / "shared" / "data"

needs_logs = pytest.mark.skipif(not LOGS.is_dir(), reason="the published logs are not beside the project")


def load(path: str, engine: duckdb.DuckDBPyConnection, options: str = "") -> RawTable:
    engine.execute(
        f"CREATE TABLE source AS SELECT row_number() OVER () AS {ROW}, * "
        f"FROM read_csv('{LOGS / path}', all_varchar = true, header = true{options})"
    )
    columns = tuple(RawColumn(name, kind) for name, kind, *_ in engine.execute("DESCRIBE source").fetchall()[1:])
    (n_rows,) = engine.execute("SELECT count(*) FROM source").fetchone() or (0,)
    return RawTable("source", Path(path).name, "line", columns, n_rows)


def recognised(path: str, engine: duckdb.DuckDBPyConnection, options: str = "") -> Recognition:
    source = load(path, engine, options)
    assert recognise_changes(source, engine) is None
    return recognise(source, engine)


@needs_logs
def test_a_log_with_a_finer_status(engine: duckdb.DuckDBPyConnection) -> None:
    recognition = recognised("bpic2013_incidents/VINST-new.csv.gz", engine)
    assert recognition.mapping.shape == Shape.STATUS_LOG
    assert (
        recognition.mapping.columns.items()
        >= {
            "item_id": "SR Number",
            "at": "Change Date+Time",
            "activity": "Status",
            "status": "Sub Status",
            "team": "Involved ST",
            "person": "Resource",
            "priority": "SR Latest Impact",
        }.items()
    )
    assert recognition.unsure == ()


@needs_logs
def test_an_audit_with_instants_that_leak_the_future(engine: duckdb.DuckDBPyConnection) -> None:
    recognition = recognised("uci_servicenow/incident_event_log.csv.gz", engine)
    assert recognition.mapping.columns == {
        "item_id": "number",
        "at": "sys_updated_at",
        "activity": "incident_state",
        "status": "incident_state",
        "team": "assignment_group",
        "person": "assigned_to",
        "category": "category",
        "priority": "priority",
        "channel": "contact_type",
        "requester": "caller_id",
        "tie_break": "sys_mod_count",
    }
    assert recognition.mapping.times["at"].day_first is True
    assert recognition.mapping.nulls == ("?",)
    assert recognition.unsure == ()


@needs_logs
def test_activities_with_an_end_only(engine: duckdb.DuckDBPyConnection) -> None:
    recognition = recognised("bpic2014/EventLog.csv.gz", engine)
    assert recognition.mapping.shape == Shape.ACTIVITY_LOG_ENDS
    assert (
        recognition.mapping.columns.items()
        >= {
            "item_id": "Incident ID",
            "at": "Detail Incident Activity.DateStamp",
            "activity": "Detail Incident Activity.IncidentActivity_Type",
            "team": "Detail Incident Activity.Assignment Group",
        }.items()
    )
    assert recognition.unsure == ()


@needs_logs
def test_records_with_milestones(engine: duckdb.DuckDBPyConnection) -> None:
    mapping = recognised("bpic2014/Detail_Incident.csv.gz", engine, ", delim = ';', encoding = 'latin-1'").mapping
    assert mapping.columns["item_id"] == "Incident ID"
    assert mapping.milestones == {
        "Opened": "Open Time",
        "Reopened": "Reopen Time",
        "Resolved": "Resolved Time",
        "Closed": "Close Time",
    }
    assert mapping.nulls == ("#MULTIVALUE", "#N/B")


INTERVAL_LOGS = (
    "intervals/LoanApp_sequential_9-5_diffres_timers.csv.gz",
    "intervals/Loan_Application_3_timers.csv.gz",
    "intervals/Procure_to_Pay_5_timers.csv.gz",
    "intervals/work_orders_pre-drift_transformed.csv.gz",
    "waiting_time/manual_log_1.csv",
    "waiting_time/manual_log_2.csv",
    "waiting_time/manual_log_3.csv",
    "waiting_time/ping_pong_case.csv",
    "waiting_time/prioritization.csv",
    "waiting_time/prioritization_and_contention.csv",
    "waiting_time/resource_contention.csv",
    "waiting_time/two_ping_pongs_case.csv",
)


@needs_logs
@pytest.mark.parametrize("path", INTERVAL_LOGS)
def test_activities_with_start_and_end(path: str, engine: duckdb.DuckDBPyConnection) -> None:
    mapping = recognised(path, engine).mapping
    assert mapping.shape == Shape.ACTIVITY_LOG
    assert mapping.columns["item_id"] in ("case_id", "case:concept:name")
    assert mapping.columns["started_at"] in ("start_time", "start_timestamp")
    assert mapping.columns["at"] in ("end_time", "time:timestamp")
    assert mapping.columns["activity"].lower() in ("activity", "concept:name")
    assert mapping.columns["person"].lower() in ("resource", "org:resource")
