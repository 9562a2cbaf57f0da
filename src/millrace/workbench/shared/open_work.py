"""What becomes of the work that is open: a question whose answer is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from millrace.errors import MillraceError
from millrace.model.absent import Absent
from millrace.model.value_stream import ValueStream
from millrace.simulate.forecast.forecast import Forecast, OpenForecast
from millrace.workbench.bench import AtHand
from millrace.workbench.shared.slow_questions import SlowQuestion
from millrace.workbench.workbench import Workbench

_TOLD_FILE = "told.json"
N_FUTURES = 100
"""Futures that are simulated: the tenth one more makes no difference that anybody could act on."""


class NothingOpenIsKnown(MillraceError):
    """A stream that people drew has no open items."""

    slug = "nothing-open-is-known"

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__("A drawing has no open items. Choose a source for the stream, or give an export.")


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class OpenItem(_Told):
    """An open item and what will become of it; `breach_ratio` None where too few items tell it."""

    key: str
    step: str
    age_seconds: float
    breach_ratio: float | None
    simulated_breach_ratio: float
    done_by_p50_at: datetime | None
    done_by_p85_at: datetime | None
    is_late: bool


class OpenWorkMark(_Told):
    """How many of the open items are done by an instant: the median future, and the range of 90 % of them."""

    at: datetime
    n_done: float
    n_done_low: float
    n_done_high: float


class ToldOpenWork(_Told):
    """What can be promised, what will be done by when, and the items in danger, most first.

    `p50_seconds` … are lead times that shares of the items keep to. `n_expected_late`: how many of those that are not
    late yet will be.
    """

    now_at: datetime
    limit_seconds: float
    limit_is_given: bool
    n_departures: int
    p50_seconds: float | None
    p85_seconds: float | None
    p95_seconds: float | None
    n_open: int
    n_late: int
    n_expected_late: float
    items: tuple[OpenItem, ...]
    marks: tuple[OpenWorkMark, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class OpenWork(SlowQuestion[ToldOpenWork]):
    """When what is open will be done, and what may miss the limit; by default what 85 % of the items keep to."""

    within: timedelta | None = None

    def work_out(self, bench: Workbench, stream: ValueStream, source: AtHand | None, folder: Path) -> None:
        """Simulate the futures of the open items. Raises NothingOpenIsKnown, and what `forecast` raises."""
        if source is None:
            raise NothingOpenIsKnown
        found = bench.forecast(source, within=self.within, stream=stream, n_replications=N_FUTURES)
        (folder / _TOLD_FILE).write_text(_told(found).model_dump_json(), "utf-8")

    def read(self, folder: Path) -> ToldOpenWork:
        """The forecast as it was told."""
        return ToldOpenWork.model_validate_json((folder / _TOLD_FILE).read_bytes())


def _told(found: Forecast) -> ToldOpenWork:
    items = tuple(_item(each, found.limit_seconds) for each in found.items)
    not_late = [item for item in items if not item.is_late]
    expected = found.expectation
    return ToldOpenWork(
        now_at=found.now_at,
        limit_seconds=found.limit_seconds,
        limit_is_given=found.limit_is_given,
        n_departures=expected.n_departures,
        p50_seconds=expected.p50_seconds,
        p85_seconds=expected.p85_seconds,
        p95_seconds=expected.p95_seconds,
        n_open=len(items),
        n_late=len(items) - len(not_late),
        n_expected_late=sum(
            item.simulated_breach_ratio if item.breach_ratio is None else item.breach_ratio for item in not_late
        ),
        items=items,
        marks=tuple(
            OpenWorkMark(at=each.at, n_done=each.n_done, n_done_low=each.n_done_low, n_done_high=each.n_done_high)
            for each in found.marks
        ),
        remarks=found.remarks,
    )


def _item(item: OpenForecast, limit_seconds: float) -> OpenItem:
    chance = item.breach.chance
    return OpenItem(
        key=item.key,
        step=item.step,
        age_seconds=item.age_seconds,
        breach_ratio=None if isinstance(chance, Absent) else chance,
        simulated_breach_ratio=item.simulated_breach_ratio,
        done_by_p50_at=item.done_by_p50_at,
        done_by_p85_at=item.done_by_p85_at,
        is_late=item.age_seconds >= limit_seconds,
    )
