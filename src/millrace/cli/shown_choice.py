"""A choice among moves in the terminal."""

from pathlib import Path

from rich.console import Console

from millrace.cli.tables import table
from millrace.report.choice_page import HEADER, front_rows, headline, told_choice
from millrace.workbench.choices import StreamChoice


def show_choice(chosen: StreamChoice, page: Path) -> None:
    """Print the headline, the front, and what each move adds."""
    console = Console()
    console.print(f"[bold]{headline(chosen.choice)}[/bold]", highlight=False)
    for remark in (chosen.basis, *chosen.remarks):
        console.print(remark, highlight=False)
    front = table(*HEADER, figures=("Cost", "With it", "On top"))
    for row in front_rows(chosen.choice):
        front.add_row(*row)
    console.print(front)
    for sentence in told_choice(chosen.choice):
        console.print(sentence, highlight=False)
    console.print(f"The page is {page}", highlight=False)
