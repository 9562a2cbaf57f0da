"""Exports that follow each other as one log: what a newer one tells again takes the place of the older."""

import shutil
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.engine import one_row
from millrace.eventlog.engine import text as literal
from millrace.eventlog.event_log import EventLog, LogDescription
from millrace.eventlog.readiness import Readiness, RowRemark, Verdict
from millrace.ingest.importing import engine_for, event_classes
from millrace.ingest.mapping import Mapping
from millrace.ingest.readiness import LogTraits, measure_readiness
from millrace.ingest.row_remarks import counted
from millrace.ingest.writing import RECOGNITION_FILE, finish, new_log

_NTH = "__nth_export"


class NotAppendable(MillraceError):
    """Linked records, or an object-centric log, are given whole or not at all."""

    slug = "not-appendable"

    def __init__(self, source_name: str) -> None:
        """Name the source and the way out."""
        super().__init__(
            f"“{source_name}” holds linked records, and nothing can be appended to those. "
            "Give a newer set of all its files in their place."
        )


def append_logs(
    logs: Sequence[EventLog],
    mapping: Mapping,
    folder: Path,
    *,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> EventLog:
    """Write logs that were read with one `mapping`, the oldest first, as one log in `folder`.

    An event that a newer export tells again (the same item, instant, activity and status) is taken from the newest.
    Where a row holds the whole life of an item, the newest row of the item holds. Raises NotAppendable.
    """
    for log in logs:
        if log.about.record_types:
            raise NotAppendable(log.about.source_name)
    name = ", ".join(dict.fromkeys(log.about.source_name for log in logs))
    with new_log(folder, name) as unfinished, engine_for(connection, folder) as engine:
        n_events = sum(_n_events(log.events_path, engine) for log in logs)
        engine.execute(
            f"COPY ({_merged(logs, mapping, engine)}) TO {literal(unfinished)} (FORMAT parquet, COMPRESSION snappy)"
        )
        n_again = n_events - _n_events(unfinished, engine)
        merged = EventLog(folder, _described(name, logs, mapping, n_again, unfinished, engine))
        shutil.copyfile(logs[0].folder / RECOGNITION_FILE, folder / RECOGNITION_FILE)
        finish(unfinished)
        merged.save_description()
    return merged


def _n_events(path: Path, engine: duckdb.DuckDBPyConnection) -> int:
    (n_events,) = one_row(engine, f"SELECT count(*) FROM read_parquet({literal(path)})")
    return int(n_events)


def _merged(logs: Sequence[EventLog], mapping: Mapping, engine: duckdb.DuckDBPyConnection) -> str:
    """The events of all logs; of equal times, those of an older export come first."""
    ranges = [_positions(log.events_path, engine) for log in logs]
    begins = accumulate((last - first + 1 for first, last in ranges), initial=0)
    exports = " UNION ALL BY NAME ".join(
        f"SELECT * REPLACE (position - ({first}) + {begin} AS position), {nth} AS {_NTH} "
        f"FROM read_parquet({literal(log.events_path)})"
        for nth, (log, (first, _), begin) in enumerate(zip(logs, ranges, begins, strict=False))
    )
    same = ", ".join(_same(logs, mapping))
    return (
        f"SELECT * EXCLUDE ({_NTH}) FROM ({exports}) QUALIFY {_NTH} = max({_NTH}) OVER (PARTITION BY {same}) "
        'ORDER BY item_id, "at", position'
    )


def _positions(path: Path, engine: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    first, last = one_row(engine, f"SELECT min(position), max(position) FROM read_parquet({literal(path)})")
    return first, last


def _same(logs: Sequence[EventLog], mapping: Mapping) -> tuple[str, ...]:
    """What is equal in two tellings of one event; of one item, where a row tells its whole life."""
    if mapping.milestones and mapping.changes is None:
        return ("item_id",)
    labels = (name for name in ("activity", "status") if any(log.has(name) for log in logs))
    return ("item_id", '"at"', *labels)


def _described(
    name: str,
    logs: Sequence[EventLog],
    mapping: Mapping,
    n_again: int,
    unfinished: Path,
    engine: duckdb.DuckDBPyConnection,
) -> LogDescription:
    abouts = [log.about for log in logs]
    columns = {name: source for about in reversed(abouts) for name, source in about.columns.items()}
    attributes = tuple(dict.fromkeys(each for about in abouts for each in about.attributes))
    classes = event_classes(f"read_parquet({literal(unfinished)})", mapping, engine)
    remarks = tuple(_of_export(about, remark) for about in abouts for remark in about.readiness.remarks)
    traits = LogTraits(
        shape=mapping.shape,
        columns=columns,
        attributes=attributes,
        classes=classes,
        has_only_milestones=bool(mapping.milestones) and mapping.changes is None,
        has_equal_times=any(remark.kind == "equal_times" for remark in remarks),
    )
    counts = [about.readiness for about in abouts]
    readiness = Readiness(
        n_rows_read=sum(each.n_rows_read for each in counts),
        n_rows_kept=sum(each.n_rows_kept for each in counts),
        n_rows_repaired=sum(each.n_rows_repaired for each in counts),
        n_rows_refused=sum(each.n_rows_refused for each in counts),
        remarks=(*remarks, *_told_again(n_again)),
        measures=measure_readiness(traits),
    )
    update = {
        "source_name": name,
        "columns": columns,
        "attributes": attributes,
        "event_classes": classes,
        "readiness": readiness,
        "person_columns": tuple(dict.fromkeys(each for about in abouts for each in about.person_columns)),
    }
    return abouts[0].model_copy(update=update)


def _of_export(about: LogDescription, remark: RowRemark) -> RowRemark:
    return remark.model_copy(update={"sentence": f"“{about.source_name}”: {remark.sentence}"})


def _told_again(n_again: int) -> tuple[RowRemark, ...]:
    if not n_again:
        return ()
    sentence = f"Told again by a newer export, {counted(n_again, 'event')}: each counts once, as the newest tells it."
    return (RowRemark(kind="told_again", verdict=Verdict.KEPT, n_rows=n_again, sentence=sentence),)
