"""What a source's columns and statuses mean: proposed by recognition, edited by people, applied by the import."""

from pydantic import BaseModel, ConfigDict, Field

from millrace.eventlog.schema import Shape
from millrace.model.state import Side, State, WaitReason


class MappingPart(BaseModel):
    """A part of a mapping; keys that it does not know are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TimeFormat(MappingPart):
    """How the instants of a column are written.

    `formats` are tried in order (engine's strptime patterns, or `iso`, `epoch_s`, `epoch_ms`, `excel`); a text
    without an offset is local time in `zone`.
    """

    formats: tuple[str, ...]
    zone: str = "UTC"
    day_first: bool | None = None


class StatusMeaning(MappingPart):
    """What a status (or an activity) sets. An empty `activity` or `status` stands for any."""

    activity: str | None = None
    status: str | None = None
    state: State | None = None
    wait_reason: WaitReason = WaitReason.NONE
    side: Side = Side.PROVIDER
    reopens: bool = False


class ChangesMapping(MappingPart):
    """A table of changes: each row says that a field of an item went from one value to another.

    `item`, `field`, `old`, `new`, `at` and `by` are the source's columns; `fields` maps a canonical name (status,
    team, person, priority, …) to the text in the column `field` that means it. `time` is how `at` is written.
    """

    item: str
    field: str
    new: str
    at: str
    old: str | None = None
    by: str | None = None
    fields: dict[str, str]
    time: TimeFormat = TimeFormat(formats=("iso",))


class Mapping(MappingPart):
    """Which column is what. The YAML of `millrace inspect`; every part may be edited and given back.

    `columns` maps a canonical name (see `eventlog.schema`; `tie_break` orders events of the same instant,
    `lifecycle` holds the `start` and `complete` of paired rows) to the source's column. `milestones` is used for
    one-row-per-item sources instead of `at`: label of the event → column with its instant, in the order of the work.
    `nulls` are texts that mean “nothing here”. `statuses` are given meanings, which win over guessed ones.
    """

    shape: Shape
    columns: dict[str, str]
    times: dict[str, TimeFormat] = Field(default_factory=dict, description="Per canonical time column")
    milestones: dict[str, str] = Field(default_factory=dict)
    nulls: tuple[str, ...] = ()
    item_type: str | None = Field(default=None, description="The type of all items, where no column says it")
    statuses: tuple[StatusMeaning, ...] = ()
    leave_out: tuple[str, ...] = Field(default=(), description="Columns that are not to be kept as attributes")
    changes: ChangesMapping | None = Field(default=None, description="The table of changes that goes with records")


class Guess(MappingPart):
    """A judgement of recognition: what about, how sure (0 to 1), and why in a sentence."""

    about: str
    answer: str
    sureness_ratio: float = Field(ge=0, le=1)
    why: str
    rivals: tuple[str, ...] = ()
