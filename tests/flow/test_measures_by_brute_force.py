"""Every measure over a log of some hundred items, held against plain Python over the oracle's lives."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import oracle
import pytest
from logs import DAY, DESK, HOUR, MONDAY, STATUSES, Row, flow_of
from oracle import PAUSE, UNMAPPED, Life, lives

from millrace.eventlog.schema import Shape
from millrace.flow.closing_tail import closing_tail
from millrace.flow.cost import Cost, cost
from millrace.flow.csat import Csat, csat
from millrace.flow.cumulative_flow import cumulative_flow
from millrace.flow.flow import Flow
from millrace.flow.flow_efficiency import flow_efficiency
from millrace.flow.handoffs import bounces, handoffs
from millrace.flow.lead_time import deliveries, lead_time
from millrace.flow.life import life
from millrace.flow.ownership import Ownership, ownership
from millrace.flow.rework import rework
from millrace.flow.selection import Selection, UnknownColumn
from millrace.flow.sla import sla_compliance
from millrace.flow.step_measures import edges, step_measures
from millrace.flow.step_time import step_time
from millrace.flow.summary import Absent, DurationSummary, Share
from millrace.flow.survival import survival
from millrace.flow.team_time import UNKNOWN_TEAM, team_time
from millrace.flow.throughput import throughput
from millrace.flow.time_by_state import time_by_state
from millrace.flow.time_to_close import time_to_close
from millrace.flow.variants import variants
from millrace.flow.work_item_age import work_item_age
from millrace.model.state import State

STEP_OF = {"New": "Take in", "In progress": "Work", "Fixing": "Fix", "Updated": UNMAPPED}
WAITS = (State.NEW, State.WAITING)
RATES = {"A": 60.0, "B": 90.0}


@dataclass(frozen=True)
class Case:
    """A flow, and what is known of its items without it."""

    flow: Flow
    lives: dict[str, Life]
    last_at: int

    def delivered(self) -> dict[str, Life]:
        return {item: life for item, life in self.lives.items() if life.value_at is not None}

    def attribute(self, item: str, name: str) -> str | None:
        return dict(self.lives[item].events[-1].more)[name]

    def is_open(self, life: Life) -> bool:
        return life.value_at is None and life.states[-1] is not State.CANCELLED


def rows() -> list[Row]:
    chance = random.Random(11)
    result = []
    statuses = ["New", "In progress", "Fixing", "Updated", "Awaiting user", "Awaiting vendor", "Resolved", "Closed"]
    for number in range(240):
        at = MONDAY - 3 * DAY + chance.randrange(90 * DAY)
        priority, answer = chance.choice(["1", "2", None]), chance.choice([None, "3", "4", "5", "no"])
        for position in range(chance.choice((1, 2, 4, 9))):
            at += chance.choice((0, 1_500_001, HOUR, 7 * HOUR, 3 * DAY))
            status = chance.choice(["Cancelled", *statuses * 3]) if position else "New"
            team, person = chance.choice([None, "A", "B", "C"]), chance.choice([None, "Ada", "Ben"])
            more = (("csat", answer), ("priority", priority))
            result.append(Row(f"i{number}", at, None, status, team, person, position=position, more=more))
    chance.shuffle(result)
    return result


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    events = rows()
    expected = lives(events, Shape.STATUS_LOG, STATUSES, lambda row: STEP_OF.get(row.status or "", PAUSE))
    stream = DESK.model_copy(update={"rates_per_hour": RATES})
    flow = flow_of(events, tmp_path_factory.mktemp("log"), stream)
    return Case(flow, expected, max(row.at for row in events))


def seconds(microseconds: float) -> float:
    return microseconds / 1e6


def same(summary: DurationSummary, microseconds: Iterable[int]) -> None:
    """The summary is of these durations."""
    times = np.array(list(microseconds)) / 1e6
    assert summary.n == len(times)
    if not len(times):
        return
    quantiles = [q.seconds for q in (summary.p50, summary.p85, summary.p95) if q]
    expected = [*np.quantile(times, [0.5, 0.85, 0.95]), times.mean(), times.max(), times.sum()]
    assert [*quantiles, summary.mean_seconds, summary.max_seconds, summary.total_seconds] == pytest.approx(expected)


def lead(life: Life) -> int:
    assert life.value_at is not None
    return life.value_at - life.demand_at


def day_of(at: int) -> datetime:
    return datetime.fromtimestamp(at // DAY * 86_400, UTC)


def week_of(at: int) -> datetime:
    return day_of(at) - timedelta(days=day_of(at).weekday())


LABELS: dict[str, Callable[[Case, str, Life], str]] = {
    "day": lambda _, __, life: str(day_of(life.value_at or 0).date()),
    "week": lambda _, __, life: str(week_of(life.value_at or 0).date()),
    "month": lambda _, __, life: str(day_of(life.value_at or 0).date().replace(day=1)),
    "team": lambda _, __, life: (life.known_teams or ["unknown"])[-1],
    "step": lambda _, __, life: life.steps[-1],
    "priority": lambda case, item, _: case.attribute(item, "priority") or "unknown",
}


def test_the_log_has_what_the_measures_need(case: Case) -> None:
    assert len(case.delivered()) > 40
    assert sum(case.is_open(life) for life in case.lives.values()) > 50
    assert sum(oracle.reopenings(life) > 0 for life in case.lives.values()) > 10


def test_lead_time_of_the_whole(case: Case) -> None:
    same(lead_time(case.flow).groups[""], map(lead, case.delivered().values()))


@pytest.mark.parametrize("per", LABELS)
def test_lead_time_per_group(case: Case, per: str) -> None:
    expected = defaultdict(list)
    for item, found in case.delivered().items():
        expected[LABELS[per](case, item, found)].append(lead(found))

    groups = lead_time(case.flow, per=per).groups

    assert set(groups) == set(expected)
    for label, summary in groups.items():
        same(summary, expected[label])


@pytest.mark.parametrize("per", ["team", "step", "priority", "week", "month"])
def test_selections_by_the_groups_add_up_to_the_whole(case: Case, per: str) -> None:
    groups = lead_time(case.flow, per=per).groups
    parts = {label: lead_time(case.flow, selection=Selection(where={per: (label,)})).groups.get("") for label in groups}

    assert parts == groups
    assert sum(part.n for part in parts.values() if part) == len(case.delivered())


def test_a_selection_may_hold_several_values_of_several_columns(case: Case) -> None:
    wanted = {
        item: found
        for item, found in case.delivered().items()
        if case.attribute(item, "priority") in ("1", "2") and case.attribute(item, "csat") == "5"
    }

    found = lead_time(case.flow, selection=Selection(where={"priority": ("1", "2"), "csat": ("5",)}))

    same(found.groups[""], map(lead, wanted.values()))


def test_periods_that_meet_add_up_to_the_whole(case: Case) -> None:
    middle = datetime(2024, 2, 1, tzinfo=UTC)
    early, late = Selection(until_at=middle), Selection(since_at=middle)

    n_early, n_late = (lead_time(case.flow, selection=selection).groups[""].n for selection in (early, late))

    assert n_early == sum((found.value_at or 0) < middle.timestamp() * 1e6 for found in case.delivered().values())
    assert n_early + n_late == len(case.delivered())


@pytest.mark.parametrize("view", [{"per": "colour"}, {"selection": Selection(where={"colour": ("red",)})}])
def test_an_unknown_column_is_named_beside_those_there_are(case: Case, view: dict[str, Any]) -> None:
    with pytest.raises(UnknownColumn) as failed:
        lead_time(case.flow, **view)

    assert "log.csv has no column “colour”" in failed.value.sentence
    assert "csat, " in failed.value.sentence
    assert "priority, " in failed.value.sentence
    assert failed.value.slug == "unknown-group"


def test_what_has_no_lead_time_is_counted_with_its_reason(case: Case) -> None:
    left_out = {out.reason: out.n_items for out in lead_time(case.flow).left_out}

    n_open = sum(case.is_open(found) for found in case.lives.values())
    n_cancelled = len(case.lives) - len(case.delivered()) - n_open
    assert left_out == {"not delivered by the end of the log": n_open, "cancelled": n_cancelled}


def test_deliveries_list_the_items(case: Case) -> None:
    found = [(one.key, one.lead_time_seconds) for one in deliveries(case.flow)]

    expected = {item: seconds(lead(found)) for item, found in case.delivered().items()}
    assert dict(found) == pytest.approx(expected)
    assert len(found) == len(expected)


def test_life_and_time_to_close_and_closing_tail(case: Case) -> None:
    every, delivered = case.lives.values(), case.delivered().values()
    tails = [found.ended_at - (found.value_at or 0) for found in delivered]

    same(life(case.flow)[0], (found.ended_at - found.demand_at for found in every))
    same(time_to_close(case.flow).groups[""], (found.ended_at - found.demand_at for found in delivered))
    same(closing_tail(case.flow).tail, tails)
    assert closing_tail(case.flow).share_of_life.whole == pytest.approx(
        seconds(sum(found.ended_at - found.demand_at for found in every))
    )


def test_time_by_state(case: Case) -> None:
    expected: Counter[tuple[Any, ...]] = Counter()
    for found in case.lives.values():
        for p in found.pieces:
            is_before = found.value_at is not None and p.ended_at <= found.value_at
            expected[(p.state, p.reason, is_before)] += p.time

    pieces = time_by_state(case.flow).pieces

    by_state: Counter[tuple[Any, ...]] = Counter()
    for piece in pieces:
        by_state[(piece.state, piece.wait_reason, piece.is_before_value)] += round(piece.seconds * 1e6)
    assert +by_state == +expected


def test_flow_efficiency(case: Case) -> None:
    found = flow_efficiency(case.flow)
    assert isinstance(found, Share)

    delivered = case.delivered().values()
    active = sum(oracle.time_of(one, range(len(one.events)), (State.ACTIVE,)) for one in delivered)
    assert (found.part, found.whole) == pytest.approx((seconds(active), seconds(sum(map(lead, delivered)))))


def test_team_time(case: Case) -> None:
    expected: Counter[str] = Counter()
    for found in case.delivered().values():
        for p in found.pieces:
            if found.is_before_value(p):
                expected[found.events[p.event].team or UNKNOWN_TEAM] += p.time

    table = team_time(case.flow)

    assert {team: sum(times) for team, times in zip(table.teams, table.seconds, strict=True)} == pytest.approx(
        {team: seconds(time) for team, time in expected.items()}
    )


def test_handoffs_and_bounces(case: Case) -> None:
    every = case.lives.values()
    pairs = sum((oracle.handoffs(found) for found in every), Counter())
    over, back = handoffs(case.flow), bounces(case.flow)

    assert {(pair.from_team, pair.to_team): pair.n for pair in over.pairs} == pairs
    assert (over.n, over.n_items) == (pairs.total(), sum(len(found.known_teams) > 1 for found in every))
    assert back.n == sum(map(oracle.ping_pongs, every))
    assert back.n_items == sum(oracle.ping_pongs(found) > 0 for found in every)
    assert back.n_items_returned == sum(map(oracle.returns, every))


def reworked(found: Life) -> bool:
    return max(oracle.nth_visits(found)) > 1 or oracle.reopenings(found) > 0


def asked(found: Life) -> list[int]:
    """Numbers of the visits in which the item waited for the requester before value."""
    return [
        number
        for number, (_, events) in enumerate(oracle.visits(found))
        for p in found.pieces
        if p.event in events and p.event < found.value_event and p.reason == "requester"
    ]


def test_rework(case: Case) -> None:
    every, delivered = case.lives.values(), case.delivered().values()
    found = rework(case.flow)

    assert found.items == Share(sum(map(reworked, every)), len(every))
    assert found.n_reopened == sum(map(oracle.reopenings, every))
    assert found.later_visits.part == pytest.approx(seconds(sum(map(oracle.time_in_later_visits, every))))
    assert found.first_time_completion == Share(
        sum(not reworked(one) and not any(number > 0 for number in asked(one)) for one in delivered), len(delivered)
    )
    assert found.entry_quality == Share(
        sum(
            0 not in asked(one) and [step for step, _ in oracle.visits(one)].count(one.steps[0]) == 1
            for one in delivered
        ),
        len(delivered),
    )


def test_ownership(case: Case) -> None:
    every = case.lives.values()
    found = ownership(case.flow)
    assert isinstance(found, Ownership)

    owned = {item: oracle.first_owned_at(one, Shape.STATUS_LOG) for item, one in case.lives.items()}
    same(found.time_to_own, (at - case.lives[item].demand_at for item, at in owned.items() if at is not None))
    assert found.idle.part == pytest.approx(seconds(sum(map(oracle.idle, every))))


def test_step_measures(case: Case) -> None:
    by_step: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for item, found in case.lives.items():
        for number, (step, events) in enumerate(oracle.visits(found)):
            if events[0] < found.value_event:
                by_step[step].append((item, number))

    for measured in step_measures(case.flow):
        visits = by_step[measured.step]
        spent = [(case.lives[item], oracle.visits(case.lives[item])[number][1]) for item, number in visits]
        assert not isinstance(measured.process_time, Absent)
        assert not isinstance(measured.wait_time, Absent)
        assert not isinstance(measured.queue_time, Absent)
        same(measured.lead_time, (oracle.time_of(one, events, tuple(State)) for one, events in spent))
        same(measured.process_time, (oracle.time_of(one, events, (State.ACTIVE,)) for one, events in spent))
        same(measured.wait_time, (oracle.time_of(one, events, WAITS) for one, events in spent))
        same(measured.queue_time, (oracle.queue_of(one, events, Shape.STATUS_LOG) for one, events in spent))
        assert (measured.n_visits, measured.n_items) == (len(visits), len({item for item, _ in visits}))
        assert measured.rework == Share(len(visits) - measured.n_items, len(visits))
        steps = [step.name for step in DESK.steps]
        flags = [oracle.handed_on_and_came_back(case.lives[item], steps) for item in {item for item, _ in visits}]
        n_on = sum(measured.step in handed_on for handed_on, _ in flags)
        n_back = sum(measured.step in came_back for _, came_back in flags)
        assert measured.complete_and_accurate == Share(n_on - n_back, n_on)
        ended = (State.DONE, State.CANCELLED)
        assert measured.n_open == sum(
            one.value_at is None and one.states[-1] not in ended and one.steps[-1] == measured.step
            for one in case.lives.values()
        )


def test_delay_of_all_steps_is_all_delay(case: Case) -> None:
    delays = [measured.delay for measured in step_measures(case.flow)]
    shares = [delay for delay in delays if isinstance(delay, Share)]

    assert len(shares) == len(delays)
    assert sum(delay.part for delay in shares) == pytest.approx(shares[0].whole)


def test_step_time_adds_up_to_all_lead_time(case: Case) -> None:
    found = step_time(case.flow)

    assert found.n_items == len(case.delivered())
    assert sum(step.lead_seconds for step in found.steps) == pytest.approx(
        seconds(sum(map(lead, case.delivered().values())))
    )


def test_edges(case: Case) -> None:
    expected = Counter(
        (a, b)
        for found in case.lives.values()
        for (a, _), (b, events) in pairwise(oracle.visits(found))
        if events[0] < found.value_event
    )

    assert {(edge.from_step, edge.to_step): edge.n for edge in edges(case.flow)} == expected


def test_variants(case: Case) -> None:
    expected = Counter(tuple(row.status for row in found.events) for found in case.lives.values())

    found = variants(case.flow, top=1_000)

    assert found.n == len(expected)
    assert {variant.sequence: variant.n_items for variant in found.top} == expected


@pytest.mark.parametrize("limit", [timedelta(hours=1), timedelta(days=3), timedelta(days=30)])
def test_sla_compliance(case: Case, limit: timedelta) -> None:
    most = limit // timedelta(microseconds=1)
    ages = [case.last_at - found.demand_at for found in case.lives.values() if case.is_open(found)]

    found = sla_compliance(case.flow, within=limit)

    assert found.met == Share(sum(lead(one) <= most for one in case.delivered().values()), len(case.delivered()))
    assert (found.n_open, found.n_open_breached) == (len(ages), sum(age > most for age in ages))


def test_cost(case: Case) -> None:
    found = cost(case.flow)
    assert isinstance(found, Cost)

    work = [
        (one.events[p.event].team, p.time)
        for one in case.delivered().values()
        for p in one.pieces
        if p.state is State.ACTIVE and one.is_before_value(p)
    ]
    assert found.total == pytest.approx(sum(RATES.get(team or "", 0.0) * time / HOUR for team, time in work))
    assert found.per_item == pytest.approx(found.total / len(case.delivered()))
    assert found.rated.part == pytest.approx(seconds(sum(time for team, time in work if team in RATES)))
    assert found.rated.whole == pytest.approx(seconds(sum(time for _, time in work)))


def test_csat(case: Case) -> None:
    answers = [case.attribute(item, "csat") for item in case.delivered()]
    scores = [float(answer) for answer in answers if answer not in (None, "no")]
    found = csat(case.flow)
    assert isinstance(found, Csat)

    assert found.mean == pytest.approx(np.mean(scores))
    assert found.top_two == Share(sum(score >= 4 for score in scores), len(scores))
    assert found.responses == Share(len(scores), len(answers))


@pytest.mark.parametrize("per", ["day", "week", "month"])
def test_throughput_and_work_in_progress(case: Case, per: str) -> None:
    every = case.lives.values()
    periods = throughput(case.flow, per=per)
    edges_at = [int(period.began_at.timestamp()) * 1_000_000 for period in periods]
    edges_at.append(case.last_at + 1)

    for period, (since, until) in zip(periods, pairwise(edges_at), strict=True):
        assert period.n_demanded == sum(since <= one.demand_at < until for one in every)
        assert period.n_delivered == sum(since <= (one.value_at or 0) < until for one in every)
        left = [one for one in every if one.value_at is None and one.states[-1] is State.CANCELLED]
        assert period.n_cancelled == sum(since <= one.ended_at < until for one in left)
        delivered_later = [one for one in every if one.demand_at < until and (one.value_at or until) >= until]
        assert period.work_in_progress == len(delivered_later) - sum(one.ended_at < until for one in left)
    assert sum(period.n_demanded for period in periods) == len(every)


def test_bands_of_cumulative_flow_add_up_to_demand(case: Case) -> None:
    every = case.lives.values()
    found = cumulative_flow(case.flow)

    for day, heights in zip(found.days_at, zip(*found.counts, strict=True), strict=True):
        until = int(day.timestamp()) * 1_000_000 + DAY
        bands = dict(zip(found.band_names, heights, strict=True))
        assert sum(heights) == sum(one.demand_at < until for one in every)
        assert bands["delivered"] == sum(one.value_at is not None and one.value_at < until for one in every)
        for step in (*STEP_OF.values(),):
            assert bands.get(step, 0) == sum(is_in(one, step, until) for one in every)


def is_in(found: Life, step: str, until: int) -> bool:
    """Whether the item is in this step just before `until`, or stays there at the end."""
    is_over = found.value_at is not None or found.states[-1] in (State.DONE, State.CANCELLED)
    leaves_at = found.value_at if found.value_at is not None else found.ended_at
    if found.demand_at >= until or (is_over and leaves_at < until):
        return False
    here = [i for i, row in enumerate(found.events) if row.at < until]
    return found.steps[here[-1]] == step


def test_open_items_age_until_the_end_of_the_log(case: Case) -> None:
    expected = {
        item: (seconds(case.last_at - one.demand_at), one.steps[-1], one.states[-1])
        for item, one in case.lives.items()
        if case.is_open(one)
    }

    found = work_item_age(case.flow)

    assert {one.key: (one.age_seconds, one.step, one.state) for one in found.items} == expected
    ages = [one.age_seconds for one in found.items]
    assert ages == sorted(ages, reverse=True)


def test_ages_at_which_steps_were_left(case: Case) -> None:
    left: dict[str, list[int]] = defaultdict(list)
    for one in case.delivered().values():
        at = {}
        for step, events in oracle.visits(one):
            if events[0] < one.value_event:
                ends = [p.ended_at for p in one.pieces if p.event in events and p.event < one.value_event]
                at[step] = max(ends)
        for step, ended_at in at.items():
            left[step].append(ended_at - one.demand_at)

    for ages in work_item_age(case.flow).steps:
        found = [ages.p50_seconds, ages.p70_seconds, ages.p85_seconds, ages.p95_seconds]
        expected = np.quantile(left[ages.step], [0.5, 0.7, 0.85, 0.95]) / 1e6 if left[ages.step] else [None] * 4
        assert found == pytest.approx(list(expected))


def test_survival_counts_open_items_as_not_delivered(case: Case) -> None:
    until = {
        item: one.value_at or (case.last_at if case.is_open(one) else one.ended_at) for item, one in case.lives.items()
    }
    ages = np.array([until[item] - one.demand_at for item, one in case.lives.items()])
    delivered = np.array([one.value_at is not None for one in case.lives.values()])
    waiting, curve = 1.0, []
    for age in sorted(set(ages[delivered])):
        waiting *= 1 - np.sum((ages == age) & delivered) / np.sum(ages >= age)
        curve.append((age, waiting))
    expected = [next((age / 1e6 for age, left in curve if left <= 1 - p + 1e-12), None) for p in (0.5, 0.85, 0.95)]

    found = survival(case.flow)

    assert [found.p50_seconds, found.p85_seconds, found.p95_seconds] == pytest.approx(expected)
    assert (found.n_finished, found.n_unfinished) == (delivered.sum(), (~delivered).sum())
