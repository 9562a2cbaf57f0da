"""The register of improvements, for programs: entered, changed, moved on, proved. ETag carries their version."""

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from millrace.report.proof_form import ProofForm, proof_form
from millrace.web.api.forms import Cell
from millrace.web.api.if_match import Seen, tag
from millrace.web.api.improvement_forms import (
    ActionChange,
    ActionGiven,
    Entered,
    HypothesisGiven,
    ImprovementForm,
    ImprovementGiven,
    MoveGiven,
)
from millrace.web.api.problem import problems
from millrace.web.security.gate import Bench, Changer, Reader, own_program
from millrace.workbench.shared.improvement_exports import improvement_row
from millrace.workbench.shared.improvement_views import ImprovementView

router = APIRouter(prefix="/api/v1/improvements", tags=["improvements"], dependencies=[Depends(own_program)])
_CHANGED = problems(404, 409, 412, 428)


class ImprovementsForm(BaseModel):
    """The register, a row an improvement, as its export has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    improvements: list[dict[str, Cell]] = Field(description="Columns as in the CSV of the page")


@router.get("", responses=problems())
def improvements(
    actor: Reader, bench: Bench, stream: str | None = None, state: str | None = None, owner: str | None = None
) -> ImprovementsForm:
    """The register of improvements: all, those of a stream, in a state, of an owner."""
    views = bench.improvements(actor, stream=stream, state=state, owner=owner)
    rows = [{name: _cell(value) for name, value in improvement_row(view).items()} for view in views]
    return ImprovementsForm(improvements=rows)


@router.post("", status_code=201, responses=problems(404))
def register_improvement(actor: Changer, bench: Bench, response: Response, given: ImprovementGiven) -> ImprovementForm:
    """Enter an improvement of a stream; Location is its address."""
    entered = bench.register_improvement(
        actor, given.stream, given.draft, origin=given.origin, origin_ref=given.origin_ref
    )
    response.headers["Location"] = f"{router.prefix}/{entered.key}"
    return _told(response, entered)


@router.get("/{key}", responses=problems(404))
def improvement(actor: Reader, bench: Bench, response: Response, key: str) -> ImprovementForm:
    """One improvement with its actions and verdicts; ETag is its version."""
    return _told(response, bench.improvement(actor, key))


@router.put("/{key}", responses=_CHANGED)
def change_improvement(
    actor: Changer, bench: Bench, response: Response, key: str, seen: Seen, given: Entered
) -> ImprovementForm:
    """Change what was entered, all of it."""
    return _told(response, bench.change_improvement(actor, key, given.draft, version=seen))


@router.post("/{key}/move", responses=_CHANGED)
def move_improvement(
    actor: Changer, bench: Bench, response: Response, key: str, seen: Seen, given: MoveGiven
) -> ImprovementForm:
    """Take it to another state; an approval needs the permission to approve."""
    return _told(response, bench.move_improvement(actor, key, given.to, version=seen))


@router.post("/{key}/next-step", responses=_CHANGED)
def next_improvement_step(actor: Changer, bench: Bench, response: Response, key: str, seen: Seen) -> ImprovementForm:
    """Go on to the next of the seven steps; refused while the present one lacks something."""
    return _told(response, bench.next_improvement_step(actor, key, version=seen))


@router.put("/{key}/hypothesis", responses=_CHANGED)
def state_hypothesis(
    actor: Changer, bench: Bench, response: Response, key: str, seen: Seen, given: HypothesisGiven
) -> ImprovementForm:
    """Say what it is meant to bring; its baseline is measured at once."""
    stated = bench.state_hypothesis(
        actor, key, given.hypothesis, version=seen, target=given.target, expected_from=given.expected_from
    )
    return _told(response, stated)


@router.post("/{key}/verdicts", status_code=201, responses=problems(404, 409))
def prove_improvement(actor: Changer, bench: Bench, key: str) -> ProofForm:
    """Prove it on the stream’s log as it is now, and keep the verdict; told as `millrace prove --json` prints it."""
    return proof_form(bench.prove_improvement(actor, key).verdict)


@router.post("/{key}/actions", status_code=201, responses=_CHANGED)
def add_action(
    actor: Changer, bench: Bench, response: Response, key: str, seen: Seen, given: ActionGiven
) -> ImprovementForm:
    """Add an action."""
    changed = bench.add_action(
        actor, key, given.title, version=seen, owner=given.owner, due_on=given.due_on, after=given.needs
    )
    return _told(response, changed)


@router.patch("/{key}/actions/{number}", responses=_CHANGED)
def change_action(
    actor: Changer, bench: Bench, response: Response, key: str, number: int, seen: Seen, given: ActionChange
) -> ImprovementForm:
    """Take an action to another state, or say what it needs."""
    changed = bench.change_action(actor, key, number, version=seen, state=given.state, after=given.needs)
    return _told(response, changed)


def _told(response: Response, view: ImprovementView) -> ImprovementForm:
    tag(response, view.version)
    return ImprovementForm.of(view)


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
