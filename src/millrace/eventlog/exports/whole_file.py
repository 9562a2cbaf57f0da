"""A file that appears whole or not at all, written line by line from the engine."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import duckdb

from millrace.eventlog.export import ExportNotWritten

_BATCH = 20_000


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A path to write to; what stands there takes its name when the block ends well. Raises ExportNotWritten."""
    beside = path.with_name(f".{path.name}.unfinished")
    try:
        yield beside
        beside.replace(path)
    except (OSError, duckdb.IOException) as failure:
        raise ExportNotWritten(path, failure) from failure
    finally:
        if path.parent.is_dir():
            beside.unlink(missing_ok=True)


@contextmanager
def text_file(path: Path) -> Iterator[TextIO]:
    """A new text file in UTF-8, packed where its name ends in .gz."""
    with unfinished(path) as beside:
        if path.suffix.lower() == ".gz":
            with gzip.open(beside, "wt", encoding="utf-8", newline="\n", compresslevel=6) as packed:
                yield packed
        else:
            with beside.open("w", encoding="utf-8", newline="\n") as plain:
                yield plain


def write_rows(file: TextIO, connection: duckdb.DuckDBPyConnection, query: str, *, separator: str = "") -> None:
    """Write the one text column of a query, row by row in its order, with `separator` between the rows."""
    is_first = True
    for batch in connection.sql(query).to_arrow_reader(_BATCH):
        texts = batch.column(0).to_pylist()
        if texts:
            file.write(("" if is_first else separator) + separator.join(texts))
            is_first = False
