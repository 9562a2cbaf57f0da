"""The moves of a future state as a form: a card for each, with what can be chosen, moved and written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from millrace.model.duration import write_duration
from millrace.model.move import Move
from millrace.model.value_stream import FutureState
from millrace.model.work_calendar import WEEKDAYS, WorkCalendar
from millrace.model.yaml_problem import told_at
from millrace.workbench.shared.future_trials import MovableParts

Given = Mapping[str, Sequence[str]]
"""The fields of a form as a browser sends them."""

KINDS: dict[str, type[BaseModel]] = {each.model_fields["move"].default: each for each in get_args(get_args(Move)[0])}
"""Kinds of moves by their names."""


class Asked(StrEnum):
    """How a field is asked for."""

    CHOICE = "choice"
    CHOICES = "choices"
    SLIDER = "slider"
    NUMBER = "number"
    TEXT = "text"
    WHERE = "where"
    HOURS = "hours"


@dataclass(frozen=True)
class Wording:
    """What a field is called, what it is counted in, and what is to be known of it."""

    label: str
    asked: Asked
    help: str = ""
    unit: str = ""


FIELDS: dict[str, Wording] = {
    "step": Wording("Step", Asked.CHOICE),
    "team": Wording("Team", Asked.CHOICE),
    "to": Wording("To", Asked.CHOICE),
    "after": Wording("After the step", Asked.CHOICE, "From the beginning, where none is chosen"),
    "teams": Wording("Teams", Asked.CHOICES),
    "people": Wording("More people", Asked.NUMBER),
    "limit": Wording("Once it has waited", Asked.TEXT, "Like 8 h or 2 d"),
    "process_time": Wording("Work then takes", Asked.TEXT, "Like 90 s or 15 min; as long as today where it is empty"),
    "where": Wording("Only some items", Asked.WHERE, "All items where nothing is ticked"),
    "share_ratio": Wording("Share of these items", Asked.SLIDER, unit="%"),
    "hours": Wording("Hours", Asked.HOURS, "Like 08:00-12:00, 13:00-17:00; empty on days off"),
    "one_off_cost": Wording("Cost, once", Asked.NUMBER),
    "running_cost_per_month": Wording("Cost, a month", Asked.NUMBER),
    "name": Wording("What it is called", Asked.TEXT, "Its kind and place, where it is empty"),
    "owner": Wording("Who sees to it", Asked.TEXT, "A role rather than a person"),
    "needs": Wording("Only after", Asked.CHOICES, "Moves that have to be made before"),
}
"""Every field that a move can have, in the order in which it is asked for."""

PLANNING = ("one_off_cost", "running_cost_per_month", "name", "owner", "needs")
"""Fields about making a move rather than about what it does."""
_TEAM_TO = ("shift_left", "delegate_approval")
"""Moves whose `to` is a team; of the others it is a step."""


@dataclass(frozen=True)
class Field:
    """A field of a card, with the values that stand in it. `options` are groups: their heading and what is in them."""

    name: str
    wording: Wording
    values: tuple[str, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    may_be_empty: bool = False
    wrong: str = ""

    @property
    def value(self) -> str:
        """The only value, or nothing."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class MoveCard:
    """A move to be edited: what it is, what it does, and how it is planned."""

    kind: str
    title: str
    meaning: str
    does: tuple[Field, ...]
    planned: tuple[Field, ...]
    wrong: str = ""


@dataclass(frozen=True)
class FutureForm:
    """A future state to be edited, and the kinds of moves that can be added to it with what they do."""

    name: str
    description: str
    cards: tuple[MoveCard, ...]
    kinds: tuple[tuple[str, str, str], ...]
    wrong: str = ""


def title_of(kind: str) -> str:
    """A kind of move in words: `auto_approve` → “Auto approve”."""
    return kind.replace("_", " ").capitalize()


def future_form(future: FutureState, parts: MovableParts) -> FutureForm:
    """The form of a future state as it is."""
    called = [move.called for move in future.moves]
    cards = tuple(_card(move.move, _written(move), parts, called) for move in future.moves)
    return FutureForm(future.name, future.description, cards, _kinds(parts))


