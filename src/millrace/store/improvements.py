"""The register of improvements: each with its hypothesis, its actions, and the verdicts on it.

Days are kept as text, `2026-03-31`: they belong to no time zone.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from millrace.store.tables import Json, Table, new_id, now


class ImprovementRecord(Table):
    """An improvement. `state` is a name of `improve.register.state.ImprovementState`; `model_step` counts from 1 to 7.

    `hypothesis` and `baseline` are those of `improve.proof`. `origin` says where it comes from: `hand`, `stream`,
    `finding`, `move` or `alert`, and `origin_ref` which one. `made_revision` is the number of the stream's revision
    that shows the change. `version` counts its changes.
    """

    __tablename__ = "improvements"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    stream_id: Mapped[str] = mapped_column(ForeignKey("streams.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    step: Mapped[str | None] = mapped_column(String(200))
    waste: Mapped[str | None] = mapped_column(String(80))
    practice: Mapped[str | None] = mapped_column(String(120))
    kind: Mapped[str | None] = mapped_column(String(40))
    concerns: Mapped[str | None] = mapped_column(String(20))
    owner: Mapped[str | None] = mapped_column(String(200), index=True)
    coordinator: Mapped[str | None] = mapped_column(String(200))
    priority: Mapped[str | None] = mapped_column(String(20))
    effort: Mapped[str | None] = mapped_column(String(20))
    benefit: Mapped[str | None] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(20), default="new", index=True)
    model_step: Mapped[int] = mapped_column(default=1)
    hypothesis: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    expected_from: Mapped[str | None] = mapped_column(String(200))
    target: Mapped[str | None] = mapped_column(String(40))
    baseline: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    baseline_at: Mapped[datetime | None]
    review_on: Mapped[str | None] = mapped_column(String(10))
    origin: Mapped[str] = mapped_column(String(20), default="hand")
    origin_ref: Mapped[str | None] = mapped_column(String(200))
    based_on_revision: Mapped[int | None]
    made_revision: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class ActionRecord(Table):
    """An action of an improvement. `number` counts within it from 1; `needs` are numbers of those that come first."""

    __tablename__ = "improvement_actions"
    __table_args__ = (UniqueConstraint("improvement_id", "number"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    improvement_id: Mapped[str] = mapped_column(ForeignKey("improvements.id"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    owner: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[str | None] = mapped_column(String(10))
    needs: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(20), default="open")


class VerdictRecord(Table):
    """A verdict as it was given: its figures stay as they were. Rows are only ever added."""

    __tablename__ = "improvement_verdicts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    improvement_id: Mapped[str] = mapped_column(ForeignKey("improvements.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str] = mapped_column(String(20))
    headline: Mapped[str] = mapped_column(String(400))
    form: Mapped[Json] = mapped_column(JSON)
    svg: Mapped[str] = mapped_column(Text)
    alt: Mapped[str] = mapped_column(Text)
