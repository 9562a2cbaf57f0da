"""Cumulative flow: delivered items below, the open ones above them, in bands by the step that they are in."""

from collections.abc import Sequence

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.frame import TITLES, Frame, keep_apart, label, numbered_axis, title, titled, values
from millrace.draw.charts.period import Window, instant, time_axis
from millrace.draw.charts.wording import ITEMS, Noun, count, day, period
from millrace.flow.cumulative_flow import LEFT, CumulativeFlow

_FRAME = Frame(right=180)
_MOST_DAYS = 400
"""A pixel of width is narrower than a day from here on."""
_TABLE_ROWS = 12
_STARTED_RATIO = 0.01
"""The picture begins when this share of all items has been demanded, if that spares most of the width."""
_SPARED_RATIO = 0.35


def cumulative_flow(flow: CumulativeFlow, *, noun: Noun = ITEMS) -> Chart | None:
    """Draw the bands day by day; None where the log spans no two days."""
    if len(flow.days_at) < 2:
        return None
    first = _first_day(flow)
    demanded = _totals(flow.counts)
    opened = _totals([flow.counts[band] for band in _open_bands(flow)]) or [0]
    return Chart(
        title=_finding(flow, noun),
        subtitle=f"Cumulative number of {noun.many} by step, {period(flow.days_at[first], flow.days_at[-1])}",
        alt=(
            f"Stacked area chart: of {noun.counted(demanded[-1])} demanded, {count(flow.counts[0][-1])} are delivered "
            f"at the end and {count(opened[-1])} are open."
        ),
        picture=_stack(flow, first, range(len(flow.counts))),
        table=_table(flow),
        note=_left_out(flow, first),
    )


def work_in_progress(flow: CumulativeFlow, *, noun: Noun = ITEMS) -> Chart | None:
    """Draw only the open items by step: the upper bands of the same diagram, to a scale at which they can be read."""
    bands = _open_bands(flow)
    if len(flow.days_at) < 2 or not bands:
        return None
    first = _first_day(flow)
    opened = _totals([flow.counts[band] for band in bands])
    peak = max(range(len(opened)), key=lambda at: opened[at])
    return Chart(
        title=f"{_open_now(opened[-1], noun)}; at most it was {count(opened[peak])}, on {day(flow.days_at[peak])}",
        subtitle=f"Open {noun.many} by step at the end of each day, {period(flow.days_at[first], flow.days_at[-1])}",
        alt=f"Stacked area chart of open {noun.many}: {count(opened[-1])} at the end, {count(opened[peak])} at most.",
        picture=_stack(flow, first, bands),
        table=_table(flow),
        note=_left_out(flow, first),
    )


def _open_bands(flow: CumulativeFlow) -> range:
    """The bands of items that are neither delivered nor cancelled: all above those."""
    return range(1 + (LEFT in flow.band_names[1:2]), len(flow.counts))


def _totals(counts: Sequence[Sequence[int]]) -> list[int]:
    return [sum(bands) for bands in zip(*counts, strict=True)]


def _finding(flow: CumulativeFlow, noun: Noun) -> str:
    """Compare demand with delivery over the last quarter of what is drawn."""
    demanded, delivered = _totals(flow.counts), flow.counts[0]
    start = len(demanded) - 1 - (len(demanded) - 1 - _first_day(flow)) // 4
    came, went = demanded[-1] - demanded[start], delivered[-1] - delivered[start]
    since = f"since {day(flow.days_at[start])}"
    if came == went:
        return f"As many {noun.many} were delivered as demanded {since}: {count(went)}"
    fewer = "more" if went > came else "fewer"
    return f"{_were(went, noun)} delivered {since}, {count(abs(came - went))} {fewer} than demanded"


def _were(n: int, noun: Noun) -> str:
    return f"No {noun.many} were" if n == 0 else f"{noun.counted(n)} {'was' if n == 1 else 'were'}"


def _open_now(n: int, noun: Noun) -> str:
    return f"No {noun.many} are open" if n == 0 else f"{noun.counted(n)} {'is' if n == 1 else 'are'} open"


