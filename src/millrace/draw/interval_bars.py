"""A measure today and in future as two intervals on one scale, small enough for a row of a table."""

from typing import NamedTuple

from millrace.draw.svg import circle, element, rect
from millrace.draw.theme import REST, REST_TINT

_WIDTH, _HEIGHT, _EDGE = 132.0, 26.0, 5.0
_THICK = 6.0


class Interval(NamedTuple):
    """A mean and the interval around it."""

    mean: float
    low: float
    high: float


def interval_bars(today: Interval, future: Interval, colour: str) -> str:
    """Today above in grey, the future below in `colour`; the scale begins at nothing. For the eye only."""
    most = max(today.high, future.high, today.mean, future.mean)
    least = min(today.low, future.low, 0.0)
    scale = (_WIDTH - 2 * _EDGE) / ((most - least) or 1.0)

    def x(value: float) -> float:
        return _EDGE + (value - least) * scale

    def bar(of: Interval, middle: float, fill: str) -> str:
        width = max(x(of.high) - x(of.low), 2.0)
        track = rect(_EDGE, middle - 0.5, _WIDTH - 2 * _EDGE, 1, fill=REST_TINT)
        return track + rect(x(of.low), middle - _THICK / 2, width, _THICK, fill=fill, rx=3) + circle(
            x(of.mean), middle, 3.5, fill=fill
        )  # fmt: skip

    drawn = bar(today, 7, REST) + bar(future, _HEIGHT - 7, colour)
    return element(
        "svg", drawn, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}", width=_WIDTH,
        height=_HEIGHT, aria_hidden="true", focusable="false",
    )  # fmt: skip
