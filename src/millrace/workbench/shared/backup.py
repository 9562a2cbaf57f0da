"""A backup of the workspace: what people decided and every file that it refers to, while others go on working."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, select

from millrace.errors import MillraceError
from millrace.store.migration import newest_revision
from millrace.store.rows import all_tables, lines_of
from millrace.store.streams import Source
from millrace.store.tables import now
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.archive import (
    FILES,
    TABLES,
    ArchiveWriter,
    GoneMeanwhile,
    Manifest,
    new_archive,
)
from millrace.workbench.shared.shared import Shared

_ATTEMPTS = 3
_FOLDERS = {"log_key": "logs", "flow_key": "flows"}
"""A column of one of these names refers to the result of that key, in the folder of such results."""
_DRAFTS = "drafts"
"""Results that nobody could compute again: what people tried, named by its address alone."""

Told = Callable[[float], None]
"""Told how far a backup has come, 0 to 1."""


class NoSuchWorkspace(MillraceError):
    """There is no workspace to back up."""

    slug = "no-such-workspace"

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(f"There is no workspace “{folder}”. Name the folder that is served with --workspace.")


class FileMissing(MillraceError):
    """A file is not there that the workspace refers to."""

    slug = "file-missing"

    def __init__(self, path: str) -> None:
        """Name the file and the way out."""
        super().__init__(
            f"No backup was made: the workspace refers to “{path}”, which is not there. "
            "Put it back, or give the export it comes from again, then repeat."
        )


@dataclass(frozen=True)
class Backup:
    """A backup that was made: its file, how large it is, and what it holds."""

    path: Path
    n_bytes: int
    n_rows: int
    n_files: int
    made_at: datetime


class BackupOperations(Shared):
    """Back the workspace up."""

    @needs(Permission.ADMINISTER)
    def back_up(self, actor: Actor, output: Path, *, progress: Told = lambda _: None) -> Backup:
        """Write everything into one file at `output`, which appears when it is whole.

        Inside is one state of the database: every change that was acknowledged before this began. What can be computed
        anew from it (flows, figures) is left out. Raises FileMissing, OutputNotWritten, NotAllowed.
        """
        for attempt in range(_ATTEMPTS):
            try:
                backup = self._written(output, progress)
                break
            except GoneMeanwhile as gone:
                # Erasing a person, for one, takes files away that the state we looked at referred to: look again.
                if attempt == _ATTEMPTS - 1:
                    raise FileMissing(str(gone)) from gone
        with self._doing(actor, "back_up", "workspace", file=output.name, n_bytes=backup.n_bytes):
            return backup

    def _written(self, output: Path, progress: Told) -> Backup:
        made_at = now()
        with new_archive(output) as archive:
            with self._reading() as session:
                n_rows = dict(kept_rows(session.connection(), archive))
                files = sorted(_files(self.folder, session.connection()))
            n_bytes = sum(path.stat().st_size for path in files if path.exists()) or 1
            n_done = 0
            for path in files:
                archive.add_file(FILES / path.relative_to(self.folder).as_posix(), path)
                n_done += path.stat().st_size
                progress(n_done / n_bytes)
            archive.end(
                Manifest(
                    release=version("millrace"),
                    revision=newest_revision(),
                    made_at=made_at,
                    n_rows=n_rows,
                    entries=archive.entries,
                )
            )
        return Backup(output, output.stat().st_size, sum(n_rows.values()), len(files), made_at)


def kept_rows(connection: Connection, archive: ArchiveWriter) -> Iterator[tuple[str, int]]:
    """Write the rows of every table into an archive; the names of the tables and how many rows each has."""
    for table in all_tables(connection):
        name = TABLES / f"{table.name}.jsonl"
        n_rows = 0

        def counted(lines: Iterator[bytes]) -> Iterator[bytes]:
            nonlocal n_rows
            for line in lines:
                n_rows += 1
                yield line

        archive.add(name, counted(lines_of(connection, table)))
        yield table.name, n_rows


def _files(folder: Path, connection: Connection) -> Iterator[Path]:
    """The files that rows refer to (the exports of sources, the results named by their keys), and people's drafts."""
    yield from (path for path in (folder / _DRAFTS).rglob("*") if path.is_file())
    for source_id, names in connection.execute(select(Source.id, Source.files)):
        yield from (folder / "sources" / source_id / name for name in names)
    results = {
        folder / _FOLDERS[column.name] / key
        for table in all_tables(connection)
        for column in table.columns
        if column.name in _FOLDERS
        for (key,) in connection.execute(select(column).where(column.is_not(None)).distinct())
    }
    for result in results:
        if not result.is_dir():
            raise GoneMeanwhile(str(result))
        yield from (path for path in result.rglob("*") if path.is_file())


def destination(name: PurePosixPath, folder: Path) -> Path:
    """Where a file of a backup lies in the workspace's folder."""
    return folder / name.relative_to(FILES)
