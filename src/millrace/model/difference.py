"""What two revisions of a stream say differently, field by field; and whether both changes of a third can stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from millrace.model.stream_file import stream_plainly
from millrace.model.value_stream import ValueStream

_ONE_OF = {
    "steps": "Step",
    "measures": "Measure",
    "improvements": "Improvement",
    "future_states": "Future state",
    "targets": "Target",
    "service_levels": "Service level",
}
"""Lists whose parts have names, and what one of them is called."""


@dataclass(frozen=True)
class Change:
    """A field that differs: where it stands, in words, and what it says in each; None where it is not there."""

    place: str
    before: str | None
    after: str | None


def difference(before: ValueStream, after: ValueStream) -> tuple[Change, ...]:
    """Everything that two revisions say differently, in the order of the file; steps are told apart by their names."""
    old, new = stream_plainly(before), stream_plainly(after)
    told = list(_differing("", old, new))
    names = [[step.name for step in stream.steps] for stream in (before, after)]
    shared = [[name for name in each if name in names[0] and name in names[1]] for each in names]
    if shared[0] != shared[1]:
        told.append(Change("Order of the steps", " → ".join(names[0]), " → ".join(names[1])))
    return tuple(told)


def _differing(place: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            if key in _ONE_OF:
                yield from _of_named(_ONE_OF[key], _by_name(old.get(key)), _by_name(new.get(key)))
            else:
                yield from _differing(_within(place, key), old.get(key), new.get(key))
        return
    if (isinstance(old, dict) and new is None) or (old is None and isinstance(new, dict)):
        yield from _differing(place, old or {}, new or {})
        return
    yield Change(place, _text(old), _text(new))


def _of_named(what: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        place = f"{what} “{name}”"
        if name in old and name in new:
            yield from _differing(place, old[name], new[name])
        else:
            yield Change(place, "is there" if name in old else None, "is there" if name in new else None)


def _by_name(parts: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Parts by their names; those of one name are told apart by the step they are about, or their number."""
    named: dict[str, Any] = {}
    for part in parts or ():
        name = part["name"] + (f" of {part['step']}" if "step" in part else "")
        named[name if name not in named else f"{name} ({len(named) + 1})"] = part
    return named


def _within(place: str, key: str) -> str:
    words = str(key).replace("_", " ").removesuffix(" ratio")
    return f"{place}: {words}" if place and ":" not in place else f"{place} {words}" if place else words.capitalize()


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return "; ".join(_text(each) or "" for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_text(each)}" for key, each in value.items())
    return str(value)
