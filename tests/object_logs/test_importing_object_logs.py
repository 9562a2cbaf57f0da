"""An object-centric log as an event log: record types, links, zones."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import object_files as files
import pytest

from millrace.eventlog.event_log import EventLog
from millrace.ingest.importing import import_log
from millrace.ingest.kept_recognition import kept_recognition
from millrace.ingest.mapping import TimeFormat
from millrace.ingest.objects import SeveralObjectLogs

BringIn = Callable[..., EventLog]


def events(log: EventLog) -> list[tuple[object, ...]]:
    query = f"SELECT item_id, item_type, key, \"at\"::VARCHAR, activity FROM '{log.events_path}' ORDER BY position"
    return duckdb.execute(query).fetchall()


def test_object_types_become_record_types_and_relations_links(bring_in: BringIn) -> None:
    log = bring_in(files.as_json())

    assert [(each.name, each.n_records) for each in log.about.record_types] == [("call", 1), ("incident", 1)]
    assert events(log)[1:] == [
        ("call:C1", "call", "C1", "2024-05-06 11:00:00", "Settled"),
        ("incident:I1", "incident", "I1", "2024-05-06 11:00:00", "Settled"),
    ]
    links = duckdb.execute(f"SELECT from_item, to_item, from_type, to_type, relation FROM '{log.links_path}'")
    assert links.fetchall() == [("call:C1", "incident:I1", "call", "incident", "became")]


def test_relations_to_objects_that_are_not_there_are_counted(bring_in: BringIn) -> None:
    log = bring_in(files.as_json(objects=[files.OBJECTS[0] | {"relationships": [{"objectId": "X", "qualifier": ""}]}]))

    assert "dangling_link" in {remark.kind for remark in log.about.readiness.remarks}


def test_a_zone_given_in_the_mapping_moves_times_that_name_none(bring_in: BringIn) -> None:
    local = [event | {"time": event["time"].removesuffix("Z")} for event in files.EVENTS]
    found = kept_recognition(bring_in(files.as_json(events=local), "local.json")).mapping
    there = found.model_copy(update={"times": {"at": TimeFormat(formats=("iso",), zone="Europe/Amsterdam")}})
    log = bring_in(files.as_json(events=local), "moved.json", mapping=there)

    assert events(log)[0][3] == "2024-05-06 08:00:00"
    kept = duckdb.execute(f"SELECT \"at\"::VARCHAR FROM '{log.folder / 'ocel_events.parquet'}' ORDER BY row")
    assert kept.fetchall()[0] == ("2024-05-06 08:00:00",)


def test_two_forms_of_one_log_are_compared_not_mixed(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(files.as_json())
    local = [event | {"time": event["time"].replace("T1", "T2").removesuffix("Z")} for event in files.EVENTS]
    (tmp_path / "two.xml").write_text(files.as_xml(local))

    with pytest.raises(SeveralObjectLogs) as refused:
        import_log([tmp_path / "one.json", tmp_path / "two.xml"], tmp_path / "log")
    assert "2 events are in both; 2 of them are 10 h later in “two.xml”" in refused.value.sentence
    assert "trust the file whose times name their zone" in refused.value.sentence
