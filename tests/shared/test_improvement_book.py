"""The register of improvements, from entry to verdict, by several people."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from millrace.improve.proof.hypothesis import Hypothesis, Phase, hypothesis_of
from millrace.improve.register.action import ActionNotReady, ActionState
from millrace.improve.register.seven_steps import StateTooEarly, StepNotLeft
from millrace.improve.register.state import ImprovementState, NotNext
from millrace.model.improvement import Expectation, Improvement
from millrace.model.value_stream import Step, ValueStream
from millrace.workbench.shared import Actor, NotAllowed, Role, SharedWorkbench
from millrace.workbench.shared.improvement_proofs import NoHypothesis
from millrace.workbench.shared.improvement_views import (
    ImprovementChangedMeanwhile,
    ImprovementDraft,
    ImprovementNotUsable,
    ImprovementView,
    NoSuchImprovement,
)

CHANGED_ON = date(2024, 7, 1)
DRAFT = ImprovementDraft("Remind approvers", benefit="Access a day sooner", owner="Access lead", concerns="process")
ASKED = Hypothesis(phases=(Phase(starts_on=CHANGED_ON),))


def log() -> str:
    """A year of tickets that wait half as long from the first of July on."""
    rng, rows = np.random.default_rng(2), ["number,time,status,team"]
    for n in range(1800):
        at = timedelta(seconds=float(n * 364 * 86_400 / 1800))
        wait = timedelta(hours=20 * float(np.exp(rng.normal(0, 0.7))) * (0.4 if at >= timedelta(days=182) else 1))
        for when, status in ((at, "New"), (at + wait, "In Progress"), (at + 1.1 * wait, "Resolved")):
            rows.append(f"INC{n},{np.datetime64('2024-01-01T00:00:00') + np.timedelta64(when)},{status},Desk")
    return "\n".join(rows)


@pytest.fixture
def stream(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> str:
    path = tmp_path / "upload"
    path.write_text(log())
    anna = people[Role.ANALYST]
    source = bench.add_source(anna, "Access", [("access.csv", path)])
    assert bench.bring_in_next()
    return bench.begin_stream(anna, bench.proposed_stream(anna, source.key), source=source.key).key


def test_an_improvement_goes_from_entry_to_verdict(
    bench: SharedWorkbench, people: dict[Role, Actor], stream: str
) -> None:
    anna, olga = people[Role.ANALYST], people[Role.OWNER]
    entered = bench.register_improvement(anna, stream, DRAFT)
    assert (entered.key, entered.state, entered.model_step) == ("remind-approvers", ImprovementState.NEW, 1)

    def step(view: ImprovementView) -> ImprovementView:
        return bench.next_improvement_step(anna, view.key, version=view.version)

    two = step(entered)
    with pytest.raises(StepNotLeft, match="no measured baseline"):
        step(two)

    stated = bench.state_hypothesis(anna, two.key, ASKED, version=two.version, target="8 h")
    assert stated.baseline is not None
    assert 15 * 3600 < stated.baseline.figure < 30 * 3600
    assert stated.baseline.until_on == CHANGED_ON
    assert stated.hypothesis is not None
    assert stated.hypothesis.expected_ratio == pytest.approx(8 * 3600 / stated.baseline.figure - 1)

    four = step(step(stated))
    acted = bench.add_action(anna, four.key, "Send a reminder", version=four.version)
    five = step(acted)
    with pytest.raises(StepNotLeft, match="1 of its actions are still open"):
        step(five)
    done = bench.change_action(anna, five.key, 1, version=five.version, state=ActionState.DONE)
    six = step(done)
    with pytest.raises(StepNotLeft, match="nothing was measured after the change"):
        step(six)

    proved = bench.prove_improvement(anna, six.key)
    assert proved.verdict.outcome == "confirmed"
    seven = step(bench.improvement(anna, six.key))
    assert (seven.model_step, seven.lacking) == (7, None)
    assert seven.verdicts[0].headline.startswith("Confirmed")
    assert seven.verdicts[0].person == "Anna"

    view = seven
    for to in ("accepted", "assess", "approved", "in progress", "monitor", "closed"):
        view = bench.move_improvement(olga, view.key, ImprovementState(to), version=view.version)
    assert view.state is ImprovementState.CLOSED
    deeds = {deed.deed for deed in bench.trail(people[Role.ADMIN], subject=f"improvement:{view.key}")}
    assert deeds == {
        "next improvement step", "state hypothesis", "add action", "change action", "prove improvement",
        "move improvement",
    }  # fmt: skip


def test_another_hypothesis_wants_another_verdict(
    bench: SharedWorkbench, people: dict[Role, Actor], stream: str
) -> None:
    anna = people[Role.ANALYST]
    view = bench.register_improvement(anna, stream, DRAFT)
    with pytest.raises(NoHypothesis, match="State its hypothesis first"):
        bench.prove_improvement(anna, view.key)
    bench.state_hypothesis(anna, view.key, ASKED, version=1)
    bench.prove_improvement(anna, view.key)
    proved = bench.improvement(anna, view.key)
    assert proved.has_current_verdict

    other = hypothesis_of(measure="rework", phases=({"starts_on": CHANGED_ON},))
    assert not bench.state_hypothesis(anna, view.key, other, version=proved.version).has_current_verdict


@pytest.fixture
def plain(bench: SharedWorkbench, people: dict[Role, Actor]) -> str:
    """A stream that is not measured, with an improvement in its file."""
    drawn = ValueStream(
        name="access",
        steps=(Step(name="Approve"),),
        improvements=(
            Improvement(
                name="Pool the desks",
                steps=("Approve",),
                waste="waiting",
                owner="Desk lead",
                due_on=CHANGED_ON,
                expects=(Expectation(measure="lead_time", baseline=timedelta(hours=10), target=timedelta(hours=6)),),
            ),
        ),
    )
    return bench.begin_stream(people[Role.ANALYST], drawn).key


def test_who_changed_it_last_is_not_overwritten(bench: SharedWorkbench, people: dict[Role, Actor], plain: str) -> None:
    anna, olga = people[Role.ANALYST], people[Role.OWNER]
    view = bench.register_improvement(anna, plain, DRAFT)
    bench.change_improvement(olga, view.key, ImprovementDraft("Remind sooner"), version=view.version)
    with pytest.raises(ImprovementChangedMeanwhile, match="“Remind sooner” was changed by somebody else"):
        bench.change_improvement(anna, view.key, DRAFT, version=view.version)


def test_the_register_takes_over_what_the_stream_says_once(
    bench: SharedWorkbench, people: dict[Role, Actor], plain: str
) -> None:
    anna = people[Role.ANALYST]
    (taken,) = bench.import_improvements(anna, plain)
    assert (taken.draft.step, taken.draft.waste, taken.draft.owner) == ("Approve", "waiting", "Desk lead")
    assert (taken.origin, taken.origin_ref) == ("stream", "Pool the desks")
    assert taken.hypothesis is not None
    assert (taken.hypothesis.changed_on, taken.expected_from) == (CHANGED_ON, "the stream’s file")
    assert taken.hypothesis.expected_ratio == pytest.approx(-0.4)
    assert bench.import_improvements(anna, plain) == ()


def test_work_does_not_begin_without_a_measured_baseline(
    bench: SharedWorkbench, people: dict[Role, Actor], plain: str
) -> None:
    olga = people[Role.OWNER]
    view = bench.register_improvement(olga, plain, DRAFT)
    view = bench.state_hypothesis(olga, view.key, ASKED, version=view.version)
    assert view.baseline is None
    for to in ("accepted", "assess", "approved"):
        view = bench.move_improvement(olga, view.key, ImprovementState(to), version=view.version)
    with pytest.raises(StateTooEarly, match="needs step 3"):
        bench.move_improvement(olga, view.key, ImprovementState.IN_PROGRESS, version=view.version)


def test_rights_and_rules_hold(bench: SharedWorkbench, people: dict[Role, Actor], plain: str) -> None:
    anna, vera = people[Role.ANALYST], people[Role.VIEWER]
    with pytest.raises(NotAllowed):
        bench.register_improvement(vera, plain, DRAFT)
    view = bench.register_improvement(anna, plain, DRAFT)
    with pytest.raises(NotNext):
        bench.move_improvement(anna, view.key, ImprovementState.CLOSED, version=view.version)
    with pytest.raises(NotAllowed):
        bench.move_improvement(anna, view.key, ImprovementState.APPROVED, version=view.version)
    with pytest.raises(ImprovementNotUsable, match="needs a title"):
        bench.register_improvement(anna, plain, ImprovementDraft("  "))
    with pytest.raises(NoSuchImprovement, match="did you mean “remind-approvers”"):
        bench.improvement(vera, "remind-approver")


def test_an_action_waits_for_those_it_needs(bench: SharedWorkbench, people: dict[Role, Actor], plain: str) -> None:
    anna = people[Role.ANALYST]
    view = bench.register_improvement(anna, plain, DRAFT)
    view = bench.add_action(anna, view.key, "Agree on a text", version=view.version)
    view = bench.add_action(anna, view.key, "Send it", version=view.version, after=[1])
    with pytest.raises(ActionNotReady, match="Action 2 needs action 1 to be done first"):
        bench.change_action(anna, view.key, 2, version=view.version, state=ActionState.DONE)
    assert view.actions[1].needs == (1,)


def test_the_register_is_filtered(bench: SharedWorkbench, people: dict[Role, Actor], plain: str) -> None:
    anna = people[Role.ANALYST]
    bench.register_improvement(anna, plain, DRAFT)
    bench.register_improvement(anna, plain, ImprovementDraft("Other"))
    assert [each.title for each in bench.improvements(anna, owner="Access lead")] == ["Remind approvers"]
    assert len(bench.improvements(anna, stream=plain, state="new")) == 2
    assert bench.improvements(anna, stream="none") == ()
