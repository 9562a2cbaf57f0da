"""Commands on waiting: waits, delay-tree."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.parameters import (
    HERE,
    AsJson,
    CalendarFile,
    MappingFile,
    Since,
    Sources,
    StreamFile,
    Strict,
    Until,
    Where,
    WorkspaceFolder,
    workbench,
    written_to,
)
from millrace.cli.progress import ProgressBar


@app.command
def waits(
    sources: Sources,
    /,
    *,
    output: Annotated[Path | None, written_to("Write a row per hand-over as CSV here.")] = None,
    each: Annotated[bool, Parameter(help="With -o: a row per wait of every item instead.", negative="")] = False,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Say why work waited: batching, other work first, nobody on duty, or held from outside; hand-over by hand-over.

    Hours of duty are those of --calendar or of the stream; without them, the hours that the log itself shows.
    """
    from millrace.cli.shown_waits import print_waits_json, show_waits

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        if output is not None:
            n_rows = bench.waits_table(
                sources, output, each=each, stream=stream, mapping=mapping, calendar=calendar, strict=strict
            )
        else:
            waited = bench.waits(sources, stream=stream, mapping=mapping, calendar=calendar, strict=strict)
    if output is not None:
        what = "wait" if each else "hand-over"
        print(f"{n_rows:,} {what}{'' if n_rows == 1 else 's'} in {output}")
    elif json:
        print_waits_json(waited)
    else:
        show_waits(waited)


@app.command(name="delay-tree")
def delay_tree(
    sources: Sources,
    /,
    *,
    output: Annotated[Path | None, written_to("A .svg, .png or .pdf; without it, a table.")] = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Divide all lead time, without rest, by state, side, reason, step, team and cause of queueing."""
    from millrace.cli.asked import asked_selection
    from millrace.cli.shown_waits import print_tree_json, show_tree

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        tree = bench.delay_tree(
            sources,
            stream=stream,
            mapping=mapping,
            calendar=calendar,
            selection=asked_selection(where, since, until),
            strict=strict,
        )
        if output is not None:
            bench.delay_tree_picture(tree, output, source=sources[0].name)
    if output is not None:
        print(f"The delay tree is {output}")
    elif json:
        print_tree_json(tree)
    else:
        show_tree(tree)
