"""The one look of every drawing: colours with a meaning, the typeface, the steps of the type scale.

A colour is asked for by what it says (`WORKING`, `WAITING`), never by its hue. Every `…_TEXT` and every ink reads on
`PAPER` and on its own `…_TINT` with a contrast of 4.5 or more; the tests hold that.
"""

from typing import Final

FONT_FAMILY: Final = "Inter, 'Segoe UI', Arial, sans-serif"
"""As it stands in a drawing; the first name is bundled, the rest serve where it cannot be loaded."""

REGULAR: Final = 400
SEMIBOLD: Final = 600
BOLD: Final = 700
WEIGHTS: Final = (REGULAR, SEMIBOLD, BOLD)
"""The weights that are bundled, and so the only ones to draw with."""

SIZE_SMALL: Final = 11.0
SIZE_TEXT: Final = 12.0
SIZE_STRONG: Final = 13.5
SIZE_TITLE: Final = 22.0
"""Type sizes in user units (pixels at scale 1)."""

PAPER: Final = "#ffffff"
PANEL: Final = "#f3f6fa"
"""The fill of boxes that hold figures or stand outside the stream."""
HAIRLINE: Final = "#d5dde7"
"""Thin rules, grid lines."""

INK: Final = "#17212b"
INK_SOFT: Final = "#52627a"
"""Labels, units, subtitles."""
ON_DARK: Final = "#ffffff"
ON_DARK_SOFT: Final = "#c6d0dc"

REST: Final = "#8595a9"
"""Grey-blue: arrows, routes, series that carry no judgement. Lines and fills only, too pale for text."""
REST_TEXT: Final = "#4b5b72"
REST_TINT: Final = "#e8edf3"

WORKING: Final = "#0e7490"
WORKING_TEXT: Final = "#0b6077"
WORKING_TINT: Final = "#d6eff5"

WAITING: Final = "#d99a2b"
WAITING_TEXT: Final = "#a84c08"
WAITING_TINT: Final = "#fdf0d8"
ON_WAITING: Final = "#3d2400"
"""Text on the full waiting colour."""

REWORK: Final = "#9f1239"
REWORK_TEXT: Final = "#9f1239"
REWORK_TINT: Final = "#fdecf1"

BETTER: Final = "#15803d"
BETTER_TEXT: Final = "#14702f"
BETTER_TINT: Final = "#e2f4e8"

WORSE: Final = "#b91c1c"
WORSE_TEXT: Final = "#b3191b"
WORSE_TINT: Final = "#fdebeb"

FINDING: Final = "#b93a10"
"""The burst that points to a finding."""

CATEGORY: Final = ("#0e7490", "#64748b", "#7c5cb0", "#3f7d58", "#9a6a33", "#3b6ea8", "#96566f", "#667a26")
"""Fills for things that differ without being better or worse (steps, teams, types), in order of use."""

SCALE: Final = ("#eef6f8", "#cfe6ec", "#a6d0db", "#74b4c5", "#3f93a9", "#0e7490", "#0a566c")
"""From little to much, for heat maps; the last two carry `ON_DARK` text, the others `INK`."""


def mixed(pale: str, full: str, strength: float) -> str:
    """A colour between two, `strength` 0 to 1 of the way."""
    pairs = ((int(pale[at : at + 2], 16), int(full[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * strength):02x}" for a, b in pairs)
