"""Commands on causes and repeats: why, recurring."""

from pathlib import Path
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
    written_to,
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


@app.command
def recurring(
    sources: Sources,
    /,
    *,
    most: Annotated[int, Parameter(help="How many to show: problem candidates first.")] = 15,
    output: Annotated[Path | None, written_to("Write a row per issue as CSV here.")] = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Say which issues keep coming back, how many hours they take, and which deserve a problem record.

    Items are alike by what people wrote (a short description, subject or title); else by configuration item, symptom,
    subcategory, service and category.
    """
    from millrace.cli.shown_issues import print_issues_json, show_issues

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        if output is not None:
            n_issues = bench.recurring_table(sources, output, stream=stream, mapping=mapping, strict=strict)
        else:
            found = bench.recurring(sources, stream=stream, mapping=mapping, strict=strict)
    if output is not None:
        print(f"{n_issues:,} issue{'' if n_issues == 1 else 's'} in {output}")
    elif json:
        print_issues_json(found)
    else:
        show_issues(found, most)
