"""Restoring a backup: into a new folder and an empty database, whole or not at all."""

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, insert, update

from millrace.errors import MillraceError
from millrace.store.database import emptied_database
from millrace.store.migration import all_revisions, broken_references, upgrade
from millrace.store.people import SignIn
from millrace.store.rows import all_tables, put_lines
from millrace.store.streams import Deed
from millrace.store.tables import now
from millrace.store.workspace import Workspace, WorkspaceNotUsable
from millrace.workbench.shared.archive import FILES, TABLES, Archive, BackupTooNew, NotABackup, opened_archive
from millrace.workbench.shared.backup import Told, destination


class WorkspaceInUse(MillraceError):
    """A backup would be restored over a workspace that is in use."""

    slug = "workspace-in-use"

    def __init__(self, folder: Path) -> None:
        """Name the folder, and the two ways to go on."""
        super().__init__(
            f"Nothing was restored: “{folder}” is in use already. Name a new folder with --workspace, "
            "or add --replace, which keeps the old one aside."
        )


@dataclass(frozen=True)
class Restored:
    """What came back: where, of when, how much; `kept_aside` is where the workspace lies that was there before."""

    folder: Path
    made_at: datetime
    release: str
    n_rows: int
    n_files: int
    kept_aside: Path | None


def restore(
    path: Path,
    folder: Path,
    *,
    database: str | None = None,
    replace: bool = False,
    progress: Told = lambda _: None,
) -> Restored:
    """Restore the backup at `path` as the workspace in `folder`, its decisions in `database` or a file of the folder.

    Tables of an earlier release are brought up to date. Everybody has to sign in again. Raises NotABackup,
    BackupTooNew, WorkspaceInUse, WorkspaceLocked, DatabaseInUse, WorkspaceNotUsable, and what opening a database does.
    """
    with opened_archive(path) as archive, ExitStack() as leaving:
        if archive.manifest.revision not in all_revisions():
            raise BackupTooNew(path, archive.manifest.release)
        _refuse_used(folder, leaving, replace=replace)
        unfinished = folder.absolute().with_name(f".{folder.name}.restoring-{uuid4().hex[:8]}")
        leaving.callback(shutil.rmtree, unfinished, ignore_errors=True)
        try:
            n_files = _unpack(archive, unfinished, progress)
            with emptied_database(unfinished, database, replace=replace) as connection:
                _fill(connection, archive)
                kept_aside = _put_in_place(unfinished, folder) if database else None
            if database is None:
                kept_aside = _put_in_place(unfinished, folder)
        except OSError as error:
            raise WorkspaceNotUsable(folder, error) from error
    n_rows = sum(archive.manifest.n_rows.values())
    return Restored(folder, archive.manifest.made_at, archive.manifest.release, n_rows, n_files, kept_aside)


def _refuse_used(folder: Path, leaving: ExitStack, *, replace: bool) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not replace:
        raise WorkspaceInUse(folder)
    leaving.enter_context(Workspace(folder).opened_alone())


def _unpack(archive: Archive, unfinished: Path, progress: Told) -> int:
    unfinished.mkdir(parents=True)
    names = archive.names(FILES)
    entries = archive.manifest.entries
    n_bytes, n_done = sum(entries[str(name)].n_bytes for name in names) or 1, 0
    for name in names:
        path = destination(name, unfinished)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            for piece in archive.pieces(name):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        n_done += entries[str(name)].n_bytes
        progress(n_done / n_bytes)
    return len(names)


def _fill(connection: Connection, archive: Archive) -> None:
    """Make the tables as they were, put the rows in, and bring both up to date."""
    upgrade(connection, archive.manifest.revision)
    tables = {table.name: table for table in all_tables(connection)}
    if set(tables) != set(archive.manifest.n_rows):
        raise NotABackup(archive.path, "its tables are not those of its release")
    for name, table in tables.items():
        n_rows = put_lines(connection, table, archive.lines(TABLES / f"{name}.jsonl"))
        if n_rows != archive.manifest.n_rows[name]:
            raise NotABackup(archive.path, f"rows of the table “{name}” are missing")
    if broken := broken_references(connection):
        raise NotABackup(archive.path, f"rows of “{broken[0]}” refer to what is not in it")
    upgrade(connection)
    # Who was signed out, or shut out, after the backup must not be let in by it.
    connection.execute(update(SignIn).where(SignIn.revoked_at.is_(None)).values(revoked_at=now()))
    details = {"made_at": archive.manifest.made_at.isoformat(), "release": archive.manifest.release}
    connection.execute(insert(Deed).values(deed="restore", subject="workspace", details=details))


def _put_in_place(unfinished: Path, folder: Path) -> Path | None:
    """Give the restored folder its name; one that was there is kept under another."""
    kept_aside = None
    if folder.exists():
        if any(folder.iterdir()):
            kept_aside = folder.absolute().with_name(f"{folder.name}.replaced-{now():%Y%m%d-%H%M%S}")
            folder.rename(kept_aside)
        else:
            folder.rmdir()
    unfinished.rename(folder)
    return kept_aside
