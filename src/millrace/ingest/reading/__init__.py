"""Read a source, whatever it is, into a table of the engine, before anyone says what its columns mean."""

import errno
from dataclasses import replace
from pathlib import Path

import duckdb

from millrace.eventlog.readiness import RowRemark, Verdict
from millrace.eventlog.schema import EVENT_COLUMNS
from millrace.ingest.raw import RawTable
from millrace.ingest.reading.byte_source import ByteSource, Progress
from millrace.ingest.reading.content import Format, other_extension, recognise_format
from millrace.ingest.reading.errors import NoRoom, SourceError, SourceNotReadable

__all__ = ["SourceError", "read_source"]

_INTERRUPTED = "Query interrupted"


def read_source(path: Path, connection: duckdb.DuckDBPyConnection, *, progress: Progress | None = None) -> RawTable:
    """Read the file at `path` into `connection`; `progress` is told the share (0 to 1) that is done.

    CSV and kin (any separator, quotes, encoding), XLSX, JSON (lines, or an array of objects), Parquet, XES and OCEL 2.0
    (JSON, XML, SQLite) are told apart by their content, also inside gzip. The rows are a table of the connection, a
    view where the source is a Parquet file; whoever gave the connection drops it. Raises a `SourceError` that names
    file, place and remedy; nothing is left behind then.
    """
    try:
        with ByteSource(path, progress) as source:
            found = recognise_format(source.name, source.head())
            table = _read(found, source, connection)
            remarks = (*_about_the_name(source.name, found), *table.remarks)
            return replace(table, remarks=remarks, declared=table.declared or _canonical_names(table))
    except RuntimeError as error:
        # What the engine makes of Ctrl-C while it works.
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise
    except duckdb.OutOfMemoryException as error:
        raise NoRoom(path.name, "the memory set aside for the import is full, and so is the disk behind it") from error
    except (duckdb.IOException, OSError) as error:
        reason = str(error).splitlines()[0]
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
            raise NoRoom(path.name, reason) from error
        raise SourceNotReadable(path, reason) from error


def _read(found: Format, source: ByteSource, connection: duckdb.DuckDBPyConnection) -> RawTable:
    # Each reader brings libraries of its own; only the one that is needed is loaded.
    match found:
        case Format.TEXT:
            from millrace.ingest.reading.text import read_text
            from millrace.ingest.reading.text_source import TextSource

            return read_text(TextSource(source), connection)
        case Format.XES:
            from millrace.ingest.reading.xes import read_xes

            return read_xes(source, connection)
        case Format.OCEL_JSON | Format.OCEL_XML | Format.OCEL_SQLITE:
            from millrace.ingest.reading.ocel import read_ocel

            return read_ocel(found, source, connection)
        case Format.JSON:
            from millrace.ingest.reading.json_records import read_json
            from millrace.ingest.reading.text_source import TextSource

            return read_json(TextSource(source), connection)
        case Format.XLSX:
            from millrace.ingest.reading.sheet import read_sheet

            return read_sheet(source, connection)
        case Format.PARQUET:
            from millrace.ingest.reading.parquet import read_parquet

            return read_parquet(source, connection)


def _canonical_names(table: RawTable) -> tuple[tuple[str, str], ...]:
    """The meanings of columns that bear the names of an event log, as one that was written out has them."""
    names = {column.name for column in table.columns}
    if not names >= {"item_id", "at", "position"} or not names & {"activity", "status"}:
        return ()
    return tuple((name, name) for name in EVENT_COLUMNS if name in names)


def _about_the_name(name: str, found: Format) -> tuple[RowRemark, ...]:
    extension = other_extension(name, found)
    if extension is None:
        return ()
    sentence = f"The name ends in “{extension}”, but the content is {found}; it is read as {found}."
    return (RowRemark(kind="other_format", verdict=Verdict.KEPT, n_rows=0, sentence=sentence),)
