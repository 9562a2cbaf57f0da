"""Alerts and what was done about them, who is told by which way, what is to be sent, and what is due."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from millrace.store.tables import Json, Table, new_id, now


class Alert(Table):
    """A signal that was raised. `state` is `open`, `acknowledged` or `resolved`; of one occasion there is only one.

    `is_over`: it was resolved since the signal went away, and not by a person.
    """

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("stream_id", "fingerprint"), Index(None, "stream_id", "state"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    stream_id: Mapped[str] = mapped_column(ForeignKey("streams.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(32))
    severity: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    sentence: Mapped[str] = mapped_column(Text)
    item: Mapped[str | None] = mapped_column(Text)
    began_at: Mapped[datetime]
    raised_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="open")
    muted_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    is_over: Mapped[bool] = mapped_column(default=False)


class AlertDeed(Table):
    """What was done about an alert: `deed` is `raised`, `acknowledged`, `muted`, `resolved`, `over`, `told`."""

    __tablename__ = "alert_deeds"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    deed: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(1000), default="")


class Receiver(Table):
    """Where notices go. `address` is a secret: it is never shown again; `shown` is what may be."""

    __tablename__ = "receivers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]


class Route(Table):
    """Which alerts a receiver is told of: of one stream or all, one kind or all, from a severity on.

    With `after_minutes`, only of those that nobody has acknowledged for so long: an escalation.
    """

    __tablename__ = "routes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    receiver_id: Mapped[str] = mapped_column(ForeignKey("receivers.id"), index=True)
    stream_id: Mapped[str | None] = mapped_column(ForeignKey("streams.id"))
    kind: Mapped[str | None] = mapped_column(String(40))
    severity: Mapped[str] = mapped_column(String(20), default="warning")
    after_minutes: Mapped[int] = mapped_column(default=0)


class Notice(Table):
    """A message to one receiver, written together with what it tells. Its `id` is the key of its idempotency.

    `state` is `waiting`, `sent` or `given_up`. Who sends it holds `lease` until `leased_until`.
    """

    __tablename__ = "notices"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    receiver_id: Mapped[str] = mapped_column(ForeignKey("receivers.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    n_tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    problem: Mapped[str | None] = mapped_column(Text)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class Telling(Table):
    """An alert of which a receiver is told by a notice; once by each route."""

    __tablename__ = "tellings"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    route_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"), index=True)


class Job(Table):
    """What is done again and again: its kind, what it is about, its rhythm; and who is at it until `leased_until`."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120), default="")
    rhythm: Mapped[Json] = mapped_column(JSON)
    is_on: Mapped[bool] = mapped_column(default=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    n_failures: Mapped[int] = mapped_column(default=0)


class JobRun(Table):
    """One time that a job was done, or tried: when it was due, and the sentence of what went wrong."""

    __tablename__ = "job_runs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    due_at: Mapped[datetime]
    began_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str | None] = mapped_column(Text)


class WatchedFolder(Table):
    """Where newer exports of a source arrive: files that match `pattern`, and what was last taken from there."""

    __tablename__ = "watched_folders"

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    pattern: Mapped[str] = mapped_column(Text)
    taken: Mapped[str] = mapped_column(String(64), default="")
    taken_at: Mapped[datetime | None]
