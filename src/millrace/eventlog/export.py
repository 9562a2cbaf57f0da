"""Tables written as CSV that a spreadsheet opens without running anything that lies in a cell."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

import duckdb

from millrace.errors import MillraceError
from millrace.eventlog.engine import name

_RUNS = "^[=+@\\t\\r\\n-]"
_NUMBER = "[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?"


class ExportNotWritten(MillraceError):
    """A table could not be written as CSV."""

    slug = "export-not-written"

    def __init__(self, path: Path, failure: Exception) -> None:
        """Name the file, what failed, and what to do."""
        if not path.parent.is_dir():
            what = f"the folder “{path.parent}” is not there; make it, or choose another"
        else:
            what = f"{str(failure).splitlines()[0]}. Free some space there, or choose another place"
        super().__init__(f"“{path}” was not written: {what}.")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows of texts as CSV, made harmless for spreadsheets in the same way as `write_csv` does it."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([_harmless(cell) for cell in header])
    writer.writerows(
        [f"'{cell}" if re.match(_RUNS, cell) and not re.fullmatch(_NUMBER, cell) else cell for cell in row]
        for row in rows
    )
    return written.getvalue()


def write_csv(table: duckdb.DuckDBPyRelation, path: Path) -> None:
    """Write a relation as CSV in UTF-8 with a header.

    A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers are left alone. The file
    appears whole or not at all.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    columns = zip(table.columns, map(str, table.types), strict=True)
    try:
        table.project(", ".join(_cell(column, engine_type) for column, engine_type in columns)).write_csv(
            str(unfinished), header=True
        )
        unfinished.replace(path)
    except (OSError, duckdb.IOException) as failure:
        raise ExportNotWritten(path, failure) from failure
    finally:
        if path.parent.is_dir():
            unfinished.unlink(missing_ok=True)


def _cell(column: str, engine_type: str) -> str:
    cell = name(column)
    if engine_type != "VARCHAR":
        return f"{cell} AS {name(_harmless(column))}"
    is_formula = f"regexp_matches({cell}, '{_RUNS}') AND NOT regexp_full_match({cell}, '{_NUMBER}')"
    return f"CASE WHEN {is_formula} THEN '''' || {cell} ELSE {cell} END AS {name(_harmless(column))}"


def _harmless(header: str) -> str:
    return f"'{header}" if header[:1] in tuple("=+-@\t\r\n") else header
