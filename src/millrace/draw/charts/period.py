"""The part of the calendar that a chart shows, and its time axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from millrace.draw.charts.chart import Spec

SPARSE_RATIO = 0.01
"""The first instants that a chart may leave out, where they would take up most of its width."""
EMPTY_RATIO = 0.35
"""From this share of the width on, a nearly empty beginning is cut off."""

HALF_DAY = timedelta(hours=12)


@dataclass(frozen=True)
class Window:
    """What a chart shows of a period: from `began_at` to `ended_at`, with `n_before` instants left out before it."""

    began_at: datetime
    ended_at: datetime
    n_before: int = 0

    @property
    def n_days(self) -> float:
        """Length in days."""
        return (self.ended_at - self.began_at).total_seconds() / 86_400

    def domain(self) -> list[int]:
        """The ends of the time axis; a single instant gets half a day on either side."""
        room = HALF_DAY if self.began_at == self.ended_at else timedelta(0)
        return [instant(self.began_at - room), instant(self.ended_at + room)]


def window(instants: Sequence[datetime]) -> Window:
    """The whole period of these instants, less a beginning that is long and nearly empty.

    Logs often hold a few very old items that were touched in the exported period. Drawn to scale they leave a sliver
    for all the others, so at most one instant in a hundred is cut off, and the chart says how many.
    """
    ordered = sorted(instants)
    first, last = ordered[0], ordered[-1]
    n_sparse = int(len(ordered) * SPARSE_RATIO)
    dense = ordered[n_sparse]
    if n_sparse and (dense - first) > EMPTY_RATIO * (last - first):
        return Window(dense, last, n_sparse)
    return Window(first, last)


def instant(at: datetime) -> int:
    """An instant as the charts' engine takes it: milliseconds, so that no zone is guessed."""
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def time_axis(shown: Window, *, field: str = "at") -> Spec:
    """The horizontal axis of a window: days, months or years, the year named where it begins."""
    if shown.n_days <= 4:
        words = "utcFormat(datum.value, '%-d %b %H:%M')"
    elif shown.n_days <= 92:
        words = "utcFormat(datum.value, '%-d %b')"
    elif shown.n_days <= 1500:
        words = "utcFormat(datum.value, month(datum.value) == 0 ? '%Y' : '%b')".replace("month(", "utcmonth(")
    else:
        words = "utcFormat(datum.value, '%Y')"
    return {
        "field": field,
        "type": "temporal",
        "scale": {"type": "utc", "domain": shown.domain(), "nice": False},
        "axis": {
            "grid": False,
            "labelExpr": words,
            "tickCount": 4 if shown.n_days <= 4 else 7,
            "labelOverlap": True,
            "labelFlush": False,
        },
    }
