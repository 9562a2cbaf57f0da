"""Commands on what to do: choose among moves, plan those of a future state."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from millrace.cli.main import app
from millrace.cli.parameters import HERE, AsJson, MappingFile, WorkspaceFolder, workbench, written_to
from millrace.cli.progress import ProgressBar

Stream = Annotated[Path, Parameter(help="The stream's YAML file.")]
Log = Annotated[
    list[Path] | None,
    Parameter(help="The export to fit to; without it, from the estimates.", negative="", consume_multiple=True),
]
Weeks = Annotated[int, Parameter(help="How long a time is simulated.", validator=validators.Number(gte=1))]
Replications = Annotated[int, Parameter(help="How often.", validator=validators.Number(gte=2))]
Seed = Annotated[int, Parameter(help="The same seed gives the same result.")]
Measure = Annotated[str | None, Parameter(help="The measure to go by, such as lead_time_p85; the mean lead time.")]


@app.command
def optimise(
    stream: Stream,
    /,
    *,
    moves: Annotated[str, Parameter(help="A YAML file with candidate moves, or a future state by name.")],
    output: Annotated[Path, written_to("The folder to write to.")],
    log: Log = None,
    mapping: MappingFile = None,
    budget: Annotated[float | None, Parameter(help="The most to spend.", validator=validators.Number(gte=0))] = None,
    goal: Annotated[str | None, Parameter(help="What to reach: “lead_time p85 <= 2 d”.")] = None,
    measure: Measure = None,
    months: Annotated[float, Parameter(help="Running costs count so long.", validator=validators.Number(gt=0))] = 12,
    weeks: Weeks = 12,
    replications: Replications = 20,
    seed: Seed = 0,
    json: AsJson = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Choose among moves: for every budget the set that brings most, and what each move adds to it.

    Writes the page with its chart, the choice as JSON, and the chosen set as a future state to simulate and to plan.
    """
    from millrace.cli.shown_choice import show_choice

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        chosen = bench.optimise(
            stream,
            moves,
            source=log,
            mapping=mapping,
            budget=budget,
            goal=goal,
            measure=measure,
            months=months,
            weeks=weeks,
            n_replications=replications,
            seed=seed,
        )
        page = bench.write_choice(chosen, output)
    if json:
        print((output / "choice.json").read_text("utf-8"), end="")
    else:
        show_choice(chosen, page)


@app.command
def plan(
    stream: Stream,
    /,
    *,
    output: Annotated[Path, written_to("The Markdown file to write.")],
    future: Annotated[
        str | None, Parameter(help="A YAML file with moves, or a future state of the stream by name.")
    ] = None,
    log: Log = None,
    mapping: MappingFile = None,
    measure: Measure = None,
    months: Annotated[float, Parameter(help="Running costs count so long.", validator=validators.Number(gt=0))] = 12,
    weeks: Weeks = 12,
    replications: Replications = 20,
    seed: Seed = 0,
    save: Annotated[bool, Parameter(help="Write the actions into the stream's file.", negative="")] = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Make a plan of a future state: what comes first, what each move adds, who sees to it, when to measure it."""
    from millrace.report.plan_page import plan_page
    from millrace.workbench.output import write_whole

    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        planned = bench.plan(
            stream,
            future,
            source=log,
            mapping=mapping,
            measure=measure or "lead_time_mean",
            months=months,
            weeks=weeks,
            n_replications=replications,
            seed=seed,
        )
    title = planned.stream.shown_name
    write_whole(output, plan_page(title, planned.future.name, planned.plan, (planned.basis, *planned.remarks)))
    if save:
        bench.save_plan(planned, stream)
        print(f"The actions are in {stream}, under “improvements”.")
    print(f"The plan is {output}.")
