"""A review pack as one HTML file that needs nothing else."""

from millrace.report.html import environment, styles
from millrace.report.review.sheet import Drawing, Pack, Part, Rows


def review_page(pack: Pack) -> str:
    """The text of the file. Every text of the pack is escaped; drawings are our own."""
    return environment().get_template("review.html.j2").render(pack=pack, kind_of=_kind, styles=styles())


def _kind(part: Part) -> str:
    if isinstance(part, Drawing):
        return "drawing"
    return "rows" if isinstance(part, Rows) else "sentences"
