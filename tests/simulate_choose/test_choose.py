"""Which moves to make: against sets worked out one by one, within budgets, and with what moves need."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from tests.simulate_engine.desks import steady, step, weeks

from millrace.model.candidates import Candidate, CircularNeeds, UnknownNeed, candidates_of, read_candidates
from millrace.model.future_file import FutureNotRead
from millrace.model.move import AddCapacity, Automate, Eliminate, EscalateAfter, Move
from millrace.model.value_stream import FutureState
from millrace.simulate.choose.choose import Choice, choose
from millrace.simulate.choose.goal import Goal, GoalNotUnderstood, UnknownAim, parse_goal
from millrace.simulate.choose.lead_times import LEAD_TIME_FIGURES, lead_time_figure
from millrace.simulate.choose.question import CostUnknown, NothingToChoose, Question
from millrace.simulate.distribution import constant, exponential
from millrace.simulate.engine.run import Period, run
from millrace.simulate.experiment import Experiment
from millrace.simulate.figures import figures
from millrace.simulate.simulated_log import stream_of
from millrace.simulate.simulated_stream import (
    VALUE,
    Crew,
    SimulatedStep,
    SimulatedStream,
    SimulatedTeam,
    Wait,
    Way,
)

PERIOD = weeks(4)


def held_up(name: str, team: str, minutes: float, wait_hours: float, to: str) -> SimulatedStep:
    return step(name, team, exponential(minutes * 60), Way(to), waits=(Wait(constant(wait_hours * 3600)),))


STREAM = SimulatedStream(
    "requests",
    steady(2.0),
    (
        held_up("Register", "Desk", 5, 1, "Check"),
        held_up("Check", "Desk", 10, 6, "Do"),
        held_up("Do", "Technicians", 40, 2, VALUE),
    ),
    (SimulatedTeam("Desk", (Crew(1),)), SimulatedTeam("Technicians", (Crew(2),), rate_per_hour=50)),
)
MOVES: tuple[Move, ...] = (
    Eliminate(name="No check", step="Check", one_off_cost=900),
    EscalateAfter(name="Remind", step="Check", limit=timedelta(hours=2), one_off_cost=300),
    AddCapacity(name="One more", team="Technicians", people=1, running_cost_per_month=100),
    Automate(name="Costly nothing", step="Register", share_ratio=0.01, one_off_cost=5000),
)


def question(*moves: Move, **further: object) -> Question:
    candidates = candidates_of(FutureState(name="f", moves=moves or MOVES)).candidates
    asked = Question(candidates, (STREAM,), stream_of(STREAM), "lead_time_mean", Experiment(PERIOD, n_replications=6))
    return replace(asked, **further)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def choice() -> Choice:
    return choose(question())


def names(choice: Choice) -> list[tuple[str, ...]]:
    return [each.names for each in choice.front]


def test_the_front_of_a_process_that_can_be_worked_out(choice: Choice) -> None:
    # Reminding ends 4 of the 6 hours, no check all of them and its work; a third technician ends a short queue.
    assert names(choice)[:3] == [(), ("Remind",), ("No check",)]
    assert choice.chosen == choice.front[-1]
    assert choice.is_exhaustive
    assert choice.n_simulated == 16


def test_a_reminder_where_nothing_waits_any_more_adds_nothing(choice: Choice) -> None:
    assert all(not {"No check", "Remind"} <= set(each) for each in names(choice))


def test_what_brings_nothing_is_never_worth_it(choice: Choice) -> None:
    assert "Costly nothing" in choice.never_worth_it


def test_no_set_of_the_front_is_beaten_by_a_cheaper_one(choice: Choice) -> None:
    for cheaper, dearer in pairwise(choice.front):
        assert cheaper.cost < dearer.cost
        assert cheaper.estimate.mean > dearer.estimate.mean


def test_dominated_sets_are_beside_the_front(choice: Choice) -> None:
    for other in choice.others:
        cheaper = [each for each in choice.front if each.cost <= other.cost]
        assert min(each.estimate.mean for each in cheaper) <= other.estimate.mean * 1.01


def test_running_costs_count_for_the_months_asked_for() -> None:
    assert question(months=6.0).cost((0, 1, 1, 0)) == 300 + 6 * 100


def test_no_set_costs_more_than_the_budget() -> None:
    found = choose(question(budget=1000.0))
    assert all(each.cost <= 1000 for each in (*found.front, *found.others))
    assert found.chosen is not None
    assert found.chosen.names == ("No check",)


def test_for_a_goal_the_cheapest_set_that_reaches_it_is_chosen() -> None:
    found = choose(question(goal=Goal("lead_time_mean", 7 * 3600.0)))
    assert found.chosen is not None
    assert found.chosen.names == ("Remind",)
    assert found.is_sure


def test_a_goal_that_no_set_reaches_is_said_to_be_out_of_reach() -> None:
    assert choose(question(goal=Goal("lead_time_mean", 60.0))).chosen is None


def test_generations_find_what_trying_everything_finds(choice: Choice) -> None:
    evolved = choose(question(), most_exhaustive=1)
    assert not evolved.is_exhaustive
    assert names(evolved) == names(choice)


def test_the_same_seed_chooses_the_same(choice: Choice) -> None:
    assert choose(question()) == choice


def test_a_move_is_never_chosen_without_what_it_needs() -> None:
    needy = MOVES[0].model_copy(update={"needs": ("Remind",)})
    found = choose(question(needy, *MOVES[1:3]))
    chosen = [set(each.names) for each in (*found.front, *found.others)]
    assert any("No check" in each for each in chosen)
    assert all("Remind" in each for each in chosen if "No check" in each)


def test_added_people_cost_their_hours() -> None:
    people = AddCapacity(team="Technicians", people=1)
    assert question(people).cost((1,)) == pytest.approx(12 * 365.25 / 12 * 24 * 50)
    with pytest.raises(CostUnknown, match="no rate per hour is given for Desk"):
        question(AddCapacity(team="Desk", people=1)).cost((1,))


def test_lead_times_of_a_run_are_those_of_its_log(tmp_path: Path) -> None:
    ran = run(STREAM, Period(PERIOD.starts_at - timedelta(weeks=1), PERIOD.ends_at), seed=3)
    measured = figures(ran, stream_of(STREAM), PERIOD, tmp_path).figures
    for name in LEAD_TIME_FIGURES:
        assert lead_time_figure(ran, PERIOD, name) == pytest.approx(measured[name], rel=1e-9)


def test_nothing_to_choose_from_is_said() -> None:
    with pytest.raises(NothingToChoose):
        choose(replace(question(), candidates=()))


def test_goals_are_read_as_they_are_written() -> None:
    assert parse_goal("lead_time p85 <= 2 d") == Goal("lead_time_p85", 2 * 86_400)
    assert parse_goal("flow_efficiency >= 30 %") == Goal("flow_efficiency", 0.3)
    assert str(parse_goal("lead_time ≤ 4 h")) == "lead time, mean at most 4 h"


@pytest.mark.parametrize(
    ("written", "failure"),
    [
        ("quickly", GoalNotUnderstood),
        ("lead_time >= 2 d", GoalNotUnderstood),
        ("lead_time <= soon", GoalNotUnderstood),
        ("leed_time <= 2 d", UnknownAim),
        ("throughput_per_week >= 3", UnknownAim),
    ],
)
def test_a_goal_that_is_none_is_refused(written: str, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        parse_goal(written)


def test_a_list_is_a_choice_of_strengths(tmp_path: Path) -> None:
    file = tmp_path / "moves.yaml"
    file.write_text(
        "name: m\nmoves:\n  - {move: automate, step: Do, share_ratio: [20 %, 60 %], one_off_cost: [100, 300]}\n"
        "  - {move: eliminate, step: Check}\n"
    )
    automate, eliminate = read_candidates(file).candidates
    assert [(move.share_ratio, move.one_off_cost) for move in automate.options if isinstance(move, Automate)] == [
        (0.2, 100), (0.6, 300),
    ]  # fmt: skip
    assert eliminate == Candidate((Eliminate(step="Check"),))


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        ("[{move: automate, step: A, share_ratio: [0.1, 0.2], one_off_cost: [1]}]", "line 2: a move gives 2 of"),
        ("[{move: automate, step: A, share_ratio: [10 %, 140 %]}]", "line 2: share_ratio is"),
    ],
)
def test_mistakes_among_candidates_are_told_with_their_line(tmp_path: Path, moves: str, told: str) -> None:
    file = tmp_path / "moves.yaml"
    file.write_text(f"name: m\nmoves: {moves}\n")
    with pytest.raises(FutureNotRead, match=told):
        read_candidates(file)


def test_needs_that_cannot_be_met_are_named() -> None:
    with pytest.raises(UnknownNeed, match=r"needs “Remindd”.*did you mean “Remind”"):
        question(MOVES[0].model_copy(update={"needs": ("Remindd",)}), MOVES[1])
    with pytest.raises(CircularNeeds, match="“A”, “B” need each other"):
        question(Eliminate(name="A", step="Do", needs=("B",)), Eliminate(name="B", step="Check", needs=("A",)))
