"""A future state as a file of its own."""

from pathlib import Path

from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.value_stream import FutureState
from millrace.model.yaml_problem import problems_of
from millrace.model.yaml_text import YamlUnreadable, parse_yaml


class FutureNotRead(MillraceError):
    """A future state's file cannot be read."""

    slug = "future-not-read"

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and what is wrong in it."""
        stop = "" if reason.endswith("?") else "."
        super().__init__(f"The future state “{path}” cannot be read: {reason}{stop} It has a name and a list of moves.")


def read_future(path: Path) -> FutureState:
    """Read a future state's YAML. Raises FutureNotRead, with the line of every mistake."""
    try:
        tree = parse_yaml(path.read_text("utf-8-sig"))
        return FutureState.model_validate(tree)
    except OSError as error:
        raise FutureNotRead(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise FutureNotRead(path, "it is not UTF-8 text") from error
    except YamlUnreadable as unreadable:
        raise FutureNotRead(path, str(unreadable.problem)) from unreadable
    except ValidationError as refused:
        told = "; ".join(str(problem) for problem in problems_of(refused, tree, FutureState))
        raise FutureNotRead(path, told) from refused
