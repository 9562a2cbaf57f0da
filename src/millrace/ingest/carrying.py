"""Fields carried forward: from what changed, when, to the whole state of an item at each of these instants."""

from collections.abc import Iterable
from dataclasses import dataclass

from millrace.eventlog.engine import name as quoted
from millrace.ingest.raw import ROW

CHANGED_BY = "changed_by"


@dataclass(frozen=True)
class Carrying:
    """A query over two relations that carries each of `fields` from change to change.

    `changes` yields `ROW`, item_id, at, meaning (one of `fields`), old, new and changed_by; `records` one row per
    item with created_at and the columns `from_record`, fields among them where a record tells them. An item begins,
    when it was created, with the old value of each field's first change, or with what its record says where the
    field never changed. Where the changes stand `newest_first`, the lower of two rows of one instant is the earlier.
    """

    changes: str
    records: str
    fields: tuple[str, ...]
    from_record: tuple[str, ...]
    newest_first: bool

    def sql(self) -> str:
        """Return the query: item_id, at, position, activity, changed_by, the fields, and what records tell."""
        now = _each(
            self.fields,
            "CASE WHEN state.{field} IS NULL THEN first_state.{field} ELSE state.{field}.value END AS {field}",
        )
        return f"""
            WITH {self._first_states()}, {self._states()},
            events AS (
                SELECT state.item_id, state."at", state.nth, state.{CHANGED_BY}{now}{self._unchanging("first_state")}
                FROM state JOIN first_state USING (item_id)
            )
            SELECT * EXCLUDE (nth), row_number() OVER (ORDER BY item_id, "at", nth) AS position, status AS activity
            FROM events
            -- Where creating the item is itself the first change, the item begins with what that change sets.
            QUALIFY NOT (nth = 0 AND status IS NULL
                AND coalesce("at" = lead("at") OVER (PARTITION BY item_id ORDER BY "at", nth), false))"""

    def _first_states(self) -> str:
        """What every item began with. Values lie in structs, to tell an emptied field from an unchanged one."""
        earliest = f'("at", {self._order})'
        first_old = _each(
            self.fields,
            f"arg_min(struct_pack(value := old), {earliest}) FILTER (meaning = '{{field}}') AS {{field}}",
        )
        told = [field for field in self.fields if field in self.from_record]
        untold = [field for field in self.fields if field not in self.from_record]
        began = _each(
            told,
            "CASE WHEN first_change.{field} IS NULL THEN record.{field} ELSE first_change.{field}.value END AS {field}",
        ) + _each(untold, "first_change.{field}.value AS {field}")
        return f"""
            first_change AS (SELECT item_id, min("at") AS first_at{first_old} FROM {self.changes} GROUP BY item_id),
            first_state AS (
                SELECT item_id, least(record.created_at, first_at) AS began_at,
                    record.created_at IS NOT NULL AS is_created{began}{self._unchanging("record")}
                FROM {self.records} AS record FULL JOIN first_change USING (item_id)
            )"""

    def _states(self) -> str:
        """What has been set so far at each instant; NULL for a field that has not changed yet.

        Two changes of one field in one instant are two events; changes of several fields are one.
        """
        set_now = _each(self.fields, "any_value(struct_pack(value := new)) FILTER (meaning = '{field}') AS {field}")
        so_far = _each(self.fields, "last_value({field} IGNORE NULLS) OVER so_far AS {field}")
        return f"""
            placed AS (
                SELECT *, row_number() OVER (PARTITION BY item_id, meaning, "at" ORDER BY {self._order}) AS nth
                FROM {self.changes}
            ),
            instants AS (
                SELECT item_id, "at", nth, any_value({CHANGED_BY}) AS {CHANGED_BY}{set_now}
                FROM placed GROUP BY item_id, "at", nth
                UNION ALL BY NAME
                SELECT item_id, began_at AS "at", 0 AS nth FROM first_state WHERE is_created
            ),
            state AS (
                SELECT item_id, "at", nth, {CHANGED_BY}{so_far}
                FROM instants WINDOW so_far AS (PARTITION BY item_id ORDER BY "at", nth ROWS UNBOUNDED PRECEDING)
            )"""

    @property
    def _order(self) -> str:
        return f"-{ROW}" if self.newest_first else ROW

    def _unchanging(self, relation: str) -> str:
        return "".join(f", {relation}.{quoted(name)}" for name in self.from_record if name not in self.fields)


def _each(fields: Iterable[str], expression: str) -> str:
    return "".join(f", {expression.replace('{field}', field)}" for field in fields)
