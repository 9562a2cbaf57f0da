"""Office hours for whole arrays of instants: a wait counted in working time, laid on the clock on the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.int64]
"""Seconds since 1970-01-01, UTC."""

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class OfficeHours:
    """Monday to Friday from `opens` to `closes` (seconds after midnight, UTC), less holidays.

    `worked_before[d]` is the working time before day `d` counted from `first_day`; the last entry is the whole.
    """

    opens: int
    first_day: int
    worked_before: Instants

    @classmethod
    def over(
        cls, first: date, n_days: int, opens_hour: float, closes_hour: float, holidays: Sequence[date]
    ) -> "OfficeHours":
        """Office hours over `n_days` from `first` on."""
        days = np.datetime64(first) + np.arange(n_days)
        opens, closes = round(opens_hour * 3600), round(closes_hour * 3600)
        worked = np.cumsum(np.is_busday(days, holidays=holidays) * (closes - opens))
        return cls(opens, int(days[0].astype(int)), np.concatenate(([0], worked)).astype(np.int64))

    def after(self, at: Instants, working_seconds: NDArray[np.float64]) -> Instants:
        """The instants at which `working_seconds` of office time (at least one second) have passed since `at`."""
        worked = self._worked(at) + np.maximum(working_seconds, 1).astype(np.int64)
        day = np.searchsorted(self.worked_before, worked, side="left") - 1
        return np.asarray((self.first_day + day) * DAY_SECONDS + self.opens + worked - self.worked_before[day])

    def _worked(self, at: Instants) -> Instants:
        day, second = np.divmod(at - self.first_day * DAY_SECONDS, DAY_SECONDS)
        today = self.worked_before[day + 1] - self.worked_before[day]
        return np.asarray(self.worked_before[day] + np.clip(second - self.opens, 0, today))
