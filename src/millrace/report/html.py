"""The report as one HTML file that needs nothing else: styles, typeface and drawings are in it."""

import base64
import re
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from millrace.draw import theme
from millrace.draw.charts import wording
from millrace.draw.text import printable
from millrace.flow.summary import Absent
from millrace.report.content import ReportContent
from millrace.report.glossary import glossary
from millrace.report.headline import all_clocks, big_figures, headline
from millrace.report.pictures import pictures
from millrace.report.steps import step_absences
from millrace.report.told_findings import told_findings

LEAST_SCALE = 0.58
"""At this scale a map’s small print is still legible on a screen."""
UPRIGHT_RATIO = 1.15
"""A drawing of a smaller ratio of width to height is printed on an upright page."""
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_COLOUR = re.compile(r"--([a-z-]+): (?=;)")
"""A colour that the style sheet names and the theme defines."""


def write_report(content: ReportContent) -> str:
    """The whole report as the text of an HTML file.

    It loads nothing, runs no script, prints on A4, and reads on a phone. Every text of the content is escaped.
    """
    page = environment().get_template("report.html.j2")
    return page.render(
        content=content,
        headline=headline(content),
        big_figures=big_figures(content),
        clocks=all_clocks(content),
        pictures=pictures(content),
        told_findings=told_findings(content),
        step_absences=step_absences(content.steps),
        glossary=glossary(),
        version=version("millrace"),
        styles=styles(),
    )


@cache
def environment() -> Environment:
    """What pages are written with: every text is escaped, figures are shown as everywhere."""
    pages = Environment(
        loader=PackageLoader("millrace.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_without_controls,
    )
    pages.filters.update(
        count=wording.count,
        percent=wording.percent,
        duration=wording.duration,
        interval=wording.interval,
        item_days=wording.item_days,
        day=wording.day,
        sentence=wording.sentence,
        stopped=wording.stopped,
        drawing=_drawing,
    )
    pages.tests["absent"] = lambda figure: isinstance(figure, Absent)
    pages.globals["period"] = wording.period
    return pages


def _without_controls(value: Any) -> Any:
    """Logs hold characters that no page may hold; they have no picture anyway."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _drawing(svg: str) -> Markup:
    """A map as wide as its place, but never so small that it cannot be read: then its place scrolls."""
    width, height = _size(svg)
    shape = "upright" if width < height * UPRIGHT_RATIO else "lying"
    return Markup(f'<div class="{shape}" style="min-width:{width * LEAST_SCALE:.0f}px">{svg}</div>')


def _size(svg: str) -> tuple[float, float]:
    """Width and height in user units; nothing where the drawing does not say."""
    box = _VIEW_BOX.search(svg)
    return (float(box[1]), float(box[2])) if box else (0.0, 0.0)


@cache
def styles() -> Markup:
    """The style sheet with the theme's colours and the bundled typeface put in."""
    css = files("millrace.report").joinpath("templates/style.css").read_text("utf-8")
    coloured = _COLOUR.sub(lambda named: f"{named[0]}{getattr(theme, named[1].replace('-', '_').upper())}", css)
    return Markup("".join(map(_font_face, theme.WEIGHTS)) + coloured)


def _font_face(weight: int) -> str:
    name = {theme.REGULAR: "Regular", theme.SEMIBOLD: "SemiBold", theme.BOLD: "Bold"}[weight]
    data = base64.b64encode(files("millrace.draw").joinpath(f"fonts/Inter-{name}.woff2").read_bytes()).decode()
    return (
        f"@font-face{{font-family:Inter;font-weight:{weight};font-display:swap;"
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
    )
