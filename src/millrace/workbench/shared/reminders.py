"""Reminders: once a day, those who are told of a stream's alerts hear what is due in it, and what is overdue."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from millrace.improve.register.state import OVER
from millrace.store.governing import Notice, Receiver, Route
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.portfolio import PortfolioOperations
from millrace.workbench.shared.snapshots import stream_id_of

SOON = timedelta(days=3)


class ReminderOperations(PortfolioOperations):
    """Remind of reviews and actions."""

    def remind(self) -> int:
        """Write a notice on each stream with something due, to every receiver of its alerts; how many were written."""
        n_written = 0
        today = self.clock().date()
        for view in self.streams(HERE):
            due = tuple(self._due(view.key, today))
            if not due:
                continue
            title = f"{len(due)} reminder{'' if len(due) == 1 else 's'} – {view.title}"
            body = "\n".join(f"• {sentence}" for sentence in due)
            with self._database.transaction() as session:
                receivers = _receivers(session, stream_id_of(session, view.key))
                session.add_all(
                    Notice(receiver_id=each, title=title, body=body, due_at=self.clock()) for each in receivers
                )
                n_written += len(receivers)
        return n_written

    def _due(self, key: str, today: date) -> Iterator[str]:
        """What is due in a stream within days, or was."""
        review = self.next_review(HERE, key)
        if review is not None and review.due_on <= today + SOON:
            yield f"The review {'was' if review.due_on < today else 'is'} due on {review.due_on}."
        for improvement in self.improvements(HERE, stream=key):
            asked_on = improvement.draft.review_on
            if asked_on is not None and asked_on <= today + SOON and improvement.state not in OVER:
                yield f"“{improvement.title}” is to be looked at on {asked_on}."
            for action in improvement.actions:
                if action.state.is_open and action.due_on is not None and action.due_on <= today + SOON:
                    verb = "was" if action.due_on < today else "is"
                    yield f"“{action.title}” of “{improvement.title}” {verb} due on {action.due_on}."


def _receivers(session: Session, stream_id: str) -> list[str]:
    """Those who are told of any alert of the stream."""
    chosen = (
        select(Route.receiver_id)
        .join(Receiver, Route.receiver_id == Receiver.id)
        .where(Receiver.removed_at.is_(None), or_(Route.stream_id.is_(None), Route.stream_id == stream_id))
        .distinct()
    )
    return list(session.scalars(chosen))
