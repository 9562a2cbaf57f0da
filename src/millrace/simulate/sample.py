"""Samples: seeded exports of a ticket tool that nobody recorded, to try the product on.

What each holds, its teams, steps and figures, stands in `hr_access.py` and `incidents.py`.
"""

from collections.abc import Callable
from datetime import date
from typing import ClassVar

import pyarrow as pa

from millrace.errors import MillraceError
from millrace.simulate.hr_access_export import hr_access_export
from millrace.simulate.incidents_export import incidents_export

SAMPLES: dict[str, Callable[[int, int, date], pa.Table]] = {
    "hr-access": hr_access_export,
    "incidents": incidents_export,
}
"""Sample name → its generator."""

MOST_MONTHS = 240


class UnknownSample(MillraceError):
    """There is no sample of that name."""

    slug: ClassVar[str] = "unknown-sample"

    def __init__(self, name: str) -> None:
        """Name the samples that there are."""
        there_are = ", ".join(f"“{known}”" for known in SAMPLES)
        super().__init__(f"There is no sample called “{name}”; there is {there_are}.")


class SampleLength(MillraceError):
    """A sample of so many months cannot be made."""

    slug: ClassVar[str] = "sample-length"

    def __init__(self, months: int) -> None:
        """Say which lengths can be made."""
        super().__init__(f"A sample cannot span {months} months; give a whole number from 1 to {MOST_MONTHS}.")


def sample(name: str, *, months: int = 12, seed: int = 7, starts_on: date = date(2025, 11, 1)) -> pa.Table:
    """Make the export called `name`: one row per status that was set, items in order of opening.

    The same arguments give the same rows. Instants are UTC. Raises `UnknownSample` and `SampleLength`.
    """
    if name not in SAMPLES:
        raise UnknownSample(name)
    if not 1 <= months <= MOST_MONTHS:
        raise SampleLength(months)
    return SAMPLES[name](months, seed, starts_on)
