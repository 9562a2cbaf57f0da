"""The journey of one item: which records served it, and who had it when, waiting or at work."""

import difflib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from millrace.errors import MillraceError
from millrace.eventlog.engine import name, text
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING
from millrace.model.state import FIDELITIES, SIDES, STATES, WAIT_REASONS, Fidelity, Side, State, WaitReason

_MOST_NEAR = 5


class UnknownItem(MillraceError):
    """No item has this key."""

    slug = "unknown-item"

    def __init__(self, key: str, source_name: str, near: tuple[str, ...]) -> None:
        """Name the key, and those that are near it."""
        hint = f"; near are {', '.join(f'“{each}”' for each in near)}." if near else ". Check the number."
        super().__init__(f"{source_name} has no item “{key}”{hint}")


@dataclass(frozen=True)
class JourneySpan:
    """A piece of a life, half-open. `record` is a position in `Journey.records`; None stands for an unknown team."""

    began_at: datetime
    ended_at: datetime
    record: int
    step: str
    state: State
    wait_reason: WaitReason
    side: Side
    fidelity: Fidelity
    team: str | None
    person: str | None
    is_before_value: bool
    """In a journey, before the journey's value; in a record's own life, before the record's."""


@dataclass(frozen=True)
class JourneyRecord:
    """A record that the item was served by. The first is the root, in which the demand arrived.

    `record_type` is None in a log of one record type. `from_record` is the position of the record whose link was
    followed to this one, `depth` the number of links from the root. `spans` is the record's own life, in order and
    without gap; it may begin before the demand, which it then served already. `value_at` is None while it is not done.
    `n_demands` counts the items that it serves.
    """

    key: str
    record_type: str | None
    depth: int
    from_record: int | None
    value_at: datetime | None
    n_demands: int
    spans: tuple[JourneySpan, ...]


@dataclass(frozen=True)
class Journey:
    """An item from its demand to its last event. `spans` partition that time and name the record waited for.

    `value_at` is None for an item that is not delivered. Instants are in UTC.
    """

    key: str
    demand_at: datetime
    value_at: datetime | None
    ended_at: datetime
    last_state: State
    records: tuple[JourneyRecord, ...]
    spans: tuple[JourneySpan, ...]

    @property
    def lead_time(self) -> timedelta | None:
        """From demand to value."""
        return None if self.value_at is None else self.value_at - self.demand_at


def journey(flow: Flow, key: str) -> Journey:
    """The journey of the item that people know as `key`, or whose id that is. Raises UnknownItem."""
    (item,) = _rows(flow, f"SELECT * FROM items WHERE item = {_item(flow, key)}")
    value_at = _instant(item["value_at"])
    records = _records(flow, item) if flow.about.record_types else (_only_record(flow, key, item),)
    position = {code: place for place, (code, _) in enumerate(records)}
    where = f"item = {item['item']}"
    return Journey(
        key=key,
        demand_at=_known(item["demand_at"]),
        value_at=value_at,
        ended_at=_known(item["ended_at"]),
        last_state=STATES[item["last_state"]],
        records=tuple(record for _, record in records),
        spans=_spans(flow, "spans", where, position, value_at),
    )


def _item(flow: Flow, key: str) -> int:
    """The code of an item by its key, or by its id where no key is like that."""
    for column in dict.fromkeys((flow.key_column, "item_id")):
        flow.attribute(column)
        found = _rows(
            flow,
            f"SELECT item FROM items JOIN {name(f'attribute_{column}')} USING (last_row) WHERE label = {text(key)} "
            "ORDER BY item LIMIT 1",
        )
        if found:
            return int(found[0]["item"])
    raise UnknownItem(key, flow.about.source_name, _near(flow, key))


def _near(flow: Flow, key: str) -> tuple[str, ...]:
    """Keys like a key: the engine finds the likeliest by their edit distance."""
    flow.attribute(flow.key_column)
    rows = _rows(
        flow,
        f"SELECT DISTINCT label, levenshtein(lower(label), {text(key.lower())}) AS distance "
        f"FROM items JOIN {name(f'attribute_{flow.key_column}')} USING (last_row) WHERE label IS NOT NULL "
        f"ORDER BY distance, label LIMIT {10 * _MOST_NEAR}",
    )
    return tuple(difflib.get_close_matches(key, [row["label"] for row in rows], n=_MOST_NEAR))


def _only_record(flow: Flow, key: str, item: dict[str, Any]) -> tuple[int, JourneyRecord]:
    value_at = _instant(item["value_at"])
    own = _spans(flow, "spans", f"item = {item['item']}", {NOTHING: 0}, value_at)
    return NOTHING, JourneyRecord(key, None, 0, None, value_at, 1, own)


def _records(flow: Flow, item: dict[str, Any]) -> tuple[tuple[int, JourneyRecord], ...]:
    """The records of an item with their codes, the root first, in the order in which they were followed."""
    rows = _rows(
        flow,
        f"""SELECT j.record, j.depth, j.from_record, r.record_type, r.key, r.value_at, r.n_demands
            FROM journeys j JOIN records r USING (record) WHERE j.item = {item["item"]}
            ORDER BY j.depth, r.began_at, j.record""",
    )
    position = {row["record"]: place for place, row in enumerate(rows)}
    return tuple(
        (
            row["record"],
            JourneyRecord(
                key=row["key"],
                record_type=flow.about.record_types[row["record_type"]],
                depth=row["depth"],
                from_record=position.get(row["from_record"]),
                value_at=_instant(row["value_at"]),
                n_demands=row["n_demands"],
                spans=_spans(flow, "record_spans", f"record = {row['record']}", position, _instant(row["value_at"])),
            ),
        )
        for row in rows
    )


def _spans(
    flow: Flow, table: str, where: str, position: dict[int, int], value_at: datetime | None
) -> tuple[JourneySpan, ...]:
    source = f"read_parquet({text(_path(flow, table))}, file_row_number = true)"
    rows = _rows(flow, f"SELECT * FROM {source} WHERE {where} ORDER BY file_row_number")
    return tuple(_span(flow, row, position, value_at) for row in rows)


def _span(flow: Flow, row: dict[str, Any], position: dict[int, int], value_at: datetime | None) -> JourneySpan:
    began_at = _known(row["began_at"])
    ended_at = began_at + timedelta(microseconds=row["elapsed"])
    return JourneySpan(
        began_at=began_at,
        ended_at=ended_at,
        record=position[row.get("record", NOTHING)],
        step=flow.step_names[row["step"]],
        state=STATES[row["state"]],
        wait_reason=WAIT_REASONS[row["wait_reason"]],
        side=SIDES[row["side"]],
        fidelity=FIDELITIES[row["fidelity"]],
        team=None if row["team"] == NOTHING else flow.about.teams[row["team"]],
        person=_person(flow, row["person"]),
        is_before_value=value_at is not None and ended_at <= value_at,
    )


def _person(flow: Flow, code: int) -> str | None:
    return None if code == NOTHING or flow.about.hides_persons else flow.about.people[code]


def _path(flow: Flow, table: str) -> Path:
    return flow.folder / f"{table}.parquet"


def _rows(flow: Flow, query: str) -> list[dict[str, Any]]:
    """Rows of a query, column by name."""
    return flow.engine.con.sql(query).to_arrow_table().to_pylist()  # type: ignore[no-any-return]


def _known(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)


def _instant(instant: datetime | None) -> datetime | None:
    return None if instant is None else _known(instant)
