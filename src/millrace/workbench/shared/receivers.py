"""Receivers of notices, and the routes by which alerts reach them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.govern.receiver_address import receiver, shown_address
from millrace.govern.signal import Severity
from millrace.govern.signals import KINDS
from millrace.store.governing import Notice, Receiver, Route
from millrace.store.streams import Stream
from millrace.store.tables import now
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.shared import Shared


class NoSuchReceiver(MillraceError):
    """There is no receiver of this id."""

    slug = "no-such-receiver"

    def __init__(self, receiver_id: str) -> None:
        """Name the id."""
        super().__init__(f"There is no receiver “{receiver_id}”.")


class RouteNotUnderstood(MillraceError):
    """A route names a kind or a stream that there is not."""

    slug = "route-not-understood"

    def __init__(self, what: str, given: str) -> None:
        """Name it."""
        super().__init__(f"There is no {what} “{given}”. Leave it empty for all.")


@dataclass(frozen=True)
class RouteView:
    """Which alerts a receiver is told of; None stands for all. `after` is how long nobody has acknowledged them."""

    id: str
    stream_key: str | None
    kind: str | None
    severity: Severity
    after: timedelta


@dataclass(frozen=True)
class ReceiverView:
    """A receiver as people see it, never with its whole address."""

    id: str
    name: str
    shown: str
    routes: tuple[RouteView, ...]


@dataclass(frozen=True)
class NoticeView:
    """A notice on its way. `state` is `waiting`, `sent` or `given_up`; `problem` what the last try met with."""

    id: str
    receiver: str
    title: str
    state: str
    n_tries: int
    due_at: datetime
    created_at: datetime
    sent_at: datetime | None
    problem: str | None


class ReceiverOperations(Shared):
    """Say who is told of what."""

    @needs(Permission.ADMINISTER)
    def add_receiver(self, actor: Actor, name: str, address: str) -> str:
        """Add a receiver; its id. The address is kept and never shown again. Raises AddressNotUsable."""
        receiver(address)
        shown = shown_address(address.strip())
        with self._doing(actor, "add_receiver", "receivers", name=name, address=shown) as session:
            kept = Receiver(name=name.strip() or shown, address=address.strip(), shown=shown)
            session.add(kept)
            session.flush()
            session.add(Route(receiver_id=kept.id))
            return kept.id

    @needs(Permission.ADMINISTER)
    def remove_receiver(self, actor: Actor, receiver_id: str) -> None:
        """Tell a receiver nothing more; what was sent stays known. Raises NoSuchReceiver."""
        with self._doing(actor, "remove_receiver", f"receiver:{receiver_id}") as session:
            kept = found_receiver(session, receiver_id)
            kept.removed_at, kept.address = now(), ""

    @needs(Permission.ADMINISTER)
    def add_route(
        self,
        actor: Actor,
        receiver_id: str,
        *,
        stream: str | None = None,
        kind: str | None = None,
        severity: Severity = Severity.WARNING,
        after: timedelta = timedelta(),
    ) -> None:
        """Tell a receiver of alerts of one stream, one kind, from a severity on; each None: of all.

        With `after`, only of those that nobody has acknowledged for so long. Raises NoSuchReceiver, RouteNotUnderstood.
        """
        if kind is not None and kind not in KINDS:
            raise RouteNotUnderstood("kind of alert", kind)
        with self._doing(actor, "add_route", f"receiver:{receiver_id}", stream=stream, kind=kind) as session:
            found_receiver(session, receiver_id)
            stream_id = session.scalar(select(Stream.id).where(Stream.key == stream)) if stream is not None else None
            if stream is not None and stream_id is None:
                raise RouteNotUnderstood("stream", stream)
            minutes = after // timedelta(minutes=1)
            session.add(
                Route(receiver_id=receiver_id, stream_id=stream_id, kind=kind, severity=severity, after_minutes=minutes)
            )

    @needs(Permission.ADMINISTER)
    def drop_route(self, actor: Actor, route_id: str) -> None:
        """Tell its receiver no more by a route; nothing happens where it is gone."""
        with self._doing(actor, "drop_route", f"route:{route_id}") as session:
            kept = session.get(Route, route_id)
            if kept is not None:
                session.delete(kept)

    @needs(Permission.ADMINISTER)
    def receivers(self, actor: Actor) -> tuple[ReceiverView, ...]:
        """All receivers by name, with their routes."""
        del actor
        with self._reading() as session:
            kept = session.scalars(select(Receiver).where(Receiver.removed_at.is_(None)).order_by(Receiver.name)).all()
            return tuple(ReceiverView(each.id, each.name, each.shown, _routes(session, each)) for each in kept)

    @needs(Permission.ADMINISTER)
    def notices(self, actor: Actor, *, limit: int = 50) -> tuple[NoticeView, ...]:
        """The latest notices, those that wait or were given up first."""
        del actor
        with self._reading() as session:
            rows = session.execute(
                select(Notice, Receiver.name)
                .join(Receiver, Notice.receiver_id == Receiver.id)
                .order_by(Notice.sent_at.is_not(None), Notice.created_at.desc())
                .limit(limit)
            )
            return tuple(
                NoticeView(
                    notice.id, name, notice.title, notice.state, notice.n_tries, notice.due_at, notice.created_at,
                    notice.sent_at, notice.problem,
                )
                for notice, name in rows
            )  # fmt: skip


def _routes(session: Session, kept: Receiver) -> tuple[RouteView, ...]:
    rows: Sequence[tuple[Route, str | None]] = session.execute(
        select(Route, Stream.key)
        .outerjoin(Stream, Route.stream_id == Stream.id)
        .where(Route.receiver_id == kept.id)
        .order_by(Route.after_minutes, Route.id)
    ).all()
    return tuple(
        RouteView(route.id, key, route.kind, Severity(route.severity), timedelta(minutes=route.after_minutes))
        for route, key in rows
    )


def found_receiver(session: Session, receiver_id: str) -> Receiver:
    """A receiver that is there. Raises NoSuchReceiver."""
    kept = session.get(Receiver, receiver_id)
    if kept is None or kept.removed_at is not None:
        raise NoSuchReceiver(receiver_id)
    return kept
