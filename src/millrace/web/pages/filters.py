"""Filters as they stand in the address, so that any view can be shared: a period, values of columns, the clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from millrace.errors import MillraceError
from millrace.flow.label_counts import LabelCounts
from millrace.flow.selection import Selection
from millrace.flow.summary import Clock


class NotUnderstood(MillraceError):
    """A filter in the address cannot be read."""

    slug = "filter-not-understood"

    def __init__(self, name: str, given: str, wanted: str) -> None:
        """Name the filter, what was given, and what is wanted."""
        super().__init__(f"The filter {name} “{given}” is not understood; {wanted}.")


@dataclass(frozen=True)
class Filters:
    """What was asked for: `where` are conditions such as `priority=P1`, as they are written in the address."""

    since: str = ""
    until: str = ""
    where: tuple[str, ...] = ()
    clock: Clock = Clock.ELAPSED

    @property
    def selection(self) -> Selection:
        """The items that they cover. Raises NotUnderstood."""
        values: dict[str, tuple[str, ...]] = {}
        for condition in self.where:
            column, sign, value = condition.partition("=")
            if not sign or not column.strip():
                raise NotUnderstood("where", condition, "write it like priority=P1")
            values[column.strip()] = (*values.get(column.strip(), ()), value.strip())
        return Selection(_midnight("since", self.since), _midnight("until", self.until), values)

    def values(self, column: str) -> tuple[str, ...]:
        """The conditions on a column."""
        return tuple(condition for condition in self.where if condition.partition("=")[0].strip() == column)

    def chosen(self, column: str) -> str:
        """The one condition on a column; nothing where there is none or several."""
        conditions = self.values(column)
        return conditions[0] if len(conditions) == 1 else ""

    def offered(self, columns: Sequence[LabelCounts]) -> tuple[str, ...]:
        """The conditions that can be chosen among the labels of these columns; all others have to be written."""
        labels = {f"{each.column}={label}" for each in columns for label, _ in each.labels}
        return tuple(chosen for each in columns if (chosen := self.chosen(each.column)) in labels)

    def written(self, columns: Sequence[LabelCounts]) -> tuple[str, ...]:
        """The conditions that cannot be chosen among the labels of these columns."""
        offered = self.offered(columns)
        return tuple(condition for condition in self.where if condition not in offered)

    def without(self, condition: str) -> "Filters":
        """The filters but for one condition."""
        return replace(self, where=tuple(each for each in self.where if each != condition))

    def narrowed(self, condition: str) -> "Filters":
        """The filters and one condition more."""
        return replace(self, where=(*self.where, condition))

    @property
    def is_empty(self) -> bool:
        """True where nothing is left out."""
        return not (self.since or self.until or self.where)

    def query(self, **more: str) -> str:
        """The filters as the part of an address behind `?`, with `more` beside them."""
        named = [("since", self.since), ("until", self.until), *(("where", each) for each in self.where)]
        named += [("clock", "business" if self.clock is Clock.BUSINESS else ""), *more.items()]
        written = urlencode([(name, value) for name, value in named if value])
        return f"?{written}" if written else ""


def _midnight(name: str, day: str) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time(), UTC)
    except ValueError as error:
        raise NotUnderstood(name, day, "write a day like 2026-03-31") from error


def filters_of(
    since: str = "", until: str = "", where: Annotated[list[str] | None, Query()] = None, clock: str = ""
) -> Filters:
    """The filters of an address. Raises NotUnderstood for what cannot be meant."""
    if clock not in ("", *Clock):
        raise NotUnderstood("clock", clock, "it is elapsed or business")
    found = Filters(since, until, tuple(each for each in where or () if each), Clock(clock or Clock.ELAPSED))
    assert found.selection is not None
    return found


Asked = Annotated[Filters, Depends(filters_of)]
