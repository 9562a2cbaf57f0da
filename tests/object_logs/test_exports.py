"""Logs written for other tools, and read back."""

import csv
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import duckdb
import jsonschema
import object_files as files
import pytest

from millrace.errors import MillraceError
from millrace.eventlog.event_log import EventLog
from millrace.ingest.importing import import_log
from millrace.ingest.reading import read_source
from millrace.ingest.reading.ocel_tables import TABLES
from millrace.ingest.reading.ocel_times import at_of
from millrace.workbench import Workbench

BringIn = Callable[..., EventLog]
FORMS = ("jsonocel", "xmlocel", "sqlite")
XES = "{http://www.xes-standard.org/}"

TICKETS = (
    "number,time,status,assignment_group,assigned_to,priority,note",
    'INC1,2024-05-06 10:00:00,New,Desk,,P2,"a & b <c> ""d"""',
    "INC1,2024-05-06 10:00:00.25,In Progress,Desk,Ann,P2,=SUM(A1)",
    "INC1,2024-05-06 12:00:00,Resolved,Network,Bo,P1,tab\there",
    "INC2,2024-05-06 11:00:00,New,Desk,,P3,ünï – “x”",
    "INC2,2024-05-06 11:30:00,Resolved,Desk,Ann,P3,",
)
WORK = (
    "case,activity,start_time,end_time,resource",
    "W1,Check,2024-05-06 10:00,2024-05-06 11:00,Ann",
    "W1,Repair,2024-05-06 12:00,2024-05-06 15:00,Bo",
    "W2,Check,2024-05-06 10:30,2024-05-06 10:45,Ann",
)
EACH_OBJECT = {
    "type": "object",
    "required": ["id", "type"],
    "properties": {
        "attributes": {"type": "array", "items": {"type": "object", "required": ["name", "time", "value"]}},
        "relationships": {"type": "array", "items": {"type": "object", "required": ["objectId", "qualifier"]}},
    },
}
STRUCTURE = {
    "type": "object",
    "required": ["objectTypes", "eventTypes", "objects", "events"],
    "properties": {
        "objects": {"type": "array", "items": EACH_OBJECT},
        "events": {"type": "array", "items": {"type": "object", "required": ["id", "type", "time"]}},
    },
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tickets") / "tickets.csv"
    path.write_text("\n".join(TICKETS) + "\n", "utf-8")
    return path


def content(path: Path) -> dict[str, list[str]]:
    """Everything in an object-centric file, in no order."""
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        tables = read_source(path, engine).object_centric
        assert tables is not None
        found = {}
        for table, columns in TABLES.items():
            told = ", ".join(f"{at_of('time')} AS t" if column == "time" else column for column in columns)
            found[table] = sorted(map(str, engine.execute(f"SELECT {told} FROM {tables[table]}").fetchall()))
        return found


def events(log: EventLog, columns: str) -> list[tuple[object, ...]]:
    query = f"SELECT {columns} FROM '{log.events_path}' ORDER BY item_id, \"at\", position"
    return duckdb.execute(query).fetchall()


@pytest.mark.parametrize("form", FORMS)
def test_an_object_centric_log_is_given_back_whole(form: str, bench: Workbench, tmp_path: Path) -> None:
    alone = {"id": "e3", "type": "Idle", "time": "2024-05-06T12:00:00Z", "attributes": [], "relationships": []}
    types = {"eventTypes": [*files.TYPES["eventTypes"], {"name": "Idle", "attributes": []}]}
    (tmp_path / "log.json").write_text(files.as_json(events=[*files.EVENTS, alone], **types))

    assert content(bench.export(tmp_path / "log.json", tmp_path / f"out.{form}")) == content(tmp_path / "log.json")


def test_the_json_has_the_structure_of_the_standard_and_typed_values(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(files.as_json())
    written = json.loads(bench.export(tmp_path / "log.json", tmp_path / "out.jsonocel").read_text("utf-8"))

    jsonschema.validate(written, STRUCTURE)
    assert written["events"][0]["attributes"] == [{"name": "minutes", "value": 5}]
    assert written["objects"][0]["attributes"][1] == {
        "name": "urgency",
        "time": "2024-05-06T10:30:00Z",
        "value": "high",
    }


@pytest.mark.parametrize("form", ["xes", "xes.gz", "csv", *FORMS])
def test_any_log_comes_back_with_the_same_events(form: str, bench: Workbench, tickets: Path, tmp_path: Path) -> None:
    bench.export(tickets, tmp_path / f"out.{form}")
    log = import_log([tmp_path / f"out.{form}"], tmp_path / "log")
    columns = "status, team, person, priority, note, strftime(\"at\", '%H:%M:%S.%f')"

    before = import_log([tickets], tmp_path / "before")
    expected = events(before, f"item_id, {columns}")
    if form == "csv":
        expected = [tuple("'=SUM(A1)" if cell == "=SUM(A1)" else cell for cell in row) for row in expected]
    assert events(log, f"{'key' if form in FORMS else 'item_id'}, {columns}") == expected
    assert log.about.shape is before.about.shape


def test_xes_declares_what_it_uses_in_the_order_of_the_standard(
    bench: Workbench, tickets: Path, tmp_path: Path
) -> None:
    root = ET.parse(bench.export(tickets, tmp_path / "out.xes")).getroot()

    order = [child.tag.removeprefix(XES) for child in root]
    assert order == [*["extension"] * 4, *["global"] * 2, "classifier", *["string"] * 2, *["trace"] * 2]
    prefixes = {extension.get("prefix") for extension in root.iter(f"{XES}extension")}
    keys = {element.get("key", "") for element in root.iter() if ":" in element.get("key", "")}
    assert {key.partition(":")[0] for key in keys} <= prefixes
    for parent in (*root.iter(f"{XES}trace"), *root.iter(f"{XES}event")):
        own = [child.get("key") for child in parent if child.get("key")]
        assert len(own) == len(set(own))


def test_work_with_start_and_end_is_two_events_in_xes_and_one_again(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "work.csv").write_text("\n".join(WORK) + "\n")
    root = ET.parse(bench.export(tmp_path / "work.csv", tmp_path / "out.xes")).getroot()
    transitions = [
        element.get("value") for element in root.iter(f"{XES}string") if element.get("key") == "lifecycle:transition"
    ]
    assert transitions == ["start", "complete"] * 3

    log = import_log([tmp_path / "out.xes"], tmp_path / "log")
    columns = 'item_id, activity, person, started_at, "at"'
    assert events(log, columns) == events(import_log([tmp_path / "work.csv"], tmp_path / "before"), columns)


def test_signs_that_xml_forbids_are_replaced(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("\n".join((*TICKETS[:3], "INC3,2024-05-06 13:00:00,New,De\x0bsk,,P3,x")))
    for form in ("xes", "xmlocel"):
        ET.parse(bench.export(tmp_path / "t.csv", tmp_path / f"out.{form}"))


def test_csv_holds_nothing_that_a_spreadsheet_would_run(bench: Workbench, tickets: Path, tmp_path: Path) -> None:
    with bench.export(tickets, tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["note"] for row in rows if "SUM" in row["note"]] == ["'=SUM(A1)"]
    assert rows[0]["at"] == "2024-05-06T10:00:00Z"


def test_an_ending_that_nobody_knows_is_refused(bench: Workbench, tickets: Path, tmp_path: Path) -> None:
    with pytest.raises(MillraceError, match=r"end the name in \.xes, .* or \.sqlite"):
        bench.export(tickets, tmp_path / "out.xlsx")


@pytest.mark.parametrize("form", ["xes", "csv", *FORMS])
def test_a_folder_that_is_not_there_is_told_and_nothing_is_left(
    form: str, bench: Workbench, tickets: Path, tmp_path: Path
) -> None:
    with pytest.raises(MillraceError, match=r"was not written: the folder “.*nowhere” is not there; make it"):
        bench.export(tickets, tmp_path / "nowhere" / f"out.{form}")
    assert list(tmp_path.iterdir()) == []
