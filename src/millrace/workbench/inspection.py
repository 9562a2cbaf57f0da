"""What is in an export: how it was read, how sure that is, and what can be measured."""

from dataclasses import dataclass

from millrace.eventlog.event_log import EventClass, EventLog
from millrace.eventlog.readiness import Readiness
from millrace.flow.classified_time import readiness
from millrace.ingest.kept_recognition import kept_recognition
from millrace.ingest.mapping import Guess, Mapping
from millrace.ingest.mapping_file import write_mapping
from millrace.ingest.records_mapping import RecordsMapping
from millrace.model.value_stream import ValueStream
from millrace.store import Workspace
from millrace.workbench.sources import Progress, flow_of, stream_of


@dataclass(frozen=True)
class Inspection:
    """What is in a source: the mapping as applied (and as YAML to edit), how sure each guess is, and the readiness."""

    mapping: Mapping | RecordsMapping
    guesses: tuple[Guess, ...]
    classes: tuple[EventClass, ...]
    sample: tuple[dict[str, str | None], ...]
    readiness: Readiness
    log: EventLog
    stream: ValueStream
    yaml: str


def inspection_of(workspace: Workspace, log: EventLog, progress: Progress) -> Inspection:
    """What a log holds that was brought in."""
    recognition = kept_recognition(log)
    stream = stream_of(workspace, log)
    flow = flow_of(workspace, log, stream, progress)
    classes = log.about.event_classes
    return Inspection(
        recognition.mapping,
        recognition.guesses,
        classes,
        recognition.sample,
        readiness(log, flow),
        log,
        stream,
        write_mapping(recognition.mapping, recognition.guesses, classes),
    )
