"""The effect of a change on a measure, with its interval; and what would have come without it."""

from dataclasses import dataclass
from math import exp

import numpy as np

from millrace.improve.proof.comparison import Compared
from millrace.improve.proof.placebo import FEWEST_AFTER, FEWEST_IN_BASELINE, Placebo, placebo
from millrace.improve.proof.segmented import Fitted, foreseen_error, n_figures, segmented
from millrace.improve.proof.series import Floats, Series
from millrace.model.absent import Absent

CONFIDENCE, POWER = 0.95, 0.8
_CHOOSING = 1.1
"""By how much errors grow since the weeks before also settled what to compare with, and that no trend was needed."""
_LEAST_LOOKED_AT = 8
_MORE_WEEKS = (2, 4, 6, 8, 10, 13, 17, 21, 26, 34, 43, 52)


@dataclass(frozen=True)
class Estimated:
    """An effect on the scale of the regression: a difference of logarithms, or of the figures themselves.

    `series` are the weeks that it comes from, `without` what each would have been without the change; `regressed` are
    the same weeks less what was not changed, where there is a comparison.
    """

    effect: float
    error: float
    degrees: float
    series: Series
    regressed: Series
    without: Floats
    fitted: Fitted
    placebo: Placebo
    is_compared: bool
    has_trend: bool

    @property
    def reach(self) -> float:
        """Half the 95 % interval."""
        return self.quantile((1 + CONFIDENCE) / 2) * self.error

    @property
    def low(self) -> float:
        """The lower bound of the interval."""
        return self.effect - self.reach

    @property
    def high(self) -> float:
        """The upper bound of the interval."""
        return self.effect + self.reach

    @property
    def smallest(self) -> float:
        """The smallest effect that would have been seen in 80 of 100 cases."""
        return (self.quantile((1 + CONFIDENCE) / 2) + self.quantile(POWER)) * self.error

    @property
    def level(self) -> float:
        """What the weeks after the change would have been without it, on average."""
        after = ~self.series.before
        return float(np.average(self.without[after], weights=self.series.n[after]))

    def quantile(self, probability: float) -> float:
        """A quantile of what chance does, in units of the error."""
        from scipy.special import stdtrit

        return float(stdtrit(self.degrees, probability))

    def chance_of_less(self, effect: float) -> float:
        """The probability of an estimate this low, were the true effect `effect`."""
        from scipy.special import stdtr

        return float(stdtr(self.degrees, (self.effect - effect) / self.error)) if self.error > 0 else 0.5

    def relative(self, effect: float) -> float:
        """An effect on the scale of the regression as a relative change of the measure."""
        if self.series.is_log:
            return exp(effect) - 1
        return effect / self.level if self.level else float("nan")

    def shown(self, figure: float) -> float:
        """A figure of the series in the unit of the measure."""
        return exp(figure) if self.series.is_log else figure


def estimated(series: Series, beside: Compared | None = None, *, least_error: float = 0.0) -> Estimated | Absent:
    """The effect of a change on a series: against the line it was on or, where given, against what was not changed."""
    regressed = _not_longer_than_known(beside.difference if beside else series)
    has_trend = beside.has_trend if beside else True
    why = _too_little(regressed)
    if why is not None:
        return why
    if len(regressed.week) < n_figures(regressed, has_trend=has_trend) + 3:
        return Absent("there are too few weeks for what has to be told apart")
    fitted = segmented(regressed, has_trend=has_trend)
    fakes = placebo(regressed, has_trend=has_trend)
    kept = series.only(np.isin(series.week, regressed.week))
    without = fitted.without
    if beside:
        without = without + beside.unchanged[np.isin(beside.difference.week, regressed.week)]
    choosing = _CHOOSING if beside and not has_trend else 1.0
    error = max(fitted.error * fakes.inflation * choosing, least_error)
    return Estimated(
        fitted.effect, error, fitted.degrees, kept, regressed, without, fitted, fakes, beside is not None, has_trend
    )


def more_weeks(found: Estimated, wanted: float) -> int | Absent:
    """After how many more weeks like those so far an effect of `wanted` would be seen in 80 of 100 cases."""
    ratio = found.smallest / found.error
    room = _most_after(found.regressed) - found.regressed.n_after
    for more in (each for each in _MORE_WEEKS if each <= room):
        longer = _extended(found.regressed, more)
        error = foreseen_error(longer, found.fitted, has_trend=found.has_trend) * found.placebo.inflation
        if ratio * error <= abs(wanted):
            return more
    return Absent("weeks differ too much, or the baseline is too short to know its trend")


def _extended(series: Series, more: int) -> Series:
    last = int(series.week.max())
    return Series(
        np.append(series.week, np.arange(last + 1, last + 1 + more)),
        np.append(series.figure, np.zeros(more)),
        np.append(series.n, np.full(more, float(np.median(series.n)))),
        np.append(series.exposure, np.full(more, series.exposure[-1])),
        series.is_log,
    )


def _not_longer_than_known(series: Series) -> Series:
    """Weeks as far behind the change as half the baseline is long: no line is continued further."""
    reached = np.flatnonzero(~series.before)
    chosen = np.ones(len(series.week), bool)
    chosen[reached[_most_after(series) :]] = False
    return series.only(chosen)


def _most_after(series: Series) -> int:
    return max(_LEAST_LOOKED_AT, series.n_before // 2)


def _too_little(series: Series) -> Absent | None:
    if series.n_before < FEWEST_IN_BASELINE:
        return Absent(f"{_weeks(series.n_before)} before the change can be used, and it takes {FEWEST_IN_BASELINE}")
    if series.n_after < FEWEST_AFTER:
        return Absent(f"{_weeks(series.n_after)} after the change can be used, and it takes {FEWEST_AFTER}")
    if float(np.ptp(series.figure)) == 0:
        return Absent("the measure is the same in every week")
    return None


def _weeks(n: int) -> str:
    return {0: "no week", 1: "1 week"}.get(n, f"{n} weeks")
