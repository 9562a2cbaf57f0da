"""A comparison of a future state with today in the terminal."""

from pathlib import Path

from rich.console import Console

from millrace.cli.tables import table
from millrace.report.future_page import basis, headline, rows, told_bottleneck, told_trust, told_worth
from millrace.workbench.futures import SimulatedFuture


def show_future(simulated: SimulatedFuture, page: Path) -> None:
    """Print what matters: the headline, every measure, where work waits, what it is worth."""
    form = simulated.form()
    console = Console()
    console.print(f"[bold]{headline(form)}[/bold]", highlight=False)
    console.print(basis(form), highlight=False)
    console.print(told_trust(form), highlight=False)
    for remark in simulated.remarks:
        console.print(remark, highlight=False)
    titles = ("Today", "Future", "95 % interval", "Better")
    measures = table("Measure", *titles, figures=titles)
    for row in rows(form):
        future, _, interval = row.future.partition(" (")
        measures.add_row(row.title, row.current.partition(" (")[0], future, interval.removesuffix(")"), row.better)
    console.print(measures)
    console.print(told_bottleneck(form), highlight=False)
    for sentence in told_worth(form):
        console.print(sentence, highlight=False)
    if form.sensitivity and form.sensitivity.assumptions:
        first = form.sensitivity.assumptions[0]
        console.print(f"The result rests most on this: {first.told}.", highlight=False)
    console.print(f"The page is {page}", highlight=False)


def print_future_json(folder: Path) -> None:
    """Print the comparison as it was written."""
    print((folder / "comparison.json").read_text("utf-8"), end="")
