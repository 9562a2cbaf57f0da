"""The mapping as a YAML file that people read, edit and give back."""

import difflib
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from millrace.errors import MillraceError
from millrace.eventlog.event_log import EventClass
from millrace.eventlog.schema import EVENT_COLUMNS
from millrace.ingest.mapping import ChangesMapping, Guess, Mapping, StatusMeaning, TimeFormat
from millrace.ingest.records_mapping import HandleTime, LinkColumn, RecordMapping, RecordsMapping

_COLUMNS = (*EVENT_COLUMNS, "tie_break", "lifecycle")
_PARTS: dict[str, type[BaseModel]] = {
    "times": TimeFormat,
    "statuses": StatusMeaning,
    "changes": ChangesMapping,
    "records": RecordMapping,
    "links": LinkColumn,
    "handle_time": HandleTime,
}
_GUESSED_AS = {"columns": "{key}", "milestones": "{key}", "times": "day_first"}
"""What a guess about a key of these parts is about."""
_COMMENT_COLUMN = 48


class UnreadableMapping(MillraceError):
    """A mapping file is no mapping: it cannot be read, or something in it is not understood."""

    slug = "unreadable-mapping"

    def __init__(self, name: str, line: int | None, reason: str) -> None:
        """Say where and why."""
        place = f"“{name}”, line {line}" if line else f"“{name}”"
        super().__init__(f"{place}: {reason}")


def read_mapping(path: Path) -> Mapping | RecordsMapping:
    """Read a mapping of one log, or of several record files.

    Raises `UnreadableMapping` with the line of the first mistake and what is probably meant.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as failure:
        raise UnreadableMapping(path.name, None, f"the file cannot be read ({failure.strerror}).") from failure
    except UnicodeDecodeError as failure:
        raise UnreadableMapping(path.name, None, "the file is no text in UTF-8.") from failure
    return parse_mapping(text, source=path.name)


def parse_mapping(text: str, *, source: str = "the mapping") -> Mapping | RecordsMapping:
    """Read a mapping as `read_mapping` does; `source` names the text in errors."""
    document = _load(text, source)
    records = document.get("records")
    for part in records if isinstance(records, list) else (document,):
        _check_columns(source, part)
    try:
        return RecordsMapping.model_validate(document) if "records" in document else Mapping.model_validate(document)
    except ValidationError as failure:
        # A misspelt key also leaves one missing: the misspelling is what to mend.
        mistake = min(failure.errors(), key=lambda each: each["type"] != "extra_forbidden")
        raise UnreadableMapping(source, _line(document, mistake["loc"]), _reason(mistake)) from failure


def _load(text: str, source: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        document = YAML().load(text)
    except MarkedYAMLError as failure:
        line = failure.problem_mark.line + 1 if failure.problem_mark else None
        raise UnreadableMapping(source, line, f"this is no valid YAML ({failure.problem}).") from failure
    except YAMLError as failure:
        raise UnreadableMapping(source, None, "this is no valid YAML.") from failure
    if not isinstance(document, dict):
        raise UnreadableMapping(source, None, "a mapping begins with `shape:` and `columns:`, or with `records:`.")
    return document


def write_mapping(
    mapping: Mapping | RecordsMapping, guesses: Sequence[Guess] = (), classes: Sequence[EventClass] = ()
) -> str:
    """Return the mapping as YAML; beside each proposal stands how sure it is and why.

    `classes` are proposed meanings of statuses; those that the mapping gives already are not repeated. The mapping of
    several record files is written without them, as it was given or proposed.
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 1000
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    if isinstance(mapping, RecordsMapping):
        yaml.dump(_yaml(mapping.model_dump(mode="json", exclude_defaults=True)), text)
    else:
        yaml.dump(_document(mapping, guesses, classes), text)
    return text.getvalue()


def _document(mapping: Mapping, guesses: Sequence[Guess], classes: Sequence[EventClass]) -> Any:
    from ruamel.yaml.comments import CommentedMap

    why = {guess.about: guess for guess in guesses}
    document = CommentedMap({"shape": mapping.shape.value})
    for part, values in _parts(mapping, classes):
        if values:
            document[part] = _yaml(values)
    for part, values in document.items():
        _comment(document, part, why.get(part))
        for key in values if isinstance(values, dict) else ():
            _comment(values, key, why.get(f"{part}.{key}") or why.get(_GUESSED_AS.get(part, "").format(key=key)))
    _comment_statuses(document.get("statuses", ()), mapping, classes)
    return document


