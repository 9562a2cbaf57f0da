"""The clock of the invented desk: hours of work laid on the clock on the wall."""

from datetime import date

import numpy as np

from bench.planted.recipe import Recipe
from millrace.simulate.office_hours import DAY_SECONDS, Instants, OfficeHours

BEGINS_ON = date(2025, 1, 6)
"""A Monday."""
OPENS, CLOSES = 8, 18
_SLACK_DAYS = 400


class DeskClock:
    """Office hours from Monday to Friday, or around the clock."""

    def __init__(self, recipe: Recipe) -> None:
        self._always = recipe.around_the_clock
        self._office = OfficeHours.over(BEGINS_ON, recipe.n_days + _SLACK_DAYS, OPENS, CLOSES, [])

    def after(self, at: Instants, hours: np.ndarray) -> Instants:
        """The instants at which so many hours of the desk's time have passed."""
        seconds = np.maximum(hours * 3600, 1.0)
        return at + seconds.astype(np.int64) if self._always else self._office.after(at, seconds)


def demands(recipe: Recipe, rng: np.random.Generator, n: int) -> Instants:
    """When each item is asked for, in order: weekly and daily rhythm, a season, and the recipe's peaks."""
    day = np.arange(recipe.n_days)
    weight = np.array((1.15, 1.05, 1.0, 1.0, 0.9, 0.05, 0.05) if not recipe.around_the_clock else (1.0,) * 7)[day % 7]
    weight = weight * (1 + recipe.season * np.sin(2 * np.pi * day / 90))
    if recipe.peak_days:
        weight = weight * np.where(rng.random(recipe.n_days) < recipe.peak_days, 2.5, 1.0)
    hours = np.arange(24)
    by_hour = np.where((hours >= OPENS) & (hours < CLOSES), 1.0, 0.35 if recipe.around_the_clock else 0.02)
    on_day = rng.choice(day, n, p=weight / weight.sum())
    at_hour = rng.choice(hours, n, p=by_hour / by_hour.sum())
    first = (BEGINS_ON - date(1970, 1, 1)).days
    return np.sort((first + on_day) * DAY_SECONDS + at_hour * 3600 + rng.integers(0, 3600, n))


def next_batch(at: Instants, weekdays: tuple[int, ...], rng: np.random.Generator) -> Instants:
    """The first 14:00 on one of the weekdays (0 is Monday), and up to half an hour into it."""
    day, second = np.divmod(at, DAY_SECONDS)
    day = day + (second >= 14 * 3600)
    waits = np.array([min((wanted - today) % 7 for wanted in weekdays) for today in range(7)])
    # 1970-01-01 was a Thursday, weekday 3
    day = day + waits[(day + 3) % 7]
    return day * DAY_SECONDS + 14 * 3600 + rng.integers(0, 1800, len(at))
