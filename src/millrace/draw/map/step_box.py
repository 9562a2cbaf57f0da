"""A process box: the practice on its bar, name, team and system below, figures in the data box."""

from dataclasses import dataclass

from millrace.draw.figures import NO_BREAK, ShownFigure, Unit, Wish, show_figure, show_ratio
from millrace.draw.map import symbols
from millrace.draw.map.figure_text import figure_text
from millrace.draw.map_picture import Burst, Figure, MapPicture, MapStep
from millrace.draw.svg import circle, element, group, line, lines, number, path, rect
from millrace.draw.text import text_width, wrap, wrap_evenly
from millrace.draw.theme import (
    BETTER_TEXT,
    HAIRLINE,
    INK,
    INK_SOFT,
    ON_DARK,
    PANEL,
    PAPER,
    REGULAR,
    REST,
    REST_TEXT,
    SEMIBOLD,
    WORKING,
    WORKING_TEXT,
    WORKING_TINT,
    WORSE,
    WORSE_TEXT,
    WORSE_TINT,
)
from millrace.model.value_stream import ValueClass

WIDTH = 176.0
RADIUS = 6.0
ARROW_DROP = 48.0
"""From the lower edge of the bar to the level at which work enters and leaves."""
ROW_HEIGHT = 21.0
SMALLEST_BODY = 136.0
"""A queue and its labels stand beside the box, so it is never lower than they are (bar excepted)."""

_BAR_SIZE, _BAR_LEADING = 10.5, 13.5
_NAME_SIZE, _NAME_LEADING = 13.5, 17.0
_SMALL_SIZE, _SMALL_LEADING = 11.5, 14.5
_TEXT_LEFT = 42.0
_TEXT_ROOM = WIDTH - _TEXT_LEFT - 14
_N_BURSTS = 3


@dataclass(frozen=True)
class DataRow:
    """One line of the data box: which figure, in which unit, and the shorter names it may take when room is scarce."""

    field: str
    labels: tuple[str, ...]
    unit: Unit
    wish: Wish = Wish.NEITHER


DATA_ROWS = (
    DataRow("lead_time", ("Time in step", "In step"), Unit.SECONDS, Wish.LESS),
    DataRow("process_time", ("Process time", "Process", "PT"), Unit.SECONDS, Wish.LESS),
    DataRow("wait_time", ("Wait", "Wait"), Unit.SECONDS, Wish.LESS),
    DataRow("inside_wait", ("Wait inside", "Inside"), Unit.SECONDS, Wish.LESS),
    DataRow("complete_and_accurate", ("% C&A",), Unit.RATIO, Wish.MORE),
    DataRow("volume_per_month", ("Volume / month", "Volume", "Vol."), Unit.COUNT),
    DataRow("people", ("People",), Unit.COUNT),
    DataRow("automation", ("Automated", "Auto"), Unit.RATIO, Wish.MORE),
)


@dataclass(frozen=True)
class BoxHeights:
    """The heights of a box's parts; boxes side by side share the greatest of each."""

    bar: float
    name: float
    team: float
    system: float
    data: float

    @property
    def body(self) -> float:
        """From the bar to the data box."""
        return max(self.name + self.team + self.system, SMALLEST_BODY - self.data)

    @property
    def whole(self) -> float:
        """The height of the box."""
        return self.bar + self.body + self.data


def rows_in_use(picture: MapPicture) -> tuple[DataRow, ...]:
    """The rows that at least one step of the picture fills."""
    return tuple(row for row in DATA_ROWS if any(_figure(step, row) is not None for step in picture.steps))


def shown_rows(step: MapStep, rows: tuple[DataRow, ...], hours_per_day: float) -> list[tuple[DataRow, ShownFigure]]:
    """The rows of a step's data box with their figures in words; “–” where the step gives none."""
    absent = Figure(None, reason="no figure was given for this step")
    return [
        (row, show_figure(_figure(step, row) or absent, row.unit, row.wish, hours_per_day=hours_per_day))
        for row in rows
    ]


