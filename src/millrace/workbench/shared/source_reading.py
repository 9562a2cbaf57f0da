"""Sources are brought in one after the other beside the pages; what was brought in before serves until then."""

import logging
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from time import monotonic, time
from typing import Any

from sqlalchemy import select

from millrace.errors import MillraceError
from millrace.eventlog.changed_items import ChangedItems, changed_items, log_size
from millrace.eventlog.engine import connect
from millrace.eventlog.event_log import EventLog
from millrace.ingest.mapping_file import parse_mapping
from millrace.ingest.source_columns import SourceColumns, source_columns
from millrace.model.value_stream import ValueStream
from millrace.store.streams import Deed, Source
from millrace.store.tables import now
from millrace.store.workspace import on_disk
from millrace.workbench.appended_log import appended_log
from millrace.workbench.inspection import Inspection, inspection_of
from millrace.workbench.shared.access import HERE, Actor, Permission, needs
from millrace.workbench.shared.source_book import FAILED, IMPORTING, READY, WAITING, SourceOperations, found_source
from millrace.workbench.shared.source_files import exports_among
from millrace.workbench.sources import stream_of

_TELL_EVERY_SECONDS = 0.5
_COMES_FOR_SECONDS = 24 * 3600
"""What came longer ago than this and belongs to no source is not on its way any more."""
_BROUGHT_IN = "bring_in"
_BROKE_OFF = (
    "Bringing it in broke off by a fault of Millrace. The server’s log tells what is known of it; please report it. "
    "Meanwhile give the export in another form, or correct how it is read."
)


class SourceNotReady(MillraceError):
    """A source is asked for figures that is not brought in yet, or could not be."""

    slug = "source-not-ready"

    def __init__(self, name: str, state: str) -> None:
        """Say how far it is."""
        how = "could not be brought in" if state == FAILED else "is still being brought in"
        super().__init__(f"The source “{name}” {how}. Its page says how far it is and what to do.")


@dataclass(frozen=True)
class _BroughtIn:
    """A log that was made of a source, and what it says of the items of the one before."""

    log: EventLog
    n_items: int
    n_events: int
    changed: ChangedItems | None


