"""Erasing a person: their name goes from exports, logs, results and decisions, and nothing leads back to it."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import JSON, Column, String, select, update
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.store.pseudonyms import Pseudonym
from millrace.store.rows import all_tables
from millrace.store.streams import Source
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.erasure_in_files import Words, erase_in_file, files_with
from millrace.workbench.shared.measured_streams import MeasuredStreamOperations
from millrace.workbench.shared.privacy import mark, pseudonym_secret
from millrace.workbench.shared.source_book import WAITING

SHORTEST_NAME = 4
_LONGEST_WAIT_SECONDS = 20


class NameTooShort(MillraceError):
    """A name is so short that taking it out everywhere would spoil other words."""

    slug = "name-too-short"

    def __init__(self, name: str) -> None:
        """Name it, and what is wanted."""
        super().__init__(
            f"“{name}” is too short to be taken out of everything: {SHORTEST_NAME} characters or more are needed. "
            "Give the full name as the logs have it."
        )


class ErasureNotPossible(MillraceError):
    """A source is being brought in, and may hold the name."""

    slug = "erasure-not-possible"

    def __init__(self) -> None:
        """Say when to try again."""
        super().__init__("A source is being brought in, and may hold the name. Try again when it is in.")


class ErasureIncomplete(MillraceError):
    """The name still stands somewhere."""

    slug = "erasure-incomplete"

    def __init__(self, left: Sequence[Path]) -> None:
        """Name the files, and the way out."""
        listed = ", ".join(f"“{path}”" for path in left[:5])
        super().__init__(
            f"The name still stands in {listed}. Remove these files, or the sources that they belong to, by hand."
        )


@dataclass(frozen=True)
class Erased:
    """What was done: under which word the person stands from now on, in how many exports and rows they were."""

    instead: str
    n_files: int
    n_rows: int


class ErasureOperations(MeasuredStreamOperations):
    """Take a person out of the workspace."""

    @needs(Permission.ADMINISTER)
    def erase_person(self, actor: Actor, names: Sequence[str]) -> Erased:
        """Take every spelling in `names` of one person's name out of the workspace, for good.

        In exports and decisions a word that says nothing stands instead; the trail keeps that an erasure was made, not
        of whom. The person's number stays, so that figures stay. Logs of the exports concerned are brought in again,
        and every result is computed anew. Copies outside the workspace, such as backups, are not touched.
        Raises NameTooShort, ErasureNotPossible, ErasureIncomplete.
        """
        wanted = [" ".join(name.split()) for name in names if name.strip()]
        for name in wanted:
            if len(name) < SHORTEST_NAME:
                raise NameTooShort(name)
        words = Words(wanted, f"erased-{secrets.token_hex(4)}")
        with self._alone_at_imports():
            changed = self._erase_in_sources(words)
            self._erase_in_drafts(words)
            n_rows = self._erase_in_database(actor, wanted, words, changed)
            self._forget_results()
        self._squeeze_database()
        left = [path.relative_to(self.folder) for path in files_with(self.folder, words)]
        if left:
            raise ErasureIncomplete(left)
        return Erased(words.instead, sum(map(len, changed.values())), n_rows)

    @contextmanager
    def _alone_at_imports(self) -> Iterator[None]:
        """The place of the one who brings sources in, as soon as it is free. Raises ErasureNotPossible."""
        until = monotonic() + _LONGEST_WAIT_SECONDS
        while monotonic() < until:
            with self._workspace.alone_at("imports") as is_alone:
                if is_alone:
                    yield
                    return
            sleep(0.1)
        raise ErasureNotPossible

    def _erase_in_sources(self, words: Words) -> dict[str, list[str]]:
        """The exports' files in which the name stood, by the id of their source."""
        changed: dict[str, list[str]] = {}
        for path in sorted((self.folder / "sources").rglob("*")):
            if path.is_file() and (erase_in_file(path, words) | _rename(path, words)):
                source_id = path.relative_to(self.folder / "sources").parts[0]
                changed.setdefault(source_id, []).append(path.name)
        return changed

    def _erase_in_drafts(self, words: Words) -> None:
        for path in (self.folder / "drafts").rglob("*.*"):
            erase_in_file(path, words)

    def _erase_in_database(
        self, actor: Actor, names: Sequence[str], words: Words, changed: dict[str, list[str]]
    ) -> int:
        with self._doing(actor, "erase_person", f"person:{words.instead}") as session:
            _renumber(session, names, words)
            n_rows = _replace_in_rows(session, words)
            session.execute(
                update(Source)
                .where(Source.id.in_(changed))
                .values(state=WAITING, log_key=None, version=Source.version + 1, progress_ratio=0.0)
            )
            return n_rows

    def _squeeze_database(self) -> None:
        """Leave no trace of old rows in SQLite's file; PostgreSQL drops them by itself with its next vacuum."""
        engine = self._database.engine
        if engine.dialect.name != "sqlite":
            return
        connection = engine.raw_connection()
        try:
            for statement in ("PRAGMA query_only = 0", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(statement).close()
        finally:
            connection.close()


def _rename(path: Path, words: Words) -> bool:
    plain = words.replaced(path.name)
    if plain != path.name:
        path.rename(path.with_name(plain))
    return plain != path.name


def _renumber(session: Session, names: Sequence[str], words: Words) -> None:
    """Have the word that stands instead lead to the person's number, and their names to none."""
    secret = pseudonym_secret(session)
    spellings = {each for name in names for each in (name, name.upper(), name.lower(), name.title())}
    marks = {mark(secret, each) for each in spellings}
    found = session.scalars(select(Pseudonym).where(Pseudonym.mark.in_(marks)).order_by(Pseudonym.number)).all()
    for further in found[1:]:
        session.delete(further)
    if found:
        found[0].mark = mark(secret, words.instead)


def _replace_in_rows(session: Session, words: Words) -> int:
    """Replace the name in every text of every table; in how many rows it stood."""
    session.flush()
    connection, n_rows = session.connection(), 0
    for table in all_tables(connection):
        texts = [column for column in table.columns if _holds_text(column)]
        key = list(table.primary_key.columns)
        if not texts or not key:
            continue
        for row in connection.execute(select(*key, *texts)).mappings().all():
            new = {column.name: _without(row[column.name], words) for column in texts}
            if any(new[column.name] != row[column.name] for column in texts):
                where = [column == row[column.name] for column in key]
                connection.execute(update(table).where(*where).values(new))
                n_rows += 1
    session.expire_all()
    return n_rows


def _holds_text(column: "Column[Any]") -> bool:
    return isinstance(column.type, String | JSON) and not column.foreign_keys


def _without(value: Any, words: Words) -> Any:
    if isinstance(value, str):
        return words.replaced(value)
    if isinstance(value, list):
        return [_without(each, words) for each in value]
    if isinstance(value, dict):
        return {_without(name, words): _without(each, words) for name, each in value.items()}
    return value