def box_heights(steps: list[MapStep], rows: tuple[DataRow, ...]) -> BoxHeights:
    """The heights that boxes side by side need."""
    n_bar = max(len(_bar_lines(step)) for step in steps)
    n_name = max(len(_name_lines(step)) for step in steps)
    n_team = max(len(_team_lines(step)) for step in steps)
    n_system = max(len(_system_lines(step)) for step in steps)
    return BoxHeights(
        bar=n_bar * _BAR_LEADING + 10 if n_bar else 8,
        name=20 + n_name * _NAME_LEADING,
        team=n_team * _SMALL_LEADING + 6 if n_team else 0,
        system=n_system * _SMALL_LEADING + 6 if n_system else 0,
        data=len(rows) * ROW_HEIGHT + 4 if rows else 0,
    )


def step_box(
    step: MapStep, x: float, y: float, heights: BoxHeights, rows: tuple[DataRow, ...], picture: MapPicture, id_: str
) -> str:
    """The box with its left upper corner on the point, as a link where the step has an address."""
    shown = shown_rows(step, rows, picture.hours_per_day)
    foot = y + heights.bar + heights.body
    parts = [
        rect(x, y, WIDTH, heights.whole, fill=PAPER, rx=RADIUS),
        path(_rounded_above(x, y, heights.bar), fill=WORKING),
        _bar_text(step, x, y, heights.bar),
        _head(step, x, y + heights.bar),
        _people(step, x, foot, heights),
        _data(step, shown, x, foot, picture.complete_and_accurate_floor) if rows else "",
        rect(x, y, WIDTH, heights.whole, stroke=INK, stroke_width=1.4, rx=RADIUS),
    ]
    box = group("".join(parts), class_="step", id=id_, aria_label=spoken(step, shown))
    return element("a", box, href=step.href) if step.href else box


def box_bursts(step: MapStep, x: float, y: float) -> str:
    """The step's findings, down its right upper corner."""
    return "".join(
        symbols.burst(x + WIDTH - 2, y + at * 27, mark) for at, mark in enumerate(few_bursts(step.bursts, _N_BURSTS))
    )


def few_bursts(bursts: tuple[Burst, ...], n: int) -> tuple[Burst, ...]:
    """At most n marks; the last then says how many more there are, and its title which."""
    if len(bursts) <= n:
        return bursts
    more = bursts[n - 1 :]
    return (*bursts[: n - 1], Burst(f"+{len(more)}", "; ".join(f"{mark.label} {mark.title}".strip() for mark in more)))


def share_pill(step: MapStep, x: float, y: float) -> str:
    """The share of items that take this way, on the box's left upper corner."""
    if step.share_ratio is None:
        return ""
    words = show_ratio(step.share_ratio)
    width = text_width(words, 11, SEMIBOLD) + 12
    title = f"{words} of items take this way"
    return symbols.pill(x - 2, y - 21, width, (words,), stroke=REST, fill=REST_TEXT, title=title)


def spoken(step: MapStep, shown: list[tuple[DataRow, ShownFigure]]) -> str:
    """The box in words, for those who hear it: all that is to be seen, in reading order."""
    said = [step.practice, f"{step.number} {step.name}", step.team, step.system]
    said += [f"{row.labels[0]} {figure.text.replace(NO_BREAK, ' ')}" for row, figure in shown]
    return ", ".join(filter(None, said))


def _figure(step: MapStep, row: DataRow) -> Figure | None:
    figure: Figure | None = getattr(step, row.field)
    return figure


def _bar_lines(step: MapStep) -> tuple[str, ...]:
    return wrap_evenly(step.practice, WIDTH - 26, _BAR_SIZE, SEMIBOLD, 2)


def _name_lines(step: MapStep) -> tuple[str, ...]:
    return wrap(step.name, _TEXT_ROOM, _NAME_SIZE, SEMIBOLD, 5)


def _team_lines(step: MapStep) -> tuple[str, ...]:
    return wrap(step.team or ("Automatic" if step.is_automated else ""), _TEXT_ROOM, _SMALL_SIZE, REGULAR, 2)


def _system_lines(step: MapStep) -> tuple[str, ...]:
    return wrap(step.system, _TEXT_ROOM, _SMALL_SIZE, REGULAR, 2)


