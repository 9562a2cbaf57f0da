"""The published set of linked records, read and measured as the guide says, gives the figures that were checked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from millrace.cli.main import run
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.readiness import RowRemark

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "linked-records"
DATA = Path(__file__).parents[3] / "shared" / "data" / "bpic2014"
FILES = ("Detail_Interaction", "Detail_Incident", "EventLog", "Detail_Change")
DAY = 86_400


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not DATA.exists():
        pytest.skip("the published set bpic2014 is not in ../shared/data")
    return tmp_path_factory.mktemp("linked")


@pytest.fixture(scope="module")
def measured(workspace: Path) -> dict[str, Any]:
    """What `millrace measure --json` prints of the whole set."""
    output = workspace / "measures.json"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("builtins.print", lambda text="", **_: output.write_text(text) if text[:1] == "{" else None)
        code = run([
            "measure", *(str(DATA / f"{name}.csv.gz") for name in FILES), "--json",
            "--mapping", str(GUIDE / "mapping.yaml"), "--stream", str(GUIDE / "stream.yaml"),
            "--workspace", str(workspace / "kept"),
        ])  # fmt: skip
    assert code == 0
    return json.loads(output.read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def log(measured: dict[str, Any], workspace: Path) -> EventLog:
    (folder,) = (workspace / "kept" / "logs").iterdir()
    return EventLog.open(folder)


@pytest.fixture(scope="module")
def spans(measured: dict[str, Any], workspace: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    (folder,) = (workspace / "kept" / "flows").iterdir()

    def ask(query: str) -> list[tuple[Any, ...]]:
        tables = {name: f"'{folder / name}.parquet'" for name in ("spans", "items", "records", "record_spans")}
        return duckdb.execute(query.format(**tables)).fetchall()

    return ask


def of_type(counts: list[dict[str, Any]], record_type: str) -> dict[str, Any]:
    return next(each for each in counts if each["record_type"] == record_type)


def test_every_call_is_an_item_and_most_are_settled_in_the_first_call(measured: dict[str, Any]) -> None:
    calls = of_type(measured["across_records"]["counts"], "interaction")

    assert measured["log"]["n_items"] == calls["n_records"] == 147_004
    assert (calls["n_first_call_by_field"], calls["first_call_field"]) == (93_996, "First Call Resolution")


def test_the_earliest_call_to_the_close_of_its_incident(measured: dict[str, Any]) -> None:
    linked = measured["across_records"]["linked_times"]
    (found,) = [each for each in linked if (each["from_type"], each["to_type"]) == ("interaction", "incident")]

    days = [round(found[f"{figure}_seconds"] / DAY, 4) for figure in ("mean", "p50", "p90")]
    assert (found["n"], *days) == (45_636, 5.0271, 0.7828, 10.9008)
    assert (found["n_negative"], round(found["min_seconds"] / DAY, 2)) == (2, -4.02)
    assert len(found["negative"]) == 2


def test_three_counts_of_handoffs_stand_side_by_side(measured: dict[str, Any]) -> None:
    incidents = of_type(measured["across_records"]["counts"], "incident")

    assert incidents["n_records"] == 46_606
    assert incidents["n_team_changes"] == 106_821
    assert (incidents["n_reassignments_by_field"], incidents["reassignment_field"]) == (52_749, "# Reassignments")
    assert incidents["n_reassignment_activities"] == 51_958


def test_the_callers_wait_is_shared_out_among_the_types_of_records(measured: dict[str, Any]) -> None:
    by_type = {each["label"]: each for each in measured["across_records"]["by_record_type"]}

    assert {label: round(each["share_of_lead_time_ratio"], 3) for label, each in by_type.items()} == {
        "incident": 0.746, "interaction": 0.243, "change": 0.011,
    }  # fmt: skip
    assert sum(each["lead_seconds"] for each in by_type.values()) == pytest.approx(
        measured["lead_time"]["mean_seconds"] * measured["lead_time"]["n"]
    )


def test_the_spans_partition_every_journey(spans: Callable[[str], list[tuple[Any, ...]]]) -> None:
    ((n_items, n_whole),) = spans(
        """SELECT count(*), count(*) FILTER (time = epoch_us(ended_at) - epoch_us(demand_at) AND first = demand_at)
           FROM (SELECT item, sum(elapsed) AS time, min(began_at) AS first FROM {spans} GROUP BY item)
           JOIN {items} USING (item)"""
    )

    assert n_items == n_whole == 147_004


def test_no_record_is_worked_on_twice(spans: Callable[[str], list[tuple[Any, ...]]]) -> None:
    ((n_twice,),) = spans(
        """SELECT count(*) FROM (SELECT record, sum(elapsed) AS shown FROM {spans} WHERE state = 1 GROUP BY 1)
           JOIN (SELECT record, sum(elapsed) AS own FROM {record_spans} WHERE state = 1 GROUP BY 1) USING (record)
           WHERE shown > own"""
    )

    assert n_twice == 0


def test_what_became_of_every_link_is_said(log: EventLog) -> None:
    def told(kind: str) -> list[RowRemark]:
        return [remark for remark in log.about.readiness.remarks if remark.kind == kind]

    assert {remark.kind: sum(each.n_rows for each in told(remark.kind)) for remark in told("links")} == {
        "links": 94_654
    }
    assert sorted(remark.n_rows for remark in told("dangling_link")) == [31, 790]
    assert sorted(remark.n_rows for remark in told("many_valued_link")) == [24, 873, 3_434]
    assert [remark.n_rows for remark in told("unreadable_link")] == [114]
    assert [remark.n_rows for remark in told("duplicate_link")] == [42_252]
    assert all(remark.examples for kind in ("dangling_link", "many_valued_link") for remark in told(kind))
