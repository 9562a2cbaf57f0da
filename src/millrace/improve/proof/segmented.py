"""Segmented regression of a weekly series: level and slope before and after, with errors that weeks may be alike.

The effect is how far the weeks after the change lie, on average, from the line that the weeks before it continue. Its
error is the larger of two: the one that is robust to whatever the residuals do (Newey and West, 1987), and the one of
residuals of which each resembles the one before. For few weeks the first is known to be too small, and the likeness of
neighbours that residuals show is smaller than the true one; it is corrected for what the regression itself takes away.
A season is fitted freely once a year before the change is there to show it. Until then it is held near a usual one, as
far as the weeks do not show more of it, and errors allow for what such a season would leave.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from millrace.improve.proof.series import Floats, Int64s, Series

WEEKS_PER_YEAR = 365.25 / 7
SEASON_FROM, SECOND_WAVE_FROM = 52, 104
"""Weeks before the change from which a yearly season can be told apart from it, and that from which two waves can."""
USUAL_SEASON = 0.1
"""By how much a figure may swing up and down over the year without anybody having seen a year of it yet."""
_SLOPE_FROM = 8
"""Weeks after the change from which it may have a slope of its own."""
_LIKENESSES = np.linspace(0.0, 0.95, 39)


@dataclass(frozen=True)
class Fitted:
    """The effect on the scale of the series, its error with degrees of freedom, and the weeks as fitted.

    `without` is what the regression says of each week had there been no change.
    """

    effect: float
    error: float
    degrees: float
    likeness: float
    variance: float
    fitted: Floats
    without: Floats
    has_season: bool

    @property
    def ratio(self) -> float:
        """The effect in units of its error."""
        return self.effect / self.error if self.error > 0 else 0.0


def segmented(series: Series, *, has_trend: bool = True) -> Fitted:
    """Fit the series. It needs at least two weeks more than the regression has figures (`n_figures`)."""
    return _Regression(series, has_trend).fitted()


def n_figures(series: Series, *, has_trend: bool = True) -> int:
    """How many figures the regression of a series has."""
    return int(_Regression(series, has_trend).design.shape[1])


def foreseen_error(series: Series, like: Fitted, *, has_trend: bool = True) -> float:
    """The error that the effect would have in weeks like these, were they as alike and as uncertain as those fitted."""
    return _Regression(series, has_trend).foreseen_error(like)


class _Regression:
    """Weighted least squares of one series."""

    def __init__(self, series: Series, has_trend: bool) -> None:
        self._series = series
        self._has_trend = has_trend
        n = series.n
        # Half of a week's chance is taken to be its items', half its own: neither big nor small weeks rule alone.
        self._root = np.sqrt(n / (n + n.mean()) * 2)

    @property
    def _span(self) -> int:
        """Over how many weeks the baseline reaches back."""
        return -int(self._series.week.min())

    @property
    def _is_season_seen(self) -> bool:
        return self._has_trend and self._span >= SEASON_FROM

    @property
    def _usual_season(self) -> float:
        """The variance of a usual season's part in each of its two columns."""
        series = self._series
        level = 1.0 if series.is_log else float(np.abs(series.figure[series.before]).mean())
        return (USUAL_SEASON * level) ** 2 / 2

    @cached_property
    def _season(self) -> Floats:
        series = self._series
        waves = 1 + (self._span >= SECOND_WAVE_FROM) if self._has_trend else 0
        angle = 2 * np.pi * series.week / WEEKS_PER_YEAR
        columns = [f(wave * angle) for wave in range(1, waves + 1) for f in (np.cos, np.sin)]
        return np.column_stack(columns) if columns else np.empty((len(series.week), 0))

    @cached_property
    def _change(self) -> Floats:
        """What the change adds: a level, and after enough weeks a slope."""
        series = self._series
        columns = [series.exposure]
        if self._has_trend and series.n_after >= _SLOPE_FROM:
            after = series.week[~series.before]
            columns.append(series.exposure * (series.week - after.min()) / 10)
        return np.column_stack(columns)

    @cached_property
    def design(self) -> Floats:
        week = self._series.week / 10
        trend = [week] if self._has_trend else []
        return np.column_stack([*self._change.T, np.ones(len(week)), *trend, *self._season.T])

    @cached_property
    def _asked(self) -> Floats:
        """Which sum of the coefficients is the effect: the mean of what the change adds, where it reached all."""
        after = ~self._series.before
        reached = self._change[after]
        scale = self._series.exposure[after].sum()
        return np.concatenate([reached.sum(axis=0) / scale, np.zeros(self.design.shape[1] - reached.shape[1])])

    def _unseen_season(self, influence: Floats) -> float:
        """What a usual season leaves in the variance of the effect, where the weeks are too few to show theirs."""
        if not self._has_trend or self._is_season_seen:
            return 0.0
        return float(self._usual_season * ((influence @ self._season) ** 2).sum())

    def _inverse(self, x: Floats, variance: float) -> Floats:
        """The inverse of the normal equations; a season that was not seen yet is held near a usual one."""
        held = np.zeros(x.shape[1])
        if self._season.shape[1] and not self._is_season_seen and self._usual_season > 0:
            held[-self._season.shape[1] :] = variance / self._usual_season
        return np.asarray(np.linalg.pinv(x.T @ x + np.diag(held)), np.float64)

    def _variance_without_season(self, x: Floats, y: Floats) -> float:
        plain = x[:, : x.shape[1] - self._season.shape[1]]
        left = y - plain @ np.linalg.lstsq(plain, y, rcond=None)[0]
        variance: float = float(left @ left) / max(1, len(y) - plain.shape[1])
        return variance

    def foreseen_error(self, like: Fitted) -> float:
        x = self.design * self._root[:, None]
        influence = x @ self._inverse(x, like.variance) @ self._asked
        gaps = np.abs(self._series.week[:, None] - self._series.week[None, :])
        modelled = like.variance * float(influence @ (like.likeness**gaps) @ influence)
        return float(np.sqrt(modelled + self._unseen_season(influence * self._root)))

    def fitted(self) -> Fitted:
        x = self.design * self._root[:, None]
        y = self._series.figure * self._root
        inverse = self._inverse(x, self._variance_without_season(x, y))
        coefficients = inverse @ (x.T @ y)
        left = y - x @ coefficients
        influence = x @ inverse @ self._asked
        gaps = np.abs(self._series.week[:, None] - self._series.week[None, :])
        likeness, variance = _alike(left, x, inverse, gaps)
        modelled = variance * float(influence @ (likeness**gaps) @ influence)
        robust = _robust(left * influence, gaps, x.shape[1])
        free = max(1.0, (len(y) - x.shape[1]) * (1 - likeness) / (1 + likeness))
        fitted = self.design @ coefficients
        n_change = self._change.shape[1]
        return Fitted(
            float(self._asked @ coefficients),
            float(np.sqrt(max(modelled, robust) + self._unseen_season(influence * self._root))),
            max(3.0, free),
            likeness,
            variance,
            fitted,
            fitted - self._change @ coefficients[:n_change],
            self._is_season_seen,
        )


