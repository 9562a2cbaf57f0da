"""Hold a flow's tables against the oracle: every item, every figure."""

from collections import Counter, defaultdict
from typing import Any

import duckdb
import oracle
from oracle import ENDS, Life

from millrace.eventlog.schema import Shape
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING
from millrace.model.state import SIDES, STATES, WAIT_REASONS, State, WaitReason

WAITS = (State.NEW, State.WAITING)


def tables(flow: Flow) -> dict[str, list[dict[str, Any]]]:
    """The rows of spans, visits and items by table, each with its `item_id`; instants in microseconds."""
    connection = duckdb.connect()
    connection.execute(f"""
        CREATE VIEW named AS SELECT i.item, e.item_id FROM '{flow.folder}/items.parquet' i
        JOIN read_parquet('{flow.events_path}', file_row_number = true) e ON e.file_row_number = i.last_row
    """)
    read = {}
    for table in ("spans", "visits", "items"):
        relation = connection.sql(
            f"SELECT item_id, t.* FROM read_parquet('{flow.folder}/{table}.parquet', file_row_number = true) t "
            "JOIN named USING (item) ORDER BY file_row_number"
        ).to_arrow_table()
        instants = {f.name: f.type for f in relation.schema if str(f.type).startswith("timestamp")}
        for name in instants:
            place = relation.schema.get_field_index(name)
            relation = relation.set_column(place, name, relation[name].cast("int64"))
        read[table] = relation.to_pylist()
    return read


