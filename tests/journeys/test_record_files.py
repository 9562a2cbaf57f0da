"""Record files and links come in as one log; what cannot be followed is counted, and never a crash."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from millrace.errors import MillraceError
from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.readiness import Verdict
from millrace.flow.flow import Flow
from millrace.flow.journey import journey
from millrace.flow.journeys import cut_journeys
from millrace.ingest.mapping_file import UnreadableMapping, read_mapping, write_mapping
from millrace.ingest.record_files import FileNotMapped, NoEvents
from millrace.ingest.records import import_records
from millrace.ingest.records_mapping import RecordsMapping
from millrace.ingest.staging import UnknownColumn
from millrace.model.state import Fidelity, State
from millrace.model.value_stream import Match, Step, ValueStream

MAPPING = """
records:
  - file: calls*
    item_type: call
    columns: {item_id: Number}
    milestones: {Opened: Opened, Closed: Closed}
    handle_time: {column: Minutes, unit: min}
    links:
      - {column: Incident, item_type: incident, relation: became, separator: ","}
    statuses:
      - {status: Opened, state: waiting, wait_reason: queue}
      - {status: Closed, state: done}
  - file: incidents*
    item_type: incident
    columns: {item_id: Number}
    milestones: {Record opened: Opened, Record closed: Closed}
    links:
      - {column: Parent, item_type: incident, relation: child_of}
      - {column: Call, item_type: call, relation: became, end: from}
    statuses:
      - {status: Record opened, state: new}
      - {status: Record closed, state: done}
  - file: work*
    item_type: incident
    shape: status_log
    columns: {item_id: Number, at: At, status: Status, team: Team}
    statuses:
      - {status: In progress, state: active}
links:
  - {file: links*, from_item: From, to_item: To, from_type: call, to_type: incident, relation: by hand}
