"""The weekly hours that instants keep to, where they keep to any."""

import numpy as np
import numpy.typing as npt

from millrace.flow.week_profile import week_profiles
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar
from millrace.simulate.fit.hours_of_week import on_the_wall

Ints = npt.NDArray[np.int64]

HALF_HOUR = 1_800_000_000


def shown_hours(at: Ints, name: str, zone: str) -> WorkCalendar | Absent:
    """The hours in which nearly all of these instants (microseconds since 1970 UTC) lie, or why there are none.

    A calendar that never closes is an answer, too.
    """
    if not len(at):
        return Absent("nothing was done")
    half_hours = on_the_wall(at, zone) // HALF_HOUR
    (profile,) = week_profiles(np.zeros(len(at), np.int64), half_hours, np.ones(len(at), np.int64))
    shown = profile.hours(name, zone)
    return shown if isinstance(shown, Absent) else shown[0]
