"""The map in the terminal."""

from millrace.draw.map_picture import MapPicture

WIDEST = 180


def show_map(picture: MapPicture) -> None:
    """Draw the map as wide as the terminal allows."""
    from rich.console import Console

    from millrace.draw.terminal_map import terminal_map

    console = Console()
    console.print(terminal_map(picture, max(20, min(console.width, WIDEST))))
