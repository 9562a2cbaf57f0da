"""What is planted comes out, and nothing else: queues, hours, timers, batches, and waits that nobody can explain."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.diagnose_waits.shop_floor import DAY, HOUR, MONDAY, Floor, by_day, flow_of_work, poisson
from tests.flow.logs import Row

from millrace.diagnose.waits.batch_habits import BatchedBy, batch_habits
from millrace.diagnose.waits.cause import Cause
from millrace.diagnose.waits.waits import ENDS_ONLY, Waits, waits
from millrace.model.work_calendar import WorkCalendar

QUARTER = dict.fromkeys("ABC", HOUR // 4)
ONE_EACH = {"A": ("Ann",), "B": ("Bob",), "C": ("Cid",)}
MANY_EACH = {activity: tuple(f"{activity}{n}" for n in range(150)) for activity in "ABC"}
OFFICE = (9, 17)
Split = Callable[..., Waits]


@pytest.fixture
def split(tmp_path: Path) -> Split:
    """The waits of rows."""

    def of(rows: Sequence[Row]) -> Waits:
        found = waits(flow_of_work(rows, tmp_path))
        assert isinstance(found, Waits)
        return found

    return of


def shares(found: Waits) -> dict[Cause, float]:
    total = sum(found.microseconds.values())
    return {cause: part / total for cause, part in found.microseconds.items()}


def an_hour_or_so(chance: np.random.Generator) -> int:
    return int(HOUR + chance.exponential(HOUR / 10))


def any_time(chance: np.random.Generator) -> int:
    return int(chance.exponential(2 * HOUR))


def test_a_queue_around_the_clock_is_contention(split: Split) -> None:
    found = split(Floor(ONE_EACH, QUARTER).run(poisson(800, 3, 1), "ABC"))

    assert shares(found)[Cause.CONTENTION] == 1


@pytest.mark.parametrize(
    "arrivals", [by_day(60, 1, 1), by_day(60, 3.8, 1), poisson(700, 0.9, 1)], ids=["calm", "crowded", "at night too"]
)
@pytest.mark.parametrize("people", [ONE_EACH, {"A": ("Ann",), "B": ("Ann", "Bob"), "C": ("Bob",)}])
def test_office_hours_make_no_batches(split: Split, arrivals: list[int], people: dict[str, tuple[str, ...]]) -> None:
    found = split(Floor(people, QUARTER, OFFICE).run(arrivals, "ABC"))

    assert found.microseconds[Cause.BATCHING] == 0
    assert found.microseconds[Cause.UNAVAILABILITY] > 0


@pytest.mark.parametrize("people", [ONE_EACH, MANY_EACH], ids=["few", "many"])
@pytest.mark.parametrize("hours", [None, OFFICE], ids=["around the clock", "office hours"])
def test_timers_are_extraneous(split: Split, people: dict[str, tuple[str, ...]], hours: tuple[int, int] | None) -> None:
    arrivals = by_day(60, 2, 1) if hours else poisson(600, 2.5, 1)
    held = len(arrivals) * 1.1 * HOUR

    found = split(Floor(people, QUARTER, hours, {"B": an_hour_or_so}).run(arrivals, "ABC"))

    assert found.microseconds[Cause.EXTRANEOUS] == pytest.approx(held, rel=0.1)
    assert hours or found.microseconds[Cause.UNAVAILABILITY] == 0
    assert [found.work.activities[timer.to_activity] for timer in found.timers] == ["B"]


def test_a_timer_of_varying_length_is_extraneous_where_people_are_prompt_elsewhere(split: Split) -> None:
    found = split(Floor(MANY_EACH, QUARTER, None, {"B": any_time}).run(poisson(600, 2.5, 1), "ABC"))

    assert shares(found)[Cause.EXTRANEOUS] > 0.99
    assert found.timers[0].varies


@pytest.mark.parametrize(
    ("gather", "batched_by", "rule"),
    [
        (3, BatchedBy.SIZE, 3),
        (10, BatchedBy.SIZE, 10),
        (lambda at: at + (14 * HOUR - (at - MONDAY)) % DAY, BatchedBy.TIME, 14),
        (lambda at: at + (4 * DAY + 14 * HOUR - (at - MONDAY)) % (7 * DAY), BatchedBy.DAY, 4),
    ],
    ids=["by three", "by ten", "at two o’clock", "on Fridays"],
)
def test_batches_are_found(split: Split, gather: int | Callable[[int], int], batched_by: BatchedBy, rule: int) -> None:
    takes = QUARTER | {"B": HOUR // 60}

    found = split(Floor(ONE_EACH, takes, OFFICE, gathers={"B": gather}).run(by_day(60, 2, 1), "ABC"))

    batched = found.work.records["activity"][found.batch >= 0]
    assert set(batched) == {found.work.activities.index("B")}
    assert len(batched) > 0.9 * (found.work.records["activity"] == batched[0]).sum()
    assert found.microseconds[Cause.BATCHING] > 0
    assert [(habit.batched_by, habit.rule) for habit in batch_habits(found)] == [(batched_by, rule)]


def test_a_single_clean_up_is_no_habit_of_batching(split: Split) -> None:
    """Bob takes nineteen that had gathered in one go, and four others one by one."""
    ready = [MONDAY + n * HOUR for n in range(19)] + [MONDAY + n * DAY for n in range(2, 6)]
    rows = [Row(f"{n}", at, activity="A", started_at=at - 60, person="Ann") for n, at in enumerate(ready)]
    clean_up = MONDAY + 20 * HOUR
    for n, at in enumerate(ready):
        began = clean_up + n * HOUR // 20 if n < 19 else at + HOUR
        rows.append(Row(f"{n}", began + HOUR // 20, activity="B", started_at=began, person="Bob"))

    assert split(rows).microseconds[Cause.BATCHING] == 0


def five_events_each(n_items: int, seed: int, *, team: bool = False) -> list[Row]:
    """Waits drawn without regard to any hours, done by people who are seen five times."""
    chance, rows, n_people = np.random.default_rng(seed), [], n_items
    for item, arrived_at in enumerate(poisson(n_items, 2, seed)):
        done = arrived_at
        for activity in "ABCDE":
            at = done + (int(chance.lognormal(1.5, 1) * HOUR) if activity != "A" else 0)
            done = at + int(chance.exponential(HOUR / 4))
            number = int(chance.integers(n_people))
            team_name = f"T{number % 7}" if team else None
            rows.append(Row(f"{item}", done, activity=activity, started_at=at, person=f"P{number}", team=team_name))
    return rows


@pytest.mark.parametrize("n_items", [40, 400])
@pytest.mark.parametrize("team", [False, True], ids=["no teams", "teams"])
def test_waits_that_know_no_hours_are_not_blamed_on_hours(split: Split, n_items: int, team: bool) -> None:
    told = shares(split(five_events_each(n_items, 1, team=team)))

    assert told[Cause.EXTRANEOUS] + told[Cause.UNDETERMINED] >= 0.9
    assert told[Cause.UNAVAILABILITY] < 0.01


def test_who_does_several_things_at_once_is_not_shown_to_be_busy(split: Split) -> None:
    rows = [
        Row(f"{i}", MONDAY + (i + 3) * HOUR, activity="A", started_at=MONDAY + i * HOUR, person="Ann") for i in range(9)
    ]
    rows += [Row("1", MONDAY + 6 * HOUR, activity="B", started_at=MONDAY + 5 * HOUR, person="Ann")]

    found = split(rows)

    assert found.microseconds[Cause.UNDETERMINED] == sum(found.microseconds.values()) == HOUR


def test_nights_over_which_other_work_lies_are_unavailability(tmp_path: Path) -> None:
    """Bob works on the first from 16:00 to 10:00 the next morning; the second is ready at 16:00."""
    rows = [
        Row("1", MONDAY + 34 * HOUR, activity="A", started_at=MONDAY + 16 * HOUR, person="Bob"),
        Row("2", MONDAY + 16 * HOUR, activity="A", started_at=MONDAY + 15 * HOUR, person="Ann"),
        Row("2", MONDAY + 35 * HOUR, activity="B", started_at=MONDAY + 34 * HOUR, person="Bob"),
    ]

    found = waits(flow_of_work(rows, tmp_path, calendar=WorkCalendar()))

    assert isinstance(found, Waits)
    assert found.microseconds[Cause.CONTENTION] == 2 * HOUR
    assert found.microseconds[Cause.UNAVAILABILITY] == 16 * HOUR


def test_without_a_resource_nothing_can_be_told(split: Split) -> None:
    rows = [
        Row("1", MONDAY + HOUR, activity="A", started_at=MONDAY),
        Row("1", MONDAY + 4 * HOUR, activity="B", started_at=MONDAY + 3 * HOUR),
    ]

    assert split(rows).microseconds[Cause.UNDETERMINED] == 2 * HOUR


@given(st.integers(0, 10**6), st.integers(1, 150), st.integers(1, 12))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_causes_add_up_to_each_wait(split: Split, seed: int, n_works: int, n_people: int) -> None:
    chance = np.random.default_rng(seed)
    found = split(
        [
            Row(
                f"{chance.integers(n_works // 4 + 1)}", at + int(chance.integers(9)) * HOUR, started_at=at, position=n,
                activity="AB"[chance.integers(2)],
                person=f"P{person}" if (person := int(chance.integers(n_people))) else None,
            )
            for n in range(n_works)
            if (at := MONDAY + int(chance.integers(2_000)) * HOUR)
        ]
    )  # fmt: skip
    records = found.work.records

    assert (found.causes >= 0).all()
    assert (found.by_work.sum(axis=1) == records["started_at"] - records["ready_at"]).all()


def test_ends_alone_tell_no_waits(ends_only: object) -> None:
    assert waits(ends_only) is ENDS_ONLY  # type: ignore[arg-type]
