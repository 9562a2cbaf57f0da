"""The command on changes and problems: changes."""

from typing import Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.parameters import HERE, AsJson, MappingFile, Sources, StreamFile, WorkspaceFolder, workbench
from millrace.cli.progress import ProgressBar


@app.command
def changes(
    sources: Sources,
    /,
    *,
    within: Annotated[str, Parameter(help="How soon after a change an incident counts against it.")] = "30 d",
    change: Annotated[str, Parameter(help="What the log calls changes.")] = "change",
    incident: Annotated[str, Parameter(help="What the log calls incidents.")] = "incident",
    problem: Annotated[str, Parameter(help="What the log calls problems.")] = "problem",
    alike_by: Annotated[
        str | None, Parameter(help="The column in which like incidents agree: a configuration item, a category.")
    ] = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    json: AsJson = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Say which changes were followed by linked incidents, and which problems ended repeats."""
    from millrace.cli.asked import NotUnderstood
    from millrace.cli.shown_changes import print_changes, show_changes
    from millrace.model.duration import parse_duration
    from millrace.workbench.changes import RecordNames

    try:
        time = parse_duration(within)
    except ValueError as error:
        raise NotUnderstood("--within", within, "write it like “8 h”, “30 d” or “2 w”") from error
    with ProgressBar() as bar:
        outcomes = workbench(workspace, bar).changes(
            sources,
            stream=stream,
            mapping=mapping,
            within=time,
            names=RecordNames(change, incident, problem),
            alike_by=alike_by,
        )
    if json:
        print_changes(outcomes)
    else:
        show_changes(outcomes)