def _parts(mapping: Mapping, classes: Sequence[EventClass]) -> Iterable[tuple[str, Any]]:
    guessed = [event_class for event_class in classes if not event_class.is_given]
    yield "columns", mapping.columns
    yield "milestones", mapping.milestones
    yield "times", {name: written.model_dump(mode="json", exclude_none=True) for name, written in mapping.times.items()}
    yield "nulls", mapping.nulls
    yield "item_type", mapping.item_type
    yield "statuses", [*map(_meaning, mapping.statuses), *map(_class_meaning, guessed)]
    yield "leave_out", mapping.leave_out
    yield "changes", mapping.changes and mapping.changes.model_dump(mode="json", exclude_none=True)


def _meaning(meaning: StatusMeaning) -> dict[str, Any]:
    return meaning.model_dump(mode="json", exclude_defaults=True) | {"state": meaning.state and meaning.state.value}


def _class_meaning(guessed: EventClass) -> dict[str, Any]:
    return _meaning(
        StatusMeaning(
            activity=guessed.activity if guessed.activity != guessed.status else None,
            status=guessed.status,
            state=guessed.state,
            wait_reason=guessed.wait_reason,
            side=guessed.side,
            reopens=guessed.reopens,
        )
    )


def _comment_statuses(statuses: Sequence[Any], mapping: Mapping, classes: Sequence[EventClass]) -> None:
    guessed = [event_class for event_class in classes if not event_class.is_given]
    for meaning, event_class in zip(statuses[len(mapping.statuses) :], guessed, strict=True):
        told = f"{100 * event_class.sureness_ratio:.0f} % sure: {event_class.why}"
        meaning.yaml_add_eol_comment(told, "state", _COMMENT_COLUMN)


def _comment(mapping: Any, key: str, guess: Guess | None) -> None:
    if guess is None:
        return
    rivals = f" (or {', '.join(guess.rivals)})" if guess.rivals else ""
    told = " ".join(f"{100 * guess.sureness_ratio:.0f} % sure: {guess.why}{rivals}".split())
    mapping.yaml_add_eol_comment(told, key, _COMMENT_COLUMN)


def _yaml(value: Any) -> Any:
    """Plain values as the YAML writer takes them: lists of texts on one line, odd texts quoted."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, str):
        return value if value.isprintable() else DoubleQuotedScalarString(value)
    if isinstance(value, dict):
        return CommentedMap({_yaml(key): _yaml(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        if not all(isinstance(inner, str) for inner in value):
            return CommentedSeq([_yaml(inner) for inner in value])
        # On one line, signs such as `?` would mean something to a reader of YAML, so every text is quoted.
        listed = CommentedSeq([DoubleQuotedScalarString(inner) for inner in value])
        listed.fa.set_flow_style()
        return listed
    return value


def _check_columns(source: str, part: Any) -> None:
    """The keys under `columns` are free for pydantic, and a misspelt one would be an attribute by accident."""
    columns = part.get("columns") if isinstance(part, dict) else None
    for key in columns if isinstance(columns, dict) else ():
        if key not in _COLUMNS:
            line = _line(part, ("columns", key))
            raise UnreadableMapping(source, line, f"there is no canonical column “{key}”{_near(str(key), _COLUMNS)}")


def _reason(mistake: Any) -> str:
    *_, last = mistake["loc"] or ("",)
    if mistake["type"] == "extra_forbidden":
        return f"“{last}” is not known here{_near(str(last), _keys(mistake['loc']))}"
    if mistake["type"] == "missing":
        return f"`{last}` is missing."
    given = mistake["input"]
    if mistake["type"] == "enum":
        allowed = [text.strip("' ") for text in mistake["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return f"“{given}” is no {str(last).replace('_', ' ')}{_near(str(given), allowed)}"
    return f"“{given}” cannot be the value of `{last}` ({mistake['msg'].lower()})."


def _keys(place: Sequence[object]) -> tuple[str, ...]:
    *_, part = (Mapping, *(_PARTS[str(key)] for key in place[:-1] if key in _PARTS))
    return tuple(part.model_fields)


def _near(given: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(given, known, n=1)
    return f"; did you mean “{near[0]}”?" if near else f". Known are: {', '.join(known)}."


def _line(document: Any, place: Sequence[object]) -> int | None:
    """The line of the innermost key on the way to `place` that the file has."""
    line: int | None = None
    part: Any = document
    for key in place:
        try:
            line = (part.lc.key(key) if hasattr(part, "keys") else part.lc.item(key))[0] + 1
            part = part[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line
