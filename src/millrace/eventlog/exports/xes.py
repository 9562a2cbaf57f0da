"""Write a log as XES (IEEE 1849): a trace per item, its events in order, all else that is known as attributes."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventLog
from millrace.eventlog.exports.markup import escaped, escaped_text, instant
from millrace.eventlog.exports.whole_file import text_file, write_rows
from millrace.eventlog.schema import ITEM_COLUMNS, Shape

_EXTENSIONS = {
    "concept": "Concept",
    "time": "Time",
    "org": "Organizational",
    "lifecycle": "Lifecycle",
}
_KEYS = {"team": "org:group", "person": "org:resource"}
_NOT_ATTRIBUTES = ("item_id", "at", "position", "started_at", "activity", "status")
_ELEMENTS = {"BIGINT": "int", "INTEGER": "int", "DOUBLE": "float", "BOOLEAN": "boolean", "TIMESTAMP": "date"}
_OF_TRACE = "case:"


@dataclass(frozen=True)
class _Attribute:
    """A column and the key that it is written under; `is_of_trace` where it never changes within an item."""

    column: str
    key: str
    element: str
    is_of_trace: bool


def write_xes(log: EventLog, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write `log` to `path`; work with a start and an end becomes two events, as in XES. Raises ExportNotWritten."""
    attributes = _attributes(log, connection)
    with text_file(path) as file:
        file.write(_head(log))
        write_rows(file, connection, _traces(log, attributes))
        file.write("</log>\n")


def _head(log: EventLog) -> str:
    extensions = "".join(
        f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for prefix, name in _EXTENSIONS.items()
    )
    model = "standard" if log.about.shape is Shape.ACTIVITY_LOG else "unknown"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
        f"{extensions}"
        '<global scope="trace"><string key="concept:name" value="–"/></global>\n'
        '<global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00Z"/></global>\n'
        '<classifier name="Activity" keys="concept:name"/>\n'
        f'<string key="concept:name" value="{escaped_text(log.about.source_name)}"/>\n'
        f'<string key="lifecycle:model" value="{model}"/>\n'
    )


def _attributes(log: EventLog, connection: duckdb.DuckDBPyConnection) -> list[_Attribute]:
    source = f"read_parquet({literal(log.events_path)})"
    types = {name: str(kind) for name, kind, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
    columns = [name for name in types if name not in _NOT_ATTRIBUTES]
    if "status" in types and _lifecycle(log) != "status":
        columns.append("status")
    may_be_of_trace = [name for name in columns if name in ITEM_COLUMNS or name.startswith(_OF_TRACE)]
    constant = _constant(may_be_of_trace, source, connection)
    taken = {"concept:name", "time:timestamp", "lifecycle:transition"}
    found = []
    for name in columns:
        is_of_trace = name in constant
        key = _KEYS.get(name, name.removeprefix(_OF_TRACE) if is_of_trace else name)
        while key in taken:
            key += "_"
        taken.add(key)
        found.append(_Attribute(name, key, _ELEMENTS.get(types[name], "string"), is_of_trace))
    return found


def _constant(columns: list[str], source: str, connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The columns that hold one value (or none at all) throughout each item."""
    if not columns:
        return set()
    each = ", ".join(
        f"count(DISTINCT {quoted(name)}) <= 1 AND count({quoted(name)}) IN (0, count(*)) AS {quoted(name)}"
        for name in columns
    )
    whole = ", ".join(f"bool_and({quoted(name)})" for name in columns)
    answers = one_row(connection, f"SELECT {whole} FROM (SELECT {each} FROM {source} GROUP BY item_id)")
    return {name for name, is_constant in zip(columns, answers, strict=True) if is_constant}


def _lifecycle(log: EventLog) -> str:
    """What `lifecycle:transition` holds: start and complete, the status beside an activity, or nothing."""
    if log.about.shape is Shape.ACTIVITY_LOG and log.has("started_at"):
        return "phases"
    has_both = log.has("activity") and log.has("status")
    is_told_twice = log.about.columns.get("activity") == log.about.columns.get("status")
    return "status" if has_both and not is_told_twice else ""


def _traces(log: EventLog, attributes: list[_Attribute]) -> str:
    """A query of one text per event, whole traces in a row: the first opens its trace, the last closes it."""
    of_trace = "".join(f" || {_written(each)}" for each in attributes if each.is_of_trace)
    of_event = "".join(f" || {_written(each)}" for each in attributes if not each.is_of_trace)
    label = " , ".join(name for name in ("activity", "status") if log.has(name))
    trace = f"'<trace>\n' || {_tag('string', 'concept:name', 'item_id')}{of_trace}"
    event = (
        f"'<event>' || {_tag('string', 'concept:name', f'coalesce({label})')} || "
        f"{_tag('date', 'time:timestamp', 'moment')} || {_tag('string', 'lifecycle:transition', 'phase')}{of_event}"
    )
    return f"""
        SELECT CASE WHEN nth = 1 THEN {trace} ELSE '' END || {event} || '</event>\n'
            || CASE WHEN nth = n_events THEN '</trace>\n' ELSE '' END
        FROM (
            SELECT *, row_number() OVER (PARTITION BY item_id ORDER BY moment, position, phase DESC) AS nth,
                count(*) OVER (PARTITION BY item_id) AS n_events, min(moment) OVER (PARTITION BY item_id) AS began_at
            FROM ({_moments(log)})
        ) ORDER BY began_at, item_id, nth"""


def _moments(log: EventLog) -> str:
    source = f"read_parquet({literal(log.events_path)})"
    match _lifecycle(log):
        case "phases":
            return f"""
                SELECT *, started_at AS moment, 'start' AS phase FROM {source} WHERE started_at IS NOT NULL
                UNION ALL BY NAME SELECT *, "at" AS moment, 'complete' AS phase FROM {source}"""
        case "status":
            return f'SELECT *, "at" AS moment, status AS phase FROM {source}'
    return f'SELECT *, "at" AS moment, NULL::VARCHAR AS phase FROM {source}'


def _written(attribute: _Attribute) -> str:
    return _tag(attribute.element, attribute.key, quoted(attribute.column))


def _tag(element: str, key: str, column: str) -> str:
    """An attribute as an expression; nothing where its value is not known."""
    value = instant(column) if element == "date" else f"{column}::VARCHAR"
    opened = literal(f'<{element} key="{escaped_text(key)}" value="')
    return f"coalesce({opened} || {escaped(value) if element == 'string' else value} || '\"/>', '')"
