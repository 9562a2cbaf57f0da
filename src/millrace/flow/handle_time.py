"""Handle time: how long was worked on a record in all, where its instants do not say when.

The amount is known and its place is not. By rule the work lies at the start of what the record spends undone (a call
is handled while it is open from its first touch on), and the rest of that time is a wait. Both are derived.
"""

from typing import Any

import numba
import numpy as np

from millrace.flow.spans import ACTIVE, CANCELLED, DERIVED, DONE, NO_REASON, NOTHING, SPAN, UNKNOWN, WAITING, Records
from millrace.model.state import WAIT_REASONS, WaitReason

UNSPECIFIED = WAIT_REASONS.index(WaitReason.UNSPECIFIED)


def with_handle_time(spans: Records, first: Any, handle: Any) -> tuple[Records, Any, int]:
    """The spans with each record's handle time as work, where they begin then, and how many records it did not fit.

    Record r has the spans `first[r] : first[r + 1]`; `handle` is in microseconds, below 0 where it is not known. Work
    that is longer than the time in which the record was not done fills that time.
    """
    spread = np.empty(len(spans) + int(np.count_nonzero(handle >= 0)), SPAN)
    begins = np.zeros_like(first)
    n, n_cut_short = _spread(spans, first, handle, spread, begins)
    return spread[:n], begins, n_cut_short


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _spread(spans: Any, first: Any, handle: Any, spread: Any, begins: Any) -> Any:
    n, n_cut_short = np.int64(0), np.int64(0)
    for record in range(len(first) - 1):
        left, knows = handle[record], handle[record] >= 0
        for i in range(first[record], first[record + 1]):
            spread[n] = spans[i]
            length = spans[i].ended_at - spans[i].began_at
            if knows and spans[i].state != DONE and spans[i].state != CANCELLED:
                spread[n].fidelity = DERIVED
                if 0 < left < length:
                    spread[n].ended_at = spans[i].began_at + left
                    _work(spread[n])
                    n += 1
                    spread[n] = spans[i]
                    spread[n].began_at = spans[i].began_at + left
                    spread[n].fidelity = DERIVED
                    spread[n].row = NOTHING
                    _wait(spread[n])
                    left = 0
                elif left > 0:
                    _work(spread[n])
                    left -= length
                elif length > 0:
                    _wait(spread[n])
            n += 1
        n_cut_short += knows and left > 0
        begins[record + 1] = n
    return n, n_cut_short


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _work(span: Any) -> None:
    span.state = ACTIVE
    span.wait_reason = NO_REASON


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _wait(span: Any) -> None:
    if span.state == ACTIVE or span.state == UNKNOWN:
        span.state = WAITING
        span.wait_reason = UNSPECIFIED
