"""Figures of groups are those that each group would have by itself."""

from collections.abc import Callable
from typing import Any

import pytest

from millrace.flow.flow import Flow
from millrace.flow.group_figures import group_figures
from millrace.flow.measurement import measurement_per
from millrace.flow.selection import UnknownColumn
from millrace.flow.summary import NO_DURATIONS, Clock
from millrace.flow.trend import weekly_trends

LIVES: dict[str, list[tuple[Any, ...]]] = {
    "a": [(0, "New", {"team": "desk"}), (1, "In progress", {"team": "desk"}), (5, "Resolved", {"team": "desk"})],
    "b": [(0, "New", {"team": "desk"}), (2, "In progress", {"team": "field"}), (9, "Resolved", {"team": "field"})],
    "c": [(200, "New", {"team": "desk"}), (201, "Awaiting user", {"team": "desk"}),
          (230, "In progress", {"team": "desk"}), (231, "Resolved", {"team": "desk"})],
    "d": [(200, "New", {"team": "field"}), (210, "In progress", {"team": "field"})],
}  # fmt: skip


@pytest.mark.parametrize("per", ["team", "week"])
@pytest.mark.parametrize("clock", Clock)
def test_a_group_has_the_figures_that_it_has_alone(desk: Callable[..., Flow], per: str, clock: Clock) -> None:
    flow = desk(**LIVES)
    alone = measurement_per(flow, per, clock=clock)
    together = group_figures(flow, per, clock=clock)
    assert together.keys() == alone.keys()
    assert len(together) == 2
    for label, group in together.items():
        times = alone[label].business_lead_time if clock is Clock.BUSINESS else alone[label].lead_time
        assert group.lead_time == times.groups.get("", NO_DURATIONS)
        assert group.rework == alone[label].rework
        assert group.flow_efficiency == alone[label].flow_efficiency
        if per == "team":
            assert group.n_open == sum(step.n_open for step in alone[label].steps)


def test_a_column_that_is_not_there_is_told(desk: Callable[..., Flow]) -> None:
    with pytest.raises(UnknownColumn):
        group_figures(desk(**LIVES), "colour")


def test_trends_are_those_of_whole_weeks(desk: Callable[..., Flow]) -> None:
    flow = desk(
        **{f"i{n}": [(n * 24, "New"), (n * 24 + 1, "In progress"), (n * 24 + 3, "Resolved")] for n in range(60)}
    )
    trends = weekly_trends(flow, group_figures(flow, "week"))
    efficiency = trends["flow_efficiency"]
    assert len(efficiency.points) >= 6
    assert {round(point.value, 6) for point in efficiency.points} == {round(2 / 3, 6)}
    assert not any(point.is_signal for point in efficiency.points)
    assert "handoffs" not in trends
