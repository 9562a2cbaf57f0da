"""Instants as clocks on the wall show them."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def hours_of_week(at: Ints, zone: str) -> Ints:
    """The hour of the week (0 is Monday from 00:00) of instants in microseconds since 1970 UTC."""
    import pyarrow as pa
    import pyarrow.compute as pc

    local = pc.local_timestamp(pa.array(at, pa.timestamp("us", tz=zone)))
    days, hours = (part(local).to_numpy(zero_copy_only=False) for part in (pc.day_of_week, pc.hour))
    return np.asarray(days * 24 + hours, np.int64)


def on_the_wall(at: Ints, zone: str) -> Ints:
    """What the clock on the wall shows at instants, as microseconds since it showed the beginning of 1970."""
    import pyarrow as pa
    import pyarrow.compute as pc

    local = pc.local_timestamp(pa.array(at, pa.timestamp("us", tz=zone)))
    return np.asarray(local.cast(pa.int64()).to_numpy(), np.int64)
