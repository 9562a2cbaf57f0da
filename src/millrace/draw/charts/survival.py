"""Lead time with open items counted: the Kaplan–Meier estimate beside the figures of delivered items only."""

from collections.abc import Sequence
from dataclasses import replace

from millrace.draw import theme
from millrace.draw.charts.chart import Chart, Spec, TableTwin
from millrace.draw.charts.duration_axis import duration_axis
from millrace.draw.charts.frame import Frame, label, numbered_axis, title, titled, values
from millrace.draw.charts.wording import ELAPSED, ITEMS, Noun, TimeScale, count, duration
from millrace.flow.summary import DurationSummary
from millrace.flow.survival import LeadTimeSurvival

_FRAME = Frame(height=120, left=58, right=24, top=30, bottom=28)
_COUNTED = {"below": "delivered only", "above": "with open ones"}
"""What is counted in the dots whose figures stand on this side of them."""
NOT_REACHED = "not reached"
"""Fewer than that share has been delivered so far."""


def survival(
    estimate: LeadTimeSurvival,
    finished: DurationSummary,
    *,
    noun: Noun = ITEMS,
    scale: TimeScale = ELAPSED,
) -> Chart | None:
    """Draw p50, p85 and p95 twice: of delivered items, and estimated over all.

    None where nothing was delivered, or nothing is left that could change the figures of what was.
    """
    if not estimate.n_unfinished or finished.p50 is None or finished.p85 is None or finished.p95 is None:
        return None
    pairs = (
        ("50 %", finished.p50.seconds, estimate.p50_seconds),
        ("85 %", finished.p85.seconds, estimate.p85_seconds),
        ("95 %", finished.p95.seconds, estimate.p95_seconds),
    )
    parts = estimate.parts_from_finished
    return Chart(
        title=parts.rstrip(".") if parts else f"Counting the open {noun.many} changes the picture little",
        subtitle=(
            f"Lead time of {noun.counted(estimate.n_finished)} delivered, and estimated with "
            f"{count(estimate.n_unfinished)} open ones (Kaplan–Meier) · {scale.words}"
        ),
        alt="; ".join(
            f"{name}: {duration(done, scale)} of delivered, {_shown(all_, scale)} with open ones"
            for name, done, all_ in pairs
        )
        + ".",
        picture=_picture(pairs, scale),
        table=TableTwin(
            ("Share of items", "Delivered only", "With open ones"),
            tuple((name, duration(done, scale), _shown(all_, scale)) for name, done, all_ in pairs),
        ),
    )


def _shown(seconds: float | None, scale: TimeScale) -> str:
    return NOT_REACHED if seconds is None else duration(seconds, scale)


def _picture(pairs: Sequence[tuple[str, float, float | None]], scale: TimeScale) -> Spec:
    known = [seconds for _, done, all_ in pairs for seconds in (done, all_) if seconds is not None]
    axis = duration_axis(known, p50=known[0], p95=max(known), scale=scale, at_least=max(known) * 1.12)
    if axis.is_log:
        axis = replace(axis, low=max(min(known) / 4, 1.0))
    across = axis.encoding()
    across["axis"] = {**across["axis"], "grid": True, "ticks": False, "domain": False, "labelOverlap": True}
    down = {
        "field": "share",
        "type": "nominal",
        "sort": None,
        "axis": numbered_axis(grid=False, labelFontWeight=theme.SEMIBOLD, labelColor=theme.INK),
    }
    dots = [
        {
            "share": name,
            "seconds": axis.on_axis(seconds),
            "fill": fill,
            "text": duration(seconds, scale),
            "title": title(f"{name} within {duration(seconds, scale)}", _COUNTED[side]),
            "side": side,
        }
        for name, done, all_ in pairs
        for seconds, fill, side in ((done, theme.REST, "below"), (all_, theme.WORKING, "above"))
        if seconds is not None
    ]
    spans = [
        {"share": name, "seconds": axis.on_axis(done), "to": axis.high if all_ is None else axis.on_axis(all_)}
        for name, done, all_ in pairs
    ]
    open_ended = [{"share": name, "seconds": axis.high, "text": NOT_REACHED} for name, _, all_ in pairs if all_ is None]
    own = {"type": "nominal", "scale": None, "legend": None}

    def words(side: str, dy: float, colour: str) -> Spec:
        return {
            "data": values([dot for dot in dots if dot["side"] == side]),
            "mark": {"type": "text", "dy": dy, "color": colour, "fontWeight": theme.SEMIBOLD},
            "encoding": {"x": across, "y": down, "text": {"field": "text"}},
        }

    return _FRAME.spec(
        [
            {
                "data": values(spans),
                "mark": {"type": "rule", "color": theme.HAIRLINE, "strokeWidth": 3},
                "encoding": {"x": across, "x2": {"field": "to"}, "y": down},
            },
            titled(
                {
                    "data": values(dots),
                    "mark": {"type": "circle", "size": 70, "opacity": 1},
                    "encoding": {"x": across, "y": down, "color": {"field": "fill", **own}},
                }
            ),
            {
                "data": values(open_ended),
                "mark": {"type": "text", "align": "right", "dy": -10, "color": theme.WORKING_TEXT},
                "encoding": {"x": across, "y": down, "text": {"field": "text"}},
            },
            words("below", 13, theme.REST_TEXT),
            words("above", -12, theme.WORKING_TEXT),
            label("● delivered only", x=0, y=-20, color=theme.REST_TEXT),
            label("● with open ones", x=110, y=-20, color=theme.WORKING_TEXT),
        ]
    )
