"""Lead time: from demand to value."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from millrace.flow.flow import Flow
from millrace.flow.points import demand_in_words, value_in_words
from millrace.flow.selection import EVERYTHING, Selection, labelled, selected
from millrace.flow.spans import CANCELLED, DONE
from millrace.flow.summaries import summaries
from millrace.flow.summary import SECOND, Clock, DurationSummary, LeftOut


@dataclass(frozen=True)
class LeadTimes:
    """Lead times of delivered items, whole or per group.

    `groups` maps a group's label ("" for the whole) to its summary. Population: items whose value falls in the
    period. Start and stop are said in `demand` and `value`.
    """

    per: str | None
    clock: Clock
    demand: str
    value: str
    groups: dict[str, DurationSummary]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Delivered:
    """One delivered item: a dot of the lead time scatter."""

    key: str
    value_at: datetime
    lead_time_seconds: float


def lead_time(
    flow: Flow, *, per: str | None = None, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING
) -> LeadTimes:
    """Durations from demand to value of the items delivered in the selection's period.

    `per`: a period (`week`, `month` of value), `team` (the last one), `step` or any attribute. Raises UnknownColumn.
    """
    items = with_lead(delivered(flow, selection), clock)
    by_label = summaries(labelled(flow, items, per), per and "label", "lead")
    return LeadTimes(
        per,
        clock,
        demand_in_words(flow.about.stream),
        value_in_words(flow.about.stream),
        {label: by_label[label]["lead"] for label in sorted(by_label)},
        left_out(flow, selection),
    )


def delivered(flow: Flow, selection: Selection = EVERYTHING) -> Any:
    """The items that have reached value, as an Ibis table."""
    items = selected(flow, selection)
    return items.filter(items.value_at.notnull())


def with_lead(items: Any, clock: Clock = Clock.ELAPSED) -> Any:
    """Delivered items with their lead time in microseconds, as the column `lead`."""
    if clock is Clock.BUSINESS:
        return items.mutate(lead=items.business_lead)
    return items.mutate(lead=microseconds(items.value_at) - microseconds(items.demand_at))


def microseconds(instant: Any) -> Any:
    """An instant as microseconds since 1970, exactly."""
    import ibis

    return instant.delta(ibis.literal(datetime(1970, 1, 1), "timestamp"), unit="microsecond")  # noqa: DTZ001


def is_open(items: Any) -> Any:
    """Whether an item is in progress, as a column: neither delivered nor ended (cancelled, or done without value)."""
    return items.value_at.isnull() & ~items.last_state.isin([CANCELLED, DONE])


def left_out(flow: Flow, selection: Selection = EVERYTHING) -> tuple[LeftOut, ...]:
    """Items that have no lead time, with the reason."""
    items = selected(flow, selection, instant=None)
    undelivered = items.value_at.isnull()
    row = items.agg(
        n=items.count(),
        cancelled=(undelivered & (items.last_state == CANCELLED)).sum(),
        without_value=(undelivered & (items.last_state == DONE)).sum(),
        open=is_open(items).sum(),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    no_demand = flow.about.n_items - row["n"] if not selection.where else 0
    reasons = {
        "not delivered by the end of the log": row["open"] or 0,
        "cancelled": row["cancelled"] or 0,
        "done without the stream’s value": row["without_value"] or 0,
        "without the stream’s demand": no_demand,
    }
    return tuple(LeftOut(reason, int(n)) for reason, n in reasons.items() if n)


def deliveries(flow: Flow, *, clock: Clock = Clock.ELAPSED, selection: Selection = EVERYTHING) -> list[Delivered]:
    """Every delivered item with its lead time, in the order of value."""
    items = with_lead(delivered(flow, selection), clock)
    rows = (
        items.join(flow.attribute(flow.key_column), "last_row")
        .select("label", "value_at", "lead")
        .order_by("value_at", "label")
        .to_pyarrow()
        .to_pylist()
    )
    return [Delivered(row["label"], row["value_at"].replace(tzinfo=UTC), row["lead"] / SECOND) for row in rows]
