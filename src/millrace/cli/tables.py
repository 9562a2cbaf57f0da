"""The one look of tables in the terminal."""

from collections.abc import Collection

from rich import box
from rich.table import Table

DIM = "bright_black"


def table(*columns: str, figures: Collection[str] = (), has_head: bool = True) -> Table:
    """A table with these columns; those of `figures` stand at the right and are never folded."""
    made = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style=DIM,
        show_header=has_head,
    )
    for column in columns:
        is_figure = column in figures
        made.add_column(column, justify="right" if is_figure else "left", no_wrap=is_figure, overflow="fold")
    return made