def _bar_text(step: MapStep, x: float, y: float, height: float) -> str:
    words = _bar_lines(step)
    first = y + height / 2 - len(words) * _BAR_LEADING / 2 + 10.2
    return lines(words, x + WIDTH / 2, first, _BAR_SIZE, _BAR_LEADING, weight=SEMIBOLD, fill=ON_DARK, anchor="middle")


def _head(step: MapStep, x: float, y: float) -> str:
    fill = BETTER_TEXT if step.is_changed else INK
    name = lines(_name_lines(step), x + _TEXT_LEFT, y + 22, _NAME_SIZE, _NAME_LEADING, weight=SEMIBOLD, fill=fill)
    return number_mark(x + 22, y + 18, step.number, step.value_class) + name


def number_mark(x: float, y: float, words: str, value_class: ValueClass | None, r: float = 11.5) -> str:
    """The step's number on a disc that says what the step is worth: full, tinted, or red for waste."""
    fill, stroke, ink, says = {
        ValueClass.VALUE_ADDING: (WORKING, WORKING, ON_DARK, "adds value"),
        ValueClass.NECESSARY: (PAPER, WORKING, WORKING_TEXT, "necessary, adds no value"),
        ValueClass.WASTE: (WORSE_TINT, WORSE, WORSE_TEXT, "waste"),
        None: (WORKING_TINT, WORKING_TINT, WORKING_TEXT, ""),
    }[value_class]
    disc = circle(x, y, r, fill=fill, stroke=stroke, width=1.4)
    return group(disc + symbols.centred(words, x, y, 11, 2 * r - 5, fill=ink), says)


def _people(step: MapStep, x: float, foot: float, heights: BoxHeights) -> str:
    parts = []
    y = foot - heights.system - heights.team
    if team := _team_lines(step):
        y = foot - heights.system - heights.team + (heights.team - 6 - len(team) * _SMALL_LEADING)
        icon = symbols.gear(x + 22, y + 7) if step.is_automated else symbols.person(x + 22, y + 7)
        parts.append(icon + lines(team, x + _TEXT_LEFT, y + 11, _SMALL_SIZE, _SMALL_LEADING, fill=INK_SOFT))
    if system := _system_lines(step):
        y = foot - heights.system
        parts.append(
            symbols.screen(x + 22, y + 7)
            + lines(system, x + _TEXT_LEFT, y + 11, _SMALL_SIZE, _SMALL_LEADING, fill=INK_SOFT)
        )
    return "".join(parts)


def _data(step: MapStep, shown: list[tuple[DataRow, ShownFigure]], x: float, y: float, floor: float) -> str:
    height = len(shown) * ROW_HEIGHT + 4
    parts = [path(_rounded_below(x, y, height), fill=PANEL), line(x, y, x + WIDTH, y, INK, 1.2)]
    for at, (row, figure) in enumerate(shown):
        top = y + 2 + at * ROW_HEIGHT
        if at:
            parts.append(line(x + 10, top, x + WIDTH - 10, top, HAIRLINE))
        is_low = row.field == "complete_and_accurate" and is_below(step.complete_and_accurate, floor)
        parts.append(figure_text(row.labels, figure, x + 11, x + WIDTH - 11, top + 14.8, is_marked=is_low))
    return "".join(parts)


def is_below(figure: Figure | None, floor: float) -> bool:
    """Whether a known figure lies under the floor."""
    return figure is not None and figure.value is not None and figure.value < floor


def _rounded_above(x: float, y: float, height: float) -> str:
    r = RADIUS
    return (
        f"M{number(x)} {number(y + height)}V{number(y + r)}q0-{r:g} {r:g}-{r:g}"
        f"H{number(x + WIDTH - r)}q{r:g} 0 {r:g} {r:g}V{number(y + height)}z"
    )


def _rounded_below(x: float, y: float, height: float) -> str:
    r = RADIUS
    return (
        f"M{number(x)} {number(y)}V{number(y + height - r)}q0 {r:g} {r:g} {r:g}"
        f"H{number(x + WIDTH - r)}q{r:g} 0 {r:g}-{r:g}V{number(y)}z"
    )