class SourceReadingOperations(SourceOperations):
    """Bring sources in, and give their logs."""

    @needs(Permission.READ)
    def source_log(self, actor: Actor, key: str) -> EventLog:
        """The log of a source that is ready. Raises NoSuchSource, SourceNotReady."""
        source = self.source(actor, key)
        with self._reading() as session:
            log_key = found_source(session, key).log_key
        if log_key is None:
            raise SourceNotReady(source.name, source.state)
        return EventLog.open(self.folder / "logs" / log_key)

    @needs(Permission.READ)
    def proposed_stream(self, actor: Actor, source: str) -> ValueStream:
        """The stream that a source seems to show. Raises NoSuchSource, SourceNotReady."""
        log = self.source_log(actor, source)
        return self.kept.of(("discovered", log.folder.name), lambda: stream_of(self._workspace, log))

    @needs(Permission.READ)
    def inspection(self, actor: Actor, source: str) -> Inspection:
        """What is in a source: its mapping, classes, readiness. Raises NoSuchSource, SourceNotReady."""
        return self._inspected(self.source_log(actor, source))

    @needs(Permission.CHANGE)
    def columns_of_source(self, actor: Actor, key: str) -> SourceColumns | None:
        """The columns of a source of one file, for whoever says which is what; None where it has several files.

        Raises NoSuchSource, SourceError.
        """
        del actor
        with self._reading() as session:
            source = found_source(session, key)
            paths = [self._files_of(source.id) / path for path in source.files]
        if len(paths) != 1:
            return None
        return self.kept.of(("columns", paths[0]), lambda: source_columns(paths[0]))

    def _inspected(self, log: EventLog) -> Inspection:
        asked = ("inspection", log.folder.name)
        return self.kept.of(asked, lambda: inspection_of(self._workspace, log, lambda *_: None))

    @needs(Permission.READ)
    def source_changes(self, actor: Actor, key: str) -> ChangedItems | None:
        """What the last export of a source changed; None where it is the first. Raises NoSuchSource."""
        del actor
        with self._reading() as session:
            source = found_source(session, key)
            last = session.scalar(
                select(Deed)
                .where(Deed.subject == f"source:{source.id}", Deed.deed == _BROUGHT_IN)
                .order_by(Deed.id.desc())
                .limit(1)
            )
            changed = last.details.get("changed") if last else None
            return ChangedItems(**changed) if changed else None

    def bring_in_next(self) -> bool:
        """Bring the source in that has waited longest; False where none waits, or another server is at it.

        What fails is kept as the source's problem. What was interrupted, here or by the end of another server, is
        brought in again.
        """
        with self._workspace.alone_at("imports") as is_alone:
            if not is_alone or not self._is_there_work():
                return False
            self._resume()
            return self._bring_in_one()

    def resume_imports(self) -> None:
        """Have what was being brought in when its server stopped, and what was lost since, brought in again."""
        with self._workspace.alone_at("imports") as is_alone:
            if is_alone:
                self._resume()

    def _resume(self) -> None:
        """Nobody else brings anything in now: what is marked so was interrupted."""
        self._clear_away()
        with self._database.transaction() as session:
            for source in session.scalars(select(Source).where(Source.archived_at.is_(None))):
                if source.state == IMPORTING or self._is_lost(source):
                    source.state, source.progress_ratio = WAITING, 0.0
                if self._is_lost(source):
                    source.log_key = None

    def _clear_away(self) -> None:
        """Remove what processes that were killed while an export came have left: no source refers to it."""
        with self._reading() as session:
            known = set(session.scalars(select(Source.id)))
        orphans = (path for path in (self.folder / "sources").glob("*") if path.name not in known)
        for path in (*self.folder.glob("upload-*"), *orphans):
            if path.is_dir() and path.stat().st_mtime < time() - _COMES_FOR_SECONDS:
                shutil.rmtree(path, ignore_errors=True)

    def _is_there_work(self) -> bool:
        with self._reading() as session:
            asked = select(Source.id).where(Source.state.in_((WAITING, IMPORTING)), Source.archived_at.is_(None))
            return session.scalar(asked.limit(1)) is not None

    def _is_lost(self, source: Source) -> bool:
        """True where the log of a source was brought in, and then taken off the disk by somebody."""
        return source.log_key is not None and not (self.folder / "logs" / source.log_key).is_dir()

    def _bring_in_one(self) -> bool:
        with self._database.transaction() as session:
            source = session.scalar(
                select(Source)
                .where(Source.state == WAITING, Source.archived_at.is_(None))
                .order_by(Source.changed_at)
                .limit(1)
            )
            if source is None:
                return False
            source.state = IMPORTING
            source_id, version, mapping, paths = source.id, source.version, source.mapping, tuple(source.files)
            log_key = source.log_key
        try:
            brought_in = self._brought_in(source_id, paths, mapping, log_key)
        except MillraceError as error:
            self._ended(source_id, version, None, problem=error.sentence)
        except Exception:
            # A fault of ours must not end the thread that brings all others in.
            logging.getLogger("millrace").exception("bringing a source in broke off")
            self._ended(source_id, version, None, problem=_BROKE_OFF)
        else:
            on_disk(brought_in.log.folder)
            self._ended(source_id, version, brought_in)
        return True

    def _brought_in(self, source_id: str, paths: Sequence[str], mapping: str | None, before: str | None) -> _BroughtIn:
        told_at = 0.0

        def tell(_: str, share: float) -> None:
            nonlocal told_at
            if monotonic() - told_at >= _TELL_EVERY_SECONDS:
                told_at = monotonic()
                with self._database.transaction() as session:
                    session.get_one(Source, source_id).progress_ratio = min(share, 1.0)

        given = parse_mapping(mapping) if mapping else None
        folder = self._files_of(source_id)
        exports = [[folder / path for path in each] for each in exports_among(paths)]
        log = appended_log(self._workspace, exports, given, tell, finish=self._finish())
        # Looked at here, so that whoever opens the source's page need not wait for it.
        self._inspected(log)
        with closing(connect()) as connection:
            is_same = before in (None, log.folder.name)
            earlier = None if before is None or is_same else EventLog.open(self.folder / "logs" / before)
            changed = changed_items(earlier, log, connection) if earlier else None
            return _BroughtIn(log, *log_size(log, connection), changed)

    def _ended(
        self, source_id: str, version: int, brought_in: _BroughtIn | None, *, problem: str | None = None
    ) -> None:
        changed = brought_in.changed if brought_in else None
        details: dict[str, Any] = {"problem": problem, "changed": asdict(changed) if changed else None}
        with self._doing(HERE, _BROUGHT_IN, f"source:{source_id}", **details) as session:
            source = session.get_one(Source, source_id)
            if source.version != version:
                source.state = WAITING
                return
            source.state, source.problem, source.progress_ratio = (READY if brought_in else FAILED), problem, 1.0
            source.changed_at = now()
            if brought_in is not None:
                source.log_key = brought_in.log.folder.name
                source.n_items, source.n_events = brought_in.n_items, brought_in.n_events
