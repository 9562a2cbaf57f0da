"""The weekly hours that instants keep to, where they keep to any."""

import numpy as np
import numpy.typing as npt

from millrace.flow.week_profile import week_profiles
from millrace.model.absent import Absent
from millrace.model.work_calendar import WorkCalendar

Ints = npt.NDArray[np.int64]

HALF_HOUR = 1_800_000_000


def shown_hours(at: Ints, name: str, zone: str) -> WorkCalendar | Absent:
    """The hours in which nearly all of these instants (microseconds since 1970 UTC) lie, or why there are none.

    A calendar that never closes is an answer, too.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(at):
        return Absent("nothing was done")
    on_the_wall = pc.local_timestamp(pa.array(at, pa.timestamp("us", tz=zone))).cast(pa.int64()).to_numpy()
    (profile,) = week_profiles(np.zeros(len(at), np.int64), on_the_wall // HALF_HOUR, np.ones(len(at), np.int64))
    shown = profile.hours(name, zone)
    return shown if isinstance(shown, Absent) else shown[0]
