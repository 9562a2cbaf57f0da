"""A measure week by week, around the day of a change."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Series:
    """One figure per week. `week` counts from the change: −1 is the last week before it, 0 the first after.

    `figure` is on the scale of the regression (the logarithm where `is_log`), with the mix of work accounted for;
    `n` counts the items of each week, `exposure` (0 to 1) how many of them the change reached.
    """

    week: Int64s
    figure: Floats
    n: Floats
    exposure: Floats
    is_log: bool

    @property
    def before(self) -> Bools:
        """Weeks that the change did not reach."""
        untouched: Bools = self.exposure == 0
        return untouched

    @property
    def n_before(self) -> int:
        """Weeks before."""
        return int(self.before.sum())

    @property
    def n_after(self) -> int:
        """Weeks that the change reached."""
        return int((~self.before).sum())

    def only(self, chosen: Bools) -> "Series":
        """Some of its weeks."""
        return replace(
            self,
            week=self.week[chosen],
            figure=self.figure[chosen],
            n=self.n[chosen],
            exposure=self.exposure[chosen],
        )

    def changed_at(self, week: int) -> "Series":
        """The same weeks as if the change had come, whole, with `week`."""
        return replace(self, week=self.week - week, exposure=(self.week >= week).astype(float))
