"""How a change was rolled out: which items it reached when, and which it left alone to compare them with."""

from dataclasses import dataclass

import numpy as np

from millrace.flow.flow import Flow
from millrace.flow.selection import Selection, selected
from millrace.improve.proof.hypothesis import Hypothesis, Phase, Values
from millrace.improve.proof.observations import Items, midnight
from millrace.improve.proof.series import Bools, Floats, Int64s

_MOST_DONORS = 8
_FEWEST_DONOR_RATIO = 0.02


@dataclass(frozen=True)
class Side:
    """Items that a change reached from `changed_at` on, and groups of items that it left alone.

    `reached` says of each row how far (0 to 1). A group that is changed later serves until its day (`until_at`).
    """

    changed: Bools
    reached: Floats
    changed_at: int
    unchanged: tuple[tuple[Bools, int | None], ...]


def sides(items: Items, hypothesis: Hypothesis, rows: Int64s, at: Int64s) -> tuple[Side, ...]:
    """The sides of a roll-out, one per segment, over the rows of a measure whose items have their instants in `at`."""
    compared = _chosen(items, hypothesis.compared_with, rows) if hypothesis.compared_with else None
    segments = _segments(hypothesis)
    if len(segments) == 1 and not segments[0][0].where:
        changed = np.ones(len(rows), bool) if compared is None else ~compared
        groups = () if compared is None else _groups(items, rows, compared, tuple(hypothesis.compared_with))
        return (_side(segments[0], changed, at, groups),)
    of_segment = [_chosen(items, phases[0].where, rows) for phases in segments]
    never = ~np.logical_or.reduce(of_segment)
    if compared is not None:
        never &= compared
    columns = tuple(dict.fromkeys(column for phases in segments for column in phases[0].where))
    groups = _groups(items, rows, never, columns)
    found = []
    for place, phases in enumerate(segments):
        later = tuple(
            (of_segment[other], midnight(segments[other][0].starts_on))
            for other in range(len(segments))
            if segments[other][0].starts_on > phases[0].starts_on
        )
        found.append(_side(phases, of_segment[place], at, groups or later))
    return tuple(found)


def refuse_withheld(flow: Flow, hypothesis: Hypothesis) -> None:
    """Raise ColumnWithheld, GroupTooSmall or UnknownColumn where items are chosen by what may not be told apart."""
    chosen = [hypothesis.where | phase.where for phase in hypothesis.phases]
    for where in (*chosen, hypothesis.compared_with):
        if where:
            selected(flow, Selection(where=where), instant=None)


def columns_of(hypothesis: Hypothesis) -> frozenset[str]:
    """Every column of the log that a hypothesis speaks of."""
    phases = (column for phase in hypothesis.phases for column in phase.where)
    return frozenset((*hypothesis.where, *hypothesis.compared_with, *phases))


def _segments(hypothesis: Hypothesis) -> list[list[Phase]]:
    """Phases of the same items together."""
    together: dict[str, list[Phase]] = {}
    for phase in hypothesis.phases:
        together.setdefault(repr(sorted(phase.where.items())), []).append(phase)
    return list(together.values())


def _side(phases: list[Phase], changed: Bools, at: Int64s, groups: tuple[tuple[Bools, int | None], ...]) -> Side:
    reached = np.zeros(len(at))
    for phase in phases:
        reached[at >= midnight(phase.starts_on)] = phase.share_ratio
    return Side(changed, reached, midnight(phases[0].starts_on), groups)


def _chosen(items: Items, where: Values, rows: Int64s) -> Bools:
    return items.those(where)[rows]


def _groups(
    items: Items, rows: Int64s, chosen: Bools, columns: tuple[str, ...]
) -> tuple[tuple[Bools, int | None], ...]:
    """The unchanged, divided by the first column that they are chosen by; small ones together."""
    if not chosen.any():
        return ()
    labels = items.labels[columns[0]][rows]
    values, counts = np.unique(labels[chosen], return_counts=True)
    least = max(1.0, _FEWEST_DONOR_RATIO * len(rows))
    big = [value for value, n in sorted(zip(values, counts, strict=True), key=lambda pair: -pair[1]) if n >= least]
    named = big[:_MOST_DONORS] if len(big) > 1 else []
    found = [(chosen & (labels == value), None) for value in named]
    rest = chosen & ~np.isin(labels, named)
    return tuple(found + ([(rest, None)] if rest.sum() >= least or not found else []))
