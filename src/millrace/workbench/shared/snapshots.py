"""Snapshots: a stream week by week, kept as it was told then, with what changed, why, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.flow.measurement import measurement
from millrace.govern.log_as_of import log_as_of
from millrace.govern.replay import cut_as_of
from millrace.model.workspace_settings import Privacy
from millrace.report.review.week import WeekTold, week_told
from millrace.store.reviews import Snapshot
from millrace.store.streams import Stream
from millrace.workbench.shared.access import HERE, Actor, Permission, needs
from millrace.workbench.shared.alert_book import AlertBookOperations, AlertsAsked
from millrace.workbench.shared.improvement_book import ImprovementBookOperations
from millrace.workbench.shared.privacy import guarded
from millrace.workbench.shared.stream_book import NoSuchStream

WEEK = timedelta(days=7)
MOST_TO_DO = 3


class NoSuchWeek(MillraceError):
    """A stream has nothing to tell of a week: it is not over in the log, or before its beginning."""

    slug = "no-such-week"

    def __init__(self, week_on: date, first: date, last: date) -> None:
        """Name the week, and those there are."""
        super().__init__(
            f"There is no whole week from {week_on} in the log; whole weeks begin from {first} to {last}, on Mondays."
        )


@dataclass(frozen=True)
class ToDo:
    """One thing to do, and the address where it is done."""

    sentence: str
    path: str


@dataclass(frozen=True)
class SnapshotView:
    """A week of a stream as it was told. `todo` is what was to be done then."""

    stream_key: str
    week_on: date
    revision: int
    made_at: datetime
    told: WeekTold
    todo: tuple[ToDo, ...]


class SnapshotOperations(AlertBookOperations, ImprovementBookOperations):
    """Keep weeks as they were."""

    @needs(Permission.READ)
    def snapshots(self, actor: Actor, key: str) -> tuple[SnapshotView, ...]:
        """The kept weeks of a stream, the latest first. Raises NoSuchStream."""
        del actor
        with self._reading() as session:
            stream_id = stream_id_of(session, key)
            kept = session.scalars(
                select(Snapshot).where(Snapshot.stream_id == stream_id).order_by(Snapshot.week_on.desc())
            )
            return tuple(_view(key, each) for each in kept)

    @needs(Permission.READ)
    def whole_weeks(self, actor: Actor, key: str) -> tuple[date, date]:
        """The Mondays of the first and the last whole week of a stream's log. Raises what `flow` raises."""
        flow = self.flow(actor, key)
        first = _monday(flow.began_at.date() + timedelta(days=6))
        return first, _monday(flow.now_at.date()) - WEEK

    @needs(Permission.CHANGE)
    def take_snapshot(self, actor: Actor, key: str, week_on: date | None = None) -> SnapshotView:
        """Keep a week of a stream (the last whole one) as an export made at its end shows it; once and for all.

        Raises NoSuchWeek, and what `flow` raises.
        """
        first, last = self.whole_weeks(actor, key)
        week_on = _monday(week_on) if week_on else last
        if not first <= week_on <= last:
            raise NoSuchWeek(week_on, first, last)
        kept = next((each for each in self.snapshots(actor, key) if each.week_on == week_on), None)
        if kept is not None:
            return kept
        told, todo = self._told(actor, key, week_on), tuple(self._to_do(actor, key))[:MOST_TO_DO]
        with self._doing(actor, "take_snapshot", f"stream:{key}", week_on=week_on.isoformat()) as session:
            snapshot = Snapshot(
                stream_id=stream_id_of(session, key),
                week_on=week_on,
                revision=self.stream(actor, key).latest.number,
                told={"week": told.model_dump(mode="json"), "todo": [vars(each) for each in todo]},
                made_at=self.clock(),
            )
            session.add(snapshot)
            session.flush()
            return _view(key, snapshot)

    def take_snapshots(self) -> dict[str, date | str]:
        """Keep the last whole week of every stream that is measured, by its key; else the sentence of why not."""
        taken: dict[str, date | str] = {}
        for view in self.streams(HERE):
            if view.source_key is not None:
                try:
                    taken[view.key] = self.take_snapshot(HERE, view.key).week_on
                except MillraceError as problem:
                    taken[view.key] = problem.sentence
        return taken

    def _told(self, actor: Actor, key: str, week_on: date) -> WeekTold:
        week_at = datetime.combine(week_on, time(), UTC)
        flow = self.flow(actor, key)
        if flow.now_at <= week_at + WEEK:
            return week_told(flow, self.measured(actor, key), week_at)
        view = self.stream(actor, key)
        log = self.source_log(actor, view.source_key or "")
        with TemporaryDirectory() as folder:
            known = log_as_of(log, week_at + WEEK, _new(Path(folder) / "log"))
            then = guarded(
                cut_as_of(known, flow.about.stream, _new(Path(folder) / "flow")), log, self._settled(Privacy).value
            )
            # All is known until the week's end, though the last event came before.
            until = int((week_at + WEEK).timestamp()) * 1_000_000
            then = replace(then, about=then.about.model_copy(update={"last_at": until}))
            return week_told(then, measurement(then), week_at)

    def _to_do(self, actor: Actor, key: str) -> Iterator[ToDo]:
        """What is late, what is wrong, what costs most: one of each first, then more of them."""
        today = self.clock().date()
        late = [
            ToDo(f"Overdue: {action.title} ({improvement.title}).", f"/improvements/{improvement.key}")
            for improvement in self.improvements(actor, stream=key)
            for action in improvement.actions
            if action.is_late(today)
        ]
        alerts = [
            ToDo(f"{alert.title}. {alert.sentence}", f"/alerts/{alert.id}")
            for alert in self.alerts(actor, AlertsAsked(stream=key, state="open")).alerts
        ]
        found = [
            ToDo(f"{finding.title}: {finding.sentence}", f"/streams/{key}/findings#finding-{number}")
            for number, finding in enumerate(self.stream_findings(actor, key).findings, 1)
        ]
        yield from (todo for group in (late, alerts, found) for todo in group[:1])
        yield from (todo for group in (late, alerts, found) for todo in group[1:MOST_TO_DO])


def _view(key: str, kept: Snapshot) -> SnapshotView:
    told = WeekTold.model_validate(kept.told["week"])
    todo = tuple(ToDo(**each) for each in kept.told["todo"])
    return SnapshotView(key, kept.week_on, kept.revision, kept.made_at, told, todo)


def stream_id_of(session: Session, key: str) -> str:
    """The id of a stream by its key. Raises NoSuchStream."""
    found = session.scalar(select(Stream.id).where(Stream.key == key, Stream.archived_at.is_(None)))
    if found is None:
        raise NoSuchStream(key, list(session.scalars(select(Stream.key).where(Stream.archived_at.is_(None)))))
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder
