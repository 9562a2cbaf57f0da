"""What stands in the gap before a step: the arrow, the inventory triangle, the wait, the hand-off mark, findings."""

from millrace.draw.figures import ShownFigure, Tone, Unit, Wish, show_figure
from millrace.draw.map import symbols
from millrace.draw.map.figure_text import beside, dotted
from millrace.draw.map.step_box import few_bursts
from millrace.draw.map_picture import Queue
from millrace.draw.svg import group, text
from millrace.draw.text import fit_size, text_width
from millrace.draw.theme import BETTER_TEXT, INK_SOFT, SEMIBOLD, WAITING_TEXT, WORSE_TEXT

GAP = 112.0
MERGE_AT, FORK_AT = 18.0, 32.0
"""Where in the gap the ways of a stage come together again, and where those of the next part."""
_CROWDED_CENTRE = 76.0
_WAIT_SIZE = 12.5
_WAIT_INK = {Tone.BETTER: BETTER_TEXT, Tone.WORSE: WORSE_TEXT, Tone.ABSENT: INK_SOFT}


def queue_mark(queue: Queue | None, gap_left: float, y: float, *, is_crowded: bool, hours_per_day: float) -> str:
    """The queue's signs around the arrow at level y; a crowded gap leaves room for lines that part and meet."""
    if queue is None:
        return ""
    x = gap_left + (_CROWDED_CENTRE if is_crowded else GAP / 2)
    parts, below = [], y + 22.0
    if queue.n_waiting is not None or queue.wait is not None:
        count = show_figure(queue.n_waiting, Unit.SHORT_COUNT, Wish.LESS) if queue.n_waiting else None
        parts.append(symbols.waiting_triangle(x, y - 11, count))
    if queue.wait is not None:
        wait = show_figure(queue.wait, Unit.SECONDS, Wish.LESS, hours_per_day=hours_per_day)
        parts.append(_wait(wait, x, below))
        below += 15 if wait.beside else 0
        below += 8
    else:
        below -= 8
    if queue.is_handoff:
        parts.append(symbols.handoff(x, below + 8))
        parts.append(text("handoff", x, below + 25, 10.5, fill=INK_SOFT, anchor="middle"))
    return group("".join(parts) + _bursts(queue, x, y), class_="queue")


def _wait(wait: ShownFigure, x: float, y: float) -> str:
    room = 2 * (GAP - _CROWDED_CENTRE) - 2
    size = fit_size(wait.text, room, _WAIT_SIZE, SEMIBOLD)
    fill = _WAIT_INK.get(wait.tone, WAITING_TEXT)
    parts = [text(wait.text, x, y, size, weight=SEMIBOLD, fill=fill, anchor="middle")]
    if wait.tone is Tone.ESTIMATED:
        parts.append(dotted(wait.text, x, y, size, fill))
    if wait.beside:
        size = fit_size(wait.beside, room, 10.5)
        parts.append(beside(wait, x + text_width(wait.beside, size) / 2, y + 15, size=size))
    return group("".join(parts), wait.title)


def _bursts(queue: Queue, x: float, y: float) -> str:
    level = y - 11 - symbols.TRIANGLE_HEIGHT + 4
    shifts = (24.0, -24.0, 0.0)
    marks = few_bursts(queue.bursts, len(shifts))
    return "".join(
        symbols.burst(x + shift, level - (20 if shift == 0 else 0), mark, 11.5)
        for shift, mark in zip(shifts, marks, strict=False)
    )
