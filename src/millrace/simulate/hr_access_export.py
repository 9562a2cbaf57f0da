"""The sample `hr-access` as a ticket tool would export it: a row per status that was set."""

from datetime import date

import numpy as np
import pyarrow as pa

from millrace.simulate import hr_access as case
from millrace.simulate.engine.demanded import random
from millrace.simulate.engine.labels import Label
from millrace.simulate.engine.run import run
from millrace.simulate.hr_access_stream import ENDS, RECORDED_AS, hr_access_stream
from millrace.simulate.sample_rows import SampleRows, sample_period, sample_rows

_ATTRIBUTES = ("Priority", "Site", "Requested role", "Channel")


def hr_access_export(months: int, seed: int, starts_on: date) -> pa.Table:
    """Make the export of `months` months from `starts_on` on, ordered by number and update."""
    period, n_days, holidays = sample_period(starts_on, months, case.HOLIDAYS, case.EXPORTED_AT_HOUR)
    stream = hr_access_stream(starts_on, n_days, case.REQUESTS_PER_MONTH * months, holidays)
    people = [name for names in case.STAFF.values() for name in names]
    return _export(sample_rows(run(stream, period, seed=seed), people, _recorded), seed)


def _export(rows: SampleRows, seed: int) -> pa.Table:
    by_script = rows.team == case.AUTOMATION
    rows.person[by_script & rows.is_work] = case.STAFF[case.AUTOMATION][0]
    rng, n = random(seed, "export"), rows.n_items
    requester = np.char.add("E", rng.integers(10_000, 20_000, n).astype(str))
    score = rng.choice(case.SCORES, n, p=case.SCORE_WEIGHTS)
    answered = (rows.attributes["answers"] == "yes") & (rows.status == "Closed")
    columns = {name: rows.attributes[name] for name in _ATTRIBUTES}
    table = rows.table("REQ", {**columns, "Requester": requester[rows.item], "Automated": by_script})
    return table.append_column("CSAT", pa.array(score[rows.item].astype(np.int8), mask=~answered))


def _recorded(label: Label) -> tuple[str, str]:
    """The status and the team of a row."""
    if label.status in ("done", "cancelled"):
        return ENDS.get(label.activity, ("", ""))
    return RECORDED_AS.get(label.status, label.status), label.team or ""
