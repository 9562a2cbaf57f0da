"""The totals of the stream, beside the ladder."""

from millrace.draw.figures import ShownFigure, Tone, Unit, Wish, show_figure
from millrace.draw.map.figure_text import figure_text
from millrace.draw.map_picture import Figure, Totals
from millrace.draw.svg import group, rect
from millrace.draw.theme import INK, ON_DARK, ON_DARK_SOFT

WIDTH = 192.0
_ROW = 23.0
_INKS = {
    Tone.PLAIN: ON_DARK,
    Tone.BETTER: "#7fe0a3",
    Tone.WORSE: "#ffb4a8",
    Tone.ESTIMATED: ON_DARK_SOFT,
    Tone.ABSENT: ON_DARK_SOFT,
}


def totals_height(totals: Totals | None) -> float:
    """The height of the box; 0 where there is nothing to show."""
    n_rows = len(shown_totals(totals, 24)) if totals else 0
    return n_rows * _ROW + 16 if n_rows else 0.0


def totals_box(totals: Totals, x: float, y: float, hours_per_day: float) -> str:
    """The dark box with its left upper corner on the point."""
    rows = [
        figure_text(labels, shown, x + 14, x + WIDTH - 14, y + 8 + at * _ROW + 16, label_fill=ON_DARK_SOFT, inks=_INKS)
        for at, (labels, shown) in enumerate(shown_totals(totals, hours_per_day))
    ]
    return group(rect(x, y, WIDTH, totals_height(totals), fill=INK, rx=6) + "".join(rows), class_="totals")


def shown_totals(totals: Totals, hours_per_day: float) -> list[tuple[tuple[str, ...], ShownFigure]]:
    """The totals that are given: the label (and a shorter one), and the figure in words."""
    given: list[tuple[tuple[str, ...], Figure | None, Unit, Wish]] = [
        ((totals.lead_time_label, "Lead"), totals.lead_time, Unit.SECONDS, Wish.LESS),
        ((totals.process_time_label, "Process"), totals.process_time, Unit.SECONDS, Wish.LESS),
        (("Flow efficiency", "Efficiency"), totals.flow_efficiency, Unit.FINE_RATIO, Wish.MORE),
        (("Rolled %C&A", "%C&A"), totals.rolled_complete_and_accurate, Unit.FINE_RATIO, Wish.MORE),
        (("Handoffs",), totals.n_handoffs, Unit.COUNT, Wish.LESS),
    ]
    return [
        (labels, show_figure(figure, unit, wish, hours_per_day=hours_per_day))
        for labels, figure, unit, wish in given
        if figure is not None
    ]
