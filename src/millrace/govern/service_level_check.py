"""A service level as reckoned here, against what the log's own column says of the same items."""

from dataclasses import dataclass

import numpy as np

from millrace.flow.summary import Absent, Share
from millrace.govern.service_level_record import BREACHED, MET, OVERDUE, ServiceLevelRecord

_YES, _NO = frozenset({"true", "1", "yes", "t", "met"}), frozenset({"false", "0", "no", "f", "breached"})


@dataclass(frozen=True)
class ServiceLevelCheck:
    """Items of which both say whether the promise was kept: what the log says, and how many agree.

    `recorded_met` is of all of them; `n_only_here_breached` are met by the log and breached here,
    `n_only_there_breached` the other way about.
    """

    column: str
    recorded_met: Share
    agree: Share
    n_only_here_breached: int
    n_only_there_breached: int


def service_level_check(record: ServiceLevelRecord) -> ServiceLevelCheck | Absent:
    """Hold the record against the column that its level names; Absent where the log lacks it, or it says nothing."""
    lives, column = record.lives, record.level.recorded_in or ""
    if not lives.flow.has(column):
        return Absent(f"the log has no column “{column}”")
    known = np.isin(record.state, (MET, BREACHED, OVERDUE))
    said = _said(record, column)
    both = known & (said >= 0)
    if not both.any():
        return Absent(f"“{column}” says neither true nor false")
    is_met, was_met = record.state[both] == MET, said[both] == 1
    return ServiceLevelCheck(
        column,
        Share(int(was_met.sum()), len(was_met)),
        Share(int((is_met == was_met).sum()), len(was_met)),
        int((was_met & ~is_met).sum()),
        int((is_met & ~was_met).sum()),
    )


def _said(record: ServiceLevelRecord, column: str) -> "np.ndarray[tuple[int], np.dtype[np.int8]]":
    """1 where the column says that the promise was kept, 0 where not, -1 where it says nothing."""
    flow, rows = record.lives.flow, record.lives.last_row[record.places]
    table = flow.attribute(column).to_pyarrow()
    labels = dict(zip(table["last_row"].to_pylist(), table["label"].to_pylist(), strict=True))
    words = [str(labels.get(row, "")).strip().lower() for row in rows.tolist()]
    return np.array([1 if word in _YES else 0 if word in _NO else -1 for word in words], np.int8)
