"""The trail: who did what and when in the workspace."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from millrace.eventlog.export import write_csv
from millrace.store.people import Person, Token
from millrace.store.streams import Deed, Source
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.measured_streams import MeasuredStreamOperations

_PER_PAGE = 100
_MOST_EXPORTED = 100_000
NOBODY = "nobody"
"""Asks for deeds of the server itself, and of whoever works alone."""


@dataclass(frozen=True)
class DeedView:
    """A deed: its number in the trail, who did it (None: the server, or whoever works alone), what and on what.

    `subject` names it by its id, as `source:3f…`; `on` by what people call it.
    """

    number: int
    at: datetime
    person: str | None
    deed: str
    subject: str
    details: dict[str, Any]
    on: str = ""


@dataclass(frozen=True)
class TrailFilter:
    """Which deeds are asked for: of a person (by id, or `nobody`), of one kind, within a time, on a subject."""

    person_id: str = ""
    deed: str = ""
    since_at: datetime | None = None
    until_at: datetime | None = None
    subject: str = ""


@dataclass(frozen=True)
class TrailChoices:
    """What can be asked for: people by id, and kinds of deeds, as far as they are in the trail."""

    people: dict[str, str] = field(default_factory=dict)
    deeds: tuple[str, ...] = ()


class TrailOperations(MeasuredStreamOperations):
    """Look back at what was done."""

    @needs(Permission.ADMINISTER)
    def trail(
        self,
        actor: Actor,
        *,
        before: int | None = None,
        subject: str | None = None,
        asked: TrailFilter | None = None,
    ) -> tuple[DeedView, ...]:
        """The latest deeds, those numbered below `before`, those on `subject`, those `asked` for; a hundred at most."""
        del actor
        wanted = asked or TrailFilter(subject=subject or "")
        return self._deeds(wanted, before, _PER_PAGE)

    @needs(Permission.ADMINISTER)
    def trail_choices(self, actor: Actor) -> TrailChoices:
        """By what the trail can be filtered."""
        del actor
        with self._reading() as session:
            people = session.execute(select(Person.id, Person.name).order_by(Person.name)).all()
            deeds = session.scalars(select(Deed.deed).distinct().order_by(Deed.deed)).all()
            return TrailChoices({each.id: each.name for each in people}, tuple(deeds))

    @needs(Permission.ADMINISTER)
    def trail_csv(self, actor: Actor, asked: TrailFilter) -> bytes:
        """All deeds asked for as CSV, the latest first; what a spreadsheet would run is neutralised."""
        import duckdb
        import pyarrow as pa

        del actor
        rows = [
            {"number": d.number, "at": d.at.isoformat(), "person": d.person or "", "deed": d.deed, "on": d.on,
             "subject": d.subject, "details": str(d.details) if d.details else ""}
            for d in self._deeds(asked, None, _MOST_EXPORTED)
        ]  # fmt: skip
        columns = [("number", pa.int64()), *((name, pa.string()) for name in _WRITTEN)]
        with TemporaryDirectory() as folder:
            path = Path(folder) / "trail.csv"
            write_csv(duckdb.from_arrow(pa.Table.from_pylist(rows, schema=pa.schema(columns))), path)
            return path.read_bytes()

    def _deeds(self, asked: TrailFilter, before: int | None, most: int) -> tuple[DeedView, ...]:
        everything = select(Deed, Person.name).outerjoin(Person, Deed.person_id == Person.id)
        chosen = _filtered(everything.order_by(Deed.id.desc()), asked)
        if before is not None:
            chosen = chosen.where(Deed.id < before)
        with self._reading() as session:
            found = session.execute(chosen.limit(most)).all()
            names = _names(session, {deed.subject for deed, _ in found})
            return tuple(
                DeedView(
                    deed.id, deed.at, name, deed.deed.replace("_", " "), deed.subject, deed.details, names[deed.subject]
                )
                for deed, name in found
            )


_WRITTEN = ("at", "person", "deed", "on", "subject", "details")


def _filtered(chosen: Select[Deed, str], asked: TrailFilter) -> Select[Deed, str]:
    if asked.person_id:
        own = Deed.person_id.is_(None) if asked.person_id == NOBODY else Deed.person_id == asked.person_id
        chosen = chosen.where(or_(own, Deed.subject == f"person:{asked.person_id}"))
    if asked.deed:
        chosen = chosen.where(Deed.deed == asked.deed)
    if asked.subject:
        chosen = chosen.where(Deed.subject == asked.subject)
    if asked.since_at is not None:
        chosen = chosen.where(Deed.at >= asked.since_at)
    if asked.until_at is not None:
        chosen = chosen.where(Deed.at < asked.until_at)
    return chosen


def _names(session: Session, subjects: Iterable[str]) -> dict[str, str]:
    """What people call each subject; its own words where nothing in the workspace bears that id any more."""
    by_kind: dict[str, set[str]] = {}
    for subject in subjects:
        kind, _, called = subject.partition(":")
        by_kind.setdefault(kind, set()).add(called)
    known: dict[str, dict[str, str]] = {}
    for kind, table in (("person", Person), ("source", Source), ("token", Token)):
        rows = session.execute(select(table.id, table.name).where(table.id.in_(by_kind.get(kind, ())))).all()
        known[kind] = {each.id: each.name for each in rows}
    return {subject: _called(subject, known) for subject in subjects}


def _called(subject: str, known: dict[str, dict[str, str]]) -> str:
    kind, sign, called = subject.partition(":")
    if not sign:
        return subject
    name = known.get(kind, {}).get(called, called)
    return name if kind == "person" else f"{kind.replace('_', ' ')} “{name.replace('_', ' ')}”"
