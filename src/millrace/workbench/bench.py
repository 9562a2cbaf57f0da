"""What every operation stands on: a workspace folder, someone to tell of progress, logs and flows kept in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from millrace.eventlog.event_log import EventLog
from millrace.flow.flow import Flow
from millrace.ingest.mapping_file import read_mapping
from millrace.model.stream_file import read_stream
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar
from millrace.store import DEFAULT_FOLDER, Workspace
from millrace.workbench.calendar_file import read_calendar
from millrace.workbench.sources import Progress, flow_of, log_of, stream_of


@dataclass(frozen=True)
class AtHand:
    """A log that was brought in already, and its flow by the stream that is asked about."""

    log: EventLog
    flow: Flow


Source = Path | str | Sequence[Path | str] | AtHand
"""One export, the pair of records and changes, or a log that is at hand."""


def _in_silence(_: str, __: float) -> None:
    """Report no progress."""


class Bench:
    """A workspace to work at. Its operations raise `MillraceError` for what a user can mend."""

    def __init__(self, workspace: Path | str = DEFAULT_FOLDER, *, progress: Progress = _in_silence) -> None:
        """Keep results in `workspace`; tell `progress` of anything that takes long."""
        self._workspace = Workspace(Path(workspace))
        self._progress = progress

    @contextmanager
    def _while(self, doing: str) -> Iterator[None]:
        """Tell of work that cannot say how far it is: when it begins, and that it is done."""
        self._progress(doing, 0.0)
        yield
        self._progress(doing, 1.0)

    def _log(self, source: Source, mapping: Path | str | None, *, strict: bool) -> EventLog:
        if isinstance(source, AtHand):
            return source.log
        given = read_mapping(Path(mapping)) if mapping else None
        return log_of(self._workspace, paths_of(source), given, self._progress, strict=strict)

    def _flow(
        self,
        source: Source,
        stream: Path | str | ValueStream | None,
        mapping: Path | str | None,
        calendar: Path | str | WorkCalendar | None,
        *,
        strict: bool,
    ) -> tuple[EventLog, Flow]:
        if isinstance(source, AtHand):
            return source.log, source.flow
        given = stream_given(stream) if stream is not None else None
        log = self._log(source, mapping, strict=strict)
        chosen = given or stream_of(self._workspace, log)
        if calendar is not None:
            hours = calendar if isinstance(calendar, WorkCalendar) else read_calendar(Path(calendar))
            chosen = chosen.model_copy(update={"calendar": hours})
        return log, flow_of(self._workspace, log, chosen, self._progress)


def paths_of(source: Path | str | Sequence[Path | str]) -> tuple[Path, ...]:
    """The files of a source."""
    return (Path(source),) if isinstance(source, Path | str) else tuple(Path(each) for each in source)


def stream_given(stream: Path | str | ValueStream) -> ValueStream:
    """A stream, read where it is a file."""
    return stream if isinstance(stream, ValueStream) else read_stream(Path(stream))
