"""Demand of a sample: so many items over a time, by the day of the week, the hour, and holidays."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from millrace.simulate.simulated_stream import Arrivals


def weekly_arrivals(
    starts_on: date,
    n_days: int,
    n_mean: float,
    holidays: Sequence[date],
    weekday_weights: Sequence[float],
    hour_weights: Sequence[float],
) -> Arrivals:
    """`n_mean` items over `n_days` days in the mean; on holidays as few as on the quietest weekday."""
    weights, least = np.array(weekday_weights), min(weekday_weights)
    days = np.datetime64(starts_on) + np.arange(n_days)
    # 1970-01-01 was a Thursday, weekday 3
    weekday = (days.astype(int) + 3) % 7
    is_off = np.isin(days, np.array(holidays, "datetime64[D]"))
    of_days = np.where(is_off, weights[weekday] * least, weights[weekday])
    hours = np.array(hour_weights, float)
    per_hour = np.outer(weights, hours / hours.sum()).ravel() * n_mean / of_days.sum()
    return Arrivals(tuple(per_hour.tolist()), holidays=tuple(holidays), holiday_ratio=least)


def odds(share: float) -> dict[str, float]:
    """The shares of yes and no."""
    return {"yes": share, "no": 1 - share}
