"""Requests as they arrive: when, from whom, for what; drawn for the whole period at once."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from millrace.simulate import hr_access as case
from millrace.simulate.office_hours import DAY_SECONDS, Instants
from millrace.simulate.status_rows import Texts

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Requests:
    """All requests of a sample, in order of submission; every array has one entry per request."""

    submitted_at: Instants
    channel: Texts
    role: Texts
    site: Texts
    priority: Texts
    requester: Texts
    is_privileged: Mask
    is_automated: Mask
    is_incomplete: Mask


def draw_requests(
    rng: np.random.Generator, starts_on: date, n_days: int, n_mean: int, holidays: list[date]
) -> Requests:
    """Draw about `n_mean` requests over `n_days` days with their weekly and daily rhythm."""
    submitted_at = _submissions(rng, starts_on, n_days, n_mean, holidays)
    n = len(submitted_at)
    channel = rng.choice(len(case.CHANNELS), n, p=case.CHANNEL_WEIGHTS)
    role = rng.choice(case.STANDARD_ROLES, n, p=case.STANDARD_ROLE_WEIGHTS)
    rank = rng.permutation(n)
    is_privileged = rank < round(n * case.PRIVILEGED_SHARE)
    return Requests(
        submitted_at=submitted_at,
        channel=np.array(case.CHANNELS)[channel],
        role=np.where(is_privileged, case.PRIVILEGED_ROLE, role),
        site=rng.choice(case.SITES, n, p=case.SITE_WEIGHTS),
        priority=rng.choice(case.PRIORITIES, n, p=case.PRIORITY_WEIGHTS),
        requester=np.char.add("E", rng.integers(10_000, 20_000, n).astype(str)),
        is_privileged=is_privileged,
        is_automated=rank >= n - round(n * case.AUTOMATED_SHARE),
        is_incomplete=rng.random(n) < np.array(case.INCOMPLETE_BY_CHANNEL)[channel],
    )


def _submissions(rng: np.random.Generator, starts_on: date, n_days: int, n_mean: int, holidays: list[date]) -> Instants:
    days = np.datetime64(starts_on) + np.arange(n_days)
    weekday = (days.astype(int) + 3) % 7
    day_weights = np.array(case.WEEKDAY_WEIGHTS)[weekday]
    day_weights[np.isin(days, np.array(holidays, "datetime64[D]"))] = min(case.WEEKDAY_WEIGHTS)
    n = rng.poisson(n_mean)
    day = rng.choice(days.astype(int), n, p=day_weights / day_weights.sum())
    hour_weights = np.array(case.HOUR_WEIGHTS, float)
    hour = rng.choice(24, n, p=hour_weights / hour_weights.sum())
    return np.sort(day * DAY_SECONDS + hour * 3600 + rng.integers(0, 3600, n))
