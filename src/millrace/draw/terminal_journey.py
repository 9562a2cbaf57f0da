"""The journey of one item as text for a terminal: bars to scale by record and team, the turns, what took longest."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.cells import set_cell_size
from rich.console import Group
from rich.text import Text

from millrace.draw.journey import journey_words as words
from millrace.draw.journey.journey_picture import JourneyPicture, Kind, Stretch
from millrace.draw.journey.time_axis import TimeAxis, time_axis
from millrace.draw.text import printable

_STYLES = {
    Kind.WORKING: "cyan",
    Kind.WAITING: "dark_orange",
    Kind.OUTSIDE: "yellow",
    Kind.UNKNOWN: "bright_black",
    Kind.DONE: "bright_black",
}
_SIGNS = {Kind.WORKING: "█", Kind.WAITING: "▒", Kind.OUTSIDE: "░", Kind.UNKNOWN: "▓", Kind.DONE: "·"}
"""Signs tell kinds apart where colours do not."""
_LABELS_AT_MOST = 24
_WHOLE = "All"


def terminal_journey(picture: JourneyPicture, width: int) -> Group:
    """A rich renderable of the journey, no line wider than `width` cells (40 or more)."""
    labels = [printable(row.label) for lane in picture.lanes for row in lane.rows]
    label_width = min(max([len(_WHOLE), *map(len, labels)]) + 3, _LABELS_AT_MOST, width // 3)
    axis = time_axis(
        picture.demand_at,
        picture.value_at,
        picture.ended_at,
        ZoneInfo(picture.hours.zone),
        0.0,
        float(width - label_width),
    )
    lines = [
        Text(_plain(words.title(picture)), "bold"),
        Text(_plain(words.subtitle(picture)), "dim"),
        _figures(picture),
        Text(),
        _bar(_WHOLE, picture.band, picture, axis, label_width),
        *_lanes(picture, axis, label_width),
        _dates(picture, axis, label_width),
        Text(),
        *_turns(picture),
        *_longest(picture),
        _legend(picture),
    ]
    for line in lines:
        line.no_wrap = False
    return Group(*lines)


def _figures(picture: JourneyPicture) -> Text:
    shown = [Text.assemble((f"{label} ", "dim"), (_plain(figure), "bold")) for label, figure in words.figures(picture)]
    return Text("   ").join(shown)


def _lanes(picture: JourneyPicture, axis: TimeAxis, label_width: int) -> Iterable[Text]:
    for lane in picture.lanes:
        if len(picture.lanes) > 1:
            yield Text.assemble((printable(lane.key), "bold"), (f"  {printable(lane.record_type or '')}", "dim"))
        for row in lane.rows:
            yield _bar(f"  {row.label}", row.waited, picture, axis, label_width, faint=row.own)


def _bar(
    label: str,
    stretches: Iterable[Stretch],
    picture: JourneyPicture,
    axis: TimeAxis,
    label_width: int,
    *,
    faint: Iterable[Stretch] = (),
) -> Text:
    """One row of cells; a stretch too short for a cell takes one where none longer needs it."""
    n_cells = int(axis.right)
    cells: list[tuple[str, str, float]] = [(" ", "", 0.0)] * n_cells
    for stretch in faint:
        _put(cells, stretch, axis, "─", "dim", weight=0.01)
    for stretch in stretches:
        is_after = picture.value_at is not None and not stretch.is_before_value
        style = f"dim {_STYLES[stretch.kind]}" if is_after else _STYLES[stretch.kind]
        _put(cells, stretch, axis, _SIGNS[stretch.kind], style)
    line = Text(set_cell_size(printable(label) if label.strip() else "", label_width - 1) + " ")
    if label.startswith("  "):
        line = Text("  " + set_cell_size(printable(label), label_width - 3) + " ")
    for style, same in groupby(cells, key=lambda cell: cell[1]):
        line.append("".join(sign for sign, _, _ in same), style)
    return line


def _put(
    cells: list[tuple[str, str, float]], stretch: Stretch, axis: TimeAxis, sign: str, style: str, *, weight: float = 1.0
) -> None:
    first, last = axis.x(stretch.began_at), axis.x(stretch.ended_at)
    for at in range(int(first), min(len(cells), int(last) + 1)):
        covered = (min(last, at + 1) - max(first, at) + 1e-6) * weight
        if covered > cells[at][2]:
            cells[at] = (sign, style, covered)


def _dates(picture: JourneyPicture, axis: TimeAxis, label_width: int) -> Text:
    """Demand, value and last event below their places."""
    zone = ZoneInfo(picture.hours.zone)
    marks = [(0, f"▲ demand {words.moment(picture.demand_at, zone)}")]
    if picture.value_at:
        marks.append((int(axis.turn), f"▲ value {words.moment(picture.value_at, zone)}"))
    line = " " * label_width
    for at, told in marks:
        room = label_width + axis.right - len(told)
        place = int(min(label_width + at, room))
        if place >= len(line) or not line.strip():
            line = line.ljust(place) + told + "  "
    return Text(line.rstrip(), "dim")


def _turns(picture: JourneyPicture) -> list[Text]:
    if len(picture.tenures) < 2:
        return []
    parts = []
    for turn in picture.tenures:
        name = (printable(turn.team), "magenta" if turn.is_return else "bold")
        parts.append(Text.assemble(name, f" {_plain(words.lasted(turn.length))}"))
    return [Text.assemble(("Turn by turn: ", "dim")).append_text(Text(" → ").join(parts)), Text()]


def _longest(picture: JourneyPicture) -> list[Text]:
    if not picture.longest:
        return []
    by_length = sorted(picture.longest, key=lambda stretch: stretch.length, reverse=True)
    told = [
        Text.assemble((f"{_share(stretch.length, picture)} ", "bold"), _plain(words.told(stretch, picture)))
        for stretch in by_length
    ]
    return [Text("What took longest", "bold"), *told, Text()]


def _share(length: timedelta, picture: JourneyPicture) -> str:
    return f"{100 * (length / picture.times.whole):3.0f} %"


def _legend(picture: JourneyPicture) -> Text:
    shown = {stretch.kind for stretch in picture.band}
    return Text("  ").join(
        [Text.assemble((_SIGNS[kind], _STYLES[kind]), (f" {kind.value}", "dim")) for kind in Kind if kind in shown]
    )


def _plain(told: str) -> str:
    return printable(told.replace("\u202f", " ").replace("\u00a0", " "))
