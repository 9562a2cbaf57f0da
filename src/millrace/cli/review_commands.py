"""Commands on reviews: review."""

from pathlib import Path
from typing import Annotated

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
def review(
    sources: Sources,
    /,
    *,
    output: Annotated[Path, written_to("The .pdf, .pptx or .html to write.")],
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Write the pack for a review: agenda, figures, trends with limits, findings, decisions to take."""
    with ProgressBar() as bar:
        path = workbench(workspace, bar).review_pack(sources, output, stream=stream, mapping=mapping, calendar=calendar)
    print(f"The review pack is {path}")
