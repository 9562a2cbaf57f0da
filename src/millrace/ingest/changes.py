"""Records and their changes: the state of every item at every change, rebuilt from the fields that changed.

An item begins with what each field held first: the old value of the field's first change, or what the record says
where the field never changed. From there the fields are carried forward, change by change.
"""

import difflib
from dataclasses import dataclass

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.engine import name as quoted
from millrace.eventlog.engine import text as literal
from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.eventlog.schema import EVENT_COLUMNS
from millrace.ingest.carrying import CHANGED_BY, Carrying
from millrace.ingest.cleaning import identifier, text, trimmed
from millrace.ingest.event_remarks import NEARLY_ALL
from millrace.ingest.instants import instant
from millrace.ingest.mapping import ChangesMapping, Mapping
from millrace.ingest.milestones import unfolded
from millrace.ingest.raw import ROW, RawTable
from millrace.ingest.row_remarks import Peculiarity, RowCount, count
from millrace.ingest.staging import Staged, UnknownColumn, milestone_column

_CHANGES, _FOLLOWED, _RECORDS = "__changes", "__followed_changes", "__records"


class UnknownField(MillraceError):
    """A mapping follows a field that the table of changes never names."""

    slug = "unknown-field"

    def __init__(self, source_name: str, meaning: str, field: str, known: list[str]) -> None:
        """Name the field and the nearest one that is there."""
        near = next(iter(difflib.get_close_matches(field, known, n=1)), None)
        hint = f"; did you mean “{near}”?" if near else f". They are: {', '.join(known[:12])}."
        super().__init__(
            f"The mapping takes {meaning} from the field “{field}”, which no change in “{source_name}” names{hint}"
        )


class NoStatusChanges(MillraceError):
    """Neither the changes nor the records say which status an item had."""

    slug = "no-status-changes"

    def __init__(self, source_name: str) -> None:
        """Say where to name the field."""
        super().__init__(
            f"No field in “{source_name}” is known to hold the status. "
            "Name it in the mapping under `changes`, `fields`, `status`."
        )


@dataclass(frozen=True)
class Rebuilt:
    """The events that records and changes make: a query, its canonical columns and attributes, and the remarks."""

    events: str
    columns: dict[str, str]
    attributes: dict[str, str]
    remarks: tuple[RowRemark, ...]
    n_refused: int


def rebuild(
    changes: RawTable, records: Staged | None, mapping: Mapping, connection: duckdb.DuckDBPyConnection
) -> Rebuilt:
    """Return the events of items whose changes are told in `changes` and whose present state in `records`, if given."""
    followed = mapping.changes
    told = {name: source for name, source in records.columns.items() if name in _TOLD_BY_RECORDS} if records else {}
    if followed is None or "status" not in {*followed.fields, *told}:
        raise NoStatusChanges(changes.source_name)
    _check(changes, followed, connection)
    _create_view(_RECORDS, _staged_records(records), connection)
    _create_view(_CHANGES, _staged_changes(changes, followed, mapping), connection)
    refusals = _refusals(with_records=records is not None)
    refused = " OR ".join(f"({refusal.claim})" for refusal in refusals)
    _create_view(_FOLLOWED, f"SELECT * FROM {_CHANGES} WHERE NOT ({refused})", connection)
    counts = count(refusals, _CHANGES, changes.unit, connection)
    record_counts = _count_records(records, followed, connection)
    attributes = dict(records.attributes) if records else {}
    silent = _silent(records) if records and records.mapping.milestones else None
    carrying = Carrying(
        changes=_FOLLOWED,
        records=_RECORDS if silent is None else f"(SELECT * FROM {_RECORDS} ANTI JOIN ({silent}) USING (item_id))",
        fields=tuple(followed.fields),
        from_record=(*told, *attributes),
        newest_first=is_newest_first(_FOLLOWED, connection),
    )
    events = carrying.sql()
    if records and silent:
        events = f"({events}) UNION ALL BY NAME ({unfolded(f'SELECT *, 0 AS position FROM ({silent})', records)})"
    columns = told | {"item_id": followed.item, "at": followed.at} | followed.fields
    columns["activity"] = columns["status"]
    if followed.by:
        attributes[CHANGED_BY] = followed.by
    return Rebuilt(
        events,
        columns,
        attributes,
        (*counts.remarks, *record_counts.remarks),
        counts.n_refused + record_counts.n_refused,
    )


