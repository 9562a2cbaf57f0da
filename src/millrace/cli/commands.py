"""Commands on logs: inspect, measure, report, map, discover, items, sample."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from millrace.cli.main import app
from millrace.cli.parameters import (
    HERE,
    AsJson,
    CalendarFile,
    MappingFile,
    OnClock,
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
def inspect(
    sources: Sources,
    /,
    *,
    mapping: MappingFile = None,
    output: Annotated[Path | None, written_to("Write the mapping as YAML here.")] = None,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Say what is in an export: what its columns and statuses mean, how sure that is, and what can be measured."""
    from millrace.cli.shown_inspection import show_inspection
    from millrace.workbench.output import write_whole

    with ProgressBar() as bar:
        inspection = workbench(workspace, bar).inspect(sources, mapping=mapping, strict=strict)
    if output is not None:
        write_whole(output, inspection.yaml)
    show_inspection(inspection, output)


@app.command
def measure(
    sources: Sources,
    /,
    *,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    clock: OnClock = "elapsed",
    per: Annotated[str | None, Parameter(help="Every measure per week, month, team, step or any attribute.")] = None,
    within: Annotated[str | None, Parameter(help="Share delivered within this time, such as “8 h”.")] = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Measure an export: lead time, waiting, handoffs, rework, every step; as tables or JSON."""
    from millrace.cli.asked import asked_clock, asked_duration, asked_selection
    from millrace.cli.shown_measures import print_json, show_measures

    with ProgressBar() as bar:
        measured = workbench(workspace, bar).measure(
            sources,
            stream=stream,
            mapping=mapping,
            calendar=calendar,
            clock=asked_clock(clock),
            per=per,
            within=asked_duration(within),
            selection=asked_selection(where, since, until),
            strict=strict,
            with_items_of_steps=json,
        )
    if json:
        print_json(measured)
    else:
        show_measures(measured)


@app.command
def items(
    sources: Sources,
    /,
    *,
    of: Annotated[
        str,
        Parameter(
            help="A measure (lead_time, open, ping_pong …), or a place: step:NAME, state:…, reason:…, side:…, team:…"
        ),
    ],
    output: Annotated[Path, written_to("The CSV to write.")],
    stream: StreamFile = None,
    mapping: MappingFile = None,
    where: Where = None,
    since: Since = None,
    until: Until = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """List the items behind a measure, or those that spent time in a place, as CSV."""
    from millrace.cli.asked import asked_item_measure, asked_selection

    with ProgressBar() as bar:
        n_items = workbench(workspace, bar).items(
            sources,
            asked_item_measure(of),
            output,
            stream=stream,
            mapping=mapping,
            selection=asked_selection(where, since, until),
        )
    print(f"{n_items:,} items in {output}")


@app.command
def report(
    sources: Sources,
    /,
    *,
    output: Annotated[Path, written_to("The HTML file to write.")],
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Write the report on an export: one HTML file that opens anywhere."""
    with ProgressBar() as bar:
        path = workbench(workspace, bar).report(
            sources, output, stream=stream, mapping=mapping, calendar=calendar, strict=strict
        )
    print(f"The report is {path}")


@app.command
def slides(
    sources: Sources,
    /,
    *,
    output: Annotated[Path, written_to("The PPTX file to write.")],
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Write slides on an export, for the review: figures, map, trend, findings; tables and charts can be edited."""
    with ProgressBar() as bar:
        path = workbench(workspace, bar).slides(sources, output, stream=stream, mapping=mapping, calendar=calendar)
    print(f"The slides are {path}")


@app.command
def discover(
    sources: Sources,
    /,
    *,
    output: Annotated[Path | None, written_to("The YAML file to write.")] = None,
    mapping: MappingFile = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Propose a value stream from an export, as YAML to edit."""
    from millrace.model.stream_file import stream_to_yaml
    from millrace.workbench.output import write_whole

    with ProgressBar() as bar:
        yaml = stream_to_yaml(workbench(workspace, bar).discover(sources, mapping=mapping))
    if output is None:
        print(yaml, end="")
    else:
        write_whole(output, yaml)
        print(f"The stream is {output}")


@app.command
def sample(
    name: str,
    /,
    *,
    output: Annotated[Path, written_to("The CSV file to write.")],
    months: Annotated[int, Parameter(help="How many months it spans.")] = 12,
    seed: Annotated[int, Parameter(help="The same seed makes the same sample.")] = 7,
    starts_on: Annotated[date | None, Parameter(help="Its first day.")] = None,
) -> None:
    """Write a sample export: hr-access or incidents."""
    path = workbench(HERE, ProgressBar()).sample(name, output, months=months, seed=seed, starts_on=starts_on)
    print(f"The sample is {path}")


@app.command(name="map")
def map_(
    stream: Path,
    /,
    *,
    log: Annotated[
        list[Path] | None, Parameter(help="The export to measure it on.", negative="", consume_multiple=True)
    ] = None,
    output: Annotated[
        Path | None, written_to("A .svg, .png, .pdf, .mmd or .bpmn; without it, in the terminal.")
    ] = None,
    future: Annotated[str | None, Parameter(help="A future state of the stream, against today.")] = None,
    compare: Annotated[bool, Parameter(help="What people think beside what --log says.")] = False,
    activities: Annotated[
        bool, Parameter(help="Add the lane of value chain activities (not in the terminal).")
    ] = False,
    requester: Annotated[bool, Parameter(help="Add what the requester experiences (not in the terminal).")] = False,
    findings: Annotated[bool, Parameter(help="Mark the five biggest findings in --log where they hold.")] = False,
    mapping: MappingFile = None,
    clock: OnClock = "elapsed",
    columns: Annotated[
        int | None, Parameter(help="Steps per row, to wrap it for paper.", validator=validators.Number(gte=1))
    ] = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Draw the map of a stream: as designed, measured on an export, compared, or as it should become."""
    from millrace.cli.asked import asked_clock
    from millrace.cli.shown_map import show_map
    from millrace.workbench import MapView

    view = MapView(future, compare, activities, requester, findings)
    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        at = asked_clock(clock)
        if output is None:
            picture = bench.map_picture(stream, source=log, mapping=mapping, clock=at, view=view)
        else:
            bench.map(stream, output, source=log, mapping=mapping, clock=at, columns_per_row=columns, view=view)
    if output is None:
        show_map(picture)
    else:
        print(f"The map is {output}")
