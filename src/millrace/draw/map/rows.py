"""A row of the map: its boxes in columns and lanes, the ways between them, and what runs above and below."""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from millrace.draw.map import symbols
from millrace.draw.map.queue_mark import FORK_AT, GAP, MERGE_AT, queue_mark
from millrace.draw.map.routes import (
    REWORK_IN,
    REWORK_OUT,
    SKIP_IN,
    SKIP_OUT,
    Arc,
    Note,
    Route,
    draw_arc,
    draw_note,
    lanes_height,
    note,
    place_arcs,
)
from millrace.draw.map.step_box import (
    ARROW_DROP,
    WIDTH,
    BoxHeights,
    DataRow,
    box_bursts,
    box_heights,
    share_pill,
    step_box,
)
from millrace.draw.map_picture import MapPicture, MapStep, ReworkRoute, Stage
from millrace.draw.svg import line, path, rounded
from millrace.draw.theme import INK, REST

PITCH = WIDTH + GAP
_HEAD = 24.0
_BETWEEN_LANES = 36.0


@dataclass(frozen=True)
class PlacedStep:
    """A box with its place; `lane` 0 is the main path."""

    step: MapStep
    column: int
    lane: int
    x: float
    y: float
    heights: BoxHeights
    note_above: Note | None
    note_below: Note | None

    @property
    def foot(self) -> float:
        """The lower edge of the box."""
        return self.y + self.heights.whole

    @property
    def arrow_y(self) -> float:
        """The level at which work enters and leaves."""
        return self.y + self.heights.bar + ARROW_DROP


@dataclass(frozen=True)
class PlacedRow:
    """A row with everything in its place, from `top` to `foot` (ladder not included).

    Lanes of rework count upwards from `rework_edge`, those of skips downwards from `skip_edge`.
    """

    stages: tuple[Stage, ...]
    steps: tuple[PlacedStep, ...]
    rework: tuple[Arc, ...]
    skips: tuple[Arc, ...]
    left: float
    top: float
    rework_edge: float
    skip_edge: float
    foot: float

    @property
    def main(self) -> PlacedStep:
        """The row's first box on the main path."""
        return self.steps[0]

    @property
    def right(self) -> float:
        """The right edge of the last column."""
        return self.left + len(self.stages) * PITCH - GAP


@dataclass(frozen=True)
class _Routes:
    """The routes of one row: arcs that can run in it, and those that each box has to tell in words."""

    rework: list[tuple[Route, float, float]]
    skips: list[tuple[Route, float, float]]
    told: dict[str, list[Route]]


