"""Bringing sources in, whatever they are together: one log, records with their changes, or several record files."""

from collections.abc import Sequence
from pathlib import Path

from millrace.eventlog.event_log import EventLog
from millrace.ingest.importing import Progress, import_log
from millrace.ingest.mapping import Mapping
from millrace.ingest.proposal import SourcesDoNotFit
from millrace.ingest.records import import_records
from millrace.ingest.records_mapping import RecordsMapping


def bring_in(
    sources: Sequence[Path],
    folder: Path,
    *,
    mapping: Mapping | RecordsMapping | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> EventLog:
    """Bring sources in as the log in `folder`; what they are together follows from the mapping, or from themselves.

    Raises `MillraceError`.
    """
    if isinstance(mapping, RecordsMapping):
        return import_records(sources, folder, mapping=mapping, strict=strict, progress=progress)
    if mapping is not None or len(sources) < 2:
        return import_log(sources, folder, mapping=mapping, strict=strict, progress=progress)
    if len(sources) > 2:
        return import_records(sources, folder, strict=strict, progress=progress)
    try:
        return import_log(sources, folder, strict=strict, progress=progress)
    except SourcesDoNotFit as neither:
        try:
            return import_records(sources, folder, strict=strict, progress=progress)
        except SourcesDoNotFit:
            raise neither from None