def of_items(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows by item, in order."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["item_id"]].append(row)
    return found


def prove_partition(spans: list[dict[str, Any]], items: list[dict[str, Any]]) -> None:
    """Spans of an item lie end to end from its demand to its last event."""
    by_item = of_items(spans)
    assert set(by_item) == {item["item_id"] for item in items}
    for item in items:
        own = by_item[item["item_id"]]
        reached = item["demand_at"]
        for span in own:
            assert span["began_at"] == reached
            assert span["elapsed"] >= 0
            reached += span["elapsed"]
        assert reached == item["ended_at"]


def prove_totals(flow: Flow, spans: list[dict[str, Any]]) -> None:
    """What was gathered while the spans were cut is what they add up to."""
    times: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    seen: dict[int, set[int]] = defaultdict(set)
    for span in spans:
        where = (STATES[span["state"]], WAIT_REASONS[span["wait_reason"]], SIDES[span["side"]], span["is_before_value"])
        times[where][0] += span["elapsed"]
        times[where][1] += span["business"]
        seen[span["step"]] |= {span["person"]} - {NOTHING}
    told = {
        (t.state, t.wait_reason, t.side, t.is_before_value): [t.elapsed, t.business] for t in flow.about.state_times
    }
    assert told == times
    assert flow.about.people_of_steps == tuple(len(seen[step]) for step in range(len(flow.step_names)))


def prove(flow: Flow, lives: dict[str, Life], shape: Shape) -> None:
    """Every table says what the oracle says."""
    read = tables(flow)
    prove_partition(read["spans"], read["items"])
    prove_totals(flow, read["spans"])
    assert {row["item_id"] for row in read["items"]} == set(lives)
    spans, visits = of_items(read["spans"]), of_items(read["visits"])
    for item in read["items"]:
        life = lives[item["item_id"]]
        _prove_times(flow, life, spans[item["item_id"]])
        _prove_visits(flow, life, visits[item["item_id"]], shape)
        _prove_outcome(flow, life, item, shape)
        _prove_teams(flow, life, item, spans[item["item_id"]])


def _prove_times(flow: Flow, life: Life, spans: list[dict[str, Any]]) -> None:
    """Time by step, state, reason, team, person and system is the same, before value and after."""
    found: Counter[tuple[Any, ...]] = Counter()
    for span in spans:
        holders = (
            names[span[column]] if span[column] >= 0 else None
            for column, names in (
                ("team", flow.about.teams), ("person", flow.about.people), ("system", flow.about.systems)
            )
        )  # fmt: skip
        what = flow.step_names[span["step"]], STATES[span["state"]], WAIT_REASONS[span["wait_reason"]], *holders
        found[(*what, span["is_before_value"])] += span["elapsed"]
    expected: Counter[tuple[Any, ...]] = Counter()
    for p in life.pieces:
        is_before = life.value_at is not None and p.ended_at <= life.value_at
        event = life.events[p.event]
        expected[(p.step, p.state, p.reason, event.team, event.person, event.system, is_before)] += p.time
    assert +expected == +found


def _prove_visits(flow: Flow, life: Life, visits: list[dict[str, Any]], shape: Shape) -> None:
    expected = oracle.visits(life)
    assert [step for step, _ in expected] == [flow.step_names[visit["step"]] for visit in visits]
    assert oracle.nth_visits(life) == [visit["nth_visit"] for visit in visits]
    assert [-1, *(visit["step"] for visit in visits[:-1])] == [visit["previous_step"] for visit in visits]
    for (_, events), visit in zip(expected, visits, strict=True):
        assert oracle.time_of(life, events, tuple(State)) == visit["lead"]
        assert oracle.time_of(life, events, (State.ACTIVE,)) == visit["active"]
        assert oracle.time_of(life, events, WAITS) == visit["wait"]
        assert oracle.queue_of(life, events, shape) == visit["queue"]
        assert (events[0] >= life.value_event) == visit["is_after_value"]
    handed_on, came_back = oracle.handed_on_and_came_back(life, [*flow.step_names[:-1]])
    first_visits = [visit for visit in visits if visit["nth_visit"] == 1]
    assert handed_on == {flow.step_names[visit["step"]] for visit in first_visits if visit["item_handed_on"]}
    assert came_back == {flow.step_names[visit["step"]] for visit in first_visits if visit["item_came_back"]}


def _prove_outcome(flow: Flow, life: Life, item: dict[str, Any], shape: Shape) -> None:
    every = range(len(life.events))
    expected = {
        "demand_at": life.demand_at,
        "value_at": life.value_at,
        "ended_at": life.ended_at,
        "n_events": len(life.events),
        "n_visits": len(oracle.visits(life)),
        "active": oracle.time_of(life, every, (State.ACTIVE,)),
        "wait": oracle.time_of(life, every, WAITS),
        "unknown": oracle.time_of(life, every, (State.UNKNOWN,)),
        "done": oracle.time_of(life, every, ENDS),
        "n_reopened": oracle.reopenings(life),
        "first_owned_at": oracle.first_owned_at(life, shape),
        "idle": oracle.idle(life),
        "later_visits": oracle.time_in_later_visits(life),
        "has_revisit": max(oracle.nth_visits(life)) > 1,
        "returned_to_first_step": [step for step, _ in oracle.visits(life)].count(life.steps[0]) > 1,
    }
    asked = [
        number
        for number, (_, events) in enumerate(oracle.visits(life))
        for p in life.pieces
        if p.event in events and p.event < life.value_event and p.reason is WaitReason.REQUESTER
    ]
    expected["waited_in_first_step"] = 0 in asked
    expected["waited_after_first_step"] = any(number > 0 for number in asked)
    assert expected == {name: item[name] for name in expected}
    assert life.steps[-1] == flow.step_names[item["last_step"]]


def _prove_teams(flow: Flow, life: Life, item: dict[str, Any], spans: list[dict[str, Any]]) -> None:
    teams = flow.about.teams
    pairs = Counter((teams[s["from_team"]], teams[s["team"]]) for s in spans if s["from_team"] >= 0)
    assert oracle.handoffs(life) == pairs
    assert item["n_handoffs"] == pairs.total()
    assert oracle.ping_pongs(life) == item["n_ping_pongs"]
    assert oracle.returns(life) == item["returned_to_team"]
    assert (life.known_teams or [None])[-1] == (teams[item["last_team"]] if item["last_team"] >= 0 else None)
