"""Record files that come without a mapping: their types, and the columns that name records of one another."""

from pathlib import Path

import pytest

from millrace.eventlog.engine import connect
from millrace.flow.discover_linked import discover_linked
from millrace.ingest.bringing_in import bring_in
from millrace.ingest.kept_recognition import kept_recognition
from millrace.ingest.proposal import SourcesDoNotFit
from millrace.ingest.records_mapping import RecordsMapping


def calls(n: int, incident: str = "IM{}") -> str:
    rows = (
        f"SD{i:04},2024-01-{1 + i % 28:02} 08:00,2024-01-{1 + i % 28:02} 09:30,{incident.format(f'{i:04}')}"
        for i in range(n)
    )
    return "\n".join(("Interaction ID,Open Time,Close Time,Related Incident", *rows)) + "\n"


def incidents(n: int) -> str:
    rows = (f"IM{i:04},2024-01-{1 + i % 28:02} 09:00,2024-02-{1 + i % 28:02} 10:30,P{i % 3}" for i in range(n))
    return "\n".join(("Incident ID,Open Time,Close Time,Priority", *rows)) + "\n"


def test_columns_that_hold_ids_of_another_file_become_links_and_the_stream_follows_them(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(calls(60))
    (tmp_path / "incidents.csv").write_text(incidents(50))

    log = bring_in([tmp_path / "calls.csv", tmp_path / "incidents.csv"], tmp_path / "log")

    mapping = kept_recognition(log).mapping
    assert isinstance(mapping, RecordsMapping)
    assert [(record.item_type, [link.column for link in record.links]) for record in mapping.records] == [
        ("interaction", ["Related Incident"]), ("incident", []),
    ]  # fmt: skip
    with connect() as connection:
        stream = discover_linked(log, connection)
    assert [follow.path for follow in stream.follow] == [("interaction", "incident")]
    assert [step.name for step in stream.steps] == ["Interaction", "Incident"]


def test_files_that_have_nothing_to_do_with_one_another_are_refused(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(calls(60, incident="none {}"))
    (tmp_path / "incidents.csv").write_text(incidents(50))

    with pytest.raises(SourcesDoNotFit):
        bring_in([tmp_path / "calls.csv", tmp_path / "incidents.csv"], tmp_path / "log")
