"""Delivery: notices wait in the database until their receiver has taken them.

A notice is written in the same transaction as what it tells, so that neither is lost without the other. Whoever sends
it holds a lease on it; a server that ends in between leaves it to be sent again, with the same key: each notice arrives
at least once, and where the receiver heeds the key, exactly once.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.govern import sending
from millrace.govern.signal import Severity
from millrace.store.governing import Alert, AlertDeed, Notice, Receiver, Route, Telling
from millrace.store.tables import new_id, now
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.receivers import ReceiverOperations, found_receiver

WAITING, SENT, GIVEN_UP = "waiting", "sent", "given_up"
MOST_TRIES = 12
LEASE = timedelta(minutes=5)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
_MOST_TOLD = 20
"""So many alerts a notice tells in full; further ones it counts."""


class DeliveryOperations(ReceiverOperations):
    """Send what waits."""

    clock: Callable[[], datetime] = staticmethod(now)
    """What tells the present instant."""

    def send_due(self) -> int:
        """Send every notice that is due now; how many arrived. Several servers may do so at once."""
        n_sent = 0
        while (claimed := self._claim()) is not None:
            n_sent += self._sent(*claimed)
        return n_sent

    @needs(Permission.ADMINISTER)
    def send_again(self, actor: Actor, notice_id: str) -> None:
        """Have a notice that was given up sent again; nothing happens to others."""
        with self._doing(actor, "send_again", f"notice:{notice_id}") as session:
            session.execute(
                update(Notice)
                .where(Notice.id == notice_id, Notice.state == GIVEN_UP)
                .values(state=WAITING, n_tries=0, due_at=self.clock())
            )

    @needs(Permission.ADMINISTER)
    def try_receiver(self, actor: Actor, receiver_id: str) -> None:
        """Send a receiver a notice that says it works, through the same outbox. Raises NoSuchReceiver."""
        with self._doing(actor, "try_receiver", f"receiver:{receiver_id}") as session:
            found_receiver(session, receiver_id)
            title, body = "A trial from Millrace", "This receiver is set up. Alerts will look like this."
            session.add(Notice(receiver_id=receiver_id, title=title, body=body, due_at=self.clock()))

    def _claim(self) -> tuple[str, str, str, str, str] | None:
        """Take a notice that is due: its id, lease, address, title and body."""
        at, lease = self.clock(), new_id()
        free = or_(Notice.leased_until.is_(None), Notice.leased_until < at)
        due = (Notice.state == WAITING, Notice.due_at <= at, free)
        with self._reading() as session:
            if session.scalar(select(Notice.id).where(*due).limit(1)) is None:
                return None
        with self._database.transaction() as session:
            found = session.execute(
                select(Notice.id, Receiver.address, Notice.title, Notice.body)
                .join(Receiver, Notice.receiver_id == Receiver.id)
                .where(*due)
                .order_by(Notice.due_at)
                .limit(1)
            ).first()
            if found is None:
                return None
            # Whoever else took it meanwhile has set a lease: then this takes nothing.
            taken = session.execute(
                update(Notice).where(Notice.id == found[0], *due).values(lease=lease, leased_until=at + LEASE)
            )
            if not taken.rowcount:  # type: ignore[attr-defined]
                return None
            return found[0], lease, *found[1:]

    def _sent(self, notice_id: str, lease: str, address: str, title: str, body: str) -> int:
        problem = None
        try:
            sending.send(address, title, body, notice_id)
        except MillraceError as error:
            problem = error.sentence
        with self._database.transaction() as session:
            notice = session.get_one(Notice, notice_id)
            if notice.lease != lease:
                return 0
            notice.lease = notice.leased_until = None
            notice.n_tries, notice.problem = notice.n_tries + 1, problem
            if problem is None:
                notice.state, notice.sent_at = SENT, self.clock()
                return 1
            notice.due_at = self.clock() + pause_after(notice.n_tries)
            if notice.n_tries >= MOST_TRIES or not address:
                notice.state = GIVEN_UP
            return 0

    def _tell(self, session: Session, alerts: Sequence[Alert], title: str, routes: Iterable[Route]) -> None:
        """Write one notice to each receiver of the alerts that its routes take, and that they have not told it."""
        for_receiver: dict[str, dict[str, Alert]] = {}
        tellings = []
        told = {(row.alert_id, row.route_id) for row in _tellings_of(session, alerts)}
        for route in routes:
            for alert in alerts:
                if _takes(route, alert, self.clock()) and (alert.id, route.id) not in told:
                    for_receiver.setdefault(route.receiver_id, {})[alert.id] = alert
                    tellings.append((alert.id, route))
        notices = {
            receiver: Notice(id=new_id(), receiver_id=receiver, title=_title(told_of, title), body=_body(told_of),
                             due_at=self.clock())
            for receiver, of in for_receiver.items() if (told_of := list(of.values()))
        }  # fmt: skip
        session.add_all(notices.values())
        session.flush()
        for alert_id, route in tellings:
            session.add(Telling(alert_id=alert_id, route_id=route.id, notice_id=notices[route.receiver_id].id))
        for alert_id in {alert_id for alert_id, _ in tellings}:
            session.add(AlertDeed(alert_id=alert_id, at=self.clock(), deed="told"))


def pause_after(n_tries: int) -> timedelta:
    """How long to wait after so many tries in vain: a minute, then four times longer each time, six hours at most."""
    return min(_FIRST_PAUSE * int(4 ** (n_tries - 1)), _LONGEST_PAUSE)


def routes_of(session: Session) -> list[Route]:
    """All routes of receivers that are there."""
    chosen = select(Route).join(Receiver, Route.receiver_id == Receiver.id).where(Receiver.removed_at.is_(None))
    return list(session.scalars(chosen))


def _tellings_of(session: Session, alerts: Sequence[Alert]) -> Iterable[Telling]:
    ids = [alert.id for alert in alerts]
    for begin in range(0, len(ids), 500):
        yield from session.scalars(select(Telling).where(Telling.alert_id.in_(ids[begin : begin + 500])))


def _takes(route: Route, alert: Alert, at: datetime) -> bool:
    if route.stream_id not in (None, alert.stream_id) or route.kind not in (None, alert.kind):
        return False
    if Severity(alert.severity).rank < Severity(route.severity).rank:
        return False
    if not route.after_minutes:
        return True
    # An escalation: nobody has taken it up, nor put it off.
    is_muted = alert.muted_until is not None and alert.muted_until > at
    return alert.state == "open" and not is_muted and alert.raised_at + timedelta(minutes=route.after_minutes) <= at


def _title(alerts: Sequence[Alert], where: str) -> str:
    return f"{alerts[0].title} – {where}" if len(alerts) == 1 else f"{len(alerts)} alerts – {where}"


def _body(alerts: Sequence[Alert]) -> str:
    worst_first = sorted(alerts, key=lambda alert: (-Severity(alert.severity).rank, alert.began_at))
    lines = [f"• {alert.title}: {alert.sentence}" for alert in worst_first[:_MOST_TOLD]]
    if len(alerts) > _MOST_TOLD:
        lines.append(f"… and {len(alerts) - _MOST_TOLD} more.")
    return "\n".join(lines)
