"""What the invented desk records: statuses as they are set, and work with its start and end."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bench.planted.recipe import APPROVERS, DESK, RESOLVERS
from millrace.simulate.office_hours import Instants

FURTHER = tuple(f"Special team {number}" for number in range(1, 9))
TEAMS = (DESK, APPROVERS, *RESOLVERS, *FURTHER)
NO_TEAM = NOBODY = -1
N_PEOPLE = 7
"""People in each team; the last of a team's numbers is its script."""
STATUSES = (
    *("New", "Triage in progress", "Awaiting approval", "Review in progress", "Assigned", "In progress"),
    *("Queued for check", "Check in progress", "Queued for handover", "Handover in progress"),
    *("Awaiting user", "Awaiting vendor"),
)
ENDS = ("Resolved", "Closed", "Cancelled", "Rejected", "Reopened")
ACTIVITIES = ("Triage", "Approve", "Repair", "Check", "Confirm")
LABELS = (*STATUSES, *ENDS, *ACTIVITIES)
_CODES = {label: code for code, label in enumerate(LABELS)}
_COLUMNS = ("item", "began_at", "at", "label", "team", "person", "automated")
Columns = dict[str, np.ndarray]


@dataclass
class Record:
    """What was recorded so far, as codes: each call adds one row to all `items` at their instants."""

    of_statuses: bool
    _parts: dict[str, list[np.ndarray]] = field(default_factory=lambda: {column: [] for column in _COLUMNS})

    def set(self, items: Any, at: Instants, status: str, team: Any = NO_TEAM, person: Any = NOBODY) -> None:
        """Set a status, in a log of statuses."""
        if self.of_statuses:
            self._add(items, at, at, status, team, person, False)

    def work(
        self, items: Any, began_at: Instants, at: Instants, labels: tuple[str, str], team: Any, person: Any, script: Any
    ) -> None:
        """Report work: its status as it begins, or in a log of work its activity as it has ended."""
        status, activity = labels
        if self.of_statuses:
            self._add(items, began_at, began_at, status, team, person, script)
        else:
            self._add(items, began_at, at, activity, team, person, script)

    def end(self, items: Any, at: Instants, label: str, team: Any = NO_TEAM) -> None:
        """Say in either log that items are resolved, closed, cancelled, rejected or reopened."""
        self._add(items, at, at, label, team, NOBODY, False)

    def _add(self, *values: Any) -> None:
        n = len(values[0])
        for column, value in zip(_COLUMNS, values, strict=True):
            codes = np.asarray(_CODES[value] if isinstance(value, str) else value, np.int64)
            self._parts[column].append(np.broadcast_to(codes, n))

    def columns(self, until: int) -> Columns:
        """All columns up to an instant; rows ordered by item and instant, those of one instant as they were added."""
        table = {column: np.concatenate(parts) for column, parts in self._parts.items()}
        order = np.lexsort((np.arange(len(table["at"])), table["at"], table["began_at"], table["item"]))
        order = order[table["at"][order] <= until]
        return {column: array[order] for column, array in table.items()}
