"""Commands on future states: simulate one beside today."""

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
    WorkspaceFolder,
    workbench,
    written_to,
)
from millrace.cli.progress import ProgressBar
from millrace.errors import MillraceError


@app.command
def simulate(
    stream: Annotated[Path, Parameter(help="The stream's YAML file.")],
    /,
    *,
    output: Annotated[Path, written_to("The folder to write to.")],
    future: Annotated[
        str | None, Parameter(help="A YAML file with moves, or a future state of the stream by name.")
    ] = None,
    log: Annotated[
        list[Path] | None,
        Parameter(help="The export to fit to; without it, from the estimates.", negative="", consume_multiple=True),
    ] = None,
    mapping: MappingFile = None,
    weeks: Annotated[int, Parameter(help="How long a time is simulated.", validator=validators.Number(gte=1))] = 12,
    replications: Annotated[int, Parameter(help="How often.", validator=validators.Number(gte=2))] = 20,
    seed: Annotated[int, Parameter(help="The same seed gives the same result.")] = 0,
    sensitivity: Annotated[
        bool,
        Parameter(help="Ask which assumption carries the result, and test the fit on the past.", negative="--quick"),
    ] = True,
    overload: Annotated[bool, Parameter(help="Go on where a team has more work than hours.")] = False,
    json: AsJson = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Simulate a future state beside today: what every measure becomes, how sure that is, what it is worth.

    Writes the simulated logs, both maps, the comparison as JSON, and a page that shows it all.
    """
    from millrace.cli.shown_future import print_future_json, show_future

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        simulated = bench.simulate(
            stream,
            future,
            source=log,
            mapping=mapping,
            weeks=weeks,
            n_replications=replications,
            seed=seed,
            with_sensitivity=sensitivity,
            with_backtest=sensitivity,
            allow_overload=overload,
        )
        page = bench.write_future(simulated, output)
    if json:
        print_future_json(output)
    else:
        show_future(simulated, page)


class NoStreamToSaveIn(MillraceError):
    """A future state is to be saved, but no stream is named."""

    slug = "no-stream-to-save-in"

    def __init__(self) -> None:
        """Say what to add."""
        super().__init__("There is no stream file to save the future state in: name it with --stream.")


@app.command
def moves(
    finding: Annotated[str, Parameter(help="The finding's id, or how it begins.")],
    sources: Sources,
    /,
    *,
    output: Annotated[Path | None, written_to("The YAML file to write.")] = None,
    save: Annotated[bool, Parameter(help="Write it into the stream's file.", negative="")] = False,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Make a future state of a finding: a move for each countermeasure, to edit, to simulate and to plan."""
    from millrace.model.yaml_text import dump_yaml
    from millrace.workbench.output import write_whole

    if save and stream is None:
        raise NoStreamToSaveIn
    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        future = bench.finding_future(finding, sources, stream=stream, mapping=mapping)
    text = dump_yaml(future.model_dump(mode="json", exclude_defaults=True))
    if save and stream is not None:
        bench.save_future(future, stream)
        print(f"“{future.name}” is a future state of {stream} now; set its shares and costs, then simulate or plan it.")
    if output is not None:
        write_whole(output, text)
        print(f"The future state is {output}; edit its shares and costs, then: millrace simulate … --future {output}")
    if output is None and not save:
        print(text, end="")