_TOLD_BY_RECORDS = tuple(
    name for name in EVENT_COLUMNS if name not in ("item_id", "at", "started_at", "position", "activity")
)


def _silent(records: Staged) -> str:
    """Records without changes that have milestones to tell their course instead."""
    silent = "false" if len(records.mapping.milestones) < 2 else f"item_id NOT IN (SELECT item_id FROM {_FOLLOWED})"
    return f"SELECT * FROM {_RECORDS} WHERE {silent}"


def _create_view(name: str, query: str, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")


def is_newest_first(rows: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """True where the rows of an item nearly all go back in time: then, of equal times, the later row came first."""
    found = connection.execute(f"""
        SELECT count(*) FILTER ("at" < before), count(*) FILTER ("at" > before)
        FROM (
            SELECT "at", lag("at") OVER (PARTITION BY item_id ORDER BY {ROW}) AS before
            FROM {rows} WHERE item_id IS NOT NULL
        )
    """).fetchone()
    n_back, n_on = found or (0, 0)
    return bool(n_back > NEARLY_ALL * n_on)


def _check(changes: RawTable, followed: ChangesMapping, connection: duckdb.DuckDBPyConnection) -> None:
    known = [column.name for column in changes.columns]
    named = {name: getattr(followed, name) for name in ("item", "field", "old", "new", "at", "by")}
    for meaning, column in named.items():
        if column is not None and column not in known:
            raise UnknownColumn(changes.source_name, f"`{meaning}`", column, known)
    named_fields = connection.execute(f"""
        SELECT {trimmed(quoted(followed.field))} AS named FROM {changes.relation}
        WHERE named IS NOT NULL GROUP BY named ORDER BY count(*) DESC, named
    """)
    fields = [field for (field,) in named_fields.fetchall()]
    for meaning, field in followed.fields.items():
        if field.strip().lower() not in {name.lower() for name in fields}:
            raise UnknownField(changes.source_name, meaning, field, fields)


def _staged_changes(changes: RawTable, followed: ChangesMapping, mapping: Mapping) -> str:
    types = {column.name: column.type for column in changes.columns}

    def cell(column: str | None) -> str:
        return text(quoted(column), types[column], mapping.nulls) if column else "NULL::VARCHAR"

    field = f"lower({trimmed(quoted(followed.field), types[followed.field])})"
    meanings = " ".join(
        f"WHEN {literal(name.strip().lower())} THEN {literal(meaning)}" for meaning, name in followed.fields.items()
    )
    return f"""
        SELECT {ROW}, {identifier(quoted(followed.item), types[followed.item], mapping.nulls)} AS item_id,
            {instant(quoted(followed.at), types[followed.at], followed.time)} AS "at",
            {cell(followed.at)} AS written, {cell(followed.field)} AS field, CASE {field} {meanings} END AS meaning,
            {cell(followed.old)} AS old, {cell(followed.new)} AS new, {cell(followed.by)} AS {CHANGED_BY}
        FROM {changes.relation}"""


def _staged_records(records: Staged | None) -> str:
    """One row per item: the first that the records have of it."""
    if records is None:
        return "SELECT NULL::VARCHAR AS item_id, NULL::TIMESTAMP AS created_at WHERE false"
    return f"""
        SELECT * FROM ({_with_creation(records)}) WHERE item_id IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY {ROW}) = 1"""


def _with_creation(records: Staged) -> str:
    created = "NULL::TIMESTAMP"
    if records.mapping.milestones:
        created = milestone_column(0)
    elif "at" in records.columns:
        created = '"at"'
    return f"SELECT *, {created} AS created_at FROM ({records.sql})"


def _refusals(*, with_records: bool) -> list[Peculiarity]:
    sound = 'item_id IS NOT NULL AND "at" IS NOT NULL'
    found = [
        _refusal("missing_id", "item_id IS NULL", "field", "No item id in {rows}: left out."),
        _refusal(
            "unreadable_time",
            'item_id IS NOT NULL AND "at" IS NULL',
            "written",
            "No readable time in {rows}: left out.",
        ),
        _refusal(
            "untracked_field",
            f"{sound} AND meaning IS NULL",
            "field",
            "Fields that the mapping does not follow change in {rows}: left aside.",
        ),
    ]
    if with_records:
        found.append(
            _refusal(
                "dangling_change",
                f"{sound} AND meaning IS NOT NULL AND item_id NOT IN (SELECT item_id FROM {_RECORDS})",
                "item_id",
                "No record of the item in {rows} of the changes: left out.",
            )
        )
    return found


def _count_records(records: Staged | None, followed: ChangesMapping, connection: duckdb.DuckDBPyConnection) -> RowCount:
    if records is None:
        return RowCount((), 0, 0)
    looked_for = _record_peculiarities(records, followed)
    return count(looked_for, _records_beside_changes(records), records.table.unit, connection)


def _records_beside_changes(records: Staged) -> str:
    return f"""(
        SELECT record.*, first_at, last_status, row_number() OVER (PARTITION BY item_id ORDER BY {ROW}) AS nth
        FROM ({_with_creation(records)}) AS record LEFT JOIN (
            SELECT item_id, min("at") AS first_at,
                arg_max({{'value': new}}, "at") FILTER (meaning = 'status') AS last_status
            FROM {_FOLLOWED} GROUP BY item_id
        ) USING (item_id))"""


def _record_peculiarities(records: Staged, followed: ChangesMapping) -> list[Peculiarity]:
    """Records without any change, changed before they were made, or ending otherwise than they say."""
    once = "item_id IS NOT NULL AND nth = 1"
    found = [
        _refusal("missing_id", "item_id IS NULL", "''", "No item id in {rows} of the records: left out."),
        _refusal(
            "repeated_item",
            "item_id IS NOT NULL AND nth > 1",
            "item_id",
            "An earlier record has the same item id as {rows} of the records: left out.",
        ),
        _refusal(
            "missing_time",
            f"{once} AND created_at IS NULL AND first_at IS NULL",
            "item_id",
            "Neither a time of creation nor a change in {rows} of the records: left out.",
        ),
        _remark(
            "record_without_changes",
            f"{once} AND created_at IS NOT NULL AND first_at IS NULL",
            "item_id",
            "No change of the item in {rows} of the records: "
            + (
                "its milestones tell its course."
                if len(records.mapping.milestones) > 1
                else "it has held its status since it was created."
            ),
        ),
        _remark(
            "time_before_demand",
            f"{once} AND first_at < created_at",
            "item_id",
            "A change before the item was created in {rows} of the records: its demand is the first change.",
        ),
    ]
    if "status" in records.columns and "status" in followed.fields:
        found.append(
            _remark(
                "record_disagrees",
                f"{once} AND last_status IS NOT NULL AND status IS DISTINCT FROM last_status.value",
                "concat(item_id, ': ', status, ', last change to ', last_status.value)",
                "The record names another status than its last change in {rows} of the records: the changes count.",
            )
        )
    return found


def _refusal(kind: str, claim: str, example: str, sentence: str) -> Peculiarity:
    return Peculiarity(kind, Verdict.REFUSED, claim, example, sentence)


def _remark(kind: str, claim: str, example: str, sentence: str) -> Peculiarity:
    return Peculiarity(kind, Verdict.KEPT, claim, example, sentence)
