"""A stream as a YAML file: read with a line number for every mistake, written without losing a comment."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.migrations import migrate
from millrace.model.value_stream import ValueStream
from millrace.model.yaml_problem import problems_of
from millrace.model.yaml_text import Problem, YamlUnreadable, dump_yaml, merge_yaml, parse_yaml


class StreamFileMissing(MillraceError):
    """There is no such file, or it cannot be read."""

    slug = "stream-file-missing"

    def __init__(self, path: Path, failure: OSError) -> None:
        """Name the file and what the system said."""
        super().__init__(f"The stream file {path} cannot be read: {failure.strerror or failure}.")


class StreamFileInvalid(MillraceError):
    """The file is not a stream: every mistake with its line."""

    slug = "stream-file-invalid"

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        """Keep the problems; the sentence tells them all."""
        self.problems = problems
        told = "\n".join(f"  {problem}" for problem in problems)
        count = "one mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        super().__init__(f"{source} is not a value stream yet; it has {count}:\n{told}")


class StreamFileUnwritable(MillraceError):
    """The file cannot be written."""

    slug = "stream-file-unwritable"

    def __init__(self, path: Path, failure: OSError) -> None:
        """Name the file and what the system said."""
        super().__init__(f"The stream cannot be written to {path}: {failure.strerror or failure}.")


def read_stream(path: Path) -> ValueStream:
    """Read a stream from its YAML file; older formats are migrated.

    Raises StreamFileMissing, or StreamFileInvalid with the line of every mistake.
    """
    return parse_stream(read_text(path), source=path.name)


def parse_stream(text: str, *, source: str = "the stream") -> ValueStream:
    """Read a stream from YAML text. Raises StreamFileInvalid."""
    stream, _ = _parsed(text, source)
    return stream


def stream_to_yaml(stream: ValueStream, *, like: str | None = None) -> str:
    """Write a stream as YAML; what it shares with the text `like` keeps that text's comments and wording.

    Raises StreamFileInvalid where `like` is not a stream itself.
    """
    if like is None:
        return dump_yaml(stream_plainly(stream))
    earlier, tree = _parsed(like, "the earlier text")
    merge_yaml(tree, stream_plainly(earlier), stream_plainly(stream))
    return dump_yaml(tree)


def write_stream(stream: ValueStream, path: Path) -> None:
    """Write a stream to its file, whole or not at all; comments of the file that was there survive.

    Raises StreamFileUnwritable, or StreamFileInvalid where the file that is there is not a stream: it is never
    overwritten, since somebody may still want what is in it.
    """
    text = stream_to_yaml(stream, like=read_text(path) if path.exists() else None)
    # The file itself, not a link to it, and with the permissions it has.
    path = path.resolve()
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    except OSError as failure:
        beside.unlink(missing_ok=True)
        raise StreamFileUnwritable(path, failure) from failure


def stream_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file, by which editors complete and check it."""
    schema = ValueStream.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Value stream"}


def stream_plainly(stream: ValueStream) -> dict[str, Any]:
    """Return what differs from the defaults, as plain values; the version stands first, calendars are told in full."""
    plain = stream.model_dump(mode="json", exclude_defaults=True)
    if stream.calendar:
        plain["calendar"] = stream.calendar.model_dump(mode="json")
    for team, calendar in stream.team_calendars.items():
        plain["team_calendars"][team] = calendar.model_dump(mode="json")
    return {"millrace": stream.millrace, **plain}


def read_text(path: Path) -> str:
    """Read the file's text. Raises StreamFileMissing, or StreamFileInvalid where it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as failure:
        raise StreamFileMissing(path, failure) from failure
    except UnicodeDecodeError as failure:
        line = failure.object[: failure.start].count(b"\n") + 1
        problem = Problem(line, "this is not UTF-8 text; save the file as UTF-8")
        raise StreamFileInvalid(path.name, (problem,)) from failure


def _parsed(text: str, source: str) -> tuple[ValueStream, Any]:
    try:
        tree = parse_yaml(text)
        migrate(tree)
        return ValueStream.model_validate(tree), tree
    except YamlUnreadable as unreadable:
        raise StreamFileInvalid(source, (unreadable.problem,)) from unreadable
    except ValidationError as refused:
        raise StreamFileInvalid(source, problems_of(refused, tree, ValueStream)) from refused
