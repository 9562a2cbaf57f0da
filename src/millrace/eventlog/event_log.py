"""The handle of a log that is in: a folder with the events as Parquet and what is known about them as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from millrace.eventlog.links import LINKS_FILE
from millrace.eventlog.readiness import Readiness
from millrace.eventlog.schema import Shape
from millrace.model.state import Side, State, WaitReason

EVENTS_FILE = "events.parquet"
ABOUT_FILE = "log.json"


class EventClass(BaseModel):
    """What an event with this activity and status sets: its state, the reason to wait, and whose time it is.

    `state` is None for an event that changes nothing (an update, junk): what held before goes on.
    `reopens` marks an activity that takes an item out of `done` in a log that is not a status log.
    """

    model_config = ConfigDict(frozen=True)

    activity: str | None = None
    status: str | None = None
    state: State | None = None
    wait_reason: WaitReason = WaitReason.NONE
    side: Side = Side.PROVIDER
    reopens: bool = False
    n_events: int = 0
    sureness_ratio: float = Field(default=0.0, ge=0, le=1)
    why: str = ""
    is_given: bool = Field(default=False, description="True where the user's mapping says so")


class RecordType(BaseModel):
    """The records of one type in a log of several: their shape, columns and classes; and what their file tells.

    `milestones` are the labels of the instants that the record itself has (opened, closed, …), in the order of the
    work; its events say in the column `milestone` which one they are. `has_handle_time`: the column `handle_seconds`
    holds how long was worked on the record in all, without saying when.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    source_name: str
    shape: Shape
    columns: Mapping[str, str]
    attributes: tuple[str, ...] = ()
    event_classes: tuple[EventClass, ...]
    milestones: tuple[str, ...] = ()
    has_handle_time: bool = False
    n_records: int = 0


class LogDescription(BaseModel):
    """What is known about a log: its shape, columns, the classes of its events, how it was read, its readiness."""

    model_config = ConfigDict(frozen=True)

    source_name: str
    shape: Shape
    zone: str = "UTC"
    columns: Mapping[str, str] = Field(description="Canonical name → name in the source")
    attributes: tuple[str, ...] = Field(default=(), description="Further columns, under their source's names")
    event_classes: tuple[EventClass, ...]
    label_positions: Mapping[str, Mapping[str, float]] = Field(
        default_factory=dict,
        description="Per column how far through an item's life its labels stand on average, 0 to 1, where it was told",
    )
    readiness: Readiness
    record_types: tuple[RecordType, ...] = Field(
        default=(), description="The types of a log of several, whose records are linked (see `links`)"
    )
    person_columns: tuple[str, ...] = Field(default=(), description="Columns that name people, where a workspace says")
    team_sides: Mapping[str, Side] = Field(
        default_factory=dict, description="Whose time the time of a team is, where it is not the provider's"
    )


@dataclass(frozen=True)
class EventLog:
    """A log on disk. `folder` holds `events.parquet` (see `schema`) and `log.json` (`LogDescription`).

    A log of several record types also holds `links.parquet` (see `links`).
    """

    folder: Path
    about: LogDescription

    @property
    def events_path(self) -> Path:
        """The Parquet file of the events."""
        return self.folder / EVENTS_FILE

    @property
    def links_path(self) -> Path:
        """The Parquet file of the links; only a log of several record types has one."""
        return self.folder / LINKS_FILE

    def has(self, column: str) -> bool:
        """True where the log holds this canonical column or attribute."""
        return column in self.about.columns or column in self.about.attributes

    def save_description(self) -> None:
        """Write `log.json`."""
        (self.folder / ABOUT_FILE).write_text(self.about.model_dump_json(indent=1), "utf-8")

    @classmethod
    def open(cls, folder: Path) -> "EventLog":
        """Open the log in `folder`."""
        about = LogDescription.model_validate_json((folder / ABOUT_FILE).read_text("utf-8"))
        return cls(folder, about)
