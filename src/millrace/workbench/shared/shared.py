"""What every shared operation stands on: the folder, the database, the workbench that measures, the trail of deeds."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from millrace.store import Workspace
from millrace.store.database import Database
from millrace.store.streams import Deed
from millrace.workbench.shared.access import Actor
from millrace.workbench.shared.kept_results import KeptResults, Turns
from millrace.workbench.workbench import Workbench

_Found = TypeVar("_Found")
_LOOK: ContextVar[dict[Hashable, Any] | None] = ContextVar("look", default=None)


class Shared:
    """A workspace that several people use. Every operation is given the actor it runs for, and leaves a deed."""

    def __init__(self, folder: Path, *, database: str | None = None) -> None:
        """Open the workspace in `folder`, with its decisions in `database` (a URL) or in a file of the folder."""
        self.folder = folder
        self.bench = Workbench(folder)
        self._workspace = Workspace(folder)
        self.kept = KeptResults()
        self.turns = Turns()
        self._open = self._workspace.opened()
        try:
            self._database = Database(folder, database)
        except BaseException:
            self._open.close()
            raise

    def close(self) -> None:
        """Let go of the database and the folder."""
        self._database.close()
        self._open.close()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """A look at the database that changes nothing and waits for nobody."""
        with self._database.reading() as session:
            yield session

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """What is needed again and again within, such as a stream for each part of its page, is looked up once.

        So all of a page is of one state, whatever others save meanwhile.
        """
        token = _LOOK.set({})
        try:
            yield
        finally:
            _LOOK.reset(token)

    @staticmethod
    def _looked_up(what: Hashable, look_up: Callable[[], _Found]) -> _Found:
        """What `look_up` finds; within one look it is asked for once."""
        known = _LOOK.get()
        if known is None:
            return look_up()
        if what not in known:
            known[what] = look_up()
        return cast(_Found, known[what])

    @contextmanager
    def _doing(self, actor: Actor, deed: str, subject: str, **details: Any) -> Iterator[Session]:
        """A transaction that changes something; who did what is kept in the same one."""
        with self._database.transaction() as session:
            yield session
            session.add(Deed(person_id=actor.person_id, deed=deed, subject=subject, details=details))