def even_rows(stages: tuple[Stage, ...], columns_per_row: int | None) -> list[tuple[Stage, ...]]:
    """The stages in rows of at most so many columns, as even as they can be: ten in rows of six are 5 + 5."""
    if not stages:
        return []
    n_rows = -(-len(stages) // columns_per_row) if columns_per_row else 1
    bounds = [-(-at * len(stages) // n_rows) for at in range(n_rows + 1)]
    return [stages[a:b] for a, b in pairwise(bounds)]


def place_row(
    picture: MapPicture, stages: tuple[Stage, ...], left: float, top: float, rows: tuple[DataRow, ...]
) -> PlacedRow:
    """Give every box of the row its place, below the lanes of its rework and above those of its skips."""
    routes = _routes(picture, stages, left)
    numbers = {step.id: step.number for step in picture.steps}
    rework, skips = place_arcs(routes.rework, numbers), place_arcs(routes.skips, numbers)
    placed: list[PlacedStep] = []
    edge = rework_edge = top
    for lane, steps in enumerate(zip_longest(*(stage.steps for stage in stages))):
        present = [(column, step) for column, step in enumerate(steps) if step is not None]
        heights = box_heights([step for _, step in present], rows)
        notes = [_notes(routes.told[step.id], lane, numbers) for _, step in present]
        above = max((said.height for said, _ in notes if said), default=0.0)
        y = edge + max(_HEAD, above + (lanes_height(rework) if lane == 0 else 0.0))
        rework_edge = y - above if lane == 0 else rework_edge
        placed += [
            PlacedStep(step, column, lane, left + column * PITCH, y, heights, *said)
            for (column, step), said in zip(present, notes, strict=True)
        ]
        below = max((said.height for _, said in notes if said), default=0.0)
        edge = y + heights.whole + below + _BETWEEN_LANES
    skip_edge = edge - _BETWEEN_LANES
    foot = skip_edge + lanes_height(skips)
    return PlacedRow(stages, tuple(placed), rework, skips, left, top, rework_edge, skip_edge, foot)


def draw_row(row: PlacedRow, picture: MapPicture, rows: tuple[DataRow, ...], lead_in: float, id_prefix: str) -> str:
    """Lines first, then boxes, then the marks that lie upon them; `lead_in` is the gap before the first box."""
    parts = [_ways(row, column, GAP if column else lead_in) for column in range(len(row.stages))]
    parts += [draw_arc(arc, row.main.y, row.rework_edge, "above") for arc in row.rework]
    parts += [draw_arc(arc, row.main.foot, row.skip_edge, "below") for arc in row.skips]
    parts += [
        step_box(p.step, p.x, p.y, p.heights, rows, picture, f"{id_prefix}-step-{_id_word(p.step.id)}")
        for p in row.steps
    ]
    for p in row.steps:
        parts.append(
            queue_mark(
                p.step.queue,
                p.x - GAP,
                p.arrow_y,
                is_crowded=_is_crowded(row, p.column),
                hours_per_day=picture.hours_per_day,
            )
        )
        parts.append(draw_note(p.note_above, p.x, p.y, "above") if p.note_above else "")
        parts.append(draw_note(p.note_below, p.x, p.foot, "below") if p.note_below else "")
        parts.append(share_pill(p.step, p.x, p.y) + box_bursts(p.step, p.x, p.y))
    return "".join(parts)


def _routes(picture: MapPicture, stages: tuple[Stage, ...], left: float) -> _Routes:
    """Arcs for routes between main boxes of this row that have free space before them; words for all others."""
    columns = {stage.steps[0].id: left + column * PITCH for column, stage in enumerate(stages)}
    singles = {stage.steps[0].id for stage in stages if len(stage.steps) == 1}
    routes = _Routes([], [], defaultdict(list))
    for back in picture.rework:
        if back.to_step in columns and columns.get(back.from_step, 0) > columns[back.to_step]:
            routes.rework.append((back, columns[back.from_step] + REWORK_OUT, columns[back.to_step] + REWORK_IN))
        else:
            routes.told[back.from_step].append(back)
    for skip in picture.skips:
        if {skip.from_step, skip.to_step} <= singles and columns[skip.from_step] < columns[skip.to_step]:
            routes.skips.append((skip, columns[skip.from_step] + SKIP_OUT, columns[skip.to_step] + SKIP_IN))
        else:
            routes.told[skip.from_step].append(skip)
    return routes


def _notes(told: list[Route], lane: int, numbers: dict[str, str]) -> tuple[Note | None, Note | None]:
    """Rework is told above the box (beside the uprights of the main lane), skips below."""
    left = REWORK_IN + 10 if lane == 0 else 56.0
    right = PITCH + REWORK_OUT - 10 if lane == 0 else WIDTH - 16
    back: list[Route] = [route for route in told if isinstance(route, ReworkRoute)]
    on: list[Route] = [route for route in told if not isinstance(route, ReworkRoute)]
    width = SKIP_OUT - SKIP_IN - 20
    return note(back, numbers, left, right - left), note(on, numbers, SKIP_IN + 10, width)


def _is_crowded(row: PlacedRow, column: int) -> bool:
    """Whether lines part or meet in the gap before the column."""
    return any(len(stage.steps) > 1 for stage in row.stages[max(0, column - 1) : column + 1])


def _ways(row: PlacedRow, column: int, gap: float) -> str:
    """The push arrow to the main box, and the lines that part before the other boxes and meet behind them."""
    main, *others = [placed for placed in row.steps if placed.column == column]
    parts = [symbols.push_arrow(main.x - gap + 4, main.x - 3, main.arrow_y)]
    if not others:
        return parts[0]
    fork, merge = main.x - GAP + FORK_AT, main.x + WIDTH + MERGE_AT
    for other in others:
        y = other.arrow_y
        parts.append(path(rounded([(fork, main.arrow_y), (fork, y), (other.x - 6, y)], 8), stroke=REST, stroke_width=2))
        parts.append(symbols.arrow_head(other.x - 2, y, "right", REST))
        way_on = [(other.x + WIDTH, y), (merge, y), (merge, main.arrow_y)]
        parts.append(path(rounded(way_on, 8), stroke=REST, stroke_width=2))
    if row.stages[column].is_parallel:
        top, foot = main.arrow_y - 13, others[-1].arrow_y + 13
        parts += [line(x, top, x, foot, INK, 4) for x in (fork, merge)]
    return "".join(parts)


def _id_word(id_: str) -> str:
    """An identifier that may stand in an address."""
    return re.sub(r"[^0-9A-Za-z_-]+", "-", id_).strip("-") or "x"
