"""Fields of forms: filled in from what a stream's file holds, and read back into it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from starlette.datastructures import FormData

from millrace.model.step_changes import Place, Plain
from millrace.web.pages.editing_rules import RULE_PARTS, read_rules, rule_texts
from millrace.web.pages.method_help import HELP

_SEVERAL = "\n"


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    NUMBER = "number"
    LINES = "lines"
    """A text that may have several lines."""
    LIST = "list"
    """One entry per line."""
    CHOICE = "choice"
    CHOICES = "choices"
    """Some of the choices, and entries of one's own."""
    RULES = "rules"
    """Conditions on events; see `editing_rules`."""


@dataclass(frozen=True)
class Field:
    """One field: where it stands in the file (`estimate.process_time`), what it asks, and what is in it.

    `value` is a text, or a tuple of texts where there are several. `choices` are values with their wording. `topic`
    names the help that explains it, `problem` says what is wrong with what was given.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    topic: str = ""
    value: Any = ""
    problem: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """Where it stands in the file."""
        return tuple(self.name.split("."))

    @property
    def id(self) -> str:
        """How the page calls it."""
        return self.name.replace(".", "-").replace("_", "-")

    @property
    def help(self) -> str:
        """What it means, for those who ask."""
        return HELP.get(self.topic, "")

    @property
    def own(self) -> str:
        """Entries that are none of the choices."""
        known = {value for value, _ in self.choices}
        return "; ".join(each for each in self.value if each not in known)

    @property
    def rules(self) -> tuple[dict[str, str], ...]:
        """Rules as texts, and an empty one to fill in."""
        return (*self.value, dict.fromkeys(RULE_PARTS, ""))


def filled(fields: Sequence[Field], tree: Plain) -> tuple[Field, ...]:
    """The fields with what the file holds."""
    return tuple(replace(field, value=_shown(field, _at(tree, field.place))) for field in fields)


def refilled(fields: Sequence[Field], form: FormData, problems: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields as they were given, with what is wrong with them."""
    return tuple(
        replace(field, value=_given_again(field, form), problem=problems.get(field.name, "")) for field in fields
    )


def read_into(tree: Plain, fields: Sequence[Field], form: FormData) -> Plain:
    """The file with what was given in place of what was there; what a form does not ask stays."""
    changed = _copied(tree)
    for field in fields:
        _put(changed, field.place, _meant(field, form, _at(tree, field.place)))
    return changed


def problems_by_field(
    problems: Mapping[Place, str], fields: Sequence[Field], *, within: Place = ()
) -> tuple[dict[str, str], tuple[str, ...]]:
    """What is wrong, by the field it is about; and what is about none of them."""
    by_field: dict[str, str] = {}
    others = []
    for place, sentence in problems.items():
        inside = tuple(map(str, place[len(within) :])) if place[: len(within)] == within else ()
        field = next((field for field in fields if inside[: len(field.place)] == field.place), None)
        if field is None:
            others.append(sentence)
        else:
            by_field[field.name] = sentence
    return by_field, tuple(others)


def _shown(field: Field, value: Any) -> Any:
    match field.kind:
        case Kind.LIST:
            return _SEVERAL.join(value or ())
        case Kind.CHOICES:
            return tuple(value or ())
        case Kind.RULES:
            return rule_texts(value or ())
    if isinstance(value, float) and field.name.endswith("_ratio"):
        return f"{100 * value:g} %"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _given_again(field: Field, form: FormData) -> Any:
    match field.kind:
        case Kind.CHOICES:
            return tuple(_chosen(field, form))
        case Kind.RULES:
            return rule_texts(read_rules(field.name, form))
    return _text(form, field.name)


def _meant(field: Field, form: FormData, before: Any) -> Any:
    """What the file would hold instead of what it held `before`; None for nothing."""
    match field.kind:
        case Kind.CHOICES:
            chosen = list(dict.fromkeys(_chosen(field, form)))
            # The order is part of what was said: the first practice names the step on the map.
            return [each for each in dict.fromkeys((*(before or ()), *chosen)) if each in chosen] or None
        case Kind.LIST:
            return [line.strip() for line in _text(form, field.name).splitlines() if line.strip()] or None
        case Kind.RULES:
            return read_rules(field.name, form) or None
        case Kind.NUMBER:
            return _text(form, field.name).replace(",", ".") or None
    if field.name.endswith("_ratio"):
        return _share(_text(form, field.name))
    return _text(form, field.name) or None


def _share(given: str) -> str | None:
    """A bare number above 1 is one of a hundred: nobody means nine thousand per cent by 90."""
    number = given.replace(",", ".")
    is_bare = number.replace(".", "", 1).isdigit()
    return f"{number} %" if is_bare and float(number) > 1 else number or None


def _chosen(field: Field, form: FormData) -> Iterator[str]:
    yield from (each for each in form.getlist(field.name) if isinstance(each, str))
    yield from (own.strip() for own in _text(form, f"{field.name}.own").split(";") if own.strip())


def _text(form: FormData, name: str) -> str:
    given = form.get(name, "")
    return given.strip().replace("\r\n", "\n") if isinstance(given, str) else ""


def _at(tree: Any, place: Sequence[str]) -> Any:
    for key in place:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _put(tree: Plain, place: Sequence[str], value: Any) -> None:
    """Set a value, or take it away; what is left empty by that goes too."""
    key, *rest = place
    if rest:
        part = dict(tree.get(key) or {})
        _put(part, rest, value)
        value = part or None
    if value is None:
        tree.pop(key, None)
    else:
        tree[key] = value


def _copied(tree: Plain) -> Plain:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in tree.items()}
