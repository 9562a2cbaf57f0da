"""What was told of streams week by week, and their reviews."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from millrace.store.tables import Json, Table, new_id, now


class Snapshot(Table):
    """A stream in the week from `week_on`, a Monday: figures and sentences as they were told. Never changed."""

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("stream_id", "week_on"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    stream_id: Mapped[str] = mapped_column(ForeignKey("streams.id"))
    week_on: Mapped[date] = mapped_column(Date)
    revision: Mapped[int]
    told: Mapped[Json] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(default=now)


class Review(Table):
    """A review of a stream: due on a day, held on a day (None until then); minutes, decisions, what was on the table.

    `decisions` is a list of {text, who, due_on}; `pack` what lay on the table, once it was made.
    """

    __tablename__ = "reviews"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    stream_id: Mapped[str] = mapped_column(ForeignKey("streams.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    held_on: Mapped[date | None] = mapped_column(Date)
    minutes: Mapped[str] = mapped_column(Text, default="")
    decisions: Mapped[list[Json]] = mapped_column(JSON, default=list)
    pack: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
