"""Business hours of a million visits, beside their elapsed time; the calendars laid out anew each time."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from bench import measured
from bench.measured import Work, account, limit, median, told

N_VISITS = 1_000_000
MOST_SECONDS_MORE = 0.2
REPEATS = 5
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
HOLIDAYS = (date(2025, 1, 1), date(2025, 5, 1), date(2025, 12, 25), date(2025, 12, 26))


def run() -> None:
    """Print both, with one calendar and with one for each of forty teams in four zones."""
    print(f"Business hours of {N_VISITS:,} visits", flush=True)
    found = {
        name: [Work(**work) for work in works]
        for name, works in told(measured.run("bench.business_clock").output).items()
    }
    for name, works in found.items():
        print(f"  {name:<14} {1000 * median([work.wall for work in works]):7.1f} ms wall", flush=True)
    more = median([work.wall for work in found["one calendar"]]) - median([work.wall for work in found["elapsed"]])
    limit(more, MOST_SECONDS_MORE, "s", "one calendar, over elapsed")


def _works() -> dict[str, list[dict[str, float]]]:
    import numpy as np

    from millrace.flow.work_time import business_durations, work_clock
    from millrace.model.work_calendar import WorkCalendar

    chance = np.random.default_rng(7)
    first = 1_735_689_600_000_000  # 1 January 2025
    began = first + chance.integers(0, 365 * 86_400_000_000, N_VISITS)
    ended = began + np.exp(chance.normal(np.log(4 * 3.6e9), 1.5, N_VISITS)).astype(np.int64)
    calendars = [WorkCalendar(zone=zone, holidays=HOLIDAYS) for zone in ZONES for _ in range(10)]
    of_visit = chance.integers(0, len(calendars), N_VISITS)
    of_one = np.zeros(N_VISITS, np.int64)

    def business(calendars: list[WorkCalendar], calendar: Any) -> Any:
        clock = work_clock(calendars, int(began.min()), int(ended.max()))
        return business_durations(clock, calendar, began, ended)

    works: dict[str, Callable[[], Any]] = {
        "elapsed": lambda: ended - began,
        "one calendar": lambda: business(calendars[:1], of_one),
        "40 calendars": lambda: business(calendars, of_visit),
    }
    business(calendars[:1], of_one)  # compiles, or loads what was compiled
    return {name: [account(work)[1].as_dict() for _ in range(REPEATS)] for name, work in works.items()}


if __name__ == "__main__":
    print(json.dumps(_works()))
