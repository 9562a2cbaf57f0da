"""The sample `hr-access` as a ticket tool would export it: a row per status that was set."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from millrace.simulate import hr_access as case
from millrace.simulate.engine.demanded import random
from millrace.simulate.engine.labels import Label
from millrace.simulate.engine.run import Period, Run, run
from millrace.simulate.hr_access_stream import ENDS, RECORDED_AS, hr_access_stream

_ATTRIBUTES = ("Priority", "Site", "Requested role", "Channel")
_SECOND = 1_000_000


def hr_access_export(months: int, seed: int, starts_on: date) -> pa.Table:
    """Make the export of `months` months from `starts_on` on, ordered by number and update."""
    ends_on = _months_later(starts_on, months)
    holidays = [date(year, *day) for year in range(starts_on.year, ends_on.year + 1) for day in case.HOLIDAYS]
    n_days = (ends_on - starts_on).days
    stream = hr_access_stream(starts_on, n_days, case.REQUESTS_PER_MONTH * months, holidays)
    period = Period(_midnight(starts_on), _exported_at(ends_on, holidays))
    return _export(run(stream, period, seed=seed), seed)


def _export(ran: Run, seed: int) -> pa.Table:
    phases = ran.phases[np.argsort(ran.phases["item"], kind="stable")]
    item, code = phases["item"], phases["code"]
    recorded = [_recorded(label) for label in ran.labels]
    status = np.array([each for each, _ in recorded])[code]
    team = np.array([each for _, each in recorded])[code]
    by_script = team == case.AUTOMATION
    people = np.array([name for names in case.STAFF.values() for name in names] + [""])
    is_work = np.array([label.is_work for label in ran.labels])[code]
    person = np.where(by_script & is_work, case.STAFF[case.AUTOMATION][0], people[phases["person"]])
    at = _apart(item, phases["began"] // _SECOND)
    opened = at[np.searchsorted(item, item)]
    rng, n = random(seed, "export"), len(ran.items.uid)
    requester = np.char.add("E", rng.integers(10_000, 20_000, n).astype(str))
    score = rng.choice(case.SCORES, n, p=case.SCORE_WEIGHTS)
    answered = ran.items.attributes["answers"].is_one_of(("yes",))[item] & (status == "Closed")
    attributes = {name: np.array(each.values)[each.codes] for name, each in ran.items.attributes.items()}
    columns: dict[str, Any] = {
        "Number": np.char.add("REQ", (item + 1_000_001).astype(str)),
        "Opened": opened.astype("datetime64[s]"),
        "Updated": at.astype("datetime64[s]"),
        "Status": status,
        "Assignment group": team,
        "Assigned to": person,
        **{name: attributes[name][item] for name in _ATTRIBUTES},
        "Requester": requester[item],
        "Automated": by_script,
    }
    nothing = {"Assignment group": team == "", "Assigned to": person == ""}
    table = pa.table({name: pa.array(column, mask=nothing.get(name)) for name, column in columns.items()})
    return table.append_column("CSAT", pa.array(score[item].astype(np.int8), mask=~answered))


def _recorded(label: Label) -> tuple[str, str]:
    """The status and the team of a row."""
    if label.status in ("done", "cancelled"):
        return ENDS.get(label.activity, ("", ""))
    return RECORDED_AS.get(label.status, label.status), label.team or ""


def _apart(item: npt.NDArray[np.int32], seconds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Instants of each item at least a second apart, since an export tells no shorter times."""
    nth = np.arange(len(item)) - np.searchsorted(item, item)
    # Items lie apart by more than any life, so that one running maximum serves all.
    apart = item.astype(np.int64) << 33
    latest: npt.NDArray[np.int64] = np.maximum.accumulate(seconds - nth + apart)
    separate: npt.NDArray[np.int64] = latest - apart + nth
    return separate


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _exported_at(ends_on: date, holidays: Sequence[date]) -> datetime:
    """Late in the morning of the last working day before `ends_on`, when work is under way."""
    day = np.busday_offset(np.datetime64(ends_on) - 1, 0, roll="backward", holidays=holidays)
    return _midnight(day.astype(object)) + timedelta(hours=case.EXPORTED_AT_HOUR)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
