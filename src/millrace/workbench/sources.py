"""Logs and flows of the workspace: brought in and cut once, found again by the contents they were made from."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from millrace.errors import MillraceError
from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.flow.cut import TABLES, cut
from millrace.flow.discover import discover
from millrace.flow.discover_linked import discover_linked
from millrace.flow.flow import Flow, FlowDescription
from millrace.flow.readying import start_readying
from millrace.ingest.bringing_in import bring_in
from millrace.ingest.mapping import Mapping
from millrace.ingest.records_mapping import RecordsMapping
from millrace.model.value_stream import GOVERNING, ValueStream
from millrace.store import Workspace, fingerprint

FORMAT = f"{version('millrace')} {TABLES} {sorted(FlowDescription.model_fields)}"
"""Marks what the workspace keeps; another release, or tables of another make, are computed anew."""

_STREAM_FILE = "stream.json"

Progress = Callable[[str, float], None]
"""Told what is going on and how far it has come, 0 to 1."""


@dataclass(frozen=True)
class Finish:
    """What is done to a log before it is kept; equal keys stand for equal deeds."""

    key: str
    apply: Callable[[Path], None]


class NoSuchFile(MillraceError):
    """A source is not there, or is a folder."""

    slug = "no-such-file"

    def __init__(self, path: Path) -> None:
        """Name the path."""
        what = "is a folder; name a file in it" if path.is_dir() else "is not there; check the path and its spelling"
        super().__init__(f"The file “{path}” {what}.")


def log_of(
    workspace: Workspace,
    sources: Sequence[Path],
    mapping: Mapping | RecordsMapping | None,
    progress: Progress,
    *,
    strict: bool = False,
    finish: Finish | None = None,
) -> EventLog:
    """The log of `sources`, from the workspace or brought in now, and then finished before anybody sees it."""
    for source in sources:
        if not source.is_file():
            raise NoSuchFile(source)
    written = mapping.model_dump_json() if mapping else ""
    key = fingerprint(sources, FORMAT, written, "strict" if strict else "", *([finish.key] if finish else []))

    def bring_them_in(folder: Path) -> None:
        start_readying()
        bring_in(sources, folder, mapping=mapping, strict=strict, progress=lambda share: progress("reading", share))
        if finish is not None:
            finish.apply(folder)

    return EventLog.open(workspace.kept("logs", key, bring_them_in))


def stream_of(workspace: Workspace, log: EventLog) -> ValueStream:
    """A stream discovered from the log, from the workspace or now."""

    def discover_it(folder: Path) -> None:
        with closing(connect(folder / "spill")) as connection:
            found = (discover_linked if log.about.record_types else discover)(log, connection)
            (folder / _STREAM_FILE).write_text(found.model_dump_json(), "utf-8")

    folder = workspace.kept("streams", fingerprint((), FORMAT, log.folder.name), discover_it)
    return ValueStream.model_validate_json((folder / _STREAM_FILE).read_text("utf-8"))


def flow_of(workspace: Workspace, log: EventLog, stream: ValueStream, progress: Progress) -> Flow:
    """The flow of `log` by `stream`, from the workspace or cut now."""

    from millrace.flow.journeys import cut_journeys

    key = fingerprint((), FORMAT, log.folder.name, stream.model_dump_json(exclude=set(GOVERNING)))

    def cut_it(folder: Path) -> None:
        with closing(connect(folder / "spill")) as connection:
            cut_it_by = cut_journeys if log.about.record_types else cut
            cut_it_by(log, stream, folder, connection, lambda share: progress("measuring", share))

    return Flow.open(workspace.kept("flows", key, cut_it), log.events_path)
