"""Commands on causes and repeats: why, recurring."""

from typing import Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.parameters import (
    HERE,
    AsJson,
    CalendarFile,
    MappingFile,
    Sources,
    StreamFile,
    Strict,
    WorkspaceFolder,
    workbench,
)
from millrace.cli.progress import ProgressBar


@app.command
def why(
    sources: Sources,
    /,
    *,
    of: Annotated[str, Parameter(help="What to explain: lead_time, rework or breach.")] = "lead_time",
    within: Annotated[str | None, Parameter(help="With --of breach: the limit of lead time, such as 8h.")] = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Say which categories, teams, channels, times … go with delay, rework or breach, all else being equal."""
    from millrace.cli.asked import asked_duration
    from millrace.cli.shown_explanations import asked_outcome, print_explanations_json, show_explanations

    outcome, limit = asked_outcome(of, within), asked_duration(within)
    with ProgressBar() as bar:
        explained = workbench(workspace, bar).why(
            sources, of=outcome, within=limit, stream=stream, mapping=mapping, calendar=calendar, strict=strict
        )
    if json:
        print_explanations_json(explained)
    else:
        show_explanations(explained)
