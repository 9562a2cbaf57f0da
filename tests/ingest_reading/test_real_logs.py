from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from millrace.ingest.reading import read_source


@pytest.mark.parametrize(
    ("name", "n_rows", "n_columns"),
    [
        ("bpic2013_incidents/VINST-new.csv.gz", 65_533, 17),
        ("bpic2014/EventLog.csv.gz", 466_660, 11),
        ("bpic2014/Detail_Incident.csv.gz", 46_606, 28),
        ("bpic2014/Detail_Interaction.csv.gz", 147_004, 17),
        ("uci_servicenow/incident_event_log.csv.gz", 141_712, 36),
        ("waiting_time/manual_log_1.csv", 12, 5),
    ],
)
def test_a_real_text_log_is_read_whole(
    real_log: Callable[[str], Path], connection: duckdb.DuckDBPyConnection, name: str, n_rows: int, n_columns: int
) -> None:
    table = read_source(real_log(name), connection)

    assert (table.n_rows, len(table.columns)) == (n_rows, n_columns)
    assert connection.execute(f"SELECT count(*) FROM {table.relation}").fetchall() == [(n_rows,)]


def test_the_marks_inside_ids_and_the_blank_rows_are_counted(
    real_log: Callable[[str], Path], connection: duckdb.DuckDBPyConnection
) -> None:
    events = read_source(real_log("bpic2014/EventLog.csv.gz"), connection)
    incidents = read_source(real_log("bpic2014/Detail_Incident.csv.gz"), connection)

    counts = {remark.kind: remark.n_rows for remark in (*events.remarks, *incidents.remarks)}
    assert counts == {"byte_order_mark": 23, "blank_row": 203}


def test_a_real_xes_log_has_the_known_items_and_events(
    real_log: Callable[[str], Path], connection: duckdb.DuckDBPyConnection
) -> None:
    table = read_source(real_log("bpic2013_incidents/BPI_Challenge_2013_incidents.xes.gz"), connection)

    counts = connection.execute(
        'SELECT count(*), count(DISTINCT "case:concept:name"), count(DISTINCT "concept:name"), '
        f'count(DISTINCT ("concept:name", "lifecycle:transition")), count("time:timestamp") FROM {table.relation}'
    ).fetchall()
    assert counts == [(65_533, 7_554, 4, 13, 65_533)]
    assert dict(table.declared)["status"] == "lifecycle:transition"


def test_xes_and_csv_of_one_log_hold_the_same_instants(
    real_log: Callable[[str], Path], connection: duckdb.DuckDBPyConnection
) -> None:
    xes = read_source(real_log("bpic2013_incidents/BPI_Challenge_2013_incidents.xes.gz"), connection)
    csv = read_source(real_log("bpic2013_incidents/VINST-new.csv.gz"), connection)

    differing = connection.execute(
        f'SELECT count(*) FROM (SELECT "case:concept:name", "time:timestamp" FROM {xes.relation} EXCEPT ALL '
        'SELECT "SR Number", make_timestamp(epoch_us(CAST("Change Date+Time" AS TIMESTAMPTZ))) '
        f"FROM {csv.relation})"
    ).fetchall()
    assert differing == [(0,)]
