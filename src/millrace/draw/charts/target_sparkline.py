"""A target's figures period by period, small enough to stand in a table."""

from millrace.draw.charts.wording import count
from millrace.govern.target_status import Standing, TargetPoint, TargetStatus
from millrace.model.target import plain

WIDTH, HEIGHT, MARGIN = 168, 40, 5
_COLOURS = {
    Standing.KEPT: "#14702f",
    Standing.CLOSE: "#a84c08",
    Standing.MISSED: "#b3191b",
    Standing.UNKNOWN: "#8595a9",
}
_LINE, _LIMIT = "#52627a", "#8595a9"


def target_sparkline(status: TargetStatus) -> str:
    """The figures as a line with a dot each, coloured by how they stand; the target as a dashed line. SVG."""
    limit = plain(status.target.target)
    values = [point.value for point in status.points if point.value is not None]
    least, most = min([limit, *values]), max([limit, *values])
    span = most - least or 1.0

    def height(value: float) -> float:
        return round(HEIGHT - MARGIN - (value - least) / span * (HEIGHT - 2 * MARGIN), 1)

    step = (WIDTH - 2 * MARGIN) / max(len(status.points) - 1, 1)
    dots = [
        (round(MARGIN + place * step, 1), height(point.value), point)
        for place, point in enumerate(status.points)
        if point.value is not None
    ]
    line = " ".join(f"{x},{y}" for x, y, _ in dots)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<line x1="0" y1="{height(limit)}" x2="{WIDTH}" y2="{height(limit)}" stroke="{_LIMIT}" '
        'stroke-width="1" stroke-dasharray="4 3"/>'
        f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="1.5"/>'
        + "".join(_dot(x, y, point, is_last=point is status.now) for x, y, point in dots)
        + "</svg>"
    )


def sparkline_alt(status: TargetStatus) -> str:
    """What the drawing shows, in words."""
    n_missed = sum(point.standing is Standing.MISSED for point in status.points)
    return f"{status.target.name}: {count(len(status.points))} periods, {count(n_missed)} of them missed"


def _dot(x: float, y: float, point: TargetPoint, *, is_last: bool) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{3.5 if is_last else 2}" fill="{_COLOURS[point.standing]}"/>'
