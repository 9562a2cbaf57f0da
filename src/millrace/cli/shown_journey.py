"""The journey of one item in the terminal."""

from millrace.draw.journey.journey_picture import JourneyPicture

WIDEST = 160


def show_journey(picture: JourneyPicture) -> None:
    """Draw the journey as wide as the terminal allows."""
    from rich.console import Console

    from millrace.draw.terminal_journey import terminal_journey

    console = Console()
    console.print(terminal_journey(picture, max(40, min(console.width, WIDEST))))
