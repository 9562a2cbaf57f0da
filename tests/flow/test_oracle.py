"""The compiled pass gives what the definitions say: compared with plain Python on generated logs of all shapes."""

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import ACTIVITIES, DESK, MONDAY, SHOP, STATUSES, Row, Written, flow_of
from oracle import PAUSE, UNMAPPED, lives
from proof import prove

from millrace.eventlog.schema import Shape
from millrace.model.value_stream import Demand, Match, Rule, Value, ValueStream

STEP_OF_STATUS = {"New": "Take in", "In progress": "Work", "Fixing": "Fix", "Updated": UNMAPPED, "?": UNMAPPED}
STEP_OF_ACTIVITY = {"Register": "Register", "Check": "Check", "Repair": "Repair", "Call": UNMAPPED}
ACTIVITY_NAMES = (*STEP_OF_ACTIVITY, "Resolve", "Withdraw", "Reopen")
STATUS_NAMES = (*STEP_OF_STATUS, "Awaiting user", "Awaiting vendor", "Resolved", "Closed", "Cancelled")
TEAMS = (None, "A", "B", "C")
PEOPLE = (None, "Ada", "Ben")
SYSTEMS = (None, "portal", "bot")
GAPS = (0, 0, 1, 999_999, 1_500_001, 3_600_000_000)
"""Microseconds between events: equal times, instants apart by one, and parts of a second."""

FAST = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def step_of(row: Row) -> str:
    if row.status is not None:
        return STEP_OF_STATUS.get(row.status, PAUSE)
    return STEP_OF_ACTIVITY.get(row.activity or "", PAUSE)


def with_rules(stream: ValueStream, demand: Match | None, value: Match | None) -> ValueStream:
    return stream.model_copy(
        update={
            "demand": Demand(rule=Rule(when=(demand,))) if demand else stream.demand,
            "value": Value(rule=Rule(when=(value,))) if value else stream.value,
        }
    )


def check(rows: Sequence[Row], shape: Shape, demand: str | None = None, value: str | None = None) -> None:
    """Cut the rows, by default or by rules that name a label, and compare with the oracle."""
    is_status = shape is Shape.STATUS_LOG
    column = "status" if is_status else "activity"
    demand_match, value_match = (Match(**{column: (label,)}) if label else None for label in (demand, value))
    stream = with_rules(DESK if is_status else SHOP, demand_match, value_match)
    classes = STATUSES if is_status else ACTIVITIES
    expected = lives(
        rows, shape, classes, step_of,
        is_demand=(lambda row: getattr(row, column) == demand) if demand else None,
        is_value=(lambda row: getattr(row, column) == value) if value else None,
    )  # fmt: skip
    starts = {"started_at"} if shape is Shape.ACTIVITY_LOG else set()
    with tempfile.TemporaryDirectory() as folder:
        about = Written(shape, classes, columns=frozenset({column, "team", "person", "system"} | starts))
        prove(flow_of(rows, Path(folder), stream, about), expected, shape)


@st.composite
def logs(draw: st.DrawFn, shape: Shape) -> list[Row]:
    rows: list[Row] = []
    for item in range(draw(st.integers(1, 5))):
        at = MONDAY
        for position in range(draw(st.integers(1, 9))):
            at += draw(st.sampled_from(GAPS))
            rows.append(
                Row(
                    f"item {item}",
                    at,
                    position=draw(st.sampled_from([position, 0])),
                    team=draw(st.sampled_from(TEAMS)),
                    person=draw(st.sampled_from(PEOPLE)),
                    system=draw(st.sampled_from(SYSTEMS)),
                    status=draw(st.sampled_from(STATUS_NAMES)) if shape is Shape.STATUS_LOG else None,
                    activity=None if shape is Shape.STATUS_LOG else draw(st.sampled_from(ACTIVITY_NAMES)),
                    started_at=_start(draw, at) if shape is Shape.ACTIVITY_LOG else None,
                )
            )
    return draw(st.permutations(rows))


