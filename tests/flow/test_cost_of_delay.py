"""What waiting costs, at the rate of the item's priority."""

from collections.abc import Callable

from logs import DESK

from millrace.flow.cost_of_delay import NO_DELAY_RATES, NO_PRIORITY, cost_of_delay
from millrace.flow.flow import Flow
from millrace.flow.summary import Absent, Share

MakeFlow = Callable[..., Flow]
RATED = DESK.model_copy(update={"delay_rates_per_hour": {"P1": 100.0}})
P1, P2 = {"more": (("priority", "P1"),)}, {"more": (("priority", "P2"),)}


def test_waiting_costs_the_rate_of_the_priority(desk: MakeFlow) -> None:
    flow = desk(
        RATED,
        a=[(0, "New", P1), (2, "In progress", P1), (3, "Awaiting user", P1), (6, "Resolved", P1)],
        b=[(0, "New", P2), (5, "In progress", P2), (6, "Resolved", P2)],
    )
    found = cost_of_delay(flow)
    assert not isinstance(found, Absent)
    assert (found.total, found.per_item, found.n_items) == (500.0, 250.0, 2)
    assert found.rated == Share(5 * 3600, 10 * 3600)


def test_without_rates_or_priorities_the_cost_of_delay_is_absent_with_its_reason(desk: MakeFlow) -> None:
    items = {"a": [(0, "New"), (2, "In progress"), (3, "Resolved")]}
    assert cost_of_delay(desk(**items)) == Absent(NO_DELAY_RATES)
    assert cost_of_delay(desk(RATED, **items)) == Absent(NO_PRIORITY)
