"""The beginning of a run, in which an empty stream fills up: how long it is, and that it does not count."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from millrace.simulate.engine.demanded import microseconds
from millrace.simulate.engine.run import Period, Run, run
from millrace.simulate.simulated_stream import SimulatedStream

BATCH = 5
ALIKE = 1.2
PILOT_RUNS = 5
LEAST_WEEKS, MOST_WEEKS = 26, 104
"""How long a pilot lasts."""
_PILOTS = 1_000_000
"""Numbers of pilot runs: no replication that counts has them."""
_HOUR = 3_600_000_000


@dataclass(frozen=True)
class WarmUp:
    """How long it takes until work in progress no longer shows that the stream began empty.

    `is_settled` is false where it was not steady by the middle of the pilot runs: demand grows, or work piles up.
    """

    length: timedelta
    is_settled: bool


def warm_up(stream: SimulatedStream, period: Period, *, seed: int = 0) -> WarmUp:
    """Find the warm-up before a period by the marginal standard error rule on the weekly work in progress of pilots.

    Pilots begin empty when the period does, so calendars and trend are those of the time.
    """
    weeks = min(max(LEAST_WEEKS, 2 * (period.ends_at - period.starts_at) // timedelta(weeks=1)), MOST_WEEKS)
    pilot = Period(period.starts_at, period.starts_at + timedelta(weeks=weeks))
    ran = [run(stream, pilot, seed=seed, replication=_PILOTS + number) for number in range(PILOT_RUNS)]
    daily = np.mean([daily_work_in_progress(each) for each in ran], axis=0)
    # By the week, since days differ from each other for good.
    cut, is_settled = truncation(daily.reshape(weeks, 7).mean(axis=1), batch=1)
    return WarmUp(timedelta(weeks=max(cut, 1)), is_settled)


def truncation(series: npt.NDArray[np.float64], batch: int = BATCH) -> tuple[int, bool]:
    """How many values from the beginning to leave out so that the mean of the rest is known best (MSER-5).

    The marginal standard error of the rest is least there, over batches of five, looked for in the first half. The
    second figure is false where the least lies at the very end of that half: the series does not settle.
    """
    means = series[: len(series) // batch * batch].reshape(-1, batch).mean(axis=1)
    n = len(means)
    if n < 4:
        return 0, True
    errors = [float(np.sum((means[d:] - means[d:].mean()) ** 2)) / (n - d) ** 2 for d in range(n // 2 + 1)]
    # What is as good within a fifth is chosen by chance; then the earliest will do.
    best = int(np.argmax(np.array(errors) <= min(errors) * ALIKE))
    return best * batch, int(np.argmin(errors)) < n // 2


def daily_work_in_progress(ran: Run) -> npt.NDArray[np.float64]:
    """Items in progress on each day of a run: the mean over the ends of its hours."""
    start, end = microseconds(ran.period.starts_at), microseconds(ran.period.ends_at)
    hours = np.arange(start + _HOUR, end + 1, _HOUR)
    in_progress = np.searchsorted(ran.items.arrive_at, hours) - np.searchsorted(np.sort(last_instants(ran)), hours)
    daily: npt.NDArray[np.float64] = in_progress[: len(hours) // 24 * 24].reshape(-1, 24).mean(axis=1)
    return daily


def last_instants(ran: Run) -> npt.NDArray[np.int64]:
    """When each item left the stream; far in the future where it has not."""
    left: npt.NDArray[np.int64] = np.zeros(len(ran.items.uid), np.int64)
    # Of several phases of an item the last one counts: it is assigned last.
    left[ran.phases["item"]] = ran.phases["ended"]
    return left


def with_warm_up(period: Period, length: timedelta) -> Period:
    """The period, begun earlier."""
    return Period(period.starts_at - length, period.ends_at)
