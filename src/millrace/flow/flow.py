"""The handle of a log that has been cut by a stream: spans, visits and items, on disk, as tables to measure."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from pydantic import BaseModel, ConfigDict

from millrace.eventlog.engine import HALF_MEMORY_LIMIT, MEMORY_LIMIT, name, text
from millrace.eventlog.schema import Shape
from millrace.model.state import Side, State, WaitReason
from millrace.model.value_stream import ValueStream
from millrace.model.work_calendar import WorkCalendar

UNMAPPED = "unmapped"
"""Label of the visible step of events that no rule of the stream matches."""


class LabelTime(BaseModel):
    """The time that rests on events with this activity and status, over all items, in microseconds.

    `item_type` is given in a log of several record types, where one label may mean different things.
    """

    model_config = ConfigDict(frozen=True)

    activity: str | None
    status: str | None
    microseconds: int
    item_type: str | None = None


class StateTime(BaseModel):
    """The time of all items in one state, for one reason, on one side, on both clocks in microseconds.

    `is_before_value`: the part of it before the value of delivered items.
    """

    model_config = ConfigDict(frozen=True)

    state: State
    wait_reason: WaitReason
    side: Side
    is_before_value: bool
    elapsed: int
    business: int


class JourneyCounts(BaseModel):
    """What is to be known of journeys across records.

    Items of one record only (`n_alone`); demands that the stream leaves out since nothing is linked with them; records
    that serve several items; pairs of an item and a linked record that had begun, or even ended, before the demand;
    and records whose handle time is longer than the time in which they were not done.
    """

    model_config = ConfigDict(frozen=True)

    n_alone: int
    n_left_out: int
    n_shared_records: int
    n_began_before_demand: int
    n_ended_before_demand: int
    n_handle_cut_short: int


class FlowDescription(BaseModel):
    """What the codes in the tables stand for, and what is known of the log as a whole.

    A span's or visit's `step` is a position in the stream's steps (one past the last is *unmapped*), its `team`,
    `system` and `person` positions in `teams`, `systems` and `people` (-1 where unknown). A span's `activity` is a
    position in `activities`: what the event said that opens it or reports it, by its activity, or its status where it
    has none; -1 where no event does.
    `withheld` are columns that name people and that nobody may filter or group by. Groups behind which fewer than
    `smallest_group` people stand are not told apart (see `small_groups`); `hides_persons`: a journey names nobody.
    Instants in microseconds since 1970 UTC. `record_types` names the types of records in a log of several; items are
    then journeys that begin with a record of `root_type` (of any type where it is None), and a span's `record` is a row
    of `records`, its `own_step` the step that this record is in by itself. `all_attributes` are those of records of any
    type, where `attributes` are those of the root's. `state_times` and `people_of_steps` (the number of people seen in
    each step, *unmapped* last) are totals over all spans.
    """

    model_config = ConfigDict(frozen=True)

    stream: ValueStream
    shape: Shape
    source_name: str
    calendar: WorkCalendar
    activities: tuple[str, ...]
    teams: tuple[str, ...]
    systems: tuple[str, ...]
    people: tuple[str, ...]
    n_items: int
    n_events: int
    withheld: tuple[str, ...] = ()
    smallest_group: int = 1
    hides_persons: bool = False
    record_types: tuple[str, ...] = ()
    root_type: str | None = None
    journeys: JourneyCounts | None = None
    all_attributes: tuple[str, ...] = ()
    first_at: int
    last_at: int
    id_column: str
    columns: tuple[str, ...]
    attributes: tuple[str, ...]
    label_times: tuple[LabelTime, ...]
    state_times: tuple[StateTime, ...]
    people_of_steps: tuple[int, ...]


@dataclass(frozen=True)
class Flow:
    """A cut log. `folder` holds `spans.parquet`, `visits.parquet`, `items.parquet` and `flow.json`.

    Where items are journeys across records (see `journeys`), also `records.parquet`, each record's own life in
    `record_spans.parquet`, and which record serves which item in `journeys.parquet`.

    `events_path` is the log's events, where an item's id and attributes are found: those of its last event.
    """

    folder: Path
    events_path: Path
    about: FlowDescription

    @cached_property
    def engine(self) -> Any:
        """The Ibis backend that the measures run on."""
        import ibis

        backend = ibis.duckdb.connect()
        backend.raw_sql("SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET enable_progress_bar = false")
        backend.raw_sql(f"SET temp_directory = {text(gettempdir())}; SET memory_limit = {text(MEMORY_LIMIT)}")
        across = ("records", "record_spans", "journeys") if self.about.record_types else ()
        for table in ("spans", "visits", "items", *across):
            backend.raw_sql(
                f"CREATE VIEW {table} AS SELECT * FROM read_parquet({text(self.folder / f'{table}.parquet')})"
            )
        return backend

    @cached_property
    def copies(self) -> "tuple[Flow, ...]":
        """This flow twice, with engines of their own that can be asked at the same time; they share one's memory."""
        copies = (replace(self), replace(self))
        for copy in copies:
            copy.engine.raw_sql(f"SET memory_limit = {text(HALF_MEMORY_LIMIT)}")
        return copies

    @cached_property
    def spans(self) -> Any:
        """Spans as an Ibis table."""
        return self.engine.table("spans")

    @cached_property
    def visits(self) -> Any:
        """Visits as an Ibis table."""
        return self.engine.table("visits")

    @cached_property
    def items(self) -> Any:
        """Items as an Ibis table: what became of each."""
        return self.engine.table("items")

    @cached_property
    def records(self) -> Any:
        """Records of a log of several types as an Ibis table: what became of each by itself (see `journeys`)."""
        return self.engine.table("records")

    def attribute(self, column: str) -> Any:
        """A column of the log as an Ibis table: `last_row` (the event's row) and `label` (its text)."""
        view = f"attribute_{column}"
        self.engine.raw_sql(
            f"CREATE OR REPLACE VIEW {name(view)} AS "
            f"SELECT file_row_number AS last_row, {name(column)}::VARCHAR AS label "
            f"FROM read_parquet({text(self.events_path)}, file_row_number = true)"
        )
        return self.engine.table(view)

    @cached_property
    def asked(self) -> dict[Any, Any]:
        """What was found out about groups of this flow, so that each question is asked once."""
        return {}

    @property
    def key_column(self) -> str:
        """The column people know an item by."""
        return "key" if "key" in self.about.columns else "item_id"

    @property
    def step_names(self) -> tuple[str, ...]:
        """Names of the steps by their codes; the last is *unmapped*."""
        return (*(step.name for step in self.about.stream.steps), UNMAPPED)

    @property
    def now_at(self) -> datetime:
        """The log's last instant: what is known, is known as of then."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.about.last_at)

    @property
    def began_at(self) -> datetime:
        """The log's first instant."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.about.first_at)

    @property
    def n_months(self) -> float:
        """Length of the log in months of 365.25 ÷ 12 days."""
        return (self.about.last_at - self.about.first_at) / (86_400_000_000 * 365.25 / 12)

    def has(self, column: str) -> bool:
        """True where the log holds this canonical column or attribute."""
        return column in self.about.columns or column in self.about.attributes

    @property
    def knows_work(self) -> bool:
        """True where the log can tell working from waiting."""
        return self.about.shape is not Shape.ACTIVITY_LOG_ENDS

    def save_description(self) -> None:
        """Write `flow.json`."""
        (self.folder / "flow.json").write_text(self.about.model_dump_json(), "utf-8")

    @classmethod
    def open(cls, folder: Path, events_path: Path) -> "Flow":
        """Open the flow in `folder`, cut from the events at `events_path`."""
        about = FlowDescription.model_validate_json((folder / "flow.json").read_text("utf-8"))
        return cls(folder, events_path, about)
