"""Reviews of streams: planned, held with minutes and decisions, and the next one set."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.report.review.decision import Decision
from millrace.store.reviews import Review
from millrace.store.tables import now
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.snapshots import SnapshotOperations, stream_id_of


class NoSuchReview(MillraceError):
    """A stream has no review of this id."""

    slug = "no-such-review"

    def __init__(self, review_id: str) -> None:
        """Name it."""
        super().__init__(f"There is no review “{review_id}” of this stream.")


class ReviewChangedMeanwhile(MillraceError):
    """Somebody else wrote in the minutes since they were opened. `theirs` is what stands now."""

    slug = "changed-meanwhile"

    def __init__(self, theirs: "ReviewView") -> None:
        """Say what to do."""
        super().__init__("Somebody else changed this review since you opened it. Put both together and save again.")
        self.theirs = theirs


@dataclass(frozen=True)
class ReviewView:
    """A review as people see it: due on a day, held on a day (None until then), what was said and decided."""

    id: str
    stream_key: str
    due_on: date
    held_on: date | None
    minutes: str
    decisions: tuple[Decision, ...]
    version: int
    has_pack: bool = False

    def is_overdue(self, today: date) -> bool:
        """True where its day has passed and it was not held."""
        return self.held_on is None and self.due_on < today


class ReviewOperations(SnapshotOperations):
    """Plan and hold reviews."""

    @needs(Permission.READ)
    def reviews(self, actor: Actor, key: str) -> tuple[ReviewView, ...]:
        """The reviews of a stream, the latest first. Raises NoSuchStream."""
        del actor
        with self._reading() as session:
            chosen = select(Review).where(Review.stream_id == stream_id_of(session, key)).order_by(Review.due_on.desc())
            return tuple(review_view(key, each) for each in session.scalars(chosen))

    @needs(Permission.READ)
    def review(self, actor: Actor, key: str, review_id: str) -> ReviewView:
        """One review. Raises NoSuchStream, NoSuchReview."""
        del actor
        with self._reading() as session:
            return review_view(key, found_review(session, key, review_id))

    @needs(Permission.READ)
    def next_review(self, actor: Actor, key: str) -> ReviewView | None:
        """The earliest review that was not held yet. Raises NoSuchStream."""
        waiting = [each for each in self.reviews(actor, key) if each.held_on is None]
        return min(waiting, key=lambda each: each.due_on, default=None)

    @needs(Permission.APPROVE)
    def plan_review(self, actor: Actor, key: str, due_on: date) -> ReviewView:
        """Set the day of a review. Raises NoSuchStream."""
        with self._doing(actor, "plan_review", f"stream:{key}", due_on=due_on.isoformat()) as session:
            review = Review(stream_id=stream_id_of(session, key), due_on=due_on)
            session.add(review)
            session.flush()
            return review_view(key, review)

    @needs(Permission.CHANGE)
    def write_minutes(
        self, actor: Actor, key: str, review_id: str, minutes: str, decisions: Sequence[Decision], *, version: int
    ) -> ReviewView:
        """Write down what was said and decided. Raises NoSuchReview, ReviewChangedMeanwhile."""
        with self._doing(actor, "write_minutes", f"stream:{key}", review=review_id) as session:
            review = _opened(session, key, review_id, version)
            review.minutes, review.decisions = minutes, [_written(each) for each in decisions]
            return review_view(key, review)

    @needs(Permission.APPROVE)
    def hold_review(
        self, actor: Actor, key: str, review_id: str, *, held_on: date, next_on: date | None, version: int
    ) -> ReviewView:
        """Say that a review was held, and when the next one is; the stream is then reviewed as of that day.

        Raises NoSuchReview, ReviewChangedMeanwhile.
        """
        with self._doing(actor, "hold_review", f"stream:{key}", review=review_id) as session:
            review = _opened(session, key, review_id, version)
            review.held_on = held_on
            if next_on is not None:
                session.add(Review(stream_id=review.stream_id, due_on=next_on))
            held = review_view(key, review)
        view = self.stream(actor, key)
        update: dict[str, object] = {"reviewed_on": held_on}
        if next_on is not None and next_on > held_on:
            update["review_every"] = timedelta(days=(next_on - held_on).days)
        reviewed = view.stream.model_copy(update=update)
        self.save_stream(actor, key, reviewed, based_on=view.latest.number, note=f"Reviewed on {held_on}")
        return held


def _opened(session: Session, key: str, review_id: str, version: int) -> Review:
    """The review, for a change that was made on `version` of it."""
    review = found_review(session, key, review_id)
    if review.version != version:
        raise ReviewChangedMeanwhile(review_view(key, review))
    review.version, review.changed_at = version + 1, now()
    return review


def found_review(session: Session, key: str, review_id: str) -> Review:
    """The review of a stream by its id. Raises NoSuchStream, NoSuchReview."""
    review = session.get(Review, review_id)
    if review is None or review.stream_id != stream_id_of(session, key):
        raise NoSuchReview(review_id)
    return review


def review_view(key: str, kept: Review) -> ReviewView:
    """A review as people see it."""
    decisions = tuple(
        Decision(each["text"], each["who"], date.fromisoformat(each["due_on"]) if each["due_on"] else None)
        for each in kept.decisions
    )
    return ReviewView(
        kept.id, key, kept.due_on, kept.held_on, kept.minutes, decisions, kept.version, kept.pack is not None
    )


def _written(decision: Decision) -> dict[str, str | None]:
    return {**asdict(decision), "due_on": decision.due_on.isoformat() if decision.due_on else None}
