"""The SQL that each measure compiles to, kept beside the tests: a change of query shows as a change of text."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import pytest
from logs import DESK

from millrace.flow.closing_tail import closing_tail
from millrace.flow.cost import cost
from millrace.flow.csat import csat
from millrace.flow.cumulative_flow import cumulative_flow
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import flow_efficiency
from millrace.flow.handoffs import bounces, handoffs
from millrace.flow.lead_time import deliveries, lead_time
from millrace.flow.life import life
from millrace.flow.ownership import ownership
from millrace.flow.record_fields import reopened_by_record
from millrace.flow.rework import rework
from millrace.flow.selection import Selection
from millrace.flow.sla import sla_compliance
from millrace.flow.step_measures import edges, step_measures
from millrace.flow.step_time import step_time
from millrace.flow.summary import Clock
from millrace.flow.survival import survival
from millrace.flow.team_time import team_time
from millrace.flow.throughput import throughput
from millrace.flow.time_by_state import time_by_state
from millrace.flow.time_to_close import time_to_close
from millrace.flow.trend import lead_time_trend
from millrace.flow.variants import variants
from millrace.flow.work_item_age import work_item_age

SOME = Selection(since_at=datetime(2024, 1, 1, tzinfo=UTC), where={"team": ("A",), "csat": ("5", "4")})
MEASURES: dict[str, Callable[[Flow], Any]] = {
    "bounces": bounces,
    "closing_tail": closing_tail,
    "cost": cost,
    "csat": csat,
    "cumulative_flow": cumulative_flow,
    "deliveries": deliveries,
    "edges": edges,
    "flow_efficiency": flow_efficiency,
    "handoffs": handoffs,
    "lead_time": lead_time,
    "lead_time_business": lambda flow: lead_time(flow, clock=Clock.BUSINESS),
    "lead_time_of_some": lambda flow: lead_time(flow, selection=SOME),
    "lead_time_per_attribute": lambda flow: lead_time(flow, per="csat"),
    "lead_time_per_team": lambda flow: lead_time(flow, per="team"),
    "lead_time_per_week": lambda flow: lead_time(flow, per="week"),
    "lead_time_trend": lead_time_trend,
    "life": life,
    "ownership": ownership,
    "reopened_by_record": reopened_by_record,
    "rework": rework,
    "sla": lambda flow: sla_compliance(flow, within=timedelta(hours=4)),
    "step_measures": step_measures,
    "step_time": step_time,
    "survival": survival,
    "team_time": team_time,
    "throughput": throughput,
    "time_by_state_of_some": lambda flow: time_by_state(flow, selection=SOME),
    "time_to_close": time_to_close,
    "variants": variants,
    "work_item_age": work_item_age,
}
_NAME_OF_A_MOMENT = re.compile(r"ibis_\w*memtable\w*")


@pytest.fixture
def flow(desk: Callable[..., Flow]) -> Flow:
    more = {"team": "A", "person": "Ada", "more": (("csat", "5"), ("reopen_count", "1"))}
    stream = DESK.model_copy(update={"rates_per_hour": {"A": 60.0}})
    return desk(stream, a=[(0, "New", more), (1, "In progress", more), (5, "Resolved", more)], b=[(2, "New", more)])


@pytest.mark.parametrize("name", MEASURES)
def test_the_sql_of_a_measure(
    flow: Flow, name: str, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    backend = type(flow.engine)
    compile_ = backend.compile

    def compiled(self: Any, expression: Any, *given: Any, **options: Any) -> Any:
        asked.append(expression)
        return compile_(self, expression, *given, **options)

    with monkeypatch.context() as patched:
        patched.setattr(backend, "compile", compiled)
        MEASURES[name](flow)

    assert asked
    statements = [str(ibis.to_sql(expression, dialect="duckdb")) for expression in asked]
    golden(f"{name}.sql", _NAME_OF_A_MOMENT.sub("listed", ";\n\n".join(statements)) + ";\n")
