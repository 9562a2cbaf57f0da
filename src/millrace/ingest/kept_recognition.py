"""What recognition made of a log's source, kept beside its events for people to look at and to edit."""

from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from millrace.eventlog.event_log import EventLog
from millrace.ingest.mapping import Guess, Mapping
from millrace.ingest.proposal import Proposed
from millrace.ingest.raw import ROW
from millrace.ingest.records_mapping import RecordsMapping
from millrace.ingest.writing import RECOGNITION_FILE

_N_SAMPLE_ROWS = 5


class Recognition(BaseModel):
    """The mapping that a log was read with, the guesses behind it (none where it was given), and the first rows."""

    model_config = ConfigDict(frozen=True)

    mapping: Mapping | RecordsMapping
    guesses: tuple[Guess, ...]
    sample: tuple[dict[str, str | None], ...]


def keep_recognition(folder: Path, proposed: Proposed, connection: duckdb.DuckDBPyConnection) -> None:
    """Keep what was recognised in the folder of its log."""
    main = proposed.sources.main
    names = [column.name for column in main.columns]
    query = f"SELECT COLUMNS(* EXCLUDE ({ROW}))::VARCHAR FROM {main.relation} ORDER BY {ROW} LIMIT {_N_SAMPLE_ROWS}"
    rows = connection.execute(query).fetchall()
    sample = tuple(dict(zip(names, row, strict=True)) for row in rows)
    write_recognition(folder, Recognition(mapping=proposed.sources.mapping, guesses=proposed.guesses, sample=sample))


def keep_records_mapping(folder: Path, mapping: RecordsMapping, guesses: tuple[Guess, ...] = ()) -> None:
    """Keep what several record files were read with in the folder of their log."""
    write_recognition(folder, Recognition(mapping=mapping, guesses=guesses, sample=()))


def write_recognition(folder: Path, recognition: Recognition) -> None:
    """Write what was recognised beside the log in `folder`."""
    (folder / RECOGNITION_FILE).write_text(recognition.model_dump_json(indent=1), "utf-8")


def kept_recognition(log: EventLog) -> Recognition:
    """What was recognised when `log` was brought in."""
    return Recognition.model_validate_json((log.folder / RECOGNITION_FILE).read_text("utf-8"))
