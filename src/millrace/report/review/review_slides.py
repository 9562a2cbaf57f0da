"""A review pack as slides: tables and charts that can be edited where they stand."""

from io import BytesIO
from typing import Any

from millrace.draw.raster import svg_to_png
from millrace.report.review.sheet import Drawing, Pack, Part, Rows, Sentences
from millrace.report.slide_parts import (
    WIDTH,
    add_bullets,
    add_lines,
    add_picture,
    add_slide,
    add_table,
    add_title_slide,
    new_deck,
)

_TABLE_WIDTH = WIDTH - 1.2


def review_slides(pack: Pack) -> bytes:
    """The deck as a PPTX file."""
    deck = new_deck(pack.title)
    add_title_slide(deck, pack.title, pack.subtitle, pack.headline)
    for sheet in pack.sheets:
        for part in _fitting(sheet.parts):
            _add(add_slide(deck, sheet.title, sheet.subtitle), part)
    written = BytesIO()
    deck.save(written)
    return written.getvalue()


def _fitting(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """A note below a drawing stands on no slide of its own."""
    drawn = any(isinstance(part, Drawing) for part in parts)
    return tuple(part for part in parts if not (drawn and isinstance(part, Sentences)))


def _add(slide: Any, part: Part) -> None:
    match part:
        case Sentences():
            said = [f"{n}. {each}" for n, each in enumerate(part.said, 1)] if part.is_numbered else part.said
            add_bullets(slide, said, size=18 if len(said) <= 6 else 15)
        case Rows():
            add_table(slide, part.header, part.rows, widths=[share * _TABLE_WIDTH for share in part.widths])
        case Drawing(series=None):
            add_picture(slide, svg_to_png(part.svg), part.alt)
        case Drawing():
            add_lines(slide, part.names, part.series or {})
