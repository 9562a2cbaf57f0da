"""Which items a measure covers, and by what it groups them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.small_groups import (
    ColumnWithheld,
    GroupTooSmall,
    check_selection,
    is_guarded,
    shown_teams,
    without_small_groups,
)

PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q"}
"""Groups by time, and the engine's unit to cut instants to."""


RECORD_TYPE = "record_type"
"""Group by the types of records that serve an item: one that several types serve is in each of their groups."""


class UnknownColumn(MillraceError):
    """A view asks for a column that the log does not hold."""

    slug = "unknown-group"

    def __init__(self, column: str, flow: Flow) -> None:
        """Name the column and those there are."""
        never = {"item_id", "at", "position", "started_at", *flow.about.withheld}
        known = sorted({*flow.about.columns, *flow.about.attributes} - never)
        super().__init__(
            f"{flow.about.source_name} has no column “{column}”. Group or filter by one of: {', '.join(known)}; "
            f"or by {', '.join(PERIODS)}."
        )


@dataclass(frozen=True)
class Selection:
    """Items whose instant (of value, unless a measure says otherwise) lies in [since_at, until_at) and which belong
    to one of the groups in `where`: a label of each column, period, team or step that measures can be grouped by."""

    since_at: datetime | None = None
    until_at: datetime | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from other selections."""
        return (self.since_at, self.until_at, tuple(sorted(self.where.items())))

    @property
    def is_everything(self) -> bool:
        """True where nothing is left out."""
        return self.since_at is None and self.until_at is None and not self.where


EVERYTHING = Selection()
MONTH = timedelta(days=365.25 / 12)


def following(began_at: datetime, per: str) -> datetime:
    """When the period after the one that began at `began_at` begins."""
    if per == "day":
        return began_at + timedelta(days=1)
    if per == "week":
        return began_at + timedelta(days=7)
    return (began_at + timedelta(days=32 if per == "month" else 95)).replace(day=1)


def length(flow: Flow, selection: Selection) -> timedelta:
    """How long a time the selection covers: its part of the log's."""
    began_at, ended_at = flow.began_at, flow.now_at
    if selection.since_at is not None:
        began_at = max(began_at, _naive(selection.since_at).replace(tzinfo=UTC))
    if selection.until_at is not None:
        ended_at = min(ended_at, _naive(selection.until_at).replace(tzinfo=UTC))
    return max(ended_at - began_at, timedelta())


def selected(flow: Flow, selection: Selection = EVERYTHING, *, instant: str | None = "value_at") -> Any:
    """The items of a selection, as an Ibis table; `instant` is the column that the period is about."""
    import ibis

    items = flow.items
    known = items.select("item", "value_at", "last_team", "last_step", "last_row")
    for column, values in selection.where.items():
        _check_asked(flow, known, column, values)
        items = items.semi_join(labelled(flow, known, column).filter(ibis._.label.isin(values)), "item")
    check_selection(flow, items, selection.where)
    if instant is not None and selection.since_at is not None:
        items = items.filter(items[instant] >= _naive(selection.since_at))
    if instant is not None and selection.until_at is not None:
        items = items.filter(items[instant] < _naive(selection.until_at))
    return items


def labelled(flow: Flow, items: Any, per: str | None, *, instant: str = "value_at") -> Any:
    """`items` with a column `label` to group by: a period, a team, an attribute; unchanged without `per`."""

    if per is None:
        return items
    if per in PERIODS:
        return items.mutate(label=items[instant].truncate(PERIODS[per]).strftime("%Y-%m-%d"))
    if per == "team":
        return with_names(items, items.last_team, shown_teams(flow), "unknown")
    if per == "step":
        return with_names(items, items.last_step, flow.step_names, "unknown")
    return without_small_groups(flow, _told_apart(flow, items, per), per)


def _told_apart(flow: Flow, items: Any, column: str) -> Any:
    import ibis

    return _with_label(flow, items, column).mutate(label=ibis._.label.fill_null("unknown"))


def _check_asked(flow: Flow, known: Any, column: str, values: tuple[str, ...]) -> None:
    """Refuse to choose groups by their names that are too small to be told apart. Raises GroupTooSmall."""
    if column in PERIODS or column == "step" or not is_guarded(flow):
        return
    if column == "team":
        shown = set(shown_teams(flow))
        small = [value for value in values if value in flow.about.teams and value not in shown]
    else:
        labelled(flow, known, column)
        small = [value for value in values if value in flow.asked[("small", column)]]
    if small:
        raise GroupTooSmall(f"{column} “{small[0]}”", flow.about.smallest_group)


def with_names(table: Any, codes: Any, names: tuple[str, ...], absent: str) -> Any:
    """`table` with a column `label`: the name that a code stands for."""
    import ibis

    if not names:
        return table.mutate(label=ibis.literal(absent))
    named = ibis.array(list(names))[codes.cast("int64")].fill_null(absent)
    return table.mutate(label=ibis.ifelse(codes < 0, absent, named))


def _with_label(flow: Flow, items: Any, column: str) -> Any:
    if column == RECORD_TYPE and flow.about.record_types:
        return _with_record_types(flow, items)
    if column in flow.about.withheld:
        raise ColumnWithheld(column)
    if not flow.has(column):
        raise UnknownColumn(column, flow)
    attribute = flow.attribute(column)
    return items.join(attribute, "last_row")


def _with_record_types(flow: Flow, items: Any) -> Any:
    """`items` once for each type among the records that serve them."""
    journeys = flow.engine.table("journeys").join(flow.records.select("record", "record_type"), "record")
    types = with_names(journeys, journeys.record_type, flow.about.record_types, "unknown")
    return items.join(types.select("item", "label").distinct(), "item")


def _naive(instant: datetime) -> datetime:
    """Tables hold UTC without a zone."""
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