"""

CALLS = """Number,Opened,Closed,Minutes,Incident
C1,2024-01-01 08:00,2024-01-01 08:30,10,I1
C2,2024-01-01 09:00,2024-01-01 09:05,60,
C3,2024-01-01 10:00,2024-01-01 10:10,x,"I1, I2"
C4,2024-01-01 11:00,2024-01-01 11:10,5,I9
C5,2024-01-01 12:00,2024-01-01 12:10,5,#MULTIVALUE
C6,2024-01-01 13:00,2024-01-01 13:10,5,#N/B
"""
INCIDENTS = """Number,Opened,Closed,Parent,Call,Urgency
I1,2024-01-01 08:20,2024-01-02 08:00,I2,C1,P1
I2,2024-01-01 09:00,2024-01-01 12:00,I1,,P2
I3,2023-12-01 09:00,2023-12-01 12:00,I3,,P3
"""
WORK = """Number,At,Status,Team
I1,2024-01-01 10:00,In progress,Mail
I1,2024-01-01 10:00,In progress,Web
"""
LINKS = """From,To
C1,I1
C2,I3
"""


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., EventLog]:
    """Bring files in by the mapping; further files, or other texts of these, by name."""

    def made(mapping: str = MAPPING, **texts: str) -> EventLog:
        given = {"calls": CALLS, "incidents": INCIDENTS, "work": WORK, "links": LINKS} | texts
        paths = []
        for name, text in given.items():
            if text:
                (tmp_path / f"{name}.csv").write_text(text)
                paths.append(tmp_path / f"{name}.csv")
        (tmp_path / "mapping.yaml").write_text(mapping)
        read = read_mapping(tmp_path / "mapping.yaml")
        assert isinstance(read, RecordsMapping)
        return import_records(paths, tmp_path / "log", mapping=read)

    return made


def counts(log: EventLog) -> dict[str, int]:
    found: dict[str, int] = {}
    for remark in log.about.readiness.remarks:
        found[remark.kind] = found.get(remark.kind, 0) + remark.n_rows
    return found


def test_records_of_all_files_are_items_of_one_log(bring: Callable[..., EventLog]) -> None:
    log = bring()

    rows = duckdb.execute(f"""SELECT item_type, item_id, key, count(*), count(team), any_value("Urgency")
        FROM '{log.events_path}' WHERE key IN ('C1', 'I1') GROUP BY ALL ORDER BY ALL""").fetchall()

    assert rows == [("call", "call:C1", "C1", 2, 0, None), ("incident", "incident:I1", "I1", 4, 2, "P1")]
    assert [(each.name, each.n_records, each.milestones) for each in log.about.record_types] == [
        ("call", 6, ("Opened", "Closed")), ("incident", 3, ("Record opened", "Record closed")),
    ]  # fmt: skip


def test_of_one_instant_a_record_opens_first_and_closes_last(bring: Callable[..., EventLog]) -> None:
    log = bring(work="Number,At,Status,Team\nI2,2024-01-01 12:00,In progress,A\nI2,2024-01-01 09:00,In progress,B\n")

    rows = duckdb.execute(f"""SELECT coalesce(milestone, status) FROM '{log.events_path}' WHERE key = 'I2'
        ORDER BY "at", position""").fetchall()

    assert rows == [("Record opened",), ("In progress",), ("In progress",), ("Record closed",)]


def test_every_link_is_followed_or_counted(bring: Callable[..., EventLog]) -> None:
    log = bring()

    found = counts(log)

    links = duckdb.execute(f"SELECT from_item, to_item, relation FROM '{log.links_path}' ORDER BY ALL").fetchall()
    assert links == [
        ("call:C1", "incident:I1", "became"), ("call:C1", "incident:I1", "by hand"),
        ("call:C2", "incident:I3", "by hand"), ("call:C3", "incident:I1", "became"),
        ("call:C3", "incident:I2", "became"), ("incident:I1", "incident:I2", "child_of"),
        ("incident:I2", "incident:I1", "child_of"),
    ]  # fmt: skip
    assert {kind: found[kind] for kind in found if "link" in kind} == {
        "links": 7, "dangling_link": 1, "self_link": 1, "duplicate_link": 2, "circular_link": 2,
        "many_valued_link": 1, "unreadable_link": 1, "link_outside_period": 1,
    }  # fmt: skip
    dangling = next(remark for remark in log.about.readiness.remarks if remark.kind == "dangling_link")
    assert (dangling.verdict, dangling.examples) == (Verdict.REFUSED, ("C4 → I9",))


def flow_of(log: EventLog, folder: Path) -> Flow:
    steps = tuple(Step(name=each, match=(Match(item_type=(each,)),)) for each in ("call", "incident"))
    stream = ValueStream.model_validate({"name": "calls", "follow": ["call -> incident"], "steps": steps})
    folder.mkdir()
    with connect() as connection:
        return cut_journeys(log, stream, folder, connection)


def test_links_of_every_kind_lead_to_journeys_without_time_counted_twice(
    bring: Callable[..., EventLog], tmp_path: Path
) -> None:
    flow = flow_of(bring(), tmp_path / "flow")

    first, third = journey(flow, "C1"), journey(flow, "C3")

    assert [(record.key, record.depth) for record in first.records] == [("C1", 0), ("I1", 1)]
    assert [record.key for record in third.records] == ["C3", "I1", "I2"]
    shared = first.records[1]
    assert (shared.n_demands, third.records[1].n_demands) == (2, 2)
    assert any(span.state is State.ACTIVE and span.record == 1 for span in first.spans)
    assert all(span.state is not State.ACTIVE for span in third.spans)
    assert flow.about.journeys
    assert flow.about.journeys.n_ended_before_demand == 1


def test_handle_time_is_work_of_a_known_amount_and_a_derived_place(
    bring: Callable[..., EventLog], tmp_path: Path
) -> None:
    flow = flow_of(bring(), tmp_path / "flow")

    handled, cut_short, unread = (journey(flow, key).records[0].spans for key in ("C1", "C2", "C3"))

    assert [(span.state, (span.ended_at - span.began_at).seconds // 60, span.fidelity) for span in handled] == [
        (State.ACTIVE, 10, Fidelity.DERIVED), (State.WAITING, 20, Fidelity.DERIVED), (State.DONE, 0, Fidelity.MEASURED),
    ]  # fmt: skip
    assert [span.state for span in cut_short] == [State.ACTIVE, State.DONE]
    assert [span.fidelity for span in unread] == [Fidelity.MEASURED, Fidelity.MEASURED]
    assert flow.about.journeys
    assert flow.about.journeys.n_handle_cut_short == 1


@pytest.mark.parametrize(
    ("texts", "error", "said"),
    [
        ({"other": "a\n1\n"}, FileNotMapped, "says nothing of “other.csv”"),
        ({"calls": CALLS.replace("Incident", "Ticket")}, UnknownColumn, "links to incident records"),
        ({"calls": CALLS.replace("Minutes", "Secs")}, UnknownColumn, "the handle time"),
        ({"links": LINKS.replace("To", "Target")}, UnknownColumn, "the end of a link"),
    ],
)
def test_what_does_not_fit_the_mapping_is_named(
    bring: Callable[..., EventLog], texts: dict[str, str], error: type[MillraceError], said: str
) -> None:
    with pytest.raises(error, match=said):
        bring(**texts)


def test_records_without_any_instant_are_refused(bring: Callable[..., EventLog]) -> None:
    without = MAPPING.replace("    milestones: {Opened: Opened, Closed: Closed}\n", "")

    with pytest.raises(NoEvents, match="type “call”"):
        bring(without)


def test_a_mistake_in_the_mapping_is_named_with_its_line(bring: Callable[..., EventLog]) -> None:
    with pytest.raises(UnreadableMapping, match=r"line 9: “kolumn” is not known here; did you mean “column”"):
        bring(MAPPING.replace("{column: Incident", "{kolumn: Incident"))


def test_a_link_to_a_type_that_no_file_has_is_refused(bring: Callable[..., EventLog]) -> None:
    with pytest.raises(UnreadableMapping, match="records of type “change”"):
        bring(MAPPING.replace("column: Incident, item_type: incident", "column: Incident, item_type: change"))


def test_a_mapping_of_records_is_written_as_it_is_read(bring: Callable[..., EventLog], tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING)
    read = read_mapping(tmp_path / "m.yaml")

    (tmp_path / "again.yaml").write_text(write_mapping(read))

    assert read_mapping(tmp_path / "again.yaml") == read
