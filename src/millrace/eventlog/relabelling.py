"""Other labels for what stands in the columns of a log, row for row."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from millrace.eventlog.event_log import EventLog


def labels_in(log: EventLog, columns: Sequence[str]) -> set[str]:
    """Every text that stands in these columns."""
    found: set[str] = set()
    for table in _row_groups(pq.ParquetFile(log.events_path), list(columns)):
        for column in table.columns:
            found.update(column.cast(pa.string()).unique().drop_null().to_pylist())
    return found


def relabel(log: EventLog, labels: Mapping[str, Mapping[str, str]]) -> None:
    """Write the events of `log` anew, with other labels in some columns: column → old → new.

    Labels that are not named stay. Rows and their order stay too, so whatever counts them by number still holds.
    """
    source = pq.ParquetFile(log.events_path)
    schema = source.schema_arrow
    for column in labels:
        place = schema.get_field_index(column)
        schema = schema.set(place, pa.field(column, pa.string()))
    unfinished = log.events_path.with_suffix(".unfinished")
    with pq.ParquetWriter(unfinished, schema, compression="snappy") as writer:
        for table in _row_groups(source):
            columns = [
                _relabelled(table[name], labels[name]) if name in labels else table[name] for name in schema.names
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    unfinished.replace(log.events_path)


def _row_groups(source: pq.ParquetFile, columns: list[str] | None = None) -> Any:
    return (source.read_row_group(number, columns) for number in range(source.num_row_groups))


def _relabelled(column: pa.ChunkedArray, names: Mapping[str, str]) -> pa.Array:
    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    texts = pa.array([names.get(text, text) for text in coded.dictionary.to_pylist()], pa.string())
    return texts.take(coded.indices)
