"""A calendar given as a file of its own."""

from pathlib import Path

from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.model.work_calendar import WorkCalendar
from millrace.model.yaml_problem import problems_of
from millrace.model.yaml_text import YamlUnreadable, parse_yaml


class CalendarNotRead(MillraceError):
    """A calendar file cannot be read."""

    slug = "calendar-not-read"

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and what is wrong in it."""
        stop = "" if reason.endswith("?") else "."
        super().__init__(
            f"The calendar “{path}” cannot be read: {reason}{stop} It has a zone, hours per weekday "
            "(mon: 09:00-12:00, 13:00-17:00) and holidays (dates)."
        )


def read_calendar(path: Path) -> WorkCalendar:
    """Read a calendar's YAML. Raises CalendarNotRead, with the line of every mistake."""
    try:
        tree = parse_yaml(path.read_text("utf-8-sig"))
        return WorkCalendar.model_validate(tree)
    except OSError as error:
        raise CalendarNotRead(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise CalendarNotRead(path, "it is not UTF-8 text") from error
    except YamlUnreadable as unreadable:
        raise CalendarNotRead(path, f"line {unreadable.problem.line} is no “key: value” of a YAML file") from unreadable
    except ValidationError as refused:
        told = "; ".join(str(problem) for problem in problems_of(refused, tree, WorkCalendar))
        raise CalendarNotRead(path, told) from refused
