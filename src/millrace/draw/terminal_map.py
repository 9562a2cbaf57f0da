"""The map as text for a terminal: boxes side by side, queues between them, the bar to scale, the totals."""

from collections.abc import Iterator
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from rich.console import Group
from rich.text import Text

from millrace.draw.figures import NO_BREAK, ShownFigure, Tone, Unit, Wish, show_figure, show_ratio
from millrace.draw.map.routes import route_phrase
from millrace.draw.map.rows import even_rows
from millrace.draw.map.step_box import DataRow, few_bursts, is_below, rows_in_use, shown_rows
from millrace.draw.map.totals_box import shown_totals
from millrace.draw.map_picture import MapPicture, MapStep, Queue, Stage
from millrace.draw.text import printable

Lines = list[Text]

_NARROW_BOX, _WIDE_BOX, _GAP = 18, 26, 10
_INK = {Tone.BETTER: "bold green", Tone.WORSE: "bold red", Tone.ESTIMATED: "italic", Tone.ABSENT: "dim"}
_FILL = {"waiting": "black on dark_orange", "working": "black on cyan", "undivided": "black on bright_black"}


def terminal_map(picture: MapPicture, width: int) -> Group:
    """A rich renderable of the map, no line wider than `width` cells (20 or more)."""
    rows = rows_in_use(picture)
    stage_rows = even_rows(picture.stages, max(1, width // (_NARROW_BOX + _GAP)))
    n_columns = max(map(len, stage_rows), default=1)
    box = min(_WIDE_BOX, width // n_columns - _GAP)
    drawn: Lines = [*_header(picture, width), Text()]
    for stages in stage_rows:
        lanes = zip_longest(*(stage.steps for stage in stages))
        heights = [max(len(_head(step, box - 4)) for step in lane if step) for lane in lanes]
        blocks = [_stage(stage, rows, picture, box, heights) for stage in stages]
        drawn += [Text("").join(parts) for parts in _side_by_side(blocks)]
    drawn += _routes(picture)
    if picture.rungs:
        drawn += [Text(), *_bar(picture, width)]
    drawn += [Text(), *_totals(picture, width)]
    drawn += [Text(note, "dim") for note in (picture.clock_note, *picture.footnotes) if note]
    return Group(*(line for text in drawn for line in _within(text, width)))


def _within(line: Text, width: int) -> Lines:
    """The line, folded where it is too wide; wide characters and marks count as the terminal shows them."""
    if line.cell_len <= width:
        return [line]
    folded: Lines = []
    rest = line
    while rest.cell_len > width:
        at = _cells_before(rest.plain, width)
        folded.append(rest[:at])
        rest = rest[at:]
    return [*folded, rest]


def _cells_before(text: str, width: int) -> int:
    """Where to fold: after the last space that fits, else after the last character that does."""
    at = next(at for at in range(len(text), 0, -1) if at == 1 or cell_len(text[:at]) <= width)
    space = text.rfind(" ", 0, at)
    return space + 1 if space > 0 else at


def _header(picture: MapPicture, width: int) -> Lines:
    title = Text(printable(picture.title), "bold")
    title.append("  ")
    title.append(f" {picture.state.value} ", "reverse")
    if picture.subtitle:
        title.append(f"  {printable(picture.subtitle)}", "dim")
    ends = [end.name for end in (picture.requester, picture.outcome) if end]
    return [title, Text(printable(" → ".join(ends)), "dim")] if ends else [title]


def _stage(stage: Stage, rows: tuple[DataRow, ...], picture: MapPicture, box: int, heights: list[int]) -> Lines:
    """A column, its boxes as high as their neighbours: queues at the left, ways below one another."""
    lines: Lines = []
    for step, height in zip(stage.steps, heights, strict=False):
        body = _box(step, rows, picture, box, height, is_parallel=stage.is_parallel and len(stage.steps) > 1)
        queue = _queue(step.queue, picture.hours_per_day)
        blank = Text(" " * _GAP)
        above = [blank] * 2
        lines += [
            Text.assemble(left or blank, right or Text(" " * box)) for left, right in zip_longest(above + queue, body)
        ]
    return lines


def _box(
    step: MapStep, rows: tuple[DataRow, ...], picture: MapPicture, width: int, height: int, *, is_parallel: bool
) -> Lines:
    inner = width - 4
    share = "" if step.share_ratio is None else f" {show_ratio(step.share_ratio)}"
    number = printable(f"{step.number}{' ‖' if is_parallel else share}")
    colour = "green" if step.is_changed else "cyan"
    lines = [_edge("╭", "╮", Text(f" {number} ", f"reverse {colour}"), width)]
    head = _head(step, inner)
    lines += [_framed(line, inner) for line in [*head, *(Text() for _ in range(height - len(head)))]]
    if rows:
        lines.append(_framed(Text("─" * inner, "dim"), inner))
    for row, shown in shown_rows(step, rows, picture.hours_per_day):
        is_low = row.field == "complete_and_accurate" and is_below(
            step.complete_and_accurate, picture.complete_and_accurate_floor
        )
        lines.append(_framed(_row(row.labels, shown, inner, is_low=is_low), inner))
    found = " ".join(f"✸{mark.label}" for mark in few_bursts(step.bursts, 3))
    lines.append(_edge("╰", "╯", Text(f" {found} " if found else "", "bold magenta"), width, is_right=True))
    return lines


def _head(step: MapStep, inner: int) -> Lines:
    return [
        *(Text(part, "bold") for part in _fold(step.name, inner)),
        *(Text(part, "cyan") for part in _fold(step.team, inner)),
    ]


def _edge(left: str, right: str, inset: Text, width: int, *, is_right: bool = False) -> Text:
    inset.truncate(width - 4, overflow="ellipsis")
    rest = "─" * (width - 3 - inset.cell_len)
    return Text.assemble(left, rest if is_right else "─", inset, "─" if is_right else rest, right)


def _framed(content: Text, inner: int) -> Text:
    content.truncate(inner, overflow="ellipsis", pad=True)
    return Text.assemble("│ ", content, " │")


def _row(labels: tuple[str, ...], shown: ShownFigure, inner: int, *, is_low: bool) -> Text:
    figure = Text(_plain(shown.text), "bold red" if is_low else _INK.get(shown.tone, "bold"))
    figure.truncate(inner, overflow="ellipsis")
    room = inner - figure.cell_len - 1
    label = next((label for label in labels if len(label) <= room), "")
    return Text.assemble((set_cell_size(label, inner - figure.cell_len), "dim"), figure)


def _queue(queue: Queue | None, hours_per_day: float) -> Lines:
    arrow = Text("─" * (_GAP - 4) + "▶", "dim")
    if queue is None:
        return [_middle(Text()), _middle(Text()), _middle(arrow)]
    found = " ".join(f"✸{mark.label}" for mark in few_bursts(queue.bursts, 2))
    count = show_figure(queue.n_waiting, Unit.SHORT_COUNT) if queue.n_waiting else None
    lines = [
        Text(found, "bold magenta"),
        Text(f"△ {count.text}" if count else ("△" if queue.wait else ""), "dark_orange"),
        arrow,
    ]
    if queue.wait:
        wait = show_figure(queue.wait, Unit.SECONDS, Wish.LESS, hours_per_day=hours_per_day)
        lines.append(Text(_plain(wait.text), _INK.get(wait.tone, "bold dark_orange")))
    if queue.is_handoff:
        lines.append(Text("handoff", "dim"))
    return [_middle(line) for line in lines]


def _middle(line: Text) -> Text:
    line.truncate(_GAP - 1, overflow="ellipsis")
    left = (_GAP - line.cell_len) // 2
    return Text.assemble(" " * left, line, " " * (_GAP - left - line.cell_len))


def _side_by_side(blocks: list[Lines]) -> Iterator[Lines]:
    widths = [block[0].cell_len for block in blocks]
    for parts in zip_longest(*blocks):
        yield [part if part is not None else Text(" " * size) for part, size in zip(parts, widths, strict=True)]


def _routes(picture: MapPicture) -> Lines:
    numbers = {step.id: step.number for step in picture.steps}
    return [
        Text(f"{sign} step {numbers[route.from_step]}: {_plain(route_phrase(route, numbers[route.to_step]))}", style)
        for routes, sign, style in ((picture.rework, "↩", "magenta"), (picture.skips, "↷", "dim"))
        for route in routes
    ]


def _bar(picture: MapPicture, width: int) -> Lines:
    parts = [(kind, figure.value) for rung in picture.rungs for kind, figure in rung.stretches]
    known = [(kind, value) for kind, value in parts if value is not None]
    total = sum(value for _, value in known)
    if len(known) < len(parts) or not total:
        return [Text("To scale: no bar, because not every time is known", "dim")]
    bar, passed, drawn = Text(), 0.0, 0
    for kind, value in known:
        passed += value
        cells = round(passed / total * width) - drawn
        drawn += cells
        label = _plain(show_ratio(value / total))
        bar.append(label.center(cells) if len(label) + 2 <= cells else " " * cells, _FILL[kind])
    kinds = dict.fromkeys(kind for kind, _ in known)
    legend = Text("  ").join([Text.assemble(("■ ", _FILL[kind].partition(" on ")[2]), (kind, "dim")) for kind in kinds])
    return [bar, legend]


def _totals(picture: MapPicture, width: int) -> Lines:
    if picture.totals is None:
        return []
    lines: Lines = [Text()]
    for labels, shown in shown_totals(picture.totals, picture.hours_per_day):
        part = Text.assemble((f"{labels[0]} ", "dim"), (_plain(shown.text), _INK.get(shown.tone, "bold")))
        if shown.beside:
            part.append(_plain(shown.told.removeprefix(shown.text)), "dim")
        if lines[-1].cell_len and lines[-1].cell_len + 3 + part.cell_len > width:
            lines.append(Text())
        lines[-1] = Text.assemble(lines[-1], "   ", part) if lines[-1].cell_len else part
    return lines


def _fold(words: str, width: int) -> list[str]:
    return [line.plain.rstrip() for line in _within(Text(printable(words)), width)] if words else []


def _plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")
