"""The hour of the week at instants, as clocks on the wall show it."""

import numpy as np
import numpy.typing as npt


def hours_of_week(at: npt.NDArray[np.int64], zone: str) -> npt.NDArray[np.int64]:
    """The hour of the week (0 is Monday from 00:00) of instants in microseconds since 1970 UTC."""
    import pyarrow as pa
    import pyarrow.compute as pc

    local = pc.local_timestamp(pa.array(at, pa.timestamp("us", tz=zone)))
    days, hours = (part(local).to_numpy(zero_copy_only=False) for part in (pc.day_of_week, pc.hour))
    return np.asarray(days * 24 + hours, np.int64)
