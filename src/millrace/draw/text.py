"""Text measured as it will be drawn: widths, wrapping, shortening; the same on every machine."""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from millrace.draw.theme import REGULAR

ELLIPSIS = "…"
CAP_HEIGHT = 0.7275
"""Height of a capital, in ems: what a line of figures has to be centred by."""
ASCENT = 0.97
DESCENT = 0.245
"""Room above and below the baseline that a line may fill, in ems."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_XML = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[ \t\r\n\v\f\u2028\u2029]+")
_WIDE = (
    r"\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    r"\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
# A line may break at a space, after a hyphen or stroke inside a word, and around any wide (CJK) character.
_PIECE = re.compile(rf"[{_WIDE}]|[^ {_WIDE}\-/–—_]*[\-/–—_]+|[^ {_WIDE}\-/–—_]+| ")


class _Advances(dict[str, float]):
    """Advance widths in ems; a character that the bundled font lacks gets a generous estimate of its fallback."""

    def __missing__(self, character: str) -> float:
        self[character] = width = _estimated_advance(character)
        return width


def _estimated_advance(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\ufe00" <= character <= "\ufe0f":
        return 0.0
    if character >= "\U0001f000" or unicodedata.category(character) == "So":
        return 1.4
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.05
    if unicodedata.bidirectional(character) in ("R", "AL", "AN"):
        return 0.75
    return 0.95


@cache
def _advances(weight: int) -> _Advances:
    table = json.loads(files("millrace.draw").joinpath("fonts/advances.json").read_text(encoding="utf-8"))
    em = table["units_per_em"]
    return _Advances({character: units / em for character, units in table["advances"][str(weight)].items()})


def printable(text: str) -> str:
    """The text on one line without characters that have no picture or that XML forbids."""
    if text.isalnum():
        return text
    return _NOT_XML.sub("\ufffd", _UNSEEN.sub("", _SPACES.sub(" ", text))).strip(" ")


@lru_cache(maxsize=16384)
def _width_in_ems(text: str, weight: int) -> float:
    return sum(map(_advances(weight).__getitem__, text))


def text_width(text: str, size: float, weight: int = REGULAR) -> float:
    """Width of one line of text in user units, in the bundled font without kerning (so rather wide than narrow)."""
    return _width_in_ems(text, weight) * size


@lru_cache(maxsize=8192)
def shorten(text: str, width: float, size: float, weight: int = REGULAR) -> str:
    """The text, or as much of it as fits the width with an ellipsis; empty where not even that fits."""
    text = printable(text)
    if text_width(text, size, weight) <= width:
        return text
    room = width / size - _advances(weight)[ELLIPSIS]
    if room < 0:
        return ""
    return _fitting_start(text, room, weight).rstrip(" ,;:–-(/") + ELLIPSIS


@lru_cache(maxsize=8192)
def wrap(text: str, width: float, size: float, weight: int = REGULAR, max_lines: int = 1000) -> tuple[str, ...]:
    """Lines of the text that fit the width; a word too long for a line is broken, the last line may be shortened."""
    lines: list[str] = []
    rest = printable(text)
    while rest:
        if len(lines) == max_lines - 1:
            last = shorten(rest, width, size, weight)
            return (*lines, last) if last else tuple(lines)
        line, rest = _first_line(rest, width / size, weight)
        lines.append(line)
    return tuple(lines)


@lru_cache(maxsize=8192)
def wrap_evenly(text: str, width: float, size: float, weight: int = REGULAR, max_lines: int = 1000) -> tuple[str, ...]:
    """Like `wrap`, in as many lines but of like length, so that no word is left alone on the last."""
    best = wrap(text, width, size, weight, max_lines)
    if len(best) < 2 or best[-1].endswith(ELLIPSIS):
        return best
    for step in range(1, 8):
        tried = wrap(text, width * (1 - step * 0.07), size, weight)
        if len(tried) > len(best) or not _breaks_alike(tried, text):
            break
        best = tried
    return best


def _breaks_alike(lines: tuple[str, ...], text: str) -> bool:
    """Whether no line break tears a word that a wider line would keep."""
    return " ".join(lines) == printable(text)


def fit_size(text: str, width: float, size: float, weight: int = REGULAR, smallest: float = 6.0) -> float:
    """The size at which a short figure fits the width: the wished one, or a smaller one."""
    wide = text_width(text, size, weight)
    return size if wide <= width else max(smallest, int(size * width / wide * 10) / 10)


def _first_line(text: str, room: float, weight: int) -> tuple[str, str]:
    line = ""
    for piece in _PIECE.findall(text):
        if _width_in_ems((line + piece).rstrip(), weight) > room:
            break
        line += piece
    if not line:
        line = _fitting_start(text, room, weight) or text[0]
    return line.rstrip(), text[len(line) :].lstrip()


def _fitting_start(text: str, room: float, weight: int) -> str:
    advances = _advances(weight)
    used = 0.0
    for at, character in enumerate(text):
        used += advances[character]
        if used > room:
            return text[: _cluster_start(text, at)]
    return text


def _cluster_start(text: str, at: int) -> int:
    """Step back so that a mark or a joined emoji is not torn from what it belongs to."""
    while at > 1 and (_estimated_advance(text[at]) == 0 or text[at - 1] == "\u200d"):
        at -= 1
    return at
