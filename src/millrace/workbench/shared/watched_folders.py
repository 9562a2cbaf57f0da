"""Folders where newer exports of a source arrive, and taking them from there."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import delete, select

from millrace.errors import MillraceError
from millrace.store.governing import Job, WatchedFolder
from millrace.store.streams import Source
from millrace.store.tables import now
from millrace.workbench.shared.access import HERE, Actor, Permission, needs
from millrace.workbench.shared.source_book import found_source
from millrace.workbench.shared.source_reading import SourceReadingOperations

_STILL_WRITTEN_SECONDS = 5.0


class FolderNotWatched(MillraceError):
    """A pattern names no place on this machine, or nothing is there."""

    slug = "folder-not-watched"

    def __init__(self, pattern: str, why: str) -> None:
        """Name the pattern and what is wrong."""
        super().__init__(f"“{pattern}” {why}.")


@dataclass(frozen=True)
class WatchedFolderView:
    """Where newer exports of a source arrive, and when one was last taken."""

    source_key: str
    pattern: str
    taken_at: datetime | None


class WatchedFolderOperations(SourceReadingOperations):
    """Have sources brought in anew whenever a newer export arrives."""

    @needs(Permission.ADMINISTER)
    def watch_folder(self, actor: Actor, source: str, pattern: str) -> None:
        """Take newer exports of a source from where files match `pattern`; its lines are one pattern per file.

        An empty one ends it. Raises NoSuchSource, FolderNotWatched.
        """
        lines = [line.strip() for line in pattern.splitlines() if line.strip()]
        for line in lines:
            _refuse_unusable(line, self.folder)
        with self._doing(actor, "watch_folder", f"source:{source}", pattern=pattern) as session:
            source_id = found_source(session, source).id
            session.execute(delete(WatchedFolder).where(WatchedFolder.source_id == source_id))
            if lines:
                session.add(WatchedFolder(source_id=source_id, pattern="\n".join(lines)))
            else:
                session.execute(delete(Job).where(Job.kind == "refresh", Job.subject == source))

    @needs(Permission.ADMINISTER)
    def watched_folders(self, actor: Actor) -> tuple[WatchedFolderView, ...]:
        """All folders that are watched."""
        del actor
        with self._reading() as session:
            rows = session.execute(
                select(Source.key, WatchedFolder)
                .join(Source, WatchedFolder.source_id == Source.id)
                .order_by(Source.key)
            )
            return tuple(WatchedFolderView(key, kept.pattern, kept.taken_at) for key, kept in rows)

    def is_refreshed(self, source: str) -> bool:
        """Whether newer exports of a source arrive by themselves. Raises NoSuchSource."""
        with self._reading() as session:
            return session.get(WatchedFolder, found_source(session, source).id) is not None

    def refresh(self, source: str) -> str:
        """Take the newest export of a source from its folder, where it is another than last time; what came of it.

        Raises NoSuchSource, FolderNotWatched where nothing is there, SourceError for what is no export.
        """
        with self._reading() as session:
            watched = session.get(WatchedFolder, found_source(session, source).id)
        if watched is None:
            return "no folder is watched for it any more"
        files = [_newest(pattern) for pattern in watched.pattern.splitlines()]
        for file in files:
            # A link may lead elsewhere than its name says.
            _refuse_unusable(str(file.resolve()), self.folder)
        if any(abs(now().timestamp() - file.stat().st_mtime) < _STILL_WRITTEN_SECONDS for file in files):
            return "the newest file may still be being written; it is taken next time"
        mark = _mark(files)
        if mark == watched.taken:
            return "nothing new"
        with TemporaryDirectory() as folder:
            copies = [Path(shutil.copy2(file, Path(folder) / f"{number}")) for number, file in enumerate(files)]
            given = [(file.name, copy) for file, copy in zip(files, copies, strict=True)]
            self.replace_source(HERE, source, given)
        with self._database.transaction() as session:
            kept = session.get_one(WatchedFolder, watched.source_id)
            kept.taken, kept.taken_at = mark, now()
        while self.bring_in_next():
            pass
        return f"took {', '.join(file.name for file in files)}"


EXPORT_FOLDERS_VARIABLE = "MILLRACE_EXPORT_FOLDERS"
"""Environment variable of the server: the only folders that may be watched, separated as in PATH; all where unset."""


def _refuse_unusable(pattern: str, own_folder: Path) -> None:
    if not Path(pattern).is_absolute():
        raise FolderNotWatched(pattern, "does not begin at the root; write the whole path on the server")
    inside = Path(pattern).parent.resolve()
    if inside.is_relative_to(own_folder.resolve()):
        raise FolderNotWatched(pattern, "lies in the workspace itself")
    allowed = [
        Path(folder).resolve() for folder in os.environ.get(EXPORT_FOLDERS_VARIABLE, "").split(os.pathsep) if folder
    ]
    if allowed and not any(inside.is_relative_to(folder) for folder in allowed):
        raise FolderNotWatched(pattern, f"lies outside the folders that {EXPORT_FOLDERS_VARIABLE} names on the server")


def _newest(pattern: str) -> Path:
    root = Path(Path(pattern).anchor)
    files = [file for file in root.glob(str(Path(pattern).relative_to(root))) if file.is_file()]
    if not files:
        raise FolderNotWatched(pattern, "matches no file now. Look whether exports still arrive there")
    return max(files, key=lambda file: (file.stat().st_mtime_ns, file.name))


def _mark(files: list[Path]) -> str:
    """What tells these files from newer ones."""
    stats = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return sha256(repr(stats).encode()).hexdigest()
