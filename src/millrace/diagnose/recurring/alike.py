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
_TEXT = re.compile(
    r"short_?desc|^description$|^subject$|^title$|^summary$|betreff|kurzbeschreib|^titel$|onderwerp|korte_?omsch|"
    r"^objet$|^titre$|asunto|^oggetto$|^assunto$|^emne$",
    re.IGNORECASE,
)
_FILED = (
    re.compile(r"cmdb_?ci$|(^|_|\b)ci_?name|config\w*_?item|^asset$|^component$|^ci$", re.IGNORECASE),
    re.compile(r"symptom|error_?code|issue_?type", re.IGNORECASE),
    re.compile(r"sub_?category", re.IGNORECASE),
    re.compile(r"^(service|product|application)$", re.IGNORECASE),
    re.compile(r"^category$", re.IGNORECASE),
)
_OF_THE_CAUSE = re.compile(r"c_?by\b|caused", re.IGNORECASE)
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
    ][:MOST_COLUMNS]
    if not telling:
        return NOTHING_ALIKE
    together = np.stack([column.at_demand for column in telling], axis=1)
    is_known = (together != NOTHING).any(axis=1)
    kinds, of_item = np.unique(together[is_known], axis=0, return_inverse=True)
    codes = np.full(len(together), NOTHING, np.int32)
    codes[is_known] = of_item.ravel()
    names = tuple(_name(telling, kind) for kind in kinds)
    return Alike(tuple(column.name for column in telling), codes, names, int(is_known.sum()))


def _name(columns: list[Column], kind: Codes) -> str:
    """`symptom “Symptom 491”, subcategory “Subcategory 223”`."""
    return ", ".join(
        f"{column.name.removeprefix('u_').replace('_', ' ')} “{column.labels[code]}”"
        for column, code in zip(columns, kind, strict=True)
        if code != NOTHING
    )
