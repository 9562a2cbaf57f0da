"""Parameters that several commands take, and the workbench they work at."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from millrace.cli.progress import ProgressBar

if TYPE_CHECKING:
    from millrace.workbench import Workbench

Sources = Annotated[
    list[Path], Parameter(help="The export; or the pair of records and changes.", negative="", consume_multiple=True)
]
MappingFile = Annotated[Path | None, Parameter(name="--mapping", help="What the columns mean, as `inspect` writes it.")]
StreamFile = Annotated[Path | None, Parameter(name="--stream", help="A stream to measure by; discovered without one.")]
CalendarFile = Annotated[Path | None, Parameter(name="--calendar", help="Working hours and holidays, as YAML.")]
Strict = Annotated[bool, Parameter(name="--strict", help="Refuse where recognition is not sure.", negative="")]
WorkspaceFolder = Annotated[Path, Parameter(name="--workspace", help="Where results are kept.")]
OnClock = Annotated[str, Parameter(name="--clock", help="elapsed or business.")]
Where = Annotated[
    list[str] | None,
    Parameter(name="--where", help="Only items with this value: priority=P1 (may be repeated).", negative=""),
]
Since = Annotated[datetime | None, Parameter(name="--since", help="Only items whose value falls on or after this day.")]
Until = Annotated[datetime | None, Parameter(name="--until", help="Only items whose value falls before this day.")]
AsJson = Annotated[bool, Parameter(name="--json", help="Print JSON.", negative="")]

HERE = Path(".millrace")


def written_to(what: str) -> Parameter:
    """The parameter that names the file or folder to write: -o."""
    return Parameter(name=("-o", "--output"), help=what)


def workbench(workspace: Path, bar: ProgressBar) -> "Workbench":
    """The workbench over `workspace`, telling `bar` of its progress; its libraries are loaded only now."""
    from millrace.workbench import Workbench

    return Workbench(workspace, progress=bar)
