"""The log of a source whose exports follow each other."""

from collections.abc import Sequence
from pathlib import Path

from millrace.eventlog.event_log import EventLog
from millrace.ingest.appending import NotAppendable, append_logs
from millrace.ingest.kept_recognition import kept_recognition
from millrace.ingest.mapping import Mapping
from millrace.ingest.records_mapping import RecordsMapping
from millrace.store import Workspace, fingerprint
from millrace.workbench.sources import FORMAT, Finish, Progress, log_of


def appended_log(
    workspace: Workspace,
    exports: Sequence[Sequence[Path]],
    mapping: Mapping | RecordsMapping | None,
    progress: Progress,
    *,
    finish: Finish | None = None,
) -> EventLog:
    """The log of `exports`, the oldest first, each of one or several files.

    Without a `mapping`, what was recognised of the first holds for all. Raises NotAppendable, and what `log_of` raises.
    """

    def part(nth: int) -> Progress:
        return lambda stage, share: progress(stage, (nth + share) / len(exports))

    first = log_of(workspace, exports[0], mapping, part(0), finish=finish)
    if len(exports) == 1:
        return first
    meaning = mapping or kept_recognition(first).mapping
    if isinstance(meaning, RecordsMapping):
        raise NotAppendable(first.about.source_name)
    later = [log_of(workspace, each, meaning, part(nth), finish=finish) for nth, each in enumerate(exports[1:], 1)]
    logs = [first, *later]
    key = fingerprint((), FORMAT, "appended", *(log.folder.name for log in logs))

    def append(folder: Path) -> None:
        append_logs(logs, meaning, folder)

    return EventLog.open(workspace.kept("logs", key, append))
