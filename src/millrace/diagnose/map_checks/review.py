"""Drawn once, then forgotten: no review agreed, or the last one is too long ago."""

from collections.abc import Iterator

from millrace.diagnose.map_checks.check import Found, Subject, note, warning
from millrace.model.duration import show_duration

PITFALL = "drawn once, then forgotten"


def _no_review(subject: Subject) -> Iterator[Found]:
    if subject.stream.review_every is None:
        yield Found(
            "Nobody agreed to look at this stream again.",
            "Write under review_every how often it is reviewed, e.g. 30 d.",
        )


def _overdue(subject: Subject) -> Iterator[Found]:
    stream = subject.stream
    if stream.review_every is None or stream.reviewed_on is None:
        return
    since = subject.today - stream.reviewed_on
    if since > stream.review_every:
        every, ago = (show_duration(span.total_seconds()) for span in (stream.review_every, since))
        yield Found(
            f"The last review was {ago} ago; it should take place every {every}.",
            "Review the stream, and write the day under reviewed_on.",
            evidence=(f"reviewed on {stream.reviewed_on:%Y-%m-%d}, checked on {subject.today:%Y-%m-%d}",),
            place=("reviewed_on",),
        )


def _never_reviewed(subject: Subject) -> Iterator[Found]:
    if subject.stream.review_every is not None and subject.stream.reviewed_on is None:
        yield Found(
            "This stream has not been reviewed yet.", "After the first review, write its day under reviewed_on."
        )


CHECKS = (
    warning("no-review", "A stream is looked at again", _no_review),
    warning("review-overdue", "Reviews take place when they are due", _overdue),
    note("never-reviewed", "A stream has been reviewed", _never_reviewed),
)
