"""Plans: the order respects needs and gains for the cost, and tells when an effect can be seen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.simulate_engine.desks import steady, step, weeks

from millrace.improve.action_plan import ActionPlan, Phase, action_plan
from millrace.improve.actions import with_actions
from millrace.improve.when_to_measure import Measuring, when_to_measure
from millrace.model.absent import Absent
from millrace.model.candidates import candidates_of
from millrace.model.move import Automate, Eliminate, EscalateAfter, Move
from millrace.model.stream_file import parse_stream, stream_to_yaml
from millrace.model.templates.template import load_template
from millrace.model.value_stream import FutureState
from millrace.report.plan_page import plan_page
from millrace.simulate.choose.question import Question
from millrace.simulate.distribution import constant, exponential
from millrace.simulate.experiment import Experiment
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


def held_up(name: str, wait_hours: float, to: str) -> SimulatedStep:
    return step(name, "Desk", exponential(300), Way(to), waits=(Wait(constant(wait_hours * 3600)),))


STREAM = SimulatedStream(
    "requests",
    steady(2.0),
    (held_up("Check", 6, "Do"), held_up("Do", 3, VALUE)),
    (SimulatedTeam("Desk", (Crew(3),)),),
)
REMIND = EscalateAfter(name="Remind", step="Check", limit=timedelta(hours=2), one_off_cost=300, owner="Desk lead")
DEAR = Eliminate(name="Dear", step="Do", one_off_cost=50_000)
IDLE = Automate(name="Idle", step="Do", share_ratio=0.001, one_off_cost=100)


def plan(*moves: Move) -> ActionPlan:
    candidates = candidates_of(FutureState(name="f", moves=moves)).candidates
    experiment = Experiment(weeks(4), n_replications=5)
    return action_plan(Question(candidates, (STREAM,), stream_of(STREAM), "lead_time_mean", experiment))


@pytest.fixture(scope="module")
def usual() -> ActionPlan:
    return plan(DEAR, REMIND)


def called(found: ActionPlan) -> list[str]:
    return [action.move.called for action in found.actions]


def test_what_gains_most_for_its_cost_comes_first(usual: ActionPlan) -> None:
    assert called(usual) == ["Remind", "Dear"]
    assert [action.phase for action in usual.actions] == [Phase.QUICK_WINS, Phase.LARGER_CHANGES]


def test_what_a_move_needs_comes_before_it() -> None:
    found = plan(REMIND.model_copy(update={"needs": ("Dear",)}), DEAR)
    assert called(found) == ["Dear", "Remind"]


def test_a_move_without_a_gain_comes_last_and_says_so() -> None:
    found = plan(IDLE, REMIND)
    assert called(found) == ["Remind", "Idle"]
    assert found.actions[-1].phase is Phase.NO_GAIN_SHOWN
    assert found.actions[-1].measuring == Absent("no gain is shown")


def test_the_effects_in_their_order_add_up_to_the_whole(usual: ActionPlan) -> None:
    assert sum(action.gain.mean for action in usual.actions) == pytest.approx(usual.today.mean - usual.then.mean)
    assert usual.actions[0].after == usual.actions[1].before


def test_four_of_six_hours_are_gained_where_the_wait_ends_after_two(usual: ActionPlan) -> None:
    assert usual.actions[0].gain.mean == pytest.approx(4 * 3600, rel=0.02)


def test_an_effect_as_large_as_the_deviation_takes_16_items_on_either_side() -> None:
    assert when_to_measure(1.0, 1.0, items_per_week=8, delay_seconds=0) == Measuring(16, 2)
    assert when_to_measure(0.5, 1.0, items_per_week=63, delay_seconds=604_800) == Measuring(63, 2)


def test_an_effect_that_never_shows_is_absent_with_its_reason() -> None:
    found = when_to_measure(0.001, 1.0, items_per_week=10, delay_seconds=0)
    assert isinstance(found, Absent)
    assert "it would take" in found.reason


def test_the_page_names_phase_owner_effect_and_time(usual: ActionPlan) -> None:
    page = plan_page("Requests", "f", usual, ())
    assert page.index("## Quick wins") < page.index("## Larger changes")
    assert "| Remind | Desk lead | – | 300 |" in page
    assert "after 1 week" in page


def test_actions_become_improvements_and_keep_what_people_wrote(usual: ActionPlan) -> None:
    stream = load_template("hr-access")
    first = replace(
        usual.actions[0], move=REMIND.model_copy(update={"name": "Fill in forms beforehand", "owner": None})
    )
    made = with_actions(stream, FutureState(name="f"), replace(usual, actions=(first, usual.actions[1])))
    known = {each.name: each for each in made.improvements}
    assert len(known) == len(stream.improvements) + 1
    assert known["Fill in forms beforehand"].owner == "Lead, Service Desk"
    assert parse_stream(stream_to_yaml(made)).improvements == made.improvements