def given_future(given: Given, before: FutureState) -> FutureState:
    """The future state that a form holds; what no field asks for stays as it was before. Raises ValidationError."""
    return FutureState.model_validate(_tree(given, before))


def refused_form(given: Given, before: FutureState, parts: MovableParts, refused: ValidationError) -> FutureForm:
    """The form as it was filled in, with what is wrong beside each field."""
    tree = _tree(given, before)
    wrong = told_at(refused, tree, FutureState)
    cards = []
    for place, move in enumerate(tree["moves"]):
        told = {at[2]: sentence for at, sentence in wrong.items() if at[:2] == ("moves", place) and len(at) > 2}
        shown = {name: _without_sign(value) for name, value in move.items()}
        card = _card(move["move"], shown, parts, [])
        fields = [replace(field, wrong=told.pop(field.name, "")) for field in (*card.does, *card.planned)]
        whole = "; ".join(sentence for at, sentence in wrong.items() if at == ("moves", place))
        n = len(card.does)
        rest = "; ".join(told.values())
        cards.append(replace(card, does=tuple(fields[:n]), planned=tuple(fields[n:]), wrong=whole or rest))
    top = "; ".join(sentence for at, sentence in wrong.items() if at[:1] != ("moves",))
    return FutureForm(tree["name"], tree["description"], tuple(cards), _kinds(parts), top)


def new_move(kind: str, parts: MovableParts) -> Move:
    """A move of a kind, made on the first step and team there are: a beginning, to be edited."""
    attribute, values = next(iter(parts.attributes.items()), ("priority", ("1",)))
    beginnings: dict[str, Any] = {
        "step": parts.steps[0],
        "team": next(iter(parts.teams), ""),
        "to": next(iter(parts.teams), "") if kind in _TEAM_TO else parts.steps[-1],
        "teams": parts.teams[:2],
        "people": 1,
        "limit": "8 h",
        "hours": WorkCalendar(),
        "where": {attribute: values[:1]},
    }
    required = {name: beginnings[name] for name, field in KINDS[kind].model_fields.items() if field.is_required()}
    return FutureState.model_validate({"name": "new", "moves": [{"move": kind, **required}]}).moves[0]


def _kinds(parts: MovableParts) -> tuple[tuple[str, str, str], ...]:
    """Kinds that can be made here, their titles and what they do."""
    return tuple((kind, title_of(kind), _meaning(kind)) for kind in KINDS if is_possible(kind, parts))


def is_possible(kind: str, parts: MovableParts) -> bool:
    """Whether there is such a kind of move, and the stream has what it names."""
    if kind not in KINDS:
        return False
    fields = KINDS[kind].model_fields
    n_teams = (
        2 if kind == "pool_teams" else int(kind in _TEAM_TO or ("team" in fields and fields["team"].is_required()))
    )
    n_attributes = int("where" in fields and fields["where"].is_required())
    return bool(parts.steps) and len(parts.teams) >= n_teams and len(parts.attributes) >= n_attributes


def _meaning(kind: str) -> str:
    return (KINDS[kind].__doc__ or "").strip()


def _card(kind: str, written: Mapping[str, Any], parts: MovableParts, called: Sequence[str]) -> MoveCard:
    known = KINDS[kind].model_fields
    fields = [_field(kind, name, written, parts, called) for name in FIELDS if name in known]
    does = tuple(field for field in fields if field.name not in PLANNING)
    planned = tuple(field for field in fields if field.name in PLANNING)
    return MoveCard(kind, title_of(kind), _meaning(kind), does, planned)