def _alike(left: Floats, x: Floats, inverse: Floats, gaps: Int64s) -> tuple[float, float]:
    """How alike neighbouring weeks are (0 to 1), and the variance of one, given what the regression took away."""
    total = float(left @ left)
    if total <= 0:
        return 0.0, 0.0
    next_to = (gaps == 1).astype(float)
    taken = np.eye(len(left)) - x @ inverse @ x.T
    # Of residuals whose neighbours are so alike, the sums over all pairs so many weeks apart say what is expected.
    own = np.bincount(gaps.ravel(), (taken.T @ taken).ravel())
    neighbours = np.bincount(gaps.ravel(), (taken.T @ next_to @ taken).ravel())
    powers = _LIKENESSES[:, None] ** np.arange(len(own))[None, :]
    expected = (powers @ neighbours) / (powers @ own)
    best = int(np.argmin(np.abs(expected - float(left @ next_to @ left) / total)))
    return float(_LIKENESSES[best]), total / float(powers[best] @ own)


def _robust(scores: Floats, gaps: Int64s, n_figures_: int) -> float:
    """Variance of a sum whose parts may be alike when their weeks are near (Bartlett's kernel)."""
    n = len(scores)
    reach = 1 + int(np.ceil(0.75 * n ** (1 / 3)))
    kernel = np.clip(1 - gaps / reach, 0, None)
    return max(0.0, float(scores @ kernel @ scores)) * n / max(1, n - n_figures_)
