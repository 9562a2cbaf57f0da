"""A simulated run as the rows of a ticket tool's export: one for each status that was set."""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from millrace.simulate.engine.labels import Label
from millrace.simulate.engine.run import Period, Run

_SECOND = 1_000_000


class SamplePeriod(NamedTuple):
    """What a sample spans: the run, its days from the first to the day after the last, and the holidays in it."""

    period: Period
    n_days: int
    holidays: tuple[date, ...]


def sample_period(
    starts_on: date, months: int, holidays: Sequence[tuple[int, int]], exported_at_hour: float
) -> SamplePeriod:
    """Some months from a day on, to late in the morning of the last working day, when work is under way.

    `holidays` are months and days.
    """
    ends_on = _months_later(starts_on, months)
    closed = tuple(date(year, *day) for year in range(starts_on.year, ends_on.year + 1) for day in holidays)
    last = np.busday_offset(np.datetime64(ends_on) - 1, 0, roll="backward", holidays=closed)
    exported_at = _midnight(last.astype(object)) + timedelta(hours=exported_at_hour)
    return SamplePeriod(Period(_midnight(starts_on), exported_at), (ends_on - starts_on).days, closed)


@dataclass(frozen=True)
class SampleRows:
    """Columns of an export, items in the order of their demand: the place of each row's item, and what it says.

    Instants are whole seconds since 1970; `team` and `person` are empty where there is none.
    """

    n_items: int
    item: npt.NDArray[np.int32]
    at: npt.NDArray[np.int64]
    status: npt.NDArray[Any]
    team: npt.NDArray[Any]
    person: npt.NDArray[Any]
    is_work: npt.NDArray[np.bool_]
    attributes: Mapping[str, npt.NDArray[Any]]

    def table(self, prefix: str, columns: Mapping[str, Any]) -> pa.Table:
        """The export, with further columns; numbers begin with `prefix`."""
        opened = self.at[np.searchsorted(self.item, self.item)]
        known: dict[str, Any] = {
            "Number": np.char.add(prefix, (self.item + 1_000_001).astype(str)),
            "Opened": opened.astype("datetime64[s]"),
            "Updated": self.at.astype("datetime64[s]"),
            "Status": self.status,
            "Assignment group": self.team,
            "Assigned to": self.person,
            **columns,
        }
        nothing = {"Assignment group": self.team == "", "Assigned to": self.person == ""}
        return pa.table({name: pa.array(column, mask=nothing.get(name)) for name, column in known.items()})


def sample_rows(ran: Run, people: Sequence[str], recorded: Callable[[Label], tuple[str, str]]) -> SampleRows:
    """The rows of a run. `people` are in the order of teams; `recorded` gives a label's status and team."""
    phases = ran.phases[np.argsort(ran.phases["item"], kind="stable")]
    item, code = phases["item"], phases["code"]
    said = [recorded(label) for label in ran.labels]
    return SampleRows(
        n_items=len(ran.items.uid),
        item=item,
        at=_apart(item, phases["began"] // _SECOND),
        status=np.array([status for status, _ in said])[code],
        team=np.array([team for _, team in said])[code],
        person=np.array([*people, ""])[phases["person"]],
        is_work=np.array([label.is_work for label in ran.labels])[code],
        attributes={name: np.array(each.values)[each.codes][item] for name, each in ran.items.attributes.items()},
    )


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


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
