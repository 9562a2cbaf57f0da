"""How a source was read, as a form: which column is what, and what each status means."""

from collections.abc import Collection
from collections.abc import Mapping as Given
from dataclasses import dataclass

from millrace.eventlog.event_log import EventClass
from millrace.eventlog.schema import Shape
from millrace.ingest.mapping import Mapping, StatusMeaning
from millrace.ingest.mapping_file import write_mapping
from millrace.ingest.source_columns import SourceColumns
from millrace.model.state import Side, State, WaitReason
from millrace.workbench import Inspection

ROLES: dict[str, str] = {
    "item_id": "The item",
    "at": "When it happened",
    "started_at": "When the work began",
    "status": "The status",
    "activity": "The activity",
    "team": "The team",
    "person": "The person",
    "key": "The number people know",
    "item_type": "The type of record",
    "priority": "The priority",
    "category": "The category",
    "service": "The service",
    "channel": "The channel",
    "requester": "Who asked",
    "is_automated": "Whether it was automated",
}
"""What a column can be, and how the form says it."""

_INSTANTS = ("at", "started_at")

MEANINGS: dict[str, tuple[State | None, WaitReason, Side]] = {
    "new, in the queue": (State.NEW, WaitReason.QUEUE, Side.PROVIDER),
    "being worked on": (State.ACTIVE, WaitReason.NONE, Side.PROVIDER),
    "waiting in a queue": (State.WAITING, WaitReason.QUEUE, Side.PROVIDER),
    "waiting for the requester": (State.WAITING, WaitReason.REQUESTER, Side.REQUESTER),
    "waiting for a supplier": (State.WAITING, WaitReason.SUPPLIER, Side.SUPPLIER),
    "waiting for approval": (State.WAITING, WaitReason.APPROVAL, Side.PROVIDER),
    "waiting for a planned time": (State.WAITING, WaitReason.SCHEDULE, Side.PROVIDER),
    "waiting, reason not known": (State.WAITING, WaitReason.UNSPECIFIED, Side.PROVIDER),
    "done": (State.DONE, WaitReason.NONE, Side.PROVIDER),
    "cancelled": (State.CANCELLED, WaitReason.NONE, Side.PROVIDER),
    "changes nothing": (None, WaitReason.NONE, Side.PROVIDER),
}
"""What a status can mean, in words."""


_SURE = 0.8
"""From here on a guess need not be looked at twice."""


@dataclass(frozen=True)
class ColumnChoice:
    """A role, the column that has it, how sure that is and why."""

    role: str
    title: str
    column: str
    sureness_ratio: float | None
    why: str

    @property
    def is_doubtful(self) -> bool:
        """True where somebody should look."""
        return self.sureness_ratio is not None and self.sureness_ratio < _SURE


@dataclass(frozen=True)
class StatusChoice:
    """A status (or activity), what it means, how sure that is and why, and the share of all time that rests on it."""

    number: int
    label: str
    meaning: str
    share_ratio: float | None
    sureness_ratio: float
    why: str
    is_given: bool

    @property
    def is_doubtful(self) -> bool:
        """True where somebody should look."""
        return not self.is_given and self.sureness_ratio < _SURE


@dataclass(frozen=True)
class MappingForm:
    """The choices, among the source's columns and the known meanings; `milestones` are columns with an instant each."""

    columns: tuple[str, ...]
    roles: tuple[ColumnChoice, ...]
    meanings: tuple[str, ...]
    statuses: tuple[StatusChoice, ...]
    milestones: tuple[tuple[str, str], ...]

    @property
    def recognised(self) -> tuple[ColumnChoice, ...]:
        """The roles that a column has."""
        return tuple(role for role in self.roles if role.column)

    @property
    def open(self) -> tuple[ColumnChoice, ...]:
        """The roles that no column has."""
        return tuple(role for role in self.roles if not role.column)

    @property
    def role_of(self) -> dict[str, str]:
        """What each column was taken for."""
        milestones = {column: f"When it was {label}" for label, column in self.milestones}
        return milestones | {role.column: role.title for role in reversed(self.recognised)}


