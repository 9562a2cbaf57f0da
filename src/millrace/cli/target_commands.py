"""Commands of targets and alerts: how a stream stands, and what deserves attention in it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.parameters import HERE, AsJson, MappingFile, Sources, WorkspaceFolder, workbench
from millrace.cli.progress import ProgressBar

GivenStream = Annotated[Path, Parameter(name="--stream", help="The stream, with its targets and service levels.")]
AsOf = Annotated[datetime | None, Parameter(name="--as-of", help="By what was known then; without it, at the end.")]
ReplaySince = Annotated[datetime | None, Parameter(name="--since", help="Look back day by day from this day on.")]
ReplayUntil = Annotated[datetime | None, Parameter(name="--until", help="… until this day; without it, the end.")]


@app.command
def targets(
    sources: Sources,
    /,
    *,
    stream: GivenStream,
    mapping: MappingFile = None,
    workspace: WorkspaceFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Show how the targets and service levels of a stream stand, period by period."""
    from rich import print as show

    from millrace.cli.shown_governing import service_levels_table, targets_table
    from millrace.report.governing_json import targets_json

    with ProgressBar() as bar:
        report = workbench(workspace, bar).targets(sources, stream=stream, mapping=mapping)
    if as_json:
        print(targets_json(report.at, report.targets, report.service_levels).model_dump_json(indent=2))
        return
    show(targets_table(report))
    if report.service_levels:
        show(service_levels_table(report))


@app.command
def alerts(
    sources: Sources,
    /,
    *,
    stream: GivenStream,
    mapping: MappingFile = None,
    as_of: AsOf = None,
    since: ReplaySince = None,
    until: ReplayUntil = None,
    workspace: WorkspaceFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Show what deserves attention in a stream: now, at an instant of the past, or told day by day over a time."""
    from rich import print as show

    from millrace.cli.shown_governing import alerts_table
    from millrace.report.governing_json import signals_json

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        if since is not None:
            last = _utc(until) if until else None
            found = bench.replayed_alerts(sources, stream=stream, mapping=mapping, since=_utc(since), until=last)
        else:
            at = _utc(as_of) if as_of else None
            found = bench.alerts(sources, stream=stream, mapping=mapping, as_of=at)
    if as_json:
        print(signals_json(found).model_dump_json(indent=2))
    elif found:
        show(alerts_table(found))
    else:
        print("Nothing deserves attention.")


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
