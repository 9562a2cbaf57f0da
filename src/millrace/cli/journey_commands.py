"""Commands on one item and on the log itself: journey, export."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.parameters import (
    HERE,
    CalendarFile,
    MappingFile,
    Sources,
    StreamFile,
    WorkspaceFolder,
    workbench,
    written_to,
)
from millrace.cli.progress import ProgressBar


@app.command
def journey(
    key: Annotated[str, Parameter(help="The number that people know the item by.")],
    sources: Sources,
    /,
    *,
    output: Annotated[Path | None, written_to("A .svg, .png or .pdf; without it, in the terminal.")] = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Draw the journey of one item: who had it when, waiting or at work, in every record that served it."""
    from millrace.cli.shown_journey import show_journey

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        if output is None:
            picture = bench.journey_picture(sources, key, stream=stream, mapping=mapping, calendar=calendar)
        else:
            bench.journey(sources, key, output, stream=stream, mapping=mapping, calendar=calendar)
    if output is None:
        show_journey(picture)
    else:
        print(f"The journey is {output}")


@app.command
def export(
    sources: Sources,
    /,
    *,
    output: Annotated[Path, written_to("A .xes, .xes.gz, .csv, .jsonocel, .xmlocel or .sqlite (OCEL 2.0).")],
    mapping: MappingFile = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Write the log of an export for other tools: as XES, OCEL 2.0 or CSV."""
    with ProgressBar() as bar:
        path = workbench(workspace, bar).export(sources, output, mapping=mapping)
    print(f"The log is {path}")
