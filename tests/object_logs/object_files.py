"""A small object-centric log in its three forms: a call becomes an incident, which a change mends."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

TYPES = {
    "objectTypes": [
        {"name": "call", "attributes": [{"name": "urgency", "type": "string"}]},
        {"name": "incident", "attributes": []},
    ],
    "eventTypes": [
        {"name": "Opened", "attributes": [{"name": "minutes", "type": "integer"}]},
        {"name": "Settled", "attributes": []},
    ],
}
OBJECTS = [
    {
        "id": "C1",
        "type": "call",
        "attributes": [
            {"name": "urgency", "time": "1970-01-01T00:00:00Z", "value": "low"},
            {"name": "urgency", "time": "2024-05-06T10:30:00Z", "value": "high"},
        ],
        "relationships": [{"objectId": "I1", "qualifier": "became"}],
    },
    {"id": "I1", "type": "incident", "attributes": [], "relationships": []},
]
EVENTS = [
    {
        "id": "e1",
        "type": "Opened",
        "time": "2024-05-06T10:00:00Z",
        "attributes": [{"name": "minutes", "value": 5}],
        "relationships": [{"objectId": "C1", "qualifier": "opens"}],
    },
    {
        "id": "e2",
        "type": "Settled",
        "time": "2024-05-06T11:00:00Z",
        "attributes": [],
        "relationships": [{"objectId": "C1", "qualifier": "ends"}, {"objectId": "I1", "qualifier": "ends"}],
    },
]


def as_json(**parts: Any) -> str:
    """The JSON form, with parts of it replaced."""
    return json.dumps(TYPES | {"objects": OBJECTS, "events": EVENTS} | parts)


def as_xml(events: list[dict[str, Any]] = EVENTS, head: str = "") -> str:
    """The XML form."""
    types = "".join(
        f"<{kind}-types>{''.join(_type(kind, each) for each in TYPES[f'{kind}Types'])}</{kind}-types>"
        for kind in ("object", "event")
    )
    objects = "".join(f'<object id="{each["id"]}" type="{each["type"]}">{_parts(each)}</object>' for each in OBJECTS)
    told = "".join(
        f'<event id="{each["id"]}" type="{each["type"]}" time="{each["time"]}">{_parts(each)}</event>\n'
        for each in events
    )
    return f"<?xml version='1.0'?>{head}<log>{types}<objects>{objects}</objects>\n<events>{told}</events></log>"


def _type(kind: str, of: dict[str, Any]) -> str:
    own = "".join(f'<attribute name="{each["name"]}" type="{each["type"]}"/>' for each in of["attributes"])
    return f'<{kind}-type name="{of["name"]}"><attributes>{own}</attributes></{kind}-type>'


def _parts(of: dict[str, Any]) -> str:
    values = "".join(
        f'<attribute name="{each["name"]}"{_time(each)}>{each["value"]}</attribute>' for each in of["attributes"]
    )
    relations = "".join(
        f'<relationship object-id="{each["objectId"]}" qualifier="{each["qualifier"]}"/>'
        for each in of["relationships"]
    )
    return f"<attributes>{values}</attributes><objects>{relations}</objects>"


def _time(of: dict[str, Any]) -> str:
    return f' time="{of["time"]}"' if "time" in of else ""


def as_sqlite(path: Path) -> bytes:
    """The SQLite form, made at `path`."""
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript("""
            CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
            INSERT INTO event_map_type VALUES ('Opened', 'Opened'), ('Settled', 'Settled');
            CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
            INSERT INTO object_map_type VALUES ('call', 'Call'), ('incident', 'Incident');
            CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
            INSERT INTO event VALUES ('e1', 'Opened'), ('e2', 'Settled');
            CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
            INSERT INTO object VALUES ('C1', 'call'), ('I1', 'incident');
            CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
            INSERT INTO event_object VALUES ('e1', 'C1', 'opens'), ('e2', 'C1', 'ends'), ('e2', 'I1', 'ends');
            CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
            INSERT INTO object_object VALUES ('C1', 'I1', 'became');
            CREATE TABLE object_Call (ocel_id TEXT, urgency TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT);
            INSERT INTO object_Call VALUES ('C1', 'low', '1970-01-01T00:00:00Z', NULL),
                ('C1', 'high', '2024-05-06T10:30:00Z', 'urgency');
            CREATE TABLE object_Incident (ocel_id TEXT, ocel_time TIMESTAMP);
            INSERT INTO object_Incident VALUES ('I1', '1970-01-01T00:00:00Z');
            CREATE TABLE event_Opened (ocel_id TEXT, ocel_time TIMESTAMP, minutes INTEGER);
            INSERT INTO event_Opened VALUES ('e1', '2024-05-06T10:00:00Z', 5);
            CREATE TABLE event_Settled (ocel_id TEXT, ocel_time TIMESTAMP);
            INSERT INTO event_Settled VALUES ('e2', '2024-05-06T11:00:00Z');
        """)
    return path.read_bytes()
