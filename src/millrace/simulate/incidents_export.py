"""The sample `incidents` as a ticket tool would export it: a row per status that was set."""

from datetime import date

import numpy as np
import pyarrow as pa

from millrace.simulate import incidents as case
from millrace.simulate.engine.demanded import random
from millrace.simulate.engine.labels import Label
from millrace.simulate.engine.run import run
from millrace.simulate.incidents_stream import ENDS, incidents_stream
from millrace.simulate.sample_rows import sample_period, sample_rows

_ATTRIBUTES = ("Priority", "Category", "Channel", "Site")


def incidents_export(months: int, seed: int, starts_on: date) -> pa.Table:
    """Make the export of `months` months from `starts_on` on, ordered by number and update."""
    period, n_days, holidays = sample_period(starts_on, months, case.HOLIDAYS, case.EXPORTED_AT_HOUR)
    stream = incidents_stream(starts_on, n_days, case.INCIDENTS_PER_MONTH * months, holidays)
    people = [name for names in case.STAFF.values() for name in names]
    rows = sample_rows(run(stream, period, seed=seed), people, _recorded)
    caller = np.char.add("U", random(seed, "export").integers(20_000, 29_000, rows.n_items).astype(str))
    return rows.table("INC", {**{name: rows.attributes[name] for name in _ATTRIBUTES}, "Caller": caller[rows.item]})


def _recorded(label: Label) -> tuple[str, str]:
    """The status and the team of a row."""
    if label.status in ("done", "cancelled"):
        return ENDS.get(label.activity, ("", ""))
    return label.status, label.team or ""
