"""What was asked for on the command line, read into the workbench's terms."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from millrace.errors import MillraceError
from millrace.flow.item_list import ItemMeasure
from millrace.flow.selection import Selection
from millrace.flow.summary import Clock
from millrace.flow.time_in import TimeBy, TimeIn
from millrace.model.duration import parse_duration
from millrace.model.ratio import parse_ratio


class NotUnderstood(MillraceError):
    """An option has a value that cannot be read."""

    slug = "option-not-understood"

    def __init__(self, option: str, given: str, wanted: str) -> None:
        """Name the option, what was given, and what is wanted."""
        super().__init__(f"{option} “{given}” is not understood; {wanted}.")


class OneOrTheOther(MillraceError):
    """Two things are given of which only one can be."""

    slug = "one-or-the-other"

    def __init__(self, one: str, other: str) -> None:
        """Name both."""
        super().__init__(f"Give either {one} or {other}, not both.")


def asked_clock(given: str) -> Clock:
    """The clock by its name."""
    try:
        return Clock(given)
    except ValueError as error:
        raise NotUnderstood("--clock", given, "it is elapsed or business") from error


def asked_duration(given: str | None) -> timedelta | None:
    """A duration such as `8 h`."""
    try:
        return None if given is None else parse_duration(given)
    except ValueError as error:
        raise NotUnderstood("--within", given or "", "write it like “15 min”, “8 h” or “2 d”") from error


def asked_ratio(option: str, given: str) -> float:
    """A share such as `80 %` or `0.8`."""
    try:
        ratio = float(parse_ratio(given))
    except (TypeError, ValueError) as error:
        raise NotUnderstood(option, given, "write it like “80 %” or 0.8") from error
    if not 0 <= ratio <= 1:
        raise NotUnderstood(option, given, "it lies between 0 % and 100 %")
    return ratio


def asked_item_measure(given: str) -> ItemMeasure | TimeIn:
    """A measure whose items can be listed, or a place such as `step:Approval`."""
    kind, sign, name = given.partition(":")
    try:
        return TimeIn(TimeBy(kind.strip()), name.strip()) if sign else ItemMeasure(given.replace("-", "_"))
    except ValueError as error:
        places = ", ".join(f"{each}:NAME" for each in TimeBy)
        raise NotUnderstood("--of", given, f"choose {', '.join(ItemMeasure)}; or {places}") from error


def asked_selection(where: Sequence[str] | None, since: datetime | None, until: datetime | None) -> Selection:
    """Filters such as `priority=P1`; several values of one column are alternatives."""
    values: dict[str, tuple[str, ...]] = {}
    for condition in where or ():
        column, sign, value = condition.partition("=")
        if not sign or not column.strip():
            raise NotUnderstood("--where", condition, "write it like priority=P1")
        values[column.strip()] = (*values.get(column.strip(), ()), value.strip())
    since_at, until_at = _utc(since), _utc(until)
    if since_at is not None and until_at is not None and since_at >= until_at:
        raise NotUnderstood("--until", f"{until:%Y-%m-%d}", f"it has to lie after --since {since:%Y-%m-%d}")
    return Selection(since_at, until_at, values)


def asked_instant(given: datetime | None) -> datetime | None:
    """An instant; one without a zone is UTC's."""
    return _utc(given)


def _utc(instant: datetime | None) -> datetime | None:
    """A day or time without a zone is UTC's."""
    if instant is None or instant.tzinfo is not None:
        return instant
    return instant.replace(tzinfo=UTC)
