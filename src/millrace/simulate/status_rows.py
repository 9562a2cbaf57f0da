"""Rows of a status log, gathered column-wise: which item was given which status, when and by whom."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from millrace.simulate.office_hours import Instants

Items = NDArray[np.intp]
"""Numbers of items, 0 for the first one opened."""
Texts = NDArray[np.str_]

COLUMNS = ("item", "at", "status", "team", "person", "automated", "score")


@dataclass
class StatusRows:
    """What was recorded so far, one array per column and call of `add`."""

    _parts: dict[str, list[NDArray[np.generic]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def add(
        self,
        items: Items,
        at: Instants,
        status: str,
        team: str = "",
        person: Texts | str = "",
        *,
        automated: bool = False,
        score: NDArray[np.int64] | int = 0,
    ) -> None:
        """Give all `items` the `status` at their instants `at`; a score of 0 stands for none."""
        values = (items, at, status, team, person, automated, score)
        for name, value in zip(COLUMNS, values, strict=True):
            self._parts[name].append(np.broadcast_to(value, len(items)))

    def in_order(self, until: int) -> dict[str, NDArray[np.generic]]:
        """All columns, rows ordered by item and instant, without what happens after `until`."""
        columns = {name: np.concatenate(parts) for name, parts in self._parts.items()}
        order = np.lexsort((columns["at"], columns["item"]))
        order = order[columns["at"][order] <= until]
        return {name: column[order] for name, column in columns.items()}
