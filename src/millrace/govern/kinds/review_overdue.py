"""Nobody has looked: the stream's review is overdue."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from millrace.govern.signal import Severity, Signal, Watched
from millrace.model.duration import show_duration

TITLE = "Review overdue"


def review_overdue(watched: Watched) -> Iterator[Signal]:
    """A stream that has a rhythm of reviews, and whose last one is longer ago."""
    stream = watched.stream
    if stream.review_every is None or stream.reviewed_on is None:
        return
    due_at = datetime.combine(stream.reviewed_on, time(), UTC) + stream.review_every
    if watched.at > due_at:
        yield Signal(
            "review_overdue",
            "review",
            Severity.WARNING,
            "The review of this stream is overdue",
            f"It was last reviewed on {stream.reviewed_on}, and is to be every "
            f"{show_duration(stream.review_every.total_seconds())}. Hold it, and set the day of the last review.",
            due_at,
            occasion=stream.reviewed_on.isoformat(),
        )
