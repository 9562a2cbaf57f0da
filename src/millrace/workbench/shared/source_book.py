"""Sources of the workspace: exports that people gave, brought in one after the other in the background."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from time import monotonic

from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.eventlog.event_log import EventLog
from millrace.ingest.mapping_file import parse_mapping
from millrace.model.yaml_problem import did_you_mean
from millrace.store.streams import Source
from millrace.store.tables import new_id, now
from millrace.workbench.shared.access import HERE, Actor, Permission, needs
from millrace.workbench.shared.keys import free_key
from millrace.workbench.shared.sign_in import SignInOperations
from millrace.workbench.sources import log_of

WAITING, IMPORTING, READY, FAILED = "waiting", "importing", "ready", "failed"
_TELL_EVERY_SECONDS = 0.5


class NoSuchSource(MillraceError):
    """The workspace has no source of this key."""

    slug = "no-such-source"

    def __init__(self, key: str, known: Sequence[str]) -> None:
        """Name the key and the nearest one."""
        super().__init__(f"There is no source “{key}”{did_you_mean(key, known) or '.'}")


class SourceNotReady(MillraceError):
    """A source is asked for figures that is not brought in yet, or could not be."""

    slug = "source-not-ready"

    def __init__(self, name: str, state: str) -> None:
        """Say how far it is."""
        how = "could not be brought in" if state == FAILED else "is still being brought in"
        super().__init__(f"The source “{name}” {how}. Its page says how far it is and what to do.")


@dataclass(frozen=True)
class SourceView:
    """A source as people see it. `state` is `waiting`, `importing`, `ready` or `failed`."""

    key: str
    name: str
    file_names: tuple[str, ...]
    mapping: str | None
    state: str
    progress_ratio: float
    problem: str | None
    n_items: int | None
    n_events: int | None
    version: int
    created_at: datetime
    changed_at: datetime


class SourceOperations(SignInOperations):
    """Give exports, correct how they are read, bring them in."""

    @needs(Permission.CHANGE)
    def add_source(self, actor: Actor, name: str, files: Sequence[tuple[str, Path]]) -> SourceView:
        """Keep an export (names of its files and where they lie now) and have it brought in; the files are moved."""
        source_id = new_id()
        names = _settle(files, self._files_of(source_id))
        with self._doing(actor, "add_source", f"source:{source_id}", name=name, files=names) as session:
            key = free_key(name, set(session.scalars(select(Source.key))), "export")
            source = Source(id=source_id, key=key, name=name.strip() or names[0], files=names)
            session.add(source)
            session.flush()
            return _view(source)

    @needs(Permission.READ)
    def sources(self, actor: Actor) -> tuple[SourceView, ...]:
        """All sources, the newest first."""
        del actor
        with self._reading() as session:
            kept = session.scalars(
                select(Source).where(Source.archived_at.is_(None)).order_by(Source.created_at.desc())
            )
            return tuple(map(_view, kept))

    @needs(Permission.READ)
    def source(self, actor: Actor, key: str) -> SourceView:
        """One source. Raises NoSuchSource."""
        del actor
        with self._reading() as session:
            return _view(_found(session, key))

    @needs(Permission.CHANGE)
    def map_source(self, actor: Actor, key: str, mapping: str) -> SourceView:
        """Say in YAML how a source is read, and have it brought in anew. Raises NoSuchSource, UnreadableMapping."""
        parse_mapping(mapping)
        with self._doing(actor, "map_source", f"source:{key}") as session:
            source = _found(session, key)
            source.mapping, source.state, source.problem = mapping, WAITING, None
            source.progress_ratio, source.changed_at, source.version = 0.0, now(), source.version + 1
            return _view(source)

    @needs(Permission.CHANGE)
    def replace_source(self, actor: Actor, key: str, files: Sequence[tuple[str, Path]]) -> SourceView:
        """Give a newer export in place of a source's files, and have it brought in. The old files stay until it is."""
        with self._reading() as session:
            source_id = _found(session, key).id
        names = _settle(files, self._files_of(source_id))
        with self._doing(actor, "replace_source", f"source:{key}", files=names) as session:
            source = _found(session, key)
            source.files, source.state, source.problem = names, WAITING, None
            source.progress_ratio, source.changed_at, source.version = 0.0, now(), source.version + 1
            return _view(source)

    @needs(Permission.READ)
    def source_log(self, actor: Actor, key: str) -> EventLog:
        """The log of a source that is ready. Raises NoSuchSource, SourceNotReady."""
        source = self.source(actor, key)
        with self._reading() as session:
            log_key = _found(session, key).log_key
        if log_key is None:
            raise SourceNotReady(source.name, source.state)
        return EventLog.open(self.folder / "logs" / log_key)

    def bring_in_next(self) -> bool:
        """Bring the source in that has waited longest; False where none waits. What fails is kept as its problem."""
        with self._database.transaction() as session:
            source = session.scalar(
                select(Source).where(Source.state == WAITING).order_by(Source.changed_at).limit(1).with_for_update()
            )
            if source is None:
                return False
            source.state = IMPORTING
            source_id, version, mapping, names = source.id, source.version, source.mapping, tuple(source.files)
        try:
            log = self._imported(source_id, names, mapping)
        except MillraceError as error:
            self._ended(source_id, version, problem=error.sentence)
        else:
            self._ended(source_id, version, log=log)
        return True

    def resume_imports(self) -> None:
        """Have what was being brought in when the server stopped brought in again."""
        with self._database.transaction() as session:
            for source in session.scalars(select(Source).where(Source.state == IMPORTING)):
                source.state, source.progress_ratio = WAITING, 0.0

    def _imported(self, source_id: str, names: Sequence[str], mapping: str | None) -> EventLog:
        told_at = 0.0

        def tell(_: str, share: float) -> None:
            nonlocal told_at
            if monotonic() - told_at >= _TELL_EVERY_SECONDS:
                told_at = monotonic()
                with self._database.transaction() as session:
                    source = session.get_one(Source, source_id)
                    source.progress_ratio = min(share, 1.0)

        given = parse_mapping(mapping) if mapping else None
        folder = self._files_of(source_id)
        return log_of(self._workspace, [folder / name for name in names], given, tell)

    def _ended(self, source_id: str, version: int, *, log: EventLog | None = None, problem: str | None = None) -> None:
        with self._doing(HERE, "bring_in", f"source:{source_id}", problem=problem) as session:
            source = session.get_one(Source, source_id)
            if source.version != version:
                source.state = WAITING
                return
            source.state, source.problem, source.progress_ratio = (READY if log else FAILED), problem, 1.0
            source.changed_at = now()
            if log is not None:
                source.log_key = log.folder.name
                source.n_events = log.about.readiness.n_rows_kept

    def _files_of(self, source_id: str) -> Path:
        return self.folder / "sources" / source_id


def _settle(files: Sequence[tuple[str, Path]], folder: Path) -> list[str]:
    """Move files below `folder`, under names that stay inside it and differ from those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for given, path in files:
        name = _plain(given)
        while (folder / name).exists():
            name = f"{new_id()[:6]}-{_plain(given)}"
        shutil.move(path, folder / name)
        names.append(name)
    return names


def _plain(name: str) -> str:
    """A file's own name without folders, hidden marks or signs that a file system takes amiss."""
    last = PurePath(name.replace("\\", "/")).name
    return re.sub(r"[^\w.() -]", "_", last).lstrip(".")[-120:] or "export"


def _found(session: Session, key: str) -> Source:
    source = session.scalar(select(Source).where(Source.key == key, Source.archived_at.is_(None)))
    if source is None:
        raise NoSuchSource(key, list(session.scalars(select(Source.key).where(Source.archived_at.is_(None)))))
    return source


def _view(source: Source) -> SourceView:
    return SourceView(
        source.key,
        source.name,
        tuple(source.files),
        source.mapping,
        source.state,
        source.progress_ratio,
        source.problem,
        source.n_items,
        source.n_events,
        source.version,
        source.created_at,
        source.changed_at,
    )
