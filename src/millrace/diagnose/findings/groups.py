"""The groups by which visits and items are compared: teams, and what the log says of the item."""

import numpy as np

from millrace.diagnose.findings.comparison import TEAM, Contrast, Grouping
from millrace.diagnose.findings.evidence import Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Place, Unit

COLUMNS = ("service", "category", "channel")
"""Columns whose groups should be served alike. Priorities are meant to differ."""
TYPE = "item_type"
"""Types of items need different work: only those of one type are compared."""


def groupings_of_items(evidence: Evidence, items: Int64s) -> list[Grouping]:
    """What the log says of these items (rows), each a way to group them."""
    known = [column for column in COLUMNS if evidence.flow.has(column)]
    attributes = [(column, evidence.attribute(column)) for column in known]
    return [Grouping(column, attribute.codes[items], attribute.labels) for column, attribute in attributes]


def groupings_of_visits(evidence: Evidence, visits: Int64s) -> list[Grouping]:
    """The team of these visits (rows), and what the log says of their items."""
    by_item = groupings_of_items(evidence, evidence.item_of_visit[visits])
    if not evidence.flow.about.teams:
        return by_item
    return [Grouping(TEAM, evidence.visits.team[visits], evidence.flow.about.teams), *by_item]


def by_type(evidence: Evidence, items: Int64s) -> list[tuple[str | None, Int64s]]:
    """Places in `items` (rows of items, such as those of visits) for each type of item; one without types."""
    if not evidence.flow.has(TYPE):
        return [(None, np.arange(len(items)))]
    types = evidence.attribute(TYPE)
    codes = types.codes[items]
    return [(label, np.flatnonzero(codes == code)) for code, label in enumerate(types.labels)]


def placed(
    contrast: Contrast, of_type: str | None = None, step: str | None = None, to_step: str | None = None
) -> Place:
    """Where a group stands out among items of a type."""
    segment = ((TYPE, of_type),) if of_type else ()
    if contrast.column == TEAM:
        return Place(step=step, to_step=to_step, team=contrast.label, segment=segment)
    return Place(step=step, to_step=to_step, segment=((contrast.column, contrast.label), *segment))


def group_in_words(contrast: Contrast, of_type: str | None = None) -> str:
    """`for the team “Network”`, `where category is “Laptop”`, either with `(type “incident”)`."""
    among = f" (type “{of_type}”)" if of_type else ""
    if contrast.column == TEAM:
        return f"for the team “{contrast.label}”{among}"
    return f"where {contrast.column.replace('_', ' ')} is “{contrast.label}”{among}"


def group_drawn(contrast: Contrast, title: str, unit: Unit, measure: str) -> Bars:
    """The mean of a group beside that of all others; `measure` says which mean, such as `mean per visit`."""
    group = Bar(contrast.label, contrast.mean, len(contrast.rows), is_the_finding=True)
    return Bars(title, unit, measure, (group, Bar("all others", contrast.mean_rest, contrast.n_rest)))
