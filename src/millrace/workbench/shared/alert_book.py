"""Alerts of the workspace: raised once, acknowledged, muted, resolved by somebody or by themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.govern.raising import Raising, raising
from millrace.govern.signal import Severity, Signal, SourceState, Watched
from millrace.govern.signals import kind_title, signals
from millrace.store.governing import Alert, AlertDeed
from millrace.store.people import Person
from millrace.store.streams import Stream
from millrace.store.tables import new_id
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.delivery import DeliveryOperations, routes_of
from millrace.workbench.shared.source_book import FAILED, SourceView
from millrace.workbench.shared.stream_book import NoSuchStream, StreamView
from millrace.workbench.shared.target_book import TargetBookOperations
from millrace.workbench.shared.watched_folders import WatchedFolderOperations

OPEN, ACKNOWLEDGED, RESOLVED = "open", "acknowledged", "resolved"
_AT_ONCE = 500


class NoSuchAlert(MillraceError):
    """There is no alert of this id."""

    slug = "no-such-alert"

    def __init__(self, alert_id: str) -> None:
        """Name the id."""
        super().__init__(f"There is no alert “{alert_id}”.")


@dataclass(frozen=True)
class AlertView:
    """An alert as people see it. `state` is `open`, `acknowledged` or `resolved`; `is_over`: it went away by itself."""

    id: str
    stream_key: str
    kind: str
    severity: Severity
    title: str
    sentence: str
    item: str | None
    began_at: datetime
    raised_at: datetime
    seen_at: datetime
    state: str
    muted_until: datetime | None
    is_muted: bool
    resolved_at: datetime | None
    is_over: bool

    @property
    def kind_title(self) -> str:
        """What people call its kind."""
        return kind_title(self.kind)


@dataclass(frozen=True)
class AlertDeedView:
    """What was done about an alert, by whom (None: by itself), and what they noted."""

    at: datetime
    deed: str
    person: str | None
    note: str


@dataclass(frozen=True)
class AlertsAsked:
    """Which alerts are asked for; empty stands for all. `state` is `unresolved` or a state; muted ones if asked."""

    state: str = "unresolved"
    stream: str = ""
    kind: str = ""
    severity: str = ""
    item: str = ""
    with_muted: bool = False


@dataclass(frozen=True)
class AlertsShown:
    """A page of alerts, the worst and newest first, and how many there are in all."""

    alerts: tuple[AlertView, ...]
    n_alerts: int


@dataclass(frozen=True)
class Looked:
    """What a look at a stream changed."""

    at: datetime
    n_raised: int
    n_going_on: int
    n_over: int


class AlertBookOperations(TargetBookOperations, WatchedFolderOperations, DeliveryOperations):
    """Look for what deserves attention, and deal with it."""

    @needs(Permission.CHANGE)
    def look(self, actor: Actor, key: str) -> Looked:
        """Look at a stream: what is new is raised and told, what is over ends. Raises NotMeasured, SourceNotReady."""
        view, flow = self.stream(actor, key), self.flow(actor, key)
        source = self.source(actor, view.source_key or "")
        at = self._known_until(flow, source)
        state = SourceState(source.name, self.is_refreshed(source.key), _problem(source), source.version)
        log = self.source_log(actor, source.key)
        with self.alone_with(flow):
            found = signals(Watched(view.stream, flow, log, at, state))
        return self._kept(view, found, at)

    def look_everywhere(self, actor: Actor) -> dict[str, Looked | str]:
        """Look at every stream that is measured, by its key; the sentence of what stands in the way of a look."""
        looked: dict[str, Looked | str] = {}
        for view in self.streams(actor):
            if view.source_key is not None:
                try:
                    looked[view.key] = self.look(actor, view.key)
                except MillraceError as problem:
                    looked[view.key] = problem.sentence
        self.escalate()
        return looked

    def escalate(self) -> None:
        """Tell those who are to hear of what nobody has acknowledged."""
        with self._database.transaction() as session:
            routes = [route for route in routes_of(session) if route.after_minutes]
            for stream_id, key in session.execute(select(Stream.id, Stream.key)).all() if routes else ():
                unseen = session.scalars(select(Alert).where(Alert.stream_id == stream_id, Alert.state == OPEN)).all()
                if unseen:
                    self._tell(session, unseen, key, routes)

    @needs(Permission.READ)
    def alerts(self, actor: Actor, asked: AlertsAsked, *, page: int = 1, per_page: int = 50) -> AlertsShown:
        """A page of the alerts that are asked for."""
        del actor
        chosen = select(Alert, Stream.key).join(Stream, Alert.stream_id == Stream.id)
        chosen = chosen.where(Stream.archived_at.is_(None))
        if asked.state == "unresolved":
            chosen = chosen.where(Alert.state != RESOLVED)
        elif asked.state:
            chosen = chosen.where(Alert.state == asked.state)
        for column, wanted in (
            (Stream.key, asked.stream), (Alert.kind, asked.kind), (Alert.severity, asked.severity),
            (Alert.item, asked.item),
        ):  # fmt: skip
            if wanted:
                chosen = chosen.where(column == wanted)
        if not asked.with_muted:
            chosen = chosen.where(Alert.muted_until.is_(None) | (Alert.muted_until <= self.clock()))
        rank = _rank()
        with self._reading() as session:
            n_alerts = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
            ordered = chosen.order_by(rank, Alert.raised_at.desc(), Alert.began_at.desc(), Alert.id)
            rows = session.execute(ordered.limit(per_page).offset((page - 1) * per_page)).all()
            return AlertsShown(tuple(_view(alert, key, self.clock()) for alert, key in rows), n_alerts)

    @needs(Permission.READ)
    def alert(self, actor: Actor, alert_id: str) -> AlertView:
        """One alert. Raises NoSuchAlert."""
        del actor
        with self._reading() as session:
            alert = _found(session, alert_id)
            return _view(alert, session.get_one(Stream, alert.stream_id).key, self.clock())

    @needs(Permission.READ)
    def alert_history(self, actor: Actor, alert_id: str) -> tuple[AlertDeedView, ...]:
        """What was done about an alert, the latest first. Raises NoSuchAlert."""
        del actor
        with self._reading() as session:
            _found(session, alert_id)
            rows = session.execute(
                select(AlertDeed, Person.name)
                .outerjoin(Person, AlertDeed.person_id == Person.id)
                .where(AlertDeed.alert_id == alert_id)
                .order_by(AlertDeed.id.desc())
            ).all()
            return tuple(AlertDeedView(deed.at, deed.deed, name, deed.note) for deed, name in rows)

    @needs(Permission.CHANGE)
    def acknowledge(self, actor: Actor, alert_id: str, *, note: str = "") -> None:
        """Say that somebody deals with an alert: nobody else is called. Raises NoSuchAlert."""
        with self._doing(actor, "acknowledge_alert", f"alert:{alert_id}") as session:
            alert = _found(session, alert_id)
            if alert.state == OPEN:
                alert.state = ACKNOWLEDGED
            self._noted(session, alert, ACKNOWLEDGED, actor, note)

    @needs(Permission.CHANGE)
    def mute(self, actor: Actor, alert_id: str, *, until: datetime, note: str = "") -> None:
        """Put an alert away until an instant. Raises NoSuchAlert."""
        with self._doing(actor, "mute_alert", f"alert:{alert_id}", until=until.isoformat()) as session:
            alert = _found(session, alert_id)
            alert.muted_until = until
            self._noted(session, alert, "muted", actor, f"until {until:%Y-%m-%d}{': ' + note if note else ''}")

    @needs(Permission.CHANGE)
    def resolve(self, actor: Actor, alert_id: str, *, note: str) -> None:
        """End an alert; the same occasion is not raised again. Raises NoSuchAlert."""
        with self._doing(actor, "resolve_alert", f"alert:{alert_id}") as session:
            alert = _found(session, alert_id)
            if alert.state != RESOLVED:
                alert.state, alert.resolved_at = RESOLVED, self.clock()
            self._noted(session, alert, RESOLVED, actor, note)

    def _known_until(self, flow: Flow, source: SourceView) -> datetime:
        """Until when all is known: until a source that is refreshed was brought in; of others, until the last event."""
        if not self.is_refreshed(source.key):
            return flow.now_at
        return max(flow.now_at, min(source.changed_at, self.clock()))

    def _kept(self, view: StreamView, found: tuple[Signal, ...], at: datetime) -> Looked:
        with self._database.transaction() as session:
            # Two servers that look at one stream do so one after the other.
            stream = session.scalars(select(Stream).where(Stream.key == view.key).with_for_update()).first()
            if stream is None:
                raise NoSuchStream(view.key, [])
            unresolved = session.scalars(
                select(Alert).where(Alert.stream_id == stream.id, Alert.state != RESOLVED)
            ).all()
            open_now = {(alert.kind, alert.subject): alert for alert in unresolved}
            changes = raising(found, open_now, _told(session, stream.id, found))
            self._go_on(session, open_now, changes)
            raised = [self._raised(stream.id, signal) for signal in changes.raised]
            session.add_all(raised)
            session.flush()
            session.add_all(AlertDeed(alert_id=alert.id, at=alert.raised_at, deed="raised") for alert in raised)
            if raised:
                self._tell(session, raised, view.title, [r for r in routes_of(session) if not r.after_minutes])
            return Looked(at, len(raised), len(changes.going_on), len(changes.over))

    def _raised(self, stream_id: str, signal: Signal) -> Alert:
        at = self.clock()
        return Alert(
            id=new_id(), stream_id=stream_id, kind=signal.kind, subject=signal.subject,
            fingerprint=signal.fingerprint, severity=signal.severity, title=signal.title, sentence=signal.sentence,
            item=signal.item, began_at=signal.began_at, raised_at=at, seen_at=at, state=OPEN,
        )  # fmt: skip

    def _go_on(self, session: Session, open_now: dict[tuple[str, str], Alert], changes: Raising) -> None:
        at = self.clock()
        for about, signal in changes.going_on.items():
            alert = open_now[about]
            alert.seen_at, alert.severity = at, signal.severity
            alert.title, alert.sentence = signal.title, signal.sentence
        for about in changes.over:
            alert = open_now[about]
            alert.state, alert.resolved_at, alert.is_over = RESOLVED, at, True
            session.add(AlertDeed(alert_id=alert.id, at=at, deed="over"))

    def _noted(self, session: Session, alert: Alert, deed: str, actor: Actor, note: str) -> None:
        who, at = actor.person_id, self.clock()
        session.add(AlertDeed(alert_id=alert.id, at=at, person_id=who, deed=deed, note=note.strip()[:1000]))


def _told(session: Session, stream_id: str, found: tuple[Signal, ...]) -> set[str]:
    """Those of the signals' fingerprints that an alert of this stream has."""
    prints, told = [signal.fingerprint for signal in found], set[str]()
    for begin in range(0, len(prints), _AT_ONCE):
        chosen = Alert.fingerprint.in_(prints[begin : begin + _AT_ONCE])
        told.update(session.scalars(select(Alert.fingerprint).where(Alert.stream_id == stream_id, chosen)))
    return told


def _problem(source: SourceView) -> str | None:
    return source.problem if source.state == FAILED else None


def _rank() -> ColumnElement[int]:
    """The worst first."""
    return case({severity.value: -severity.rank for severity in Severity}, value=Alert.severity, else_=0)


def _found(session: Session, alert_id: str) -> Alert:
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    return alert


def _view(alert: Alert, stream_key: str, at: datetime) -> AlertView:
    return AlertView(
        alert.id, stream_key, alert.kind, Severity(alert.severity), alert.title, alert.sentence, alert.item,
        alert.began_at, alert.raised_at, alert.seen_at, alert.state, alert.muted_until,
        alert.muted_until is not None and alert.muted_until > at, alert.resolved_at,
        alert.is_over,
    )  # fmt: skip
