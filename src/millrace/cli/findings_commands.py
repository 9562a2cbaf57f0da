"""Commands on findings: what wastes time, and the items behind it."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

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

findings_app = App(name="findings", help="Say where time goes to waste, why, and what it costs.")
app.command(findings_app)

RulesFile = Annotated[Path | None, Parameter(name="--rules", help="Rules of your own, as YAML.")]
MOST = 10
"""Findings that are told unless more are asked for."""


@findings_app.default
def findings(
    sources: Sources,
    /,
    *,
    kind: Annotated[
        list[str] | None, Parameter(help="Only of this kind, such as ping_pong (may be repeated).", negative="")
    ] = None,
    most: Annotated[
        int, Parameter(help="How many to tell, those with most at stake first.", validator=validators.Number(gte=1))
    ] = MOST,
    rules: RulesFile = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Say where time goes to waste in an export: each finding with its figures, hours at stake and what to try."""
    from millrace.cli.shown_findings import print_findings_json, show_findings

    with ProgressBar() as bar:
        diagnosed = workbench(workspace, bar).findings(
            sources, kinds=kind or (), rules=rules, stream=stream, mapping=mapping, calendar=calendar, strict=strict
        )
    if json:
        print_findings_json(diagnosed)
    else:
        show_findings(diagnosed, most)


@findings_app.command
def show(
    called: Annotated[str, Parameter(help="The finding's id, or how it begins.")],
    sources: Sources,
    /,
    *,
    items: Annotated[bool, Parameter(help="List its items, those with most at stake first.", negative="")] = False,
    output: Annotated[Path | None, written_to("Write its items into this CSV instead.")] = None,
    rules: RulesFile = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    json: AsJson = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Show one finding whole: definition, figures, certainty, countermeasures, and its items."""
    from millrace.cli.shown_findings import print_finding_json, show_finding, show_items

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        if output is not None:
            n_items = bench.finding_items(
                called, sources, output, rules=rules, stream=stream, mapping=mapping, calendar=calendar
            )
        else:
            diagnosed = bench.findings(sources, rules=rules, stream=stream, mapping=mapping, calendar=calendar)
            finding = diagnosed.finding(called)
    if output is not None:
        print(f"{n_items:,} items in {output}")
    elif json:
        print_finding_json(finding)
    elif items:
        show_items(diagnosed.flow, finding)
    else:
        show_finding(finding)
