"""Commands on what will become of work: backtest, forecast."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from millrace.cli.main import app
from millrace.cli.parameters import (
    HERE,
    AsJson,
    MappingFile,
    Sources,
    StreamFile,
    Strict,
    WorkspaceFolder,
    workbench,
    written_to,
)
from millrace.cli.progress import ProgressBar

Replications = Annotated[
    int, Parameter(name="--replications", help="Simulated runs.", validator=validators.Number(gte=2))
]
Seed = Annotated[int, Parameter(help="The same seed draws the same runs.")]


@app.command
def backtest(
    sources: Sources,
    /,
    *,
    at: Annotated[
        datetime | None, Parameter(help="Where to split; without it, where half of the steady demand has come.")
    ] = None,
    hindsight: Annotated[
        bool,
        Parameter(
            help="Fit to all that became of the earlier items, not only to what was known at the split.", negative=""
        ),
    ] = False,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    replications: Replications = 8,
    seed: Seed = 0,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Fit a process to the earlier part of an export, simulate the later part, and say what that is good for."""
    from millrace.cli.asked import asked_instant
    from millrace.cli.shown_backtest import print_backtest_json, show_backtest

    with ProgressBar() as bar:
        tested = workbench(workspace, bar).backtest(
            sources,
            stream=stream,
            mapping=mapping,
            at=asked_instant(at),
            with_hindsight=hindsight,
            n_replications=replications,
            seed=seed,
            strict=strict,
        )
    if json:
        print_backtest_json(tested)
    else:
        show_backtest(tested)


@app.command
def forecast(
    sources: Sources,
    /,
    *,
    within: Annotated[
        str | None, Parameter(help="The limit, such as “8 h”; without it, what 85 % of the items keep to.")
    ] = None,
    output: Annotated[Path | None, written_to("Write a row per open item as CSV here.")] = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    replications: Replications = 200,
    seed: Seed = 0,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Forecast what is open: when it will be done, what can be promised, and which items may miss the limit."""
    from millrace.cli.asked import asked_duration
    from millrace.cli.shown_open_work import print_forecast_json, show_forecast

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        found = bench.forecast(
            sources,
            within=asked_duration(within),
            stream=stream,
            mapping=mapping,
            n_replications=replications,
            seed=seed,
            strict=strict,
        )
        if output is not None:
            bench.forecast_table(found, output)
    if json:
        print_forecast_json(found)
    else:
        show_forecast(found)
        if output is not None:
            print(f"{len(found.items):,} open items in {output}")
