"""Streams of the workspace and their revisions: drafted, proposed, published, restored; never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from millrace.errors import MillraceError
from millrace.model.frameworks.framework import SHIPPED
from millrace.model.stream_file import parse_stream, stream_to_yaml
from millrace.model.value_stream import ValueStream
from millrace.model.yaml_problem import did_you_mean
from millrace.store.people import Person
from millrace.store.streams import Revision, Source, Stream
from millrace.store.tables import now
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.keys import free_key
from millrace.workbench.shared.source_book import NoSuchSource
from millrace.workbench.shared.source_reading import SourceReadingOperations

DRAFT, PROPOSED, PUBLISHED, REFUSED = "draft", "proposed", "published", "refused"
_DECIDED_OF = {PROPOSED: (DRAFT, REFUSED), PUBLISHED: (DRAFT, PROPOSED, REFUSED), REFUSED: (PROPOSED,)}
"""What a revision may have been before it becomes this."""


class NoSuchStream(MillraceError):
    """The workspace has no stream of this key."""

    slug = "no-such-stream"

    def __init__(self, key: str, known: Sequence[str]) -> None:
        """Name the key and the nearest one."""
        super().__init__(f"There is no stream “{key}”{did_you_mean(key, known) or '.'}")


class NoSuchRevision(MillraceError):
    """A stream has no revision of this number."""

    slug = "no-such-revision"

    def __init__(self, key: str, number: int) -> None:
        """Name both."""
        super().__init__(f"The stream “{key}” has no revision {number}.")


class FrameworkNotShared(MillraceError):
    """A shared stream names a framework in a file, which nobody else would have, and which may lie anywhere."""

    slug = "framework-not-shared"

    def __init__(self, called: str) -> None:
        """Name those that can be used."""
        super().__init__(f"The framework “{called}” cannot be used in the workbench; use {' or '.join(SHIPPED)}.")


class NotToBeDecided(MillraceError):
    """A revision is not in a state in which this can be decided of it."""

    slug = "not-to-be-decided"

    def __init__(self, number: int, state: str, wanted: str) -> None:
        """Say what it is."""
        super().__init__(f"Revision {number} is {state}, and cannot become {wanted}.")


class ChangedMeanwhile(MillraceError):
    """Somebody else saved the stream since it was opened. `theirs` is the revision that stands now."""

    slug = "changed-meanwhile"

    def __init__(self, theirs: "RevisionView") -> None:
        """Name who, and keep what they saved for the comparison."""
        who = theirs.author or "Somebody"
        super().__init__(
            f"{who} saved revision {theirs.number} since you opened the stream. "
            "Look at the difference, then save again."
        )
        self.theirs = theirs


@dataclass(frozen=True)
class RevisionView:
    """A revision as people see it. `state` is `draft`, `proposed`, `published` or `refused`."""

    number: int
    based_on: int | None
    state: str
    note: str
    author: str | None
    decided_by: str | None
    created_at: datetime
    decided_at: datetime | None
    stream: ValueStream
    yaml: str


@dataclass(frozen=True)
class StreamView:
    """A stream of the workspace: its latest revision, the number of the one that is published, its source."""

    key: str
    latest: RevisionView
    published: int | None
    source_key: str | None

    @property
    def stream(self) -> ValueStream:
        """The stream as it was last saved."""
        return self.latest.stream

    @property
    def title(self) -> str:
        """What people call it."""
        return self.stream.shown_name


class StreamBookOperations(SourceReadingOperations):
    """Begin streams, save them, agree on them, go back."""

    @needs(Permission.CHANGE)
    def begin_stream(
        self, actor: Actor, stream: ValueStream, *, source: str | None = None, like: str | None = None
    ) -> StreamView:
        """Begin to follow a stream, measured on a source if one is named, written as the text `like` where they agree.

        Raises NoSuchSource.
        """
        _refuse_files(stream)
        title = stream.shown_name
        with self._doing(actor, "begin_stream", f"stream:{title}") as session:
            key = free_key(title, set(session.scalars(select(Stream.key))), "stream")
            kept = Stream(key=key, source_id=_source_id(session, source), owner_id=actor.person_id)
            session.add(kept)
            session.flush()
            _add_revision(session, actor, kept, stream_to_yaml(stream, like=like), None, "")
            return _view(session, kept)

    @needs(Permission.READ)
    def streams(self, actor: Actor) -> tuple[StreamView, ...]:
        """All streams by their title."""
        del actor
        with self._reading() as session:
            kept = session.scalars(select(Stream).where(Stream.archived_at.is_(None)))
            return tuple(sorted((_view(session, each) for each in kept), key=lambda view: view.title.casefold()))

    @needs(Permission.READ)
    def stream(self, actor: Actor, key: str) -> StreamView:
        """One stream. Raises NoSuchStream."""
        del actor

        def found() -> StreamView:
            with self._reading() as session:
                return _view(session, _found(session, key))

        return self._looked_up(("stream", key), found)

    @needs(Permission.READ)
    def revision(self, actor: Actor, key: str, number: int) -> RevisionView:
        """One revision of a stream. Raises NoSuchStream, NoSuchRevision."""
        del actor
        with self._reading() as session:
            return _shown(session, _numbered(session, _found(session, key), number))

    @needs(Permission.READ)
    def revisions(self, actor: Actor, key: str) -> tuple[RevisionView, ...]:
        """All revisions of a stream, the latest first. Raises NoSuchStream."""
        del actor
        with self._reading() as session:
            stream = _found(session, key)
            kept = session.scalars(
                select(Revision).where(Revision.stream_id == stream.id).order_by(Revision.number.desc())
            )
            return tuple(_shown(session, each) for each in kept)

    @needs(Permission.CHANGE)
    def save_stream(
        self, actor: Actor, key: str, stream: ValueStream, *, based_on: int, note: str = ""
    ) -> RevisionView:
        """Save a stream as a new draft, made from revision `based_on`, whose comments it keeps.

        Raises NoSuchStream, ChangedMeanwhile.
        """
        _refuse_files(stream)
        with self._doing(actor, "save_stream", f"stream:{key}", based_on=based_on) as session:
            kept = _found(session, key)
            latest = _unchanged(session, kept, based_on)
            yaml = stream_to_yaml(stream, like=latest.yaml)
            return _shown(session, _add_revision(session, actor, kept, yaml, based_on, note))

    @needs(Permission.CHANGE)
    def save_stream_text(self, actor: Actor, key: str, yaml: str, *, based_on: int, note: str = "") -> RevisionView:
        """Save a stream as somebody wrote it, made from revision `based_on`.

        Raises NoSuchStream, StreamFileInvalid with the line of every mistake, ChangedMeanwhile.
        """
        _refuse_files(parse_stream(yaml))
        with self._doing(actor, "save_stream", f"stream:{key}", based_on=based_on) as session:
            kept = _found(session, key)
            _unchanged(session, kept, based_on)
            return _shown(session, _add_revision(session, actor, kept, yaml, based_on, note))

    @needs(Permission.CHANGE)
    def restore_revision(self, actor: Actor, key: str, number: int, *, based_on: int | None = None) -> RevisionView:
        """Save an earlier revision anew as the latest. Raises NoSuchStream, NoSuchRevision.

        ChangedMeanwhile where `based_on` is no longer the latest.
        """
        with self._doing(actor, "restore_revision", f"stream:{key}", number=number) as session:
            kept = _found(session, key)
            latest = _latest(session, kept) if based_on is None else _unchanged(session, kept, based_on)
            yaml = _numbered(session, kept, number).yaml
            note = f"Revision {number} again"
            return _shown(session, _add_revision(session, actor, kept, yaml, latest.number, note))

    @needs(Permission.CHANGE)
    def propose_revision(self, actor: Actor, key: str, number: int) -> RevisionView:
        """Ask for a draft to be published. Raises NoSuchStream, NoSuchRevision, NotToBeDecided."""
        return self._decided(actor, key, number, PROPOSED)

    @needs(Permission.APPROVE)
    def publish_revision(self, actor: Actor, key: str, number: int) -> RevisionView:
        """Make a revision the one that holds. Raises NoSuchStream, NoSuchRevision, NotToBeDecided."""
        return self._decided(actor, key, number, PUBLISHED)

    @needs(Permission.APPROVE)
    def refuse_revision(self, actor: Actor, key: str, number: int) -> RevisionView:
        """Turn a proposed revision down. Raises NoSuchStream, NoSuchRevision, NotToBeDecided."""
        return self._decided(actor, key, number, REFUSED)

    @needs(Permission.APPROVE)
    def measure_on(self, actor: Actor, key: str, source: str | None) -> StreamView:
        """Say on which source a stream is measured. Raises NoSuchStream, NoSuchSource."""
        with self._doing(actor, "measure_on", f"stream:{key}", source=source) as session:
            kept = _found(session, key)
            kept.source_id = _source_id(session, source)
            return _view(session, kept)

    @needs(Permission.APPROVE)
    def archive_stream(self, actor: Actor, key: str) -> None:
        """Follow a stream no more; what is known of it stays. Raises NoSuchStream."""
        with self._doing(actor, "archive_stream", f"stream:{key}") as session:
            _found(session, key).archived_at = now()

    def _decided(self, actor: Actor, key: str, number: int, state: str) -> RevisionView:
        with self._doing(actor, f"{state}_revision", f"stream:{key}", number=number) as session:
            revision = _numbered(session, _found(session, key), number)
            if revision.state not in _DECIDED_OF[state]:
                raise NotToBeDecided(number, revision.state, state)
            revision.state, revision.decided_by_id, revision.decided_at = state, actor.person_id, now()
            return _shown(session, revision)


def _refuse_files(stream: ValueStream) -> None:
    if stream.framework not in SHIPPED:
        raise FrameworkNotShared(stream.framework)


def _add_revision(session: Session, actor: Actor, kept: Stream, yaml: str, based_on: int | None, note: str) -> Revision:
    number = (session.scalar(select(func.max(Revision.number)).where(Revision.stream_id == kept.id)) or 0) + 1
    revision = Revision(
        stream_id=kept.id, number=number, based_on=based_on, yaml=yaml, note=note[:1000], author_id=actor.person_id
    )
    session.add(revision)
    session.flush()
    return revision


def _found(session: Session, key: str) -> Stream:
    stream = session.scalar(select(Stream).where(Stream.key == key, Stream.archived_at.is_(None)))
    if stream is None:
        raise NoSuchStream(key, list(session.scalars(select(Stream.key).where(Stream.archived_at.is_(None)))))
    return stream


def _latest(session: Session, stream: Stream) -> Revision:
    newest = select(Revision).where(Revision.stream_id == stream.id).order_by(Revision.number.desc()).limit(1)
    return session.scalars(newest).one()


def _unchanged(session: Session, stream: Stream, based_on: int) -> Revision:
    """The latest revision, where that is the one that a change was made from. Raises ChangedMeanwhile."""
    latest = _latest(session, stream)
    if latest.number != based_on:
        raise ChangedMeanwhile(_shown(session, latest))
    return latest


def _numbered(session: Session, stream: Stream, number: int) -> Revision:
    revision = session.scalar(select(Revision).where(Revision.stream_id == stream.id, Revision.number == number))
    if revision is None:
        raise NoSuchRevision(stream.key, number)
    return revision


def _source_id(session: Session, key: str | None) -> str | None:
    if key is None:
        return None
    found = session.scalar(select(Source.id).where(Source.key == key, Source.archived_at.is_(None)))
    if found is None:
        raise NoSuchSource(key, list(session.scalars(select(Source.key))))
    return found


def _view(session: Session, stream: Stream) -> StreamView:
    published = session.scalar(
        select(func.max(Revision.number)).where(Revision.stream_id == stream.id, Revision.state == PUBLISHED)
    )
    source = session.get(Source, stream.source_id) if stream.source_id else None
    source_key = source.key if source and source.archived_at is None else None
    return StreamView(stream.key, _shown(session, _latest(session, stream)), published, source_key)


def _shown(session: Session, revision: Revision) -> RevisionView:
    return RevisionView(
        revision.number,
        revision.based_on,
        revision.state,
        revision.note,
        _name(session, revision.author_id),
        _name(session, revision.decided_by_id),
        revision.created_at,
        revision.decided_at,
        _read(revision.yaml, revision.number),
        revision.yaml,
    )


@lru_cache(1_000)
def _read(yaml: str, number: int) -> ValueStream:
    """A stream as it was saved; the text of a revision never changes, and every page asks for it."""
    return parse_stream(yaml, source=f"revision {number}")


def _name(session: Session, person_id: str | None) -> str | None:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else None
