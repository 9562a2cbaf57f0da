"""A calendar given as a file of its own."""

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from millrace.errors import MillraceError
from millrace.model.work_calendar import WorkCalendar


class CalendarNotRead(MillraceError):
    """A calendar file cannot be read."""

    slug = "calendar-not-read"

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and what is wrong in it."""
        super().__init__(
            f"The calendar “{path}” cannot be read: {reason}. It has a zone, hours per weekday "
            "(mon: 09:00-12:00, 13:00-17:00) and holidays (dates)."
        )


def read_calendar(path: Path) -> WorkCalendar:
    """Read a calendar's YAML."""
    try:
        return WorkCalendar.model_validate(YAML(typ="safe").load(path.read_text("utf-8")))
    except OSError as error:
        raise CalendarNotRead(path, error.strerror or str(error)) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise CalendarNotRead(path, str(error).splitlines()[0]) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = " → ".join(str(part) for part in first["loc"])
        raise CalendarNotRead(path, f"{where}: {first['msg']}") from error
