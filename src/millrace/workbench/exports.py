"""Operations that give a log to other tools."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb

from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.workbench.bench import Bench, Source
from millrace.workbench.output import UnknownForm

Writer = Callable[[EventLog, Path, duckdb.DuckDBPyConnection], None]


class ExportOperations(Bench):
    """What can be made of a log for others."""

    def export(self, source: Source, output: Path | str, *, mapping: Path | str | None = None) -> Path:
        """Write the log of a source as XES, OCEL 2.0 or CSV, by the output's ending; its path.

        Raises UnknownForm, ExportNotWritten.
        """
        path = Path(output)
        write = _writer(path)
        log = self._log(source, mapping, strict=False)
        with self._while("writing"), closing(connect()) as connection:
            write(log, path, connection)
        return path


def _writer(path: Path) -> Writer:
    from millrace.eventlog.exports.csv import write_events_csv
    from millrace.eventlog.exports.ocel_json import write_ocel_json
    from millrace.eventlog.exports.ocel_sqlite import write_ocel_sqlite
    from millrace.eventlog.exports.ocel_xml import write_ocel_xml
    from millrace.eventlog.exports.xes import write_xes

    writers: dict[str, Writer] = {
        ".xes": write_xes,
        ".xes.gz": write_xes,
        ".csv": write_events_csv,
        ".jsonocel": write_ocel_json,
        ".xmlocel": write_ocel_xml,
        ".sqlite": write_ocel_sqlite,
    }
    write = next((each for ending, each in writers.items() if path.name.lower().endswith(ending)), None)
    if write is None:
        raise UnknownForm(path, tuple(writers))
    return write
