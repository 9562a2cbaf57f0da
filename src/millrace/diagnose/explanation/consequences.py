"""Columns that explain nothing because they come after the fact, name people, or tell every item apart."""

import re

import numpy as np

from millrace.diagnose.explanation.values_at_demand import Column
from millrace.diagnose.findings.evidence import Bools, Evidence
from millrace.diagnose.findings.saying import count, percent
from millrace.eventlog.person_columns import names_people
from millrace.flow.spans import NOTHING

NEVER_LOOKED_AT = frozenset(
    {"item_id", "key", "at", "position", "activity", "status", "started_at", "milestone", "handle_seconds", "row",
     "is_automated", "record_type"}
)  # fmt: skip
"""What the log itself is made of."""
LEAST_KNOWN_EARLY = 0.5
"""Of the items that have a value at their end, how many have one at demand."""
LEAST_N_OPEN = 20
LEAST_CORRELATION = 0.5
"""Of ranks, between a number and how much happened to the item."""
LEAST_NUMERIC = 0.9
MOST_NUMBERS = 50
"""Different numbers that may still be a code, such as a cost centre."""
_AFTER_THE_FACT = re.compile(
    r"clos(e|ed|ure|ing)|resol(ved|ution|ve)|re-?open|re-?assign|(^|_|\b|made|met)sla($|_|\b)|breach|overdue|"
    r"solution|solved|caused|root_?cause|cause_?code|(^|_|\b)cause($|_|\b)|handle_?time|duration|elapsed|lead_?time|"
    r"outcome|satisf|csat|survey|rating|work_?notes|cancel|related|erledig|l(ö|oe)sung|geschlossen|cl(ô|o)tur|afgesloten|oplossing|cby",
    re.IGNORECASE,
)
_INSTANT = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2})?")


def consequence(column: Column, evidence: Evidence) -> str | None:
    """Why a column cannot explain what came of items; None where it can."""
    if names_people(column.name):
        return "it names people"
    if _AFTER_THE_FACT.search(column.name):
        return "by its name it tells what came of the item, not why"
    at_demand, at_end = column.at_demand != NOTHING, column.at_end != NOTHING
    if not at_end.any():
        return "it is empty"
    early = float(at_demand[at_end].mean())
    if early < LEAST_KNOWN_EARLY:
        return f"it is filled in later: at demand only {percent(early)} of the items have what they have at their end"
    return _known_at_end_only(at_end, evidence) or _instants(column) or _counter(column, evidence)


def _known_at_end_only(at_end: Bools, evidence: Evidence) -> str | None:
    delivered = evidence.is_delivered
    if delivered.all() or (~delivered).sum() < LEAST_N_OPEN:
        return None
    of_delivered, of_open = float(at_end[delivered].mean()), float(at_end[~delivered].mean())
    if of_open < LEAST_KNOWN_EARLY * of_delivered:
        return f"it is known once items are delivered ({percent(of_delivered)}), seldom before ({percent(of_open)})"
    return None


def _instants(column: Column) -> str | None:
    some = column.labels[:200]
    if sum(bool(_INSTANT.match(label)) for label in some) > LEAST_NUMERIC * len(some):
        return "it holds dates"
    return None


def _counter(column: Column, evidence: Evidence) -> str | None:
    """Numbers that grow with what happens to an item: counts of it, or measures of how long it took."""
    numbers = np.array([*(_number(label) for label in column.labels), np.nan])[column.at_end]
    known = ~np.isnan(numbers)
    n_known = int((column.at_end != NOTHING).sum())
    if known.sum() < LEAST_NUMERIC * n_known or len(np.unique(numbers[known])) < 3:
        return None
    from scipy.stats import rankdata

    for happened, words in ((evidence.items.n_events, "events"), (evidence.life_of_item, "time")):
        ranks = rankdata(numbers[known]), rankdata(happened[known])
        if np.ptp(ranks[1]) and np.corrcoef(*ranks)[0, 1] >= LEAST_CORRELATION:
            return f"its numbers grow with the {words} of an item: it counts what happened"
    n_values = len(np.unique(numbers[known]))
    return f"it holds quantities ({count(n_values)} different numbers)" if n_values > MOST_NUMBERS else None


def _number(label: str) -> float:
    try:
        return float(label.replace(",", "."))
    except ValueError:
        return float("nan")
