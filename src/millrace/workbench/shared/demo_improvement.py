"""The improvement of the demo: approvals that wait are taken up, the work is under way, one action of it is late."""

from dataclasses import replace
from datetime import date, timedelta

from millrace.improve.proof.hypothesis import Hypothesis, Phase, Provable
from millrace.improve.register.action import ActionState
from millrace.improve.register.state import ImprovementState
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.improvement_views import ImprovementView
from millrace.workbench.shared.shared_workbench import SharedWorkbench

FINDING = "approval_wait"
OWNER = "Service owner, HR application"
EXPECTED_RATIO = -0.4
ACTIONS = (
    ("Agree with the data owner for which roles others may approve", OWNER, -18, ActionState.DONE),
    ("Name deputies, and enter them in the identity system", "Lead, Access Management", -4, ActionState.DOING),
    ("Let them approve, and look at every refusal for a month", "Lead, Service Desk", 17, ActionState.OPEN),
)
"""What is done, by whom, how many days from today it is due, and how far it is; each needs the one before."""
PATH = (
    ImprovementState.ACCEPTED,
    ImprovementState.ASSESS,
    ImprovementState.APPROVED,
    ImprovementState.IN_PROGRESS,
)
_TAKE_ACTION = 5
_CHANGE_IN = timedelta(days=21)
_REVIEW_IN = timedelta(days=70)


def improve(bench: SharedWorkbench, key: str) -> None:
    """Register what a stream's waits for approval suggest, with a hypothesis and actions, and take it to its work."""
    today = bench.clock().date()
    finding = next(each for each in bench.stream_findings(HERE, key).findings if each.kind == FINDING)
    draft = replace(
        bench.improvement_draft(HERE, key, finding.id),
        owner=OWNER,
        priority="high",
        effort="medium",
        review_on=today + _REVIEW_IN,
    )
    view = bench.register_improvement(HERE, key, draft, origin="finding", origin_ref=finding.id)
    asked = Hypothesis(
        measure=Provable.WAIT_TIME,
        step=finding.place.step,
        phases=(Phase(starts_on=today + _CHANGE_IN),),
        expected_ratio=EXPECTED_RATIO,
    )
    view = bench.state_hypothesis(HERE, view.key, asked, version=view.version, expected_from="people")
    _take_to_work(bench, _with_actions(bench, view, today))


def _with_actions(bench: SharedWorkbench, view: ImprovementView, today: date) -> ImprovementView:
    for number, (title, owner, days, state) in enumerate(ACTIONS, 1):
        due_on, after = today + timedelta(days=days), (number - 1,) if number > 1 else ()
        view = bench.add_action(HERE, view.key, title, version=view.version, owner=owner, due_on=due_on, after=after)
        if state is not ActionState.OPEN:
            view = bench.change_action(HERE, view.key, number, version=view.version, state=state)
    return view


def _take_to_work(bench: SharedWorkbench, view: ImprovementView) -> None:
    while view.model_step < _TAKE_ACTION:
        view = bench.next_improvement_step(HERE, view.key, version=view.version)
    for state in PATH:
        view = bench.move_improvement(HERE, view.key, state, version=view.version)
