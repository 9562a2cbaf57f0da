"""Streams of the workspace, the sources they are measured on, and the revisions of each stream."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from millrace.store.tables import Json, Table, new_id, now


class Source(Table):
    """An export that people gave, and how it is read.

    `files` are its files' names below `sources/<id>` in the workspace's folder. `state` is `waiting`, `importing`,
    `ready` or `failed`; `problem` the sentence of a failure. `progress_ratio` is of the import that runs.
    """

    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    files: Mapped[list[str]] = mapped_column(JSON)
    mapping: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    progress_ratio: Mapped[float] = mapped_column(default=0.0)
    problem: Mapped[str | None] = mapped_column(Text)
    log_key: Mapped[str | None] = mapped_column(String(64))
    n_items: Mapped[int | None] = mapped_column(BigInteger)
    n_events: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    archived_at: Mapped[datetime | None]


class Stream(Table):
    """A value stream that the workspace follows. What it is at a time stands in its revisions."""

    __tablename__ = "streams"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("sources.id"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    archived_at: Mapped[datetime | None]


class Revision(Table):
    """What a stream was from an instant on: its YAML, who changed it and why.

    `number` counts within the stream from 1. `state` is `draft`, `proposed`, `published` or `refused`. `based_on` is
    the number of the revision that it was made from.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("stream_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    stream_id: Mapped[str] = mapped_column(ForeignKey("streams.id"), index=True)
    number: Mapped[int]
    based_on: Mapped[int | None]
    yaml: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(20), default="draft")
    author_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]


class Setting(Table):
    """A setting of the workspace by its name."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Json] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer, default=1)


class Deed(Table):
    """Who did what and when: the audit trail. Rows are only ever added."""

    __tablename__ = "deeds"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    deed: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    details: Mapped[Json] = mapped_column(JSON, default=dict)