def mapping_form(inspection: Inspection) -> MappingForm | None:
    """The form for a source; None where it is a set of record files, whose mapping is edited as YAML."""
    mapping = inspection.mapping
    if not isinstance(mapping, Mapping) or not inspection.sample:
        return None
    guesses = {guess.about.rpartition(".")[2]: guess for guess in inspection.guesses}
    roles = tuple(
        ColumnChoice(
            role,
            title,
            mapping.columns.get(role, ""),
            guesses[role].sureness_ratio if role in guesses else None,
            guesses[role].why if role in guesses else "",
        )
        for role, title in ROLES.items()
    )
    shares = {time.label: time.share_of_time_ratio for time in inspection.readiness.classified_time}
    statuses = tuple(
        StatusChoice(
            number,
            label := _label(each),
            _meaning(each),
            shares.get(label),
            each.sureness_ratio,
            each.why,
            each.is_given,
        )
        for number, each in enumerate(inspection.classes)
    )
    by_share = sorted(statuses, key=lambda status: -(status.share_ratio or 0.0))
    milestones = tuple(mapping.milestones.items())
    return MappingForm(tuple(inspection.sample[0]), roles, tuple(MEANINGS), tuple(by_share), milestones)


def empty_form(columns: SourceColumns, mapping: Mapping | None) -> MappingForm:
    """The form for a source that could not be brought in: its columns, of which nobody knows yet what they are."""
    known = mapping.columns if mapping else {}
    roles = tuple(ColumnChoice(role, title, known.get(role, ""), None, "") for role, title in ROLES.items())
    return MappingForm(columns.names, roles, (), (), ())


def changes_instants(inspection: Inspection, given: Given[str, str]) -> bool:
    """True where another column is chosen for an instant, so that it has to be seen how that one is written."""
    mapping = inspection.mapping
    assert isinstance(mapping, Mapping)
    fields = {role: f"column-{role}" for role in _INSTANTS}
    return any(field in given and given[field] != mapping.columns.get(role, "") for role, field in fields.items())


def corrected(inspection: Inspection, given: Given[str, str], columns: SourceColumns | None) -> str:
    """The mapping as YAML with what the form says in place of what it was; what is not asked there stays."""
    mapping = inspection.mapping
    assert isinstance(mapping, Mapping)
    changed = [
        _given_meaning(each, MEANINGS[meaning])
        for number, each in enumerate(inspection.classes)
        if (meaning := given.get(f"meaning-{number}", "")) in MEANINGS and meaning != _meaning(each)
    ]
    about = {(meaning.activity, meaning.status) for meaning in changed}
    kept = [meaning for meaning in mapping.statuses if (meaning.activity, meaning.status) not in about]
    chosen = _chosen(mapping, given, tuple(inspection.sample[0]), columns)
    return write_mapping(chosen.model_copy(update={"statuses": (*changed, *kept)}), inspection.guesses, ())


def mapped(columns: SourceColumns, given: Given[str, str]) -> str:
    """The mapping as YAML that a form says of a source nobody could recognise."""
    mapping = _chosen(Mapping(shape=Shape.STATUS_LOG, columns={}), given, columns.names, columns)
    shape = Shape.STATUS_LOG if "status" in mapping.columns else Shape.ACTIVITY_LOG_ENDS
    shape = Shape.ACTIVITY_LOG if "started_at" in mapping.columns else shape
    return write_mapping(mapping.model_copy(update={"shape": shape}))


def _chosen(mapping: Mapping, given: Given[str, str], names: Collection[str], columns: SourceColumns | None) -> Mapping:
    """The mapping with the columns that were chosen; an instant is read as its new column is written."""
    asked = {role: given[f"column-{role}"] for role in ROLES if f"column-{role}" in given}
    chosen = {role: column for role, column in mapping.columns.items() if role not in asked}
    chosen |= {role: column for role, column in asked.items() if column in names}
    times = dict(mapping.times)
    for role in _INSTANTS:
        column = chosen.get(role)
        if column != mapping.columns.get(role):
            times.pop(role, None)
            if columns is not None and column in columns.times:
                times[role] = columns.times[column]
    return mapping.model_copy(update={"columns": chosen, "times": times})


def _given_meaning(event_class: EventClass, meaning: tuple[State | None, WaitReason, Side]) -> StatusMeaning:
    state, reason, side = meaning
    return StatusMeaning(
        activity=event_class.activity, status=event_class.status, state=state, wait_reason=reason, side=side,
        reopens=event_class.reopens,
    )  # fmt: skip


def _label(event_class: EventClass) -> str:
    return " / ".join(dict.fromkeys(part for part in (event_class.activity, event_class.status) if part))


def _meaning(event_class: EventClass) -> str:
    """The meaning in words; by its state alone where the words know no such combination."""
    exact = (event_class.state, event_class.wait_reason, event_class.side)
    words = {meaning: name for name, meaning in MEANINGS.items()}
    alike = next((name for name, meaning in MEANINGS.items() if meaning[0] == event_class.state), "changes nothing")
    return words.get(exact, alike)
