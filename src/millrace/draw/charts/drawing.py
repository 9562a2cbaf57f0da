"""Draw a chart: Vega-Lite to SVG with the bundled typeface, the same on every machine."""

import hashlib
import re

from millrace.draw.charts.chart import Spec
from millrace.draw.charts.frame import TITLES
from millrace.draw.raster import register_fonts

VEGA_LITE = "6.4"
_TAG = re.compile(r"<[^>]*>")
_LONG_NUMBER = re.compile(r"(\d+\.\d{2})\d+")
_ROLE = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
"""The engine marks every part for listeners without naming it; a chart is one image with one text alternative."""
_TOLD = re.compile(r' aria-label="([^"]*)"')
_ID = re.compile(r'(\bid="|url\(#|href="#)')


def draw(picture: Spec | str, *, with_titles: bool = False) -> str:
    """The SVG of a chart's picture. It refers to nothing outside itself, and its ids are its own.

    With titles, every point, bar and cell has its figures as its title: browsers show it, and pages build on it.
    They weigh as much as the drawing itself, so that what is printed goes without.

    Several drawings share one page, so every id carries a digest of the drawing that it belongs to.
    """
    if isinstance(picture, str):
        return picture
    import vl_convert

    register_fonts()
    spec = picture if with_titles else _without_titles(picture)
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    digest = hashlib.sha256(svg.encode()).hexdigest()[:8]
    return _TAG.sub(lambda tag: _titled(tag[0], digest) if with_titles else _tidy(tag[0], digest), svg)


def _without_titles(picture: Spec) -> Spec:
    return {**picture, "layer": [layer for layer in picture["layer"] if layer.get("name") != TITLES]}


def _titled(tag: str, digest: str) -> str:
    """One tag, tidied, with what it tells as the title within it."""
    told, tidied = _TOLD.search(tag), _tidy(tag, digest)
    if told is None or not tidied.endswith("/>"):
        return tidied
    name = tidied[1:].partition(" ")[0]
    return f"{tidied[:-2]}><title>{told[1]}</title></{name}>"


def _tidy(tag: str, digest: str) -> str:
    """One tag with short numbers, ids of its own and no roles; the text between tags belongs to the log."""
    return _ID.sub(rf"\g<1>c{digest}-", _LONG_NUMBER.sub(r"\1", _ROLE.sub("", tag)))
