"""The delay tree: all lead time, divided without rest or double counting until every hour lies in one leaf."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from millrace.diagnose.waits.cause import CAUSES, Cause
from millrace.diagnose.waits.waits import Waits, waits
from millrace.diagnose.waits.work import QUEUES
from millrace.eventlog.engine import text
from millrace.flow.flow import Flow
from millrace.flow.selection import EVERYTHING, Selection, selected
from millrace.flow.spans import CANCELLED, DONE, NOTHING, WAITING
from millrace.flow.team_time import UNKNOWN_TEAM
from millrace.model.absent import Absent
from millrace.model.state import SIDES, STATES, WAIT_REASONS, State

_REOPENED = {DONE: "done, then reopened", CANCELLED: "cancelled, then reopened"}
"""What comes before value and was over once was taken up again."""


class Division(StrEnum):
    """What a level of the tree divides by; waiting goes through all of them, other time by step and team only."""

    STATE = "state"
    SIDE = "side"
    REASON = "reason"
    STEP = "step"
    TEAM = "team"
    CAUSE = "cause"


@dataclass(frozen=True)
class Delay:
    """A branch or leaf: time of `n_items` items, in microseconds; its children add up to it exactly.

    `id` is the way to it, such as `waiting/provider/queue/analyse/2nd-line/contention`: the same in every run as long
    as names are. `division` is what told it from its siblings; None for the root.
    """

    id: str
    name: str
    division: Division | None
    microseconds: int
    n_items: int
    children: tuple["Delay", ...] = ()

    @property
    def leaves(self) -> Iterator["Delay"]:
        """Its leaves, or itself where it is one; longest first among siblings."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves

    def find(self, wanted: str) -> "Delay":
        """The node with this id, at or below this one. Raises KeyError where there is none."""
        if wanted == self.id:
            return self
        for child in self.children:
            if f"{wanted}/".startswith(f"{child.id}/"):
                return child.find(wanted)
        raise KeyError(wanted)


@dataclass(frozen=True)
class DelayTree:
    """The lead time of all delivered items as a tree. `causes` is Absent where the log cannot tell why work queued."""

    root: Delay
    causes: Waits | Absent


def delay_tree(flow: Flow, *, causes: Waits | Absent | None = None, selection: Selection = EVERYTHING) -> DelayTree:
    """Divide the lead time of delivered items by state, side, reason, step, team and cause of queueing.

    New items wait: their time is waiting, for their queue. `causes` are the waits of `flow` where they are there
    already; they are worked out where not.
    """
    split = waits(flow) if causes is None else causes
    rows = _sums(flow, split, selection)
    names = (
        dict(enumerate(STATES)) | _REOPENED,
        dict(enumerate(SIDES)),
        dict(enumerate(WAIT_REASONS)),
        dict(enumerate(flow.step_names)),
        {NOTHING: UNKNOWN_TEAM, **dict(enumerate(flow.about.teams))} if flow.about.teams else {},
        dict(enumerate(CAUSES)),
    )
    return DelayTree(_tree(rows, dict(zip(Division, names, strict=True))), split)


def _sums(flow: Flow, split: Waits | Absent, selection: Selection) -> list[tuple[Any, ...]]:
    """Per node: the codes of its way from the root (null where the way ends), its time and its items."""
    connection = flow.engine.con
    connection.register("cause_times", _cause_times(split))
    connection.register("chosen_items", selected(flow, selection).select("item").to_pyarrow())
    waiting = ", ".join(str(STATES.index(state)) for state in (State.NEW, State.WAITING))
    levels = "state, side, reason, step, team, cause"
    rows: list[tuple[Any, ...]] = connection.sql(f"""
        WITH parts AS (
            SELECT s.item, s.step, s.team,
                   CASE WHEN s.state IN ({waiting}) THEN {WAITING} ELSE s.state END AS state,
                   CASE WHEN s.state IN ({waiting}) THEN s.side ELSE {NOTHING} END AS side,
                   CASE WHEN s.state IN ({waiting}) THEN s.wait_reason ELSE {NOTHING} END AS reason,
                   CASE WHEN s.state NOT IN ({waiting}) OR s.wait_reason NOT IN {QUEUES} THEN {NOTHING}
                        ELSE coalesce(c.cause, {CAUSES.index(Cause.UNDETERMINED)}) END AS cause,
                   coalesce(c.microseconds, s.elapsed) AS microseconds
            FROM read_parquet({text(flow.folder / "spans.parquet")}) s
            LEFT JOIN cause_times c ON c.item = s.item AND c.began_at = epoch_us(s.began_at)
                                       AND c.elapsed = s.elapsed AND s.wait_reason IN {QUEUES}
            WHERE s.is_before_value AND s.item IN (SELECT item FROM chosen_items))
        SELECT {levels}, sum(microseconds)::BIGINT, count(DISTINCT item)
        FROM parts GROUP BY ROLLUP ({levels})
    """).fetchall()
    connection.unregister("cause_times")
    connection.unregister("chosen_items")
    return rows


def _cause_times(split: Waits | Absent) -> Any:
    """A row per queueing span and cause that it has time of."""
    import pyarrow as pa

    if isinstance(split, Absent):
        nothing = np.empty(0, np.int64)
        return pa.table(dict.fromkeys(("item", "began_at", "elapsed", "cause", "microseconds"), nothing))
    pieces = split.work.pieces
    piece, cause = np.nonzero(split.causes)
    return pa.table(
        {
            "item": split.work.records["item"][pieces["work"][piece]],
            "began_at": pieces["began_at"][piece],
            "elapsed": (pieces["ended_at"] - pieces["began_at"])[piece],
            "cause": cause,
            "microseconds": split.causes[piece, cause],
        }
    )


def _tree(rows: list[tuple[Any, ...]], names: dict[Division, dict[int, Any]]) -> Delay:
    """Build the tree from the sums of its nodes; levels that do not divide a way are left out of it."""
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    below: dict[tuple[int, ...], set[int]] = {}
    for *way, microseconds, n_items in rows:
        codes = tuple(code for code in way if code is not None)
        found[codes] = microseconds or 0, n_items
        if codes:
            below.setdefault(codes[:-1], set()).add(codes[-1])
    return _node((), "lead-time", "lead time", None, found, below, names)


def _node(
    way: tuple[int, ...], node_id: str, name: str, division: Division | None,
    found: dict[tuple[int, ...], tuple[int, int]], below: dict[tuple[int, ...], set[int]],
    names: dict[Division, dict[int, Any]],
) -> Delay:  # fmt: skip
    microseconds, n_items = found.get(way, (0, 0))
    if len(way) == len(Division):
        return Delay(node_id, name, division, microseconds, n_items)
    level = tuple(Division)[len(way)]
    codes = below.get(way, set())
    if codes == {NOTHING} and names[level].get(NOTHING) is None:
        return _node((*way, NOTHING), node_id, name, division, found, below, names)
    children = []
    for code in codes:
        if found[*way, code][0]:
            own = str(names[level][code])
            children.append(_node((*way, code), _id(node_id if way else "", own), own, level, found, below, names))
    children.sort(key=lambda child: (-child.microseconds, child.name))
    return Delay(node_id, name, division, microseconds, n_items, tuple(children))


def _id(parent: str, name: str) -> str:
    own = re.sub(r"[^\w]+", "-", name.lower()).strip("-") or "unnamed"
    return f"{parent}/{own}" if parent else own
