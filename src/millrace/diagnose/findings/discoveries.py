"""Chance held at bay: of everything tested at once, the share of false discoveries is kept at a stated level."""

from typing import Any

import numpy as np
import numpy.typing as npt

LEVEL = 0.05
"""Expected share of false ones among the comparisons that are told."""


def adjusted(p_values: npt.ArrayLike) -> Any:
    """P-values after Benjamini and Hochberg (1995, the step-up procedure), in the order given.

    To tell those of at most `LEVEL` keeps the expected share of false ones among them at that level, where tests are
    independent or depend on each other positively.
    """
    p = np.asarray(p_values, float)
    n = len(p)
    falling = np.argsort(p)[::-1]
    scaled = p[falling] * n / np.arange(n, 0, -1)
    result = np.empty(n)
    result[falling] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return result