def _field(kind: str, name: str, written: Mapping[str, Any], parts: MovableParts, called: Sequence[str]) -> Field:
    wording, values = FIELDS[name], _values_of(written.get(name))
    options: Iterable[tuple[str, tuple[str, ...]]] = ()
    if name in ("team", "teams") or (name == "to" and kind in _TEAM_TO):
        options = [("", parts.teams)]
        wording = replace(wording, label="To the team") if name == "to" else wording
    elif wording.asked is Asked.CHOICE:
        options = [("", parts.steps)]
        wording = replace(wording, label="To the step") if name == "to" else wording
    elif wording.asked is Asked.WHERE:
        options = [(each, tuple(f"{each}={value}" for value in found)) for each, found in parts.attributes.items()]
    elif name == "needs":
        own = written.get("name") or ""
        options = [("", tuple(each for each in called if each != own))]
    elif wording.asked is Asked.HOURS:
        options = [(day, tuple(_values_of(_hours_of(written.get(name), day)))) for day in WEEKDAYS]
    offered = {option for _, listed in options for option in listed}
    strange = tuple(value for value in values if value not in offered)
    if strange and wording.asked in (Asked.CHOICE, Asked.CHOICES, Asked.WHERE):
        options = [*options, ("", strange)]
    return Field(name, wording, values, tuple(options), not KINDS[kind].model_fields[name].is_required())


def _hours_of(calendar: Any, day: str) -> Any:
    hours = calendar.get("hours", {}) if isinstance(calendar, Mapping) else {}
    return hours.get(day)


def _values_of(written: Any) -> tuple[str, ...]:
    """What stands in a form for a value of a move."""
    if isinstance(written, Mapping):
        pairs = ((each, values) for each, values in written.items() if isinstance(values, list | tuple))
        return tuple(f"{each}={value}" for each, values in pairs for value in values)
    if isinstance(written, list | tuple):
        return tuple(map(str, written))
    return () if written is None or written == "" else (str(written),)


def _written(move: Move) -> dict[str, Any]:
    """A move as it stands in the form: shares in percent, durations in words."""
    written = move.model_dump(mode="json")
    if "share_ratio" in written:
        written["share_ratio"] = f"{100 * written['share_ratio']:.10g}"
    for name in ("one_off_cost", "running_cost_per_month"):
        written[name] = f"{written[name]:.10g}"
    for name in ("limit", "process_time"):
        value = getattr(move, name, None)
        written[name] = "" if value is None else write_duration(value)
    return written


def _without_sign(value: Any) -> Any:
    """A share as its slider has it; anything else as it is."""
    return value.removesuffix(" %") if isinstance(value, str) else value


def _tree(given: Given, before: FutureState) -> dict[str, Any]:
    """What a form holds, as the future state would be written."""
    kinds = given.get("kind", ())
    moves = [_move_tree(given, place, kind) for place, kind in enumerate(kinds) if kind in KINDS]
    kept = before.model_dump(mode="json", include={"estimates", "routes", "leaves_out"})
    return {**kept, "name": _one(given, "name"), "description": _one(given, "description"), "moves": moves}


def _move_tree(given: Given, place: int, kind: str) -> dict[str, Any]:
    tree: dict[str, Any] = {"move": kind}
    for name in KINDS[kind].model_fields:
        if name == "move":
            continue
        found = _value_given(given, f"{place}-{name}", FIELDS[name].asked)
        if found not in ("", [], {}) or (KINDS[kind].model_fields[name].is_required() and name != "hours"):
            tree[name] = found
    return tree


def _value_given(given: Given, field: str, asked: Asked) -> Any:
    if asked is Asked.CHOICES:
        return list(given.get(field, ()))
    if asked is Asked.SLIDER:
        written = _one(given, field)
        return f"{written} %" if written else ""
    if asked is Asked.WHERE:
        where: dict[str, list[str]] = {}
        for condition in given.get(field, ()):
            attribute, _, value = condition.partition("=")
            where.setdefault(attribute, []).append(value)
        return where
    if asked is Asked.HOURS:
        hours = {day: written for day in WEEKDAYS if (written := _one(given, f"{field}-{day}"))}
        return {"hours": hours} if hours else {}
    return _one(given, field)


def _one(given: Given, field: str) -> str:
    return next(iter(given.get(field, ())), "").strip()
