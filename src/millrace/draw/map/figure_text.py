"""A label and its figure on one line, with what it is compared with; that gives way where room is scarce."""

from millrace.draw.figures import ShownFigure, Tone
from millrace.draw.svg import group, line, text
from millrace.draw.text import fit_size, shorten, text_width
from millrace.draw.theme import BETTER_TEXT, INK, INK_SOFT, REGULAR, SEMIBOLD, WORSE_TEXT

_LABEL_SIZE, _VALUE_SIZE, _BESIDE_SIZE = 11.5, 12.5, 10.5
_BETWEEN = 6.0
TONE_INK = {
    Tone.PLAIN: INK,
    Tone.BETTER: BETTER_TEXT,
    Tone.WORSE: WORSE_TEXT,
    Tone.ESTIMATED: INK_SOFT,
    Tone.ABSENT: INK_SOFT,
}


def figure_text(
    labels: tuple[str, ...],
    figure: ShownFigure,
    left: float,
    right: float,
    y: float,
    *,
    is_marked: bool = False,
    label_fill: str = INK_SOFT,
    inks: dict[Tone, str] = TONE_INK,
) -> str:
    """The label at the left, the figure at the right; `is_marked` sets the figure in the colour of trouble."""
    size = fit_size(figure.text, right - left - 22, _VALUE_SIZE, SEMIBOLD)
    width = text_width(figure.text, size, SEMIBOLD)
    beside_width = text_width(figure.beside, _BESIDE_SIZE) if figure.beside else 0.0
    room = right - left - width - _BETWEEN
    has_room = bool(figure.beside) and beside_width + text_width(labels[-1], _LABEL_SIZE) + _BETWEEN <= room
    room -= beside_width + _BETWEEN if has_room else 0
    fill = WORSE_TEXT if is_marked and figure.tone in (Tone.PLAIN, Tone.ESTIMATED) else inks[figure.tone]
    drawn = [
        text(_label(labels, room), left, y, _LABEL_SIZE, fill=label_fill),
        text(figure.text, right, y, size, weight=SEMIBOLD, fill=fill, anchor="end"),
    ]
    if has_room:
        drawn.append(beside(figure, right - width - _BETWEEN, y, label_fill))
    if figure.tone is Tone.ESTIMATED:
        drawn.append(dotted(figure.text, right - width / 2, y, size, fill))
    title = figure.title or (figure.told if figure.beside and not has_room else "")
    return group("".join(drawn), title) if title else "".join(drawn)


def struck(words: str, right: float, y: float, fill: str = INK_SOFT, size: float = _BESIDE_SIZE) -> str:
    """What a figure was before, struck through, ending at `right`."""
    width = text_width(words, size)
    strike = line(right - width - 1, y - size * 0.33, right + 1, y - size * 0.33, fill, 1)
    return text(words, right, y, size, fill=fill, anchor="end") + strike


def beside(figure: ShownFigure, right: float, y: float, fill: str = INK_SOFT, size: float = _BESIDE_SIZE) -> str:
    """What a figure is compared with, ending at `right`: struck through what it was, dotted what people thought."""
    if figure.before:
        return struck(figure.before, right, y, fill, size)
    middle = right - text_width(figure.estimated, size) / 2
    return text(figure.estimated, right, y, size, fill=fill, anchor="end") + dotted(
        figure.estimated, middle, y, size, fill, REGULAR
    )


def dotted(words: str, middle: float, y: float, size: float, fill: str, weight: int = SEMIBOLD) -> str:
    """The dotted line under an estimate."""
    half = text_width(words, size, weight) / 2
    return line(middle - half, y + 3.2, middle + half, y + 3.2, fill, 1, dash="1.5 2")


def _label(labels: tuple[str, ...], room: float) -> str:
    for label in labels:
        if text_width(label, _LABEL_SIZE) <= room:
            return label
    return shorten(labels[-1], room, _LABEL_SIZE, REGULAR)