def _start(draw: st.DrawFn, at: int) -> int | None:
    """Before the end; at it; after it (which counts as at it); or not known."""
    ago = draw(st.sampled_from([None, 0, 1, 1_500_001, 3_600_000_000, 7_200_000_000, -5]))
    return None if ago is None else at - ago


@given(logs(Shape.STATUS_LOG))
@FAST
def test_status_logs_are_cut_as_defined(rows: list[Row]) -> None:
    check(rows, Shape.STATUS_LOG)


@given(logs(Shape.ACTIVITY_LOG))
@FAST
def test_logs_of_work_with_starts_are_cut_as_defined(rows: list[Row]) -> None:
    check(rows, Shape.ACTIVITY_LOG)


@given(logs(Shape.ACTIVITY_LOG_ENDS))
@FAST
def test_logs_of_work_with_ends_only_are_cut_as_defined(rows: list[Row]) -> None:
    check(rows, Shape.ACTIVITY_LOG_ENDS)


def many(shape: Shape, seed: int, n_items: int = 400) -> list[Row]:
    """A larger log, with items of one event, equal times, and rows in no order."""
    chance = random.Random(seed)
    rows = []
    for item in range(n_items):
        at = MONDAY + chance.choice(GAPS)
        for position in range(chance.choice((1, 2, 5, 12))):
            at += chance.choice(GAPS)
            ago = chance.choice((None, 0, 1, 1_500_001, 3_600_000_000, 7_200_000_000, -5))
            rows.append(
                Row(
                    f"item {item}",
                    at,
                    position=position,
                    team=chance.choice(TEAMS),
                    person=chance.choice(PEOPLE),
                    system=chance.choice(SYSTEMS),
                    status=chance.choice(STATUS_NAMES) if shape is Shape.STATUS_LOG else None,
                    activity=None if shape is Shape.STATUS_LOG else chance.choice(ACTIVITY_NAMES),
                    started_at=at - ago if shape is Shape.ACTIVITY_LOG and ago is not None else None,
                )
            )
    chance.shuffle(rows)
    return rows


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("seed", [1, 2])
def test_larger_logs_are_cut_as_defined(shape: Shape, seed: int) -> None:
    check(many(shape, seed), shape)


@pytest.mark.parametrize(
    ("shape", "demand", "value"),
    [
        (Shape.STATUS_LOG, "In progress", None),
        (Shape.STATUS_LOG, "Updated", None),
        (Shape.STATUS_LOG, None, "Resolved"),
        (Shape.STATUS_LOG, "New", "Fixing"),
        (Shape.ACTIVITY_LOG, "Check", None),
        (Shape.ACTIVITY_LOG, None, "Repair"),
        (Shape.ACTIVITY_LOG_ENDS, "Check", None),
        (Shape.ACTIVITY_LOG_ENDS, "Register", "Repair"),
    ],
)
def test_demand_and_value_lie_where_the_stream_says(shape: Shape, demand: str | None, value: str | None) -> None:
    check(many(shape, 3, 150), shape, demand, value)


@pytest.mark.parametrize("shape", list(Shape))
def test_thousands_of_equal_times_keep_the_order_of_the_source(shape: Shape) -> None:
    chance = random.Random(7)
    is_status = shape is Shape.STATUS_LOG
    rows = [
        Row(
            "item", MONDAY, position=position, team=chance.choice(TEAMS), person=chance.choice(PEOPLE),
            status=chance.choice(STATUS_NAMES) if is_status else None,
            activity=None if is_status else chance.choice(ACTIVITY_NAMES),
            started_at=MONDAY if shape is Shape.ACTIVITY_LOG else None,
        )
        for position in range(1_500)
    ]  # fmt: skip
    shuffled = chance.sample(rows, len(rows))
    check(shuffled, shape)
