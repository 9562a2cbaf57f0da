"""Counts of records that compete with one another: what is observed, and what the records' own fields say.

A tool's counter, its activities and the observed changes of team rarely agree. Each count is named for what it counts.
"""

import re
from dataclasses import dataclass

from millrace.eventlog.engine import name, text
from millrace.flow.flow import Flow

_REASSIGNMENTS = re.compile(r"(#|count|number|n_).*re-?_?assign|re-?_?assign.*(count|number|times|#)", re.IGNORECASE)
_FIRST_CALL = re.compile(r"first[ _-]?(call|contact)[ _-]?resol|^fcr$", re.IGNORECASE)
_REASSIGNMENT = re.compile(r"re-?assign(ment|ed)?", re.IGNORECASE)
_YES = ("y", "yes", "true", "1", "ja", "t")


@dataclass(frozen=True)
class RecordCounts:
    """Counts over all records of one type, whether or not they serve an item.

    Handoffs three ways: changes of the known team that the events show; the sum of a field that the tool keeps; and
    activities that are called a reassignment. First-call resolution two ways: records whose field says so, and records
    that led to no other one. `None`: the log cannot tell.
    """

    record_type: str
    n_records: int
    n_serving: int
    n_shared: int
    n_team_changes: int | None
    n_reassignments_by_field: int | None
    reassignment_field: str | None
    n_reassignment_activities: int | None
    n_first_call_by_field: int | None
    first_call_field: str | None
    n_without_further_record: int | None


def record_counts(flow: Flow) -> tuple[RecordCounts, ...]:
    """The counts of every record type of a log of several; nothing for a log of one."""
    return tuple(_counts(flow, code, name) for code, name in enumerate(flow.about.record_types))


def _counts(flow: Flow, code: int, record_type: str) -> RecordCounts:
    of_type = f"FROM records r WHERE r.record_type = {code}"
    ((n_records, n_serving, n_shared, n_team_changes, has_teams),) = flow.engine.raw_sql(
        f"""SELECT count(*), count(*) FILTER (n_demands > 0), count(*) FILTER (n_demands > 1), sum(n_handoffs),
                   (SELECT bool_or(s.team >= 0) FROM record_spans s JOIN records r USING (record)
                    WHERE r.record_type = {code})
            {of_type}"""
    ).fetchall()
    counter = _field(flow, _REASSIGNMENTS)
    first_call = _field(flow, _FIRST_CALL)
    n_by_field = None if counter is None else _sum(flow, code, counter)
    n_first_call = None if first_call is None else _n_yes(flow, code, first_call)
    return RecordCounts(
        record_type=record_type,
        n_records=n_records,
        n_serving=n_serving,
        n_shared=n_shared,
        n_team_changes=int(n_team_changes) if has_teams else None,
        n_reassignments_by_field=n_by_field,
        reassignment_field=counter if n_by_field is not None else None,
        n_reassignment_activities=_n_reassignment_activities(flow, record_type),
        n_first_call_by_field=n_first_call,
        first_call_field=first_call if n_first_call is not None else None,
        n_without_further_record=_n_alone(flow) if record_type == flow.about.root_type else None,
    )


def _field(flow: Flow, wanted: re.Pattern[str]) -> str | None:
    return next((column for column in flow.about.all_attributes if wanted.search(column)), None)


def _of_records(flow: Flow, code: int, column: str) -> str:
    return (
        f"FROM records r JOIN read_parquet({text(flow.events_path)}, file_row_number = true) e "
        f"ON e.file_row_number = r.last_row WHERE r.record_type = {code} AND e.{name(column)} IS NOT NULL"
    )


def _sum(flow: Flow, code: int, column: str) -> int | None:
    ((n, total),) = flow.engine.raw_sql(
        f"SELECT count(*), sum(TRY_CAST(e.{name(column)} AS BIGINT)) {_of_records(flow, code, column)}"
    ).fetchall()
    return int(total or 0) if n else None


def _n_yes(flow: Flow, code: int, column: str) -> int | None:
    yes = ", ".join(map(text, _YES))
    ((n, n_yes),) = flow.engine.raw_sql(
        f"SELECT count(*), count(*) FILTER (lower(e.{name(column)}::VARCHAR) IN ({yes})) "
        f"{_of_records(flow, code, column)}"
    ).fetchall()
    return int(n_yes) if n else None


def _n_reassignment_activities(flow: Flow, record_type: str) -> int | None:
    labels = [
        label.activity
        for label in flow.about.label_times
        if label.item_type == record_type and label.activity and _REASSIGNMENT.fullmatch(label.activity)
    ]
    if not labels:
        return None
    ((n,),) = flow.engine.raw_sql(
        f"SELECT count(*) FROM read_parquet({text(flow.events_path)}) "
        f"WHERE item_type = {text(record_type)} AND activity IN ({', '.join(map(text, labels))})"
    ).fetchall()
    return int(n)


def _n_alone(flow: Flow) -> int | None:
    return flow.about.journeys.n_alone if flow.about.journeys else None
