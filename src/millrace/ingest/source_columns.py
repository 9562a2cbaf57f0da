"""What a file holds column by column, for somebody who says which is what because recognition could not."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from millrace.eventlog.engine import connect
from millrace.ingest.mapping import TimeFormat
from millrace.ingest.raw import ROW
from millrace.ingest.reading import read_source
from millrace.ingest.recognition.columns import counted_rows, glance
from millrace.ingest.recognition.instant_columns import instant_columns

_N_SAMPLE_ROWS = 5


@dataclass(frozen=True)
class SourceColumns:
    """The first rows of a file as texts, and how its instants are written, by column."""

    sample: tuple[dict[str, str | None], ...]
    times: dict[str, TimeFormat]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(self.sample[0]) if self.sample else ()


def source_columns(path: Path) -> SourceColumns:
    """Look into a file. Raises SourceError where it cannot be read."""
    with closing(connect()) as connection:
        table = read_source(path, connection)
        names = [column.name for column in table.columns]
        query = (
            f"SELECT COLUMNS(* EXCLUDE ({ROW}))::VARCHAR FROM {table.relation} ORDER BY {ROW} LIMIT {_N_SAMPLE_ROWS}"
        )
        sample = tuple(dict(zip(names, row, strict=True)) for row in connection.execute(query).fetchall())
        columns = glance(table, connection)
        with counted_rows(table, columns, connection) as rows:
            found = instant_columns(columns, rows, connection)
        return SourceColumns(sample, {each.column.name: each.format for each in found.values()})
