"""On every published log the spans of every item partition its life, to the microsecond."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

LOGS = (
    "bpic2013_incidents/BPI_Challenge_2013_incidents.xes.gz",
    "bpic2013_incidents/VINST-new.csv.gz",
    "uci_servicenow/incident_event_log.csv.gz",
    "bpic2014/EventLog.csv.gz",
    "road_traffic_fines/Road_Traffic_Fine_Management_Process.xes.gz",
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


@pytest.mark.parametrize("name", LOGS)
def test_spans_partition_every_life(published: Callable[[str], Any], name: str) -> None:
    flow = published(name).flow
    spans, items = (
        f"read_parquet('{flow.folder}/{table}.parquet', file_row_number = true)" for table in ("spans", "items")
    )

    (n_items, n_whole), (n_spans, n_joined) = (
        duckdb.execute(query).fetchall()[0]
        for query in (
            f"""SELECT count(*), count(*) FILTER (time = epoch_us(ended_at) - epoch_us(demand_at) AND first = demand_at)
                FROM (SELECT item, sum(elapsed) AS time, min(began_at) AS first FROM {spans} GROUP BY item)
                JOIN {items} USING (item)""",
            f"""SELECT count(*), count(*) FILTER (elapsed >= 0 AND coalesce(began_at = reached, true))
                FROM (SELECT *, lag(began_at + to_microseconds(elapsed))
                                OVER (PARTITION BY item ORDER BY file_row_number) AS reached FROM {spans})""",
        )
    )

    assert n_items == n_whole == flow.about.n_items
    assert n_spans == n_joined > 0


@pytest.mark.parametrize("name", LOGS)
def test_each_life_runs_from_the_first_to_the_last_event(published: Callable[[str], Any], name: str) -> None:
    measured = published(name)
    starts = 'least(min("at"), min(started_at))' if measured.log.has("started_at") else 'min("at")'
    events, items = f"'{measured.log.events_path}'", f"'{measured.flow.folder}/items.parquet'"

    of_events = duckdb.execute(f"""
        SELECT count(*), sum(epoch_us(ended) - epoch_us(began))
        FROM (SELECT {starts} AS began, max("at") AS ended FROM {events} GROUP BY item_id)
    """).fetchall()
    of_items = duckdb.execute(f"SELECT count(*), sum(epoch_us(ended_at) - epoch_us(demand_at)) FROM {items}").fetchall()

    assert of_events == of_items


@pytest.mark.parametrize("name", LOGS)
def test_discovery_gives_a_stream_that_people_can_read(published: Callable[[str], Any], name: str) -> None:
    measured = published(name)
    steps = measured.stream.steps

    unmapped, before_value = duckdb.execute(
        f"""SELECT coalesce(sum(elapsed) FILTER (step = {len(steps)}), 0), sum(elapsed)
            FROM '{measured.flow.folder}/spans.parquet' WHERE is_before_value"""
    ).fetchall()[0]

    assert 1 <= len(steps) <= 13
    assert unmapped <= 0.05 * (before_value or 0)
