"""Words that a report takes from a flow: what its items are called, and which period it covers."""

from datetime import UTC, datetime, timedelta

from millrace.draw.charts.wording import ITEMS, Noun
from millrace.flow.flow import Flow

_NOUNS = {
    "incident": Noun("incident", "incidents"),
    "service_request": Noun("request", "requests"),
    "request": Noun("request", "requests"),
    "change": Noun("change", "changes"),
    "problem": Noun("problem", "problems"),
    "task": Noun("task", "tasks"),
    "case": Noun("case", "cases"),
    "ticket": Noun("ticket", "tickets"),
    "order": Noun("order", "orders"),
    "issue": Noun("issue", "issues"),
    "interaction": Noun("interaction", "interactions"),
    "call": Noun("call", "calls"),
}


def noun_of(flow: Flow) -> Noun:
    """What the items are called: as the type of record that demands arrive in, or as the file's name or the id's column
    says it; else “items”."""
    if flow.about.record_types:
        return noun_in(flow.about.root_type or "")
    records = flow.about.source_name.split(" and ")[0]  # beside a file of changes, that of the records tells
    return noun_in(f"{records} {flow.about.id_column}")


def noun_in(words: str) -> Noun:
    """What items are called, where the words name one; else “items”."""
    said = words.lower()
    return next((noun for word, noun in _NOUNS.items() if word in said), ITEMS)


def instant(microseconds: int) -> datetime:
    """An instant of a flow's tables."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def period_of(flow: Flow) -> str:
    """`1 Jan 2025 – 31 Dec 2025`."""
    first, last = instant(flow.about.first_at), instant(flow.about.last_at)
    return f"{first.day} {first:%b %Y} – {last.day} {last:%b %Y}"
