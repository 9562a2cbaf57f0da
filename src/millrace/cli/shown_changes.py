"""What changes and problems came to, in the terminal or as JSON."""

import json

from rich.console import Console
from rich.table import Table
from rich.text import Text

from millrace.cli.tables import DIM, table
from millrace.flow.change_success import ChangeSuccess, ProblemEffect
from millrace.model.absent import Absent
from millrace.model.duration import show_duration
from millrace.model.ratio import show_ratio
from millrace.workbench.changes import Outcomes


def print_changes(outcomes: Outcomes) -> None:
    """Print them as JSON: durations in seconds, ratios between 0 and 1, a reason where a part is absent."""
    form = {"changes": _change_form(outcomes.changes), "problems": _problem_form(outcomes.problems)}
    print(json.dumps(form, ensure_ascii=False, indent=1))


def _change_form(changes: ChangeSuccess | Absent) -> dict[str, object]:
    if isinstance(changes, Absent):
        return {"absent": changes.reason}
    return {
        "within_seconds": changes.within.total_seconds(),
        "n_changes": changes.failed.whole,
        "n_failed": changes.failed.part,
        "change_failure_ratio": changes.failed.ratio,
        "failed": list(changes.failed_changes),
        "n_too_late_to_tell": changes.n_too_late,
        "n_not_done": changes.n_not_done,
        "n_incidents": changes.caused.whole,
        "n_incidents_caused": changes.caused.part,
        "incidents_caused_ratio": changes.caused.ratio,
        "n_linked_pairs": changes.n_linked,
    }


def _problem_form(problems: ProblemEffect | Absent) -> dict[str, object]:
    if isinstance(problems, Absent):
        return {"absent": problems.reason}
    return {
        "alike_by": problems.attribute,
        "within_seconds": problems.within.total_seconds(),
        "n_compared": problems.n_compared,
        "n_ending_repeats": problems.n_ending,
        "n_incidents_before": problems.n_before,
        "n_incidents_after": problems.n_after,
        "n_too_late_to_tell": problems.n_too_late,
    }


def show_changes(outcomes: Outcomes) -> None:
    """Print them as tables."""
    console = Console()
    console.print(_changes(outcomes.changes))
    console.print()
    console.print(_problems(outcomes.problems))


def _changes(changes: ChangeSuccess | Absent) -> Table | Text:
    if isinstance(changes, Absent):
        return Text(f"Change success cannot be told: {changes.reason}.")
    time = show_duration(changes.within.total_seconds())
    shown = table("what", "figure", "of", figures=("figure",), has_head=False)
    failed, caused = changes.failed, changes.caused
    shown.add_row(
        "Change failure rate",
        _ratio(failed.ratio),
        f"{failed.part:,} of {failed.whole:,} changes had a linked incident within {time} after they were done",
    )
    shown.add_row(
        "Incidents caused by changes",
        _ratio(caused.ratio),
        f"{caused.part:,} of {caused.whole:,} incidents began so after a change that they are linked with",
    )
    shown.add_row("Linked pairs", f"{changes.n_linked:,}", Text("of a change and an incident, at any time", DIM))
    shown.add_row("Too late to tell", f"{changes.n_too_late:,}", Text(f"changes done in the last {time}", DIM))
    shown.add_row("Not done", f"{changes.n_not_done:,}", Text("changes open or cancelled", DIM))
    if changes.failed_changes:
        shown.add_row("Failed, for example", "", ", ".join(changes.failed_changes))
    return shown


def _problems(problems: ProblemEffect | Absent) -> Table | Text:
    if isinstance(problems, Absent):
        return Text(f"Whether problems end repeats cannot be told: {problems.reason}.")
    time = show_duration(problems.within.total_seconds())
    shown = table("what", "figure", "of", figures=("figure",), has_head=False)
    shown.add_row(
        "Problems that end repeats",
        f"{problems.n_ending:,}",
        f"of {problems.n_compared:,}: fewer incidents with the same “{problems.attribute}” in the {time} after than "
        f"before",
    )
    shown.add_row("Incidents before, after", f"{problems.n_before:,}, {problems.n_after:,}", "of all these problems")
    shown.add_row("Too late to tell", f"{problems.n_too_late:,}", Text(f"problems done in the last {time}", DIM))
    return shown


def _ratio(ratio: float | None) -> str:
    return "–" if ratio is None else show_ratio(ratio)
