"""What slides are built of: titles, bullets, native tables and charts, pictures; one look."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from millrace.draw import theme
from millrace.draw.text import printable

WIDTH, HEIGHT = 13.333, 7.5
"""Inches: a slide of 16 by 9."""
_MARGIN, _TOP = 0.6, 1.55
_FONT = "Inter"
Series = Mapping[str, tuple[Sequence[float], str]]
"""Values and colour of each series by its name."""


def new_deck(title: str) -> Any:
    """A deck without slides."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    deck.core_properties.title = printable(title)
    deck.core_properties.author = "Millrace"
    return deck


def add_title_slide(deck: Any, title: str, subtitle: str, description: str) -> None:
    """The first slide."""
    slide = _blank(deck)
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _colour(theme.INK)
    _say(_title(slide, 2.4, 1.2), title, 40, theme.ON_DARK, is_bold=True)
    _say(_box(slide, 3.7, 0.6), subtitle, 18, theme.ON_DARK_SOFT)
    if description:
        _say(_box(slide, 4.5, 1.5), description, 18, theme.ON_DARK_SOFT)


def add_slide(deck: Any, title: str, subtitle: str) -> Any:
    """A slide whose title says what it shows."""
    slide = _blank(deck)
    _say(_title(slide, 0.35, 0.7), title, 26, theme.INK, is_bold=True)
    if subtitle:
        _say(_box(slide, 1.0, 0.4), subtitle, 14, theme.INK_SOFT)
    return slide


def add_bullets(slide: Any, said: Sequence[str], *, size: int = 18) -> None:
    """Sentences below each other."""
    from pptx.util import Pt

    frame = _box(slide, _TOP, HEIGHT - _TOP - 0.5).text_frame
    for at, sentence in enumerate(said):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size * 0.6)
        _run(paragraph, sentence, size, theme.INK)


def add_table(slide: Any, header: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float]) -> None:
    """A native table; `widths` in inches."""
    from pptx.util import Inches

    height = Inches(0.42 * (len(rows) + 1))
    shape = slide.shapes.add_table(
        len(rows) + 1, len(header), Inches(_MARGIN), Inches(_TOP), Inches(sum(widths)), height
    )
    table = shape.table
    table.horz_banding = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for at, cells in enumerate([header, *rows]):
        for cell, words in zip(table.rows[at].cells, cells, strict=True):
            cell.fill.solid()
            cell.fill.fore_color.rgb = _colour(theme.INK if at == 0 else theme.PAPER if at % 2 else theme.PANEL)
            cell.margin_top = cell.margin_bottom = Inches(0.05)
            _run(cell.text_frame.paragraphs[0], words, 13, theme.ON_DARK if at == 0 else theme.INK, is_bold=at == 0)
            cell.text_frame.word_wrap = True


def add_picture(slide: Any, png: bytes, alt: str) -> None:
    """A picture as large as fits, with its text alternative."""
    from pptx.util import Inches

    picture = slide.shapes.add_picture(BytesIO(png), Inches(_MARGIN), Inches(_TOP))
    scale = min(Inches(WIDTH - 2 * _MARGIN) / picture.width, Inches(HEIGHT - _TOP - 0.4) / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left = int((Inches(WIDTH) - picture.width) / 2)
    picture._element.nvPicPr.cNvPr.set("descr", printable(alt))


def add_bars(slide: Any, names: Sequence[str], series: Series) -> None:
    """A native chart of bars across, stacked, the first name on top."""
    from pptx.enum.chart import XL_CHART_TYPE

    chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED, names, series)
    chart.plots[0].gap_width = 45
    chart.category_axis.reverse_order = True
    for each, (_, colour) in zip(chart.plots[0].series, series.values(), strict=True):
        each.format.fill.solid()
        each.format.fill.fore_color.rgb = _colour(colour)


def add_lines(slide: Any, names: Sequence[str], series: Series) -> None:
    """A native chart of lines over time."""
    from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE
    from pptx.util import Pt

    chart = _chart(slide, XL_CHART_TYPE.LINE_MARKERS, names, series)
    for at, (each, (_, colour)) in enumerate(zip(chart.plots[0].series, series.values(), strict=True)):
        each.smooth = False
        each.format.line.color.rgb = _colour(colour)
        each.format.line.width = Pt(2.25 if at == 0 else 1.5)
        each.marker.style = XL_MARKER_STYLE.NONE


def _chart(slide: Any, kind: Any, names: Sequence[str], series: Series) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Inches, Pt

    figures = CategoryChartData(number_format="#,##0.0")
    figures.categories = [printable(name) for name in names]
    for name, (values, _) in series.items():
        figures.add_series(name, [round(value, 4) for value in values])
    size = Inches(WIDTH - 2 * _MARGIN), Inches(HEIGHT - _TOP - 0.4)
    chart = slide.shapes.add_chart(kind, Inches(_MARGIN), Inches(_TOP), *size, figures).chart
    chart.has_title = False
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.font.size, chart.font.name = Pt(13), _FONT
    chart.font.color.rgb = _colour(theme.INK_SOFT)
    chart.value_axis.has_major_gridlines = True
    chart.value_axis.major_gridlines.format.line.color.rgb = _colour(theme.HAIRLINE)
    chart.value_axis.format.line.fill.background()
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    return chart


def _blank(deck: Any) -> Any:
    """A slide with a place for its title, which is what a listener hears first."""
    return deck.slides.add_slide(deck.slide_layouts[5])


def _title(slide: Any, top: float, height: float) -> Any:
    from pptx.util import Inches

    shape = slide.shapes.title
    shape.left, shape.top, shape.width = Inches(_MARGIN), Inches(top), Inches(WIDTH - 2 * _MARGIN)
    shape.height = Inches(height)
    return shape


def _box(slide: Any, top: float, height: float) -> Any:
    from pptx.util import Inches

    box = slide.shapes.add_textbox(Inches(_MARGIN), Inches(top), Inches(WIDTH - 2 * _MARGIN), Inches(height))
    box.text_frame.word_wrap = True
    return box


def _say(shape: Any, words: str, size: int, colour: str, *, is_bold: bool = False) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    shape.text_frame.word_wrap = True
    _run(paragraph, words, size, colour, is_bold=is_bold)


def _run(paragraph: Any, words: str, size: int, colour: str, *, is_bold: bool = False) -> None:
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = printable(words)
    run.font.size, run.font.name, run.font.bold = Pt(size), _FONT, is_bold
    run.font.color.rgb = _colour(colour)


def _colour(code: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(code[1:].upper())
