"""The trail: who did what and when in the workspace."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from millrace.store.people import Person
from millrace.store.streams import Deed
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.measured_streams import MeasuredStreamOperations

_PER_PAGE = 100


@dataclass(frozen=True)
class DeedView:
    """A deed: its number in the trail, who did it (None: the server, or whoever works alone), what and on what."""

    number: int
    at: datetime
    person: str | None
    deed: str
    subject: str
    details: dict[str, Any]


class TrailOperations(MeasuredStreamOperations):
    """Look back at what was done."""

    @needs(Permission.ADMINISTER)
    def trail(self, actor: Actor, *, before: int | None = None, subject: str | None = None) -> tuple[DeedView, ...]:
        """The latest deeds, those numbered below `before`, those on `subject`; a hundred at most."""
        del actor
        chosen = select(Deed, Person.name).outerjoin(Person, Deed.person_id == Person.id).order_by(Deed.id.desc())
        if before is not None:
            chosen = chosen.where(Deed.id < before)
        if subject is not None:
            chosen = chosen.where(Deed.subject == subject)
        with self._reading() as session:
            return tuple(
                DeedView(deed.id, deed.at, name, deed.deed.replace("_", " "), deed.subject, deed.details)
                for deed, name in session.execute(chosen.limit(_PER_PAGE))
            )
