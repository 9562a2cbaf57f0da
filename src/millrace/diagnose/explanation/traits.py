"""Traits: what is known of each item when it is demanded, as codes; and the columns that are none, with the reason."""

from dataclasses import dataclass

import numpy as np

from millrace.diagnose.explanation.consequences import NEVER_LOOKED_AT, consequence
from millrace.diagnose.explanation.explanation import Codes, Condition, LeftOutColumn
from millrace.diagnose.explanation.values_at_demand import Column, EventRows, local_instants
from millrace.diagnose.findings.evidence import HOUR, Evidence, Int64s
from millrace.diagnose.findings.saying import count
from millrace.flow.spans import NOTHING
from millrace.model.work_calendar import WEEKDAYS

LEAST_N = 30
"""Items with a value, and without it."""
MOST_VALUES = 200
"""Values of a trait that are compared, the most frequent ones."""
MOST_DISTINCT_RATIO = 0.5
"""A column with more values than this share of items holds names or numbers, not groups."""
MOST_TRAITS = 16
WEEKDAY, DAY_PART, MONTH = "weekday", "time_of_day", "month"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PARTS = ("00:00–06:00", "06:00–12:00", "12:00–18:00", "18:00–24:00")
_DAY = 24 * HOUR
_FIRST_MONDAY = 4


@dataclass(frozen=True)
class Trait:
    """What items have or not: `labels[codes[item]]`, the most frequent first; `NOTHING` where it is not known, or is
    one of too few items or of the rarer values."""

    column: str
    codes: Codes
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Traits:
    """All traits of some items, and the columns that are none."""

    traits: tuple[Trait, ...]
    left_out: tuple[LeftOutColumn, ...]


def traits(evidence: Evidence, rows: Int64s) -> Traits:
    """The traits of the items at `rows`."""
    about, events = evidence.flow.about, EventRows(evidence)
    kept, left_out = _of_time(evidence, rows), []
    for name in dict.fromkeys((*about.columns, *about.attributes)):
        if name in NEVER_LOOKED_AT or name == about.id_column:
            continue
        column = events.column(name)
        reason = consequence(column, evidence)
        trait = None if reason else trait_of(column.name, column.at_demand[rows], column.labels)
        if isinstance(trait, Trait) and len(kept) < MOST_TRAITS:
            kept.append(trait)
        else:
            left_out.append(LeftOutColumn(name, reason or _unfit(trait, column, rows)))
    return Traits(tuple(kept), tuple(left_out))


def trait_of(column: str, codes: Codes, labels: tuple[str, ...]) -> Trait | None:
    """A trait of the values that enough items have; None where they do not tell items apart."""
    sizes = np.bincount(codes[codes != NOTHING], minlength=len(labels))
    n_values = np.count_nonzero(sizes)
    if n_values > MOST_DISTINCT_RATIO * sizes.sum():
        return None
    frequent = np.argsort(-sizes, kind="stable")[:MOST_VALUES]
    frequent = frequent[(sizes[frequent] >= LEAST_N) & (len(codes) - sizes[frequent] >= LEAST_N)]
    if not len(frequent):
        return None
    new = np.full(len(labels) + 1, NOTHING, np.int32)
    new[frequent] = np.arange(len(frequent))
    return Trait(column, new[codes], tuple(labels[code] for code in frequent))


def condition_in_words(condition: Condition) -> str:
    """`with category “Network”`, `demanded on a Friday`, `demanded between 18:00 and 24:00`."""
    if condition.column == WEEKDAY:
        return f"demanded on a {condition.value}"
    if condition.column == DAY_PART:
        return f"demanded between {condition.value.replace('–', ' and ')}"
    if condition.column == MONTH:
        return f"demanded in {condition.value}"
    first_of = "at first " if condition.column == "team" else ""
    column = condition.column.removeprefix("u_").replace("_", " ")  # ServiceNow’s mark of columns of one’s own
    return f"{first_of}with {column} “{condition.value}”"


def _of_time(evidence: Evidence, rows: Int64s) -> list[Trait]:
    """When items were demanded, by the calendar's clock."""
    local = local_instants(evidence)[rows]
    days = local // _DAY
    months = (days.astype("datetime64[D]")).astype("datetime64[M]")
    distinct, month = np.unique(months, return_inverse=True)
    month_names = tuple(f"{each.item():%B %Y}" for each in distinct)
    made = (
        trait_of(WEEKDAY, ((days - _FIRST_MONDAY) % len(WEEKDAYS)).astype(np.int32), _DAYS),
        trait_of(DAY_PART, (local % _DAY // (6 * HOUR)).astype(np.int32), _PARTS),
        trait_of(MONTH, month.astype(np.int32), month_names),
    )
    return [trait for trait in made if trait is not None]


def _unfit(trait: Trait | None, column: Column, rows: Int64s) -> str:
    if trait is not None:
        return f"only {MOST_TRAITS} traits are compared at once"
    codes = column.at_demand[rows]
    n_values = len(np.unique(codes[codes != NOTHING]))
    if n_values <= 1:
        return "it has one value only" if n_values else "it is empty at demand"
    if n_values > MOST_DISTINCT_RATIO * (codes != NOTHING).sum():
        return f"hardly two items share a value ({count(n_values)} different ones)"
    return f"no value has {LEAST_N} items beside as many others"
