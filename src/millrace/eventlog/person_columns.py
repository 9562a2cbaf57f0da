"""Which columns of a log name people: those that mean it, and those that are called so."""

import re
from collections.abc import Container

from millrace.eventlog.event_log import EventLog

_PERSONS = ("person", "requester")
_PEOPLE = re.compile(
    r"(^|_|\b)(requester|person|caller|caller_id|assignee|assigned_to|requested_for|owner|author|user|employee|agent|"
    r"resource|e?mail|phone|contact|reporter|customer_name|(first|last|full|display|user|sur)_?name|"
    r"(\w+_)?(opened|created|updated|resolved|closed|raised|submitted|reported|logged|entered|changed)_by)$",
    re.IGNORECASE,
)
_NO_PEOPLE = re.compile(r"contact_?type|user_?group|usergroup|owner_?group", re.IGNORECASE)


def names_people(column: str) -> bool:
    """True where a column by its name holds people, or ways to reach them."""
    called = re.sub(r"[\s.-]+", "_", column.strip())
    return bool(_PEOPLE.search(called)) and not _NO_PEOPLE.search(called)


def person_columns(log: EventLog, *, further: Container[str] = (), harmless: Container[str] = ()) -> tuple[str, ...]:
    """The columns of `log` that name people; `further` do too, `harmless` do not, whatever they are called."""
    there = (*(column for column in _PERSONS if column in log.about.columns), *log.about.attributes)
    return tuple(
        column
        for column in there
        if column not in harmless and (column in _PERSONS or column in further or names_people(column))
    )
