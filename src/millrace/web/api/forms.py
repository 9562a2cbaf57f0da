"""What the API is given and answers, where no other form of ours serves."""

import json
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from millrace.eventlog.readiness import Readiness
from millrace.ingest.mapping import Guess
from millrace.model.stream_file import parse_stream
from millrace.model.value_stream import ValueStream
from millrace.workbench.shared import Actor
from millrace.workbench.shared.source_book import SourceView
from millrace.workbench.shared.stream_book import RevisionView, StreamView

Cell = str | int | float | bool | None
_MOST_YAML = 500_000


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MeForm(_Form):
    """On whose behalf the request ran."""

    name: str
    role: str
    may: list[str] = Field(description="What the role, narrowed by the token’s scopes, allows")

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Of an actor."""
        return cls(name=actor.name, role=actor.role, may=[p for p in actor.role.permissions if actor.may(p)])


class RevisionForm(_Form):
    """A revision of a stream. `stream` is the YAML as JSON, by the schema of the value stream file."""

    number: int
    based_on: int | None
    state: str = Field(description="draft, proposed, published or refused")
    note: str
    author: str | None
    decided_by: str | None
    created_at: datetime
    decided_at: datetime | None
    yaml: str
    stream: dict[str, Any]

    @classmethod
    def of(cls, view: RevisionView) -> Self:
        """Of a revision."""
        return cls(
            number=view.number, based_on=view.based_on, state=view.state, note=view.note, author=view.author,
            decided_by=view.decided_by, created_at=view.created_at, decided_at=view.decided_at, yaml=view.yaml,
            stream=view.stream.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        )  # fmt: skip


class StreamForm(_Form):
    """A stream: its latest revision, the number of the published one, and the source that it is measured on."""

    key: str
    title: str
    source: str | None
    published: int | None
    latest: RevisionForm

    @classmethod
    def of(cls, view: StreamView) -> Self:
        """Of a stream."""
        latest = RevisionForm.of(view.latest)
        return cls(key=view.key, title=view.title, source=view.source_key, published=view.published, latest=latest)


class StreamGiven(_Form):
    """A stream as YAML or as JSON: one of both."""

    yaml: Annotated[str, Field(max_length=_MOST_YAML)] | None = None
    stream: dict[str, Any] | None = None
    note: Annotated[str, Field(max_length=1000)] = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.yaml is None) == (self.stream is None):
            raise ValueError("give either yaml or stream")
        return self

    def read(self) -> ValueStream:
        """The stream. Raises what an unreadable stream file raises."""
        text = self.yaml if self.yaml is not None else json.dumps(self.stream, ensure_ascii=False)
        return parse_stream(text, source="the request")


class NewStreamGiven(_Form):
    """A stream to begin with: as YAML or JSON, or, with neither, as `source` seems to show it."""

    yaml: Annotated[str, Field(max_length=_MOST_YAML)] | None = None
    stream: dict[str, Any] | None = None
    source: str | None = Field(default=None, description="The source that it is measured on")

    @model_validator(mode="after")
    def _something(self) -> Self:
        given = [each for each in (self.yaml, self.stream) if each is not None]
        if len(given) > 1 or not (given or self.source):
            raise ValueError("give yaml, stream or source")
        return self

    def read(self) -> ValueStream | None:
        """The stream, if one is given. Raises what an unreadable stream file raises."""
        if self.yaml is None and self.stream is None:
            return None
        return StreamGiven(yaml=self.yaml, stream=self.stream).read()


class SourceGiven(_Form):
    """On which source a stream is measured; null for none."""

    source: str | None


class MappingGiven(_Form):
    """How a source is read, as YAML; null: as it is recognised."""

    yaml: Annotated[str, Field(max_length=_MOST_YAML)] | None


class SourceForm(_Form):
    """A source: an export that was given, and what became of it."""

    key: str
    name: str
    state: str = Field(description="waiting, importing, ready or failed")
    progress_ratio: float
    problem: str | None
    exports: list[list[str]] = Field(description="The names of the files of each export, the oldest first")
    mapping: str | None
    n_items: int | None
    n_events: int | None
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, view: SourceView) -> Self:
        """Of a source."""
        return cls(
            key=view.key, name=view.name, state=view.state, progress_ratio=view.progress_ratio, problem=view.problem,
            exports=[list(names) for names in view.exports], mapping=view.mapping, n_items=view.n_items,
            n_events=view.n_events, created_at=view.created_at, changed_at=view.changed_at,
        )  # fmt: skip


class InspectionForm(_Form):
    """How a source was read: the mapping as YAML to edit, how sure each part of it is, how ready the log is."""

    mapping: str
    guesses: list[Guess]
    readiness: Readiness


class ItemsForm(_Form):
    """A page of items: of `n_items` in all, each a row by the names of `columns`."""

    n_items: int
    page: int
    per_page: int
    columns: list[str]
    items: list[dict[str, Cell]]


class MapForm(_Form):
    """The map as a table: what the drawing shows, step by step, with its totals."""

    caption: str
    header: list[str]
    rows: list[list[str]]
    totals: dict[str, str]


class JourneySpanForm(_Form):
    """A piece of an item’s life: who had it, in which state."""

    began_at: datetime
    ended_at: datetime
    record: str
    step: str
    state: str
    wait_reason: str
    side: str
    team: str | None
    is_before_value: bool


class JourneyForm(_Form):
    """An item from its demand to its last event; the spans leave no gap."""

    item: str
    demand_at: datetime
    value_at: datetime | None
    ended_at: datetime
    last_state: str
    lead_time_seconds: float | None
    records: list[str]
    spans: list[JourneySpanForm]


class DeedForm(_Form):
    """Who did what, when and on what."""

    number: int
    at: datetime
    person: str | None
    deed: str
    subject: str
    details: dict[str, Any]