def _first_day(flow: CumulativeFlow) -> int:
    """Leave out a long beginning in which hardly anything had been demanded yet."""
    demanded = _totals(flow.counts)
    started = next(at for at, n in enumerate(demanded) if n >= demanded[-1] * _STARTED_RATIO)
    return started if started > len(demanded) * _SPARED_RATIO else 0


def _left_out(flow: CumulativeFlow, first: int) -> str:
    if first == 0:
        return ""
    return f"Days before {day(flow.days_at[first])} with hardly any demand are not drawn."


def _stack(flow: CumulativeFlow, first: int, bands: range) -> Spec:
    step = -(-(len(flow.days_at) - first) // _MOST_DAYS)
    kept = [*range(first, len(flow.days_at) - 1, step), len(flow.days_at) - 1]
    shown = Window(flow.days_at[first], flow.days_at[-1])
    colours = _colours(len(flow.counts))
    high = max(sum(flow.counts[band][at] for band in bands) for at in kept) * 1.04 or 1
    rows: list[Spec] = []
    for at in kept:
        base = 0
        for band in bands:
            top = base + flow.counts[band][at]
            rows.append({"at": instant(flow.days_at[at]), "band": band, "low": base, "high": top})
            base = top
    area: Spec = {
        "data": values(rows),
        "mark": {"type": "area", "interpolate": "linear"},
        "encoding": {
            "x": time_axis(shown),
            "y": {
                "field": "low",
                "type": "quantitative",
                "scale": {"domain": [0, high], "nice": False},
                "axis": numbered_axis(tickCount=6),
            },
            "y2": {"field": "high"},
            "color": {
                "field": "band",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": list(bands), "range": [colours[band] for band in bands]},
            },
        },
    }
    return _FRAME.spec([area, _titles(flow, kept, bands, shown), *_band_labels(flow, bands, high, colours)])


def _titles(flow: CumulativeFlow, kept: Sequence[int], bands: range, shown: Window) -> Spec:
    """A day's bands, from the upper one down, on a line that is not seen."""
    rows = [
        {
            "at": instant(flow.days_at[at]),
            "title": title(
                day(flow.days_at[at]),
                *(f"{flow.band_names[band]} {count(flow.counts[band][at])}" for band in reversed(bands)),
            ),
        }
        for at in kept
    ]
    across = {**time_axis(shown), "axis": None}
    return titled(
        {"name": TITLES, "data": values(rows), "mark": {"type": "rule", "opacity": 0}, "encoding": {"x": across}}
    )


def _band_labels(flow: CumulativeFlow, bands: range, high: float, colours: Sequence[str]) -> list[Spec]:
    """Name each band at its right end, with a chip of its colour: no legend to look up."""
    places, base = [], 0
    for band in bands:
        n = flow.counts[band][-1]
        places.append(_FRAME.height * (1 - (base + n / 2) / high))
        base += n
    labels: list[Spec] = []
    for band, place in zip(bands, keep_apart(places, lowest=_FRAME.height - 4), strict=True):
        name = f"{flow.band_names[band]} {count(flow.counts[band][-1])}"
        chip = {"type": "square", "filled": True, "size": 80, "color": colours[band], "opacity": 1}
        labels.append(label("", x=_FRAME.plot_width + 12, y=place) | {"mark": chip})
        labels.append(label(name, x=_FRAME.plot_width + 22, y=place, limit=_FRAME.right - 24))
    return labels


def _colours(n: int) -> list[str]:
    return [theme.HAIRLINE, *(theme.CATEGORY[at % len(theme.CATEGORY)] for at in range(n - 1))]


def _table(flow: CumulativeFlow) -> TableTwin:
    last = len(flow.days_at) - 1
    n_rows = min(_TABLE_ROWS, last + 1)
    kept = sorted({round(at * last / max(n_rows - 1, 1)) for at in range(n_rows)})
    return TableTwin(
        ("Day", *flow.band_names),
        tuple((day(flow.days_at[at]), *(count(band[at]) for band in flow.counts)) for at in kept),
    )
