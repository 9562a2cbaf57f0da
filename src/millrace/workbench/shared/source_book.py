"""Sources of the workspace: exports that people gave, how they are read, what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.ingest.mapping_file import parse_mapping
from millrace.model.yaml_problem import did_you_mean
from millrace.store.streams import Source
from millrace.store.tables import new_id, now
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.keys import free_key
from millrace.workbench.shared.privacy import PrivacyOperations
from millrace.workbench.shared.sign_in import SignInOperations
from millrace.workbench.shared.source_files import Given, exports_among, refuse_unreadable, settle

WAITING, IMPORTING, READY, FAILED = "waiting", "importing", "ready", "failed"


class NoSuchSource(MillraceError):
    """The workspace has no source of this key."""

    slug = "no-such-source"

    def __init__(self, key: str, known: Sequence[str]) -> None:
        """Name the key and the nearest one."""
        super().__init__(f"There is no source “{key}”{did_you_mean(key, known) or '.'}")


class NoSuchExport(MillraceError):
    """A source has no export of this number, or no other one."""

    slug = "no-such-export"

    def __init__(self, name: str, number: int, n_exports: int) -> None:
        """Say how many there are."""
        how_many = "only one export, which cannot be taken out" if n_exports == 1 else f"{n_exports} exports"
        super().__init__(f"“{name}” has {how_many}; there is no number {number} to take out.")


@dataclass(frozen=True)
class SourceView:
    """A source as people see it. `state` is `waiting`, `importing`, `ready` or `failed`.

    `exports` are the names of the files of each export that was given, the oldest first. `is_read`: a log was made
    of it once, which serves until the next one is there.
    """

    key: str
    name: str
    exports: tuple[tuple[str, ...], ...]
    mapping: str | None
    state: str
    is_read: bool
    progress_ratio: float
    problem: str | None
    n_items: int | None
    n_events: int | None
    version: int
    created_at: datetime
    changed_at: datetime

    @property
    def file_names(self) -> tuple[str, ...]:
        """The names of all its files."""
        return tuple(name for names in self.exports for name in names)

    @property
    def is_coming(self) -> bool:
        """True while it waits to be brought in, or is."""
        return self.state in (WAITING, IMPORTING)


class SourceOperations(SignInOperations, PrivacyOperations):
    """Give exports, say how they are read, take them away."""

    @needs(Permission.CHANGE)
    def add_source(self, actor: Actor, name: str, files: Sequence[Given]) -> SourceView:
        """Keep an export (names of its files and where they lie now) and have it brought in; the files are moved.

        Raises SourceError where a file's content cannot be a log.
        """
        refuse_unreadable(files)
        source_id = new_id()
        paths = settle(files, self._files_of(source_id))
        called = name.strip() or PurePath(paths[0]).name
        with self._doing(actor, "add_source", f"source:{source_id}", name=called, files=paths) as session:
            key = free_key(called, set(session.scalars(select(Source.key))), "export")
            source = Source(id=source_id, key=key, name=called, files=paths)
            session.add(source)
            session.flush()
            return source_view(source)

    @needs(Permission.READ)
    def sources(self, actor: Actor) -> tuple[SourceView, ...]:
        """All sources, the newest first."""
        del actor
        with self._reading() as session:
            kept = session.scalars(
                select(Source).where(Source.archived_at.is_(None)).order_by(Source.created_at.desc())
            )
            return tuple(map(source_view, kept))

    @needs(Permission.READ)
    def source(self, actor: Actor, key: str) -> SourceView:
        """One source. Raises NoSuchSource."""
        del actor
        with self._reading() as session:
            return source_view(found_source(session, key))

    @needs(Permission.CHANGE)
    def map_source(self, actor: Actor, key: str, mapping: str | None) -> SourceView:
        """Say in YAML how a source is read (None: as it is recognised), and have it brought in anew.

        Raises NoSuchSource, UnreadableMapping.
        """
        if mapping is not None:
            parse_mapping(mapping)
        with self._doing(actor, "map_source", f"source:{key}", is_recognised=mapping is None) as session:
            source = found_source(session, key)
            source.mapping = mapping
            return _again(source)

    @needs(Permission.CHANGE)
    def replace_source(self, actor: Actor, key: str, files: Sequence[Given]) -> SourceView:
        """Give a newer export in place of all there are, and have it brought in. Raises NoSuchSource, SourceError."""
        refuse_unreadable(files)
        paths = settle(files, self._files_of(self._source_id(key)))
        with self._doing(actor, "replace_source", f"source:{key}", files=paths) as session:
            source = found_source(session, key)
            source.files = paths
            return _again(source)

    @needs(Permission.CHANGE)
    def append_to_source(self, actor: Actor, key: str, files: Sequence[Given]) -> SourceView:
        """Give a further export: what it tells of an item that is there takes the older telling's place.

        Raises NoSuchSource, SourceError.
        """
        refuse_unreadable(files)
        paths = settle(files, self._files_of(self._source_id(key)))
        with self._doing(actor, "append_to_source", f"source:{key}", files=paths) as session:
            source = found_source(session, key)
            source.files = [*source.files, *paths]
            return _again(source)

    @needs(Permission.CHANGE)
    def take_out_export(self, actor: Actor, key: str, number: int) -> SourceView:
        """Take one of several exports (numbered from 1) out again. Raises NoSuchSource, NoSuchExport."""
        with self._doing(actor, "take_out_export", f"source:{key}", number=number) as session:
            source = found_source(session, key)
            exports = exports_among(source.files)
            if len(exports) == 1 or not 1 <= number <= len(exports):
                raise NoSuchExport(source.name, number, len(exports))
            source.files = [path for nth, paths in enumerate(exports, 1) for path in paths if nth != number]
            return _again(source)

    @needs(Permission.CHANGE)
    def archive_source(self, actor: Actor, key: str) -> None:
        """Take a source away; its files stay on the disk, and streams are no longer measured on it."""
        with self._doing(actor, "archive_source", f"source:{key}") as session:
            found_source(session, key).archived_at = now()

    def _source_id(self, key: str) -> str:
        with self._reading() as session:
            return found_source(session, key).id

    def _files_of(self, source_id: str) -> Path:
        return self.folder / "sources" / source_id


def found_source(session: Session, key: str) -> Source:
    """The source of this key. Raises NoSuchSource."""
    source = session.scalar(select(Source).where(Source.key == key, Source.archived_at.is_(None)))
    if source is None:
        raise NoSuchSource(key, list(session.scalars(select(Source.key).where(Source.archived_at.is_(None)))))
    return source


def _again(source: Source) -> SourceView:
    """Have a source brought in anew; what was brought in before serves until then."""
    source.state, source.problem, source.progress_ratio = WAITING, None, 0.0
    source.changed_at, source.version = now(), source.version + 1
    return source_view(source)


def source_view(source: Source) -> SourceView:
    """A source as people see it."""
    exports = tuple(tuple(PurePath(path).name for path in paths) for paths in exports_among(source.files))
    return SourceView(
        source.key,
        source.name,
        exports,
        source.mapping,
        source.state,
        source.log_key is not None,
        source.progress_ratio,
        source.problem,
        source.n_items,
        source.n_events,
        source.version,
        source.created_at,
        source.changed_at,
    )
