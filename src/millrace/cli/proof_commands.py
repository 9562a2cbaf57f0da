"""The command on changes that were made: prove."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from millrace.cli.main import app
from millrace.cli.parameters import (
    HERE,
    AsJson,
    CalendarFile,
    MappingFile,
    StreamFile,
    Strict,
    Where,
    WorkspaceFolder,
    workbench,
    written_to,
)
from millrace.cli.progress import ProgressBar

if TYPE_CHECKING:
    from millrace.workbench.proofs import Proved


@app.command
def prove(
    subject: Annotated[
        str, Parameter(help="An export; a stream’s file; or the key of an improvement in the register.")
    ],
    improvement: Annotated[str | None, Parameter(help="With a stream’s file: the name of its improvement.")] = None,
    /,
    *,
    log: Annotated[
        list[Path] | None, Parameter(help="With a stream’s file: the export to prove it on.", negative="")
    ] = None,
    changed_on: Annotated[datetime | None, Parameter(help="The day the change came.")] = None,
    of: Annotated[str | None, Parameter(help="The measure, such as lead_time, rework or wait_time.")] = None,
    statistic: Annotated[str | None, Parameter(help="Of durations: median or mean.")] = None,
    step: Annotated[str | None, Parameter(help="The step whose wait_time or process_time is meant.")] = None,
    within: Annotated[str | None, Parameter(help="The share delivered within this, such as “8 h”.")] = None,
    expected: Annotated[str | None, Parameter(help="The change that is expected, such as “30 % less”.")] = None,
    where: Where = None,
    changed: Annotated[
        list[str] | None, Parameter(help="Only these items were changed, team=Desk; the others compare.", negative="")
    ] = None,
    compared_with: Annotated[
        list[str] | None, Parameter(help="These items were left alone, team=Field.", negative="")
    ] = None,
    compared_with_log: Annotated[Path | None, Parameter(help="An export of work that was left alone.")] = None,
    baseline_from: Annotated[datetime | None, Parameter(help="The first day of the baseline.")] = None,
    output: Annotated[Path | None, written_to("Draw the proof as SVG, PNG or PDF here.")] = None,
    stream: StreamFile = None,
    mapping: MappingFile = None,
    calendar: CalendarFile = None,
    json: AsJson = False,
    strict: Strict = False,
    workspace: WorkspaceFolder = HERE,
) -> None:
    """Say whether a change helped: what would have come without it, the effect with its interval, a verdict."""
    from millrace.cli.asked import OneOrTheOther
    from millrace.cli.asked_change import asked_change
    from millrace.cli.shown_proof import print_proof_json, show_proof

    asked = asked_change(
        changed_on, of=of, statistic=statistic, step=step, within=within, expected=expected, where=where,
        changed=changed, compared_with=compared_with, baseline_from=baseline_from,
    )  # fmt: skip
    with ProgressBar() as bar:
        bench = workbench(workspace, bar)
        if improvement is not None:
            if log is None:
                raise OneOrTheOther("an improvement with its --log", "an export with --changed-on")
            hypothesis = asked.over(bench.improvement_hypothesis(subject, improvement, changed_on=asked.changed_on))
            proved = bench.prove(
                log, hypothesis, stream=subject, mapping=mapping, calendar=calendar, comparison=compared_with_log,
                strict=strict,
            )  # fmt: skip
        elif Path(subject).exists() or changed_on is not None:
            proved = bench.prove(
                Path(subject), asked.hypothesis(), stream=stream, mapping=mapping, calendar=calendar,
                comparison=compared_with_log, strict=strict,
            )  # fmt: skip
        else:
            proved = _of_register(subject, workspace)
        if output is not None:
            bench.proof_picture(proved, output)
    if json:
        print_proof_json(proved)
    else:
        show_proof(proved)
        if output is not None:
            print(f"Drawn in {output}")


def _of_register(key: str, workspace: Path) -> "Proved":
    """Prove an improvement of the register, and keep the verdict there."""
    from millrace.workbench.shared import SharedWorkbench
    from millrace.workbench.shared.access import HERE as YOU

    bench = SharedWorkbench(workspace)
    try:
        return bench.prove_improvement(YOU, key)
    finally:
        bench.close()
