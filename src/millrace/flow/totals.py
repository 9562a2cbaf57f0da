"""Totals: what all spans of a flow add up to, gathered while they are cut and still at hand.

They answer what is asked of the whole flow without reading its spans again; of a part of it, the spans are asked.
"""

from threading import Lock
from typing import Any

import numba
import numpy as np

from millrace.flow.flow import StateTime
from millrace.flow.spans import NOTHING
from millrace.flow.tables import Columns
from millrace.model.state import SIDES, STATES, WAIT_REASONS

_CELLS = (len(STATES), len(WAIT_REASONS), len(SIDES), 2)
_N, _ELAPSED, _BUSINESS = range(3)


class Totals:
    """Time per kind of event and per state, and who was seen in which step; several threads may add."""

    def __init__(self, n_kinds: int, n_steps: int, n_people: int) -> None:
        """Nothing as yet. `n_steps` counts *unmapped* too."""
        self.time_of_kind = np.zeros(n_kinds, np.int64)
        self._of_state = np.zeros((*_CELLS, 3), np.int64)
        self._seen = np.zeros((n_steps, n_people), np.bool_)
        self._lock = Lock()

    def add(self, kinds: Any, spans: Columns) -> None:
        """Add spans, as columns, and the kind of each."""
        told = ("state", "wait_reason", "side", "is_before_value", "elapsed", "business", "step", "person")
        # Whoever marks a person as seen marks the same: that needs no lock.
        of_kind, of_state = _added(kinds, len(self.time_of_kind), self._seen, *(spans[name] for name in told))
        with self._lock:
            self.time_of_kind += of_kind
            self._of_state += of_state

    def state_times(self) -> tuple[StateTime, ...]:
        """How all time splits."""
        found = np.argwhere(self._of_state[..., _N])
        return tuple(
            StateTime(
                state=STATES[state],
                wait_reason=WAIT_REASONS[reason],
                side=SIDES[side],
                is_before_value=bool(before),
                elapsed=int(self._of_state[state, reason, side, before, _ELAPSED]),
                business=int(self._of_state[state, reason, side, before, _BUSINESS]),
            )
            for state, reason, side, before in found.tolist()
        )

    def people_of_steps(self) -> tuple[int, ...]:
        """The number of people who were seen in each step."""
        return tuple(np.count_nonzero(self._seen, axis=1).tolist())


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _added(
    kinds: Any, n_kinds: int, seen: Any, state: Any, reason: Any, side: Any, before: Any, elapsed: Any, business: Any,
    step: Any, person: Any,
) -> Any:  # fmt: skip
    of_kind, of_state = np.zeros(n_kinds, np.int64), np.zeros((*_CELLS, 3), np.int64)
    for i in range(len(kinds)):
        of_kind[kinds[i]] += elapsed[i]
        cell = of_state[state[i], reason[i], side[i], np.int64(before[i])]
        cell[_N] += 1
        cell[_ELAPSED] += elapsed[i]
        cell[_BUSINESS] += business[i]
        if person[i] != NOTHING:
            seen[step[i], person[i]] = True
    return of_kind, of_state
