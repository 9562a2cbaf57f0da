"""Classified time: how much of all elapsed time rests on the class of each status or activity."""

from millrace.eventlog.event_log import EventClass, EventLog
from millrace.eventlog.readiness import ClassifiedTime, Readiness
from millrace.flow.flow import Flow

_Label = tuple[str | None, str | None, str | None]
"""Type of record, activity, status."""


def classified_time(log: EventLog, flow: Flow) -> tuple[ClassifiedTime, ...]:
    """Every status with the share of time that its class carries, most first."""
    classes: dict[_Label, EventClass] = {(None, c.activity, c.status): c for c in log.about.event_classes}
    for record_type in log.about.record_types:
        classes |= {(record_type.name, c.activity, c.status): c for c in record_type.event_classes}
    total = sum(label.microseconds for label in flow.about.label_times)
    result = []
    for label in flow.about.label_times:
        found = classes.get((label.item_type, label.activity, label.status))
        if found is None:
            continue
        both = [text for text in dict.fromkeys((label.activity, label.status)) if text]
        result.append(
            ClassifiedTime(
                label=" / ".join(both) + (f" ({label.item_type})" if label.item_type else ""),
                state=str(found.state or "unchanged"),
                wait_reason=str(found.wait_reason),
                side=str(found.side),
                n_events=found.n_events,
                share_of_time_ratio=label.microseconds / total if total else None,
                sureness_ratio=found.sureness_ratio,
                is_given=found.is_given,
                why=found.why,
            )
        )
    return tuple(result)


def readiness(log: EventLog, flow: Flow) -> Readiness:
    """The log's readiness, with the time that each class carries."""
    return log.about.readiness.model_copy(update={"classified_time": classified_time(log, flow)})
