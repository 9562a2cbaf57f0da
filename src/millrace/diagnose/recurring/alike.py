"""What items are alike by: what people wrote, where the log has it; else what they were filed under."""

import re
from dataclasses import dataclass

import numpy as np

from millrace.diagnose.explanation.explanation import Codes
from millrace.diagnose.explanation.values_at_demand import Column, EventRows
from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.recurring.text_groups import text_groups
from millrace.flow.spans import NOTHING
from millrace.model.absent import Absent

LEAST_KNOWN = 0.3
"""Of the items that have the column filled."""
MOST_COLUMNS = 3
LEAST_DIVIDING = 1.05
"""Kinds of items that a column has to make of one."""
_TEXT = re.compile(
    r"short_?desc|^description$|^subject$|^title$|^summary$|betreff|kurzbeschreib|^titel$|onderwerp|korte_?omsch|"
    r"^objet$|^titre$|asunto|^oggetto$|^assunto$|^emne$",
    re.IGNORECASE,
)
_FILED = (
    re.compile(r"cmdb_?ci$|(^|_|\b)ci[_ ]?name|config\w*[_ ]?item|^asset$|^component$|^ci$", re.IGNORECASE),
    re.compile(r"symptom|error_?code|issue_?type", re.IGNORECASE),
    re.compile(r"sub[_ ]?category", re.IGNORECASE),
    re.compile(r"^(service|product|application)$", re.IGNORECASE),
    re.compile(r"^category$", re.IGNORECASE),
)
_OF_THE_CAUSE = re.compile(r"\bc_?by\b|caused", re.IGNORECASE)
NOTHING_ALIKE = Absent(
    "no column says what the items are about; it takes a short description, a category, a symptom or a configuration "
    "item"
)


@dataclass(frozen=True)
class Alike:
    """Items by what they are about: `names[codes[item]]`, `NOTHING` for those of no group; `texts` of each item, as
    `text_codes` says, where people wrote any."""

    columns: tuple[str, ...]
    codes: Codes
    names: tuple[str, ...]
    n_known: int
    written: Column | None = None


def alike(evidence: Evidence, events: EventRows) -> Alike | Absent:
    """Group the items by what they are about; Absent where nothing says it."""
    about = evidence.flow.about
    columns = tuple(dict.fromkeys((*about.columns, *about.attributes)))
    for name in columns:
        if _TEXT.search(name):
            column = events.column(name)
            if (column.at_demand != NOTHING).mean() >= LEAST_KNOWN:
                return _by_text(column)
    return _by_columns([events.column(name) for name in _filed_under(columns)])


def _filed_under(columns: tuple[str, ...]) -> list[str]:
    wanted = [name for each in _FILED for name in columns if each.search(name) and not _OF_THE_CAUSE.search(name)]
    return list(dict.fromkeys(wanted))


def _by_text(column: Column) -> Alike:
    codes = column.at_demand
    used, of_item = np.unique(codes[codes != NOTHING], return_inverse=True)
    found = text_groups([column.labels[code] for code in used], np.bincount(of_item))
    groups = np.full(len(codes), NOTHING, np.int32)
    groups[codes != NOTHING] = found.codes[of_item]
    return Alike((column.name,), groups, found.names, int((codes != NOTHING).sum()), column)


def _by_columns(columns: list[Column]) -> Alike | Absent:
    """By the values of the most specific columns together."""
    telling = [
        column
        for column in columns
        if (column.at_demand != NOTHING).mean() >= LEAST_KNOWN
        and len(np.unique(column.at_demand[column.at_demand != NOTHING])) > 1
    ]
    if not telling:
        return NOTHING_ALIKE
    telling = _without_repeats(telling)[:MOST_COLUMNS]
    together = np.stack([column.at_demand for column in telling], axis=1)
    # The broadest column alone does not make an issue of what lacks all others.
    is_known = (together[:, : max(len(telling) - 1, 1)] != NOTHING).any(axis=1)
    kinds, of_item = np.unique(together[is_known], axis=0, return_inverse=True)
    codes = np.full(len(together), NOTHING, np.int32)
    codes[is_known] = of_item.ravel()
    names = tuple(_name(telling, kind) for kind in kinds)
    return Alike(tuple(column.name for column in telling), codes, names, int(is_known.sum()))


def _without_repeats(columns: list[Column]) -> list[Column]:
    """Columns that divide items further than those before them; at least the first."""
    kept = columns[:1]
    n_kinds = len(np.unique(columns[0].at_demand))
    for column in columns[1:]:
        further = np.stack([*(each.at_demand for each in kept), column.at_demand], axis=1)
        n_further = len(np.unique(further, axis=0))
        if n_further > LEAST_DIVIDING * n_kinds:
            kept.append(column)
            n_kinds = n_further
    return kept


def _name(columns: list[Column], kind: Codes) -> str:
    """`symptom “Symptom 491”, subcategory “Subcategory 223”`."""
    return ", ".join(
        f"{column.name.removeprefix('u_').replace('_', ' ')} “{column.labels[code]}”"
        for column, code in zip(columns, kind, strict=True)
        if code != NOTHING
    )
