"""What the records themselves say beside what is observed: counters that a tool keeps, such as `reopen_count`."""

import re
from dataclasses import dataclass

from millrace.flow.flow import Flow

_REOPENED = re.compile(r"re-?_?open.*(count|number|times|#)|(count|number|times|#).*re-?_?open", re.IGNORECASE)


@dataclass(frozen=True)
class RecordCount:
    """Items whose record has a number above zero in this field on their last event."""

    field: str
    n_items: int


def reopened_by_record(flow: Flow) -> RecordCount | None:
    """Items that the tool's own counter calls reopened; None where the log has no such field.

    It need not agree with what the events show: name the one that is shown.
    """
    fields = [column for column in flow.about.attributes if _REOPENED.search(column)]
    if not fields:
        return None
    counters = flow.attribute(fields[0])
    items = flow.items.join(counters, "last_row")
    n_items = items.filter(items.label.try_cast("float64") > 0).count().to_pyarrow().as_py()
    return RecordCount(fields[0], n_items)
