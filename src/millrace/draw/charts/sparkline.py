"""A sparkline: values in order as a line small enough for a cell, the last one marked."""

from collections.abc import Sequence

from millrace.draw import theme

WIDTH, HEIGHT, _MARGIN = 120, 28, 3


def sparkline(values: Sequence[float]) -> str:
    """The line as SVG; nothing but its frame with less than two values."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    if len(values) < 2:
        return head + "</svg>"
    least, most = min(values), max(values)
    step = (WIDTH - 2 * _MARGIN) / (len(values) - 1)
    places = [
        (
            round(_MARGIN + at * step, 1),
            round(HEIGHT - _MARGIN - (value - least) / ((most - least) or 1.0) * (HEIGHT - 2 * _MARGIN), 1),
        )
        for at, value in enumerate(values)
    ]
    line = " ".join(f"{x},{y}" for x, y in places)
    x, y = places[-1]
    return (
        f'{head}<polyline points="{line}" fill="none" stroke="{theme.WORKING}" stroke-width="1.5"/>'
        f'<circle cx="{x}" cy="{y}" r="2.5" fill="{theme.WORKING_TEXT}"/></svg>'
    )
