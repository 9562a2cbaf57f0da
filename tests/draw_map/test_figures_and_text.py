"""Figures in words, text in measured lines, colours that can be read."""

import hashlib
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millrace.draw import theme
from millrace.draw.figures import show_count, show_ratio
from millrace.draw.raster import DrawingRefused, svg_to_pdf, svg_to_png
from millrace.draw.text import shorten, text_width, wrap, wrap_evenly

FONTS = files("millrace.draw").joinpath("fonts")


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(0, "0 %"), (0.0004, "< 0.1 %"), (0.071, "7.1 %"), (0.464, "46 %"), (0.9999, "99.9 %"), (1, "100 %")],
)  # fmt: skip
def test_rounding_claims_neither_nothing_nor_everything(ratio, words):
    assert plain(show_ratio(ratio)) == words


def test_a_fine_ratio_keeps_its_decimal():
    assert plain(show_ratio(25 / 240, is_fine=True)) == "10.4 %"


@pytest.mark.parametrize(
    ("count", "words", "short"),
    [(0.4, "0.4", "0.4"), (1842, "1,842", "1,842"), (34_567, "34,567", "35k"), (1.2e6, "1,200,000", "1.2M")],
)  # fmt: skip
def test_counts_are_grouped_or_short(count, words, short):
    assert show_count(count) == words
    assert show_count(count, is_short=True) == short


@given(st.text(max_size=80), st.floats(20, 300), st.sampled_from(theme.WEIGHTS))
def test_wrapped_lines_fit_and_lose_nothing(text, width, weight):
    lines = wrap(text, width, 12, weight)

    assert all(text_width(line, 12, weight) <= width or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join("".join(wrap(text, 1e9, 12, weight)).split())


@given(st.text(max_size=80), st.floats(5, 200))
def test_shortened_text_fits(text, width):
    assert text_width(shorten(text, width, 12), 12) <= width


def test_an_even_wrap_leaves_no_word_alone():
    assert wrap("User has access and has tried it", 168, 13.5, 600) == ("User has access and has", "tried it")
    assert wrap_evenly("User has access and has tried it", 168, 13.5, 600) == ("User has access", "and has tried it")


def test_a_joined_emoji_is_not_torn():
    family = "👩‍👩‍👧‍👦"

    assert wrap(family * 3, 110, 12) == (family, family, family) or "\u200d" not in {
        line[0] for line in wrap(family * 3, 110, 12)
    }


@pytest.mark.parametrize("name", [name for name in vars(theme) if name.endswith("_TEXT") and name != "SIZE_TEXT"])
def test_text_colours_can_be_read_on_paper_and_on_their_tint(name):
    tint = getattr(theme, name.replace("_TEXT", "_TINT"))
    ink = getattr(theme, name)

    assert min(contrast(ink, ground) for ground in (theme.PAPER, theme.PANEL, tint)) >= 4.5


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (theme.INK_SOFT, theme.PANEL),
        (theme.ON_DARK, theme.WORKING),
        (theme.ON_DARK, theme.FINDING),
        (theme.ON_DARK_SOFT, theme.INK),
        (theme.ON_WAITING, theme.WAITING),
        (theme.INK, theme.REST),
    ],
)
def test_text_on_a_full_colour_can_be_read(ink, ground):
    assert contrast(ink, ground) >= 4.5


def contrast(one, other):
    """The ratio of WCAG 2, section 1.4.3."""
    pale, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (pale + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_bundled_fonts_are_the_ones_vouched_for():
    vouched = tomllib.loads(FONTS.joinpath("vendored.toml").read_text(encoding="utf-8"))["sha256"]

    assert {name: hashlib.sha256(FONTS.joinpath(name).read_bytes()).hexdigest() for name in vouched} == vouched


def test_widths_agree_with_the_bundled_font():
    from fontTools.ttLib import TTFont

    with FONTS.joinpath("Inter-SemiBold.ttf").open("rb") as file:
        font = TTFont(file)
        units = sum(font["hmtx"][font.getBestCmap()[ord(c)]][0] for c in "Flow efficiency 10.4 %")

    assert text_width("Flow efficiency 10.4 %", 20, 600) == pytest.approx(units / font["head"].unitsPerEm * 20)


def test_a_drawing_becomes_png_and_pdf():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'

    assert svg_to_png(svg, 2)[:8] == b"\x89PNG\r\n\x1a\n"
    assert svg_to_pdf(svg)[:5] == b"%PDF-"


def test_what_is_no_drawing_is_refused_with_a_sentence():
    with pytest.raises(DrawingRefused, match="could not be written as PNG"):
        svg_to_png("no drawing")
