"""Drawings as PNG or PDF, with the bundled typeface and nothing from the machine's own."""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from millrace.errors import MillraceError


class DrawingRefused(MillraceError):
    """The converter could not turn a drawing into a picture."""

    slug = "drawing-refused"

    def __init__(self, form: str, cause: str) -> None:
        """Name the form that was asked for and what the converter said."""
        super().__init__(
            f"The drawing could not be written as {form}: {cause}. Write it as SVG instead, which needs no converter."
        )


def svg_to_png(svg: str, scale: float = 2.0) -> bytes:
    """A drawing as PNG; scale 2 gives two pixels for each user unit."""
    register_fonts()
    import vl_convert

    try:
        return bytes(vl_convert.svg_to_png(svg, scale=scale))
    except (RuntimeError, ValueError) as error:
        raise DrawingRefused("PNG", _first_line(error)) from error


def svg_to_pdf(svg: str) -> bytes:
    """A drawing as a PDF of one page, text as text; a user unit is a point."""
    register_fonts()
    import vl_convert

    try:
        return bytes(vl_convert.svg_to_pdf(svg))
    except (RuntimeError, ValueError) as error:
        raise DrawingRefused("PDF", _first_line(error)) from error


def _first_line(error: Exception) -> str:
    """What went wrong, without the converter's own stack."""
    return str(error).partition("\n")[0].rstrip(".")


@cache
def register_fonts() -> None:
    """Show the converter the bundled faces, once in a process."""
    import vl_convert

    with as_file(files("millrace.draw").joinpath("fonts")) as folder:
        if not Path(folder, "Inter-Regular.ttf").exists():
            raise DrawingRefused("a picture", f"the bundled typeface is missing from {folder}")
        vl_convert.register_font_directory(str(folder))
