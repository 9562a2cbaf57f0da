"""Future states of a stream, for programs: read, saved, simulated beside today, and what came of it."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from millrace.errors import MillraceError
from millrace.model.future_state import UnknownFutureState
from millrace.model.value_stream import FutureState, ValueStream
from millrace.report.future_form import FutureJson
from millrace.web.api.forms import RevisionForm
from millrace.web.api.if_match import Seen, tag
from millrace.web.api.problem import problems
from millrace.web.pages.future import future_at, futures_by_key
from millrace.web.security.gate import Bench, Changer, Reader, own_program
from millrace.workbench.shared.background import Task, TaskState
from millrace.workbench.shared.future_trials import Exactness, Trial

router = APIRouter(prefix="/api/v1/streams/{key}/futures", tags=["future states"], dependencies=[Depends(own_program)])
Draft = Annotated[str, Path(max_length=100, description="As the address that was given with the simulation has it")]
_CHANGED = problems(404, 409, 412, 428)


class NoSuchAnswer(MillraceError):
    """A simulation’s answer is asked for that nobody had worked out for the stream as it is now."""

    slug = "no-such-answer"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "Nobody had this simulated for the stream as it is now: it was never asked, or the stream or its log "
            "changed since. Ask for the simulation again."
        )


class AnswerStopped(MillraceError):
    """A simulation was ended before it had an answer."""

    slug = "answer-stopped"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("Somebody stopped this simulation. Ask for it again if you still want it.")


class AnswerFailed(MillraceError):
    """A simulation came to no answer."""

    slug = "answer-failed"

    def __init__(self, why: str) -> None:
        """Say why."""
        super().__init__(f"This could not be simulated. {why}")


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FutureStateForm(_Form):
    """A future state of a stream, by the key that addresses have for it."""

    key: str
    name: str
    future: dict[str, Any] = Field(description="With its moves, in the form in which it is saved; no defaults")

    @classmethod
    def of(cls, called: str, future: FutureState) -> Self:
        """Of a future state."""
        return cls(key=called, name=future.name, future=future.model_dump(mode="json", exclude_defaults=True))


class SimulationGiven(_Form):
    """What to simulate: one of the stream’s future states by its name, or one that is given here."""

    name: str | None = None
    future: FutureState | None = None
    exactness: Exactness = Field(default=Exactness.QUICK, description="quick for a first look, exact for a decision")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.name is None) == (self.future is None):
            raise ValueError("give either name or future")
        return self

    def meant(self, stream: ValueStream) -> FutureState:
        """The future state. Raises UnknownFutureState."""
        found = self.future or next((each for each in stream.future_states if each.name == self.name), None)
        if found is None:
            raise UnknownFutureState(stream, self.name or "")
        return found


class SimulationForm(_Form):
    """How far a simulation is; its answer is at `answer` when it is done."""

    answer: str = Field(description="The address of the answer")
    state: TaskState
    stage: str = Field(description="What is being done")
    progress_ratio: float
    n_before: int = Field(description="How many others come before it")

    @classmethod
    def of(cls, key: str, draft: str, exactness: Exactness, task: Task) -> Self:
        """Of a task."""
        return cls(
            answer=f"/api/v1/streams/{key}/futures/answers/{draft}/{exactness}", state=task.state, stage=task.stage,
            progress_ratio=task.progress_ratio, n_before=task.n_before,
        )  # fmt: skip


_RUNS: dict[int | str, dict[str, Any]] = {202: {"model": SimulationForm, "description": "It waits, or is worked on"}}


@router.get("", responses=problems(404))
def futures(actor: Reader, bench: Bench, response: Response, key: str) -> list[FutureStateForm]:
    """The future states of a stream; ETag is the number of the stream’s latest revision."""
    view = bench.stream(actor, key)
    tag(response, view.latest.number)
    return [FutureStateForm.of(called, each) for called, each in futures_by_key(view.stream).items()]


@router.put("", responses=_CHANGED)
def save_future(
    actor: Changer, bench: Bench, response: Response, key: str, seen: Seen, given: FutureState
) -> RevisionForm:
    """Save a future state in a new draft of the stream, in the place of one of the same name."""
    saved = bench.save_future(actor, key, given, based_on=seen)
    tag(response, saved.number)
    return RevisionForm.of(saved)


@router.get("/{future}", responses=problems(404))
def future(actor: Reader, bench: Bench, response: Response, key: str, future: str) -> FutureStateForm:
    """One future state by its key."""
    tag(response, bench.stream(actor, key).latest.number)
    return FutureStateForm.of(future, future_at(bench, actor, key, "states", future))


@router.delete("/{future}", responses=_CHANGED)
def remove_future(actor: Changer, bench: Bench, response: Response, key: str, future: str, seen: Seen) -> RevisionForm:
    """Take a future state out of the stream, in a new draft of it."""
    name = future_at(bench, actor, key, "states", future).name
    saved = bench.remove_future(actor, key, name, based_on=seen)
    tag(response, saved.number)
    return RevisionForm.of(saved)


@router.post("/simulate", status_code=202, responses=problems(404, 409))
def simulate(actor: Changer, bench: Bench, response: Response, key: str, given: SimulationGiven) -> SimulationForm:
    """Have a future state simulated beside today, in the background; ask at `answer` (also Location) for the answer."""
    meant = given.meant(bench.stream(actor, key).stream)
    trial, draft = Trial(meant, given.exactness), bench.draft_future(actor, key, meant)
    if bench.answer(actor, key, trial) is None:
        bench.ask(actor, key, trial)
    task = bench.task(actor, key, trial) or Task(TaskState.DONE, progress_ratio=1.0)
    told = SimulationForm.of(key, draft, given.exactness, task)
    response.headers["Location"] = told.answer
    return told


@router.get("/answers/{draft}/{exactness}", responses=problems(404, 409) | _RUNS, response_model=FutureJson)
def answer(
    actor: Reader, bench: Bench, response: Response, key: str, draft: Draft, exactness: Exactness
) -> FutureJson | Response:
    """What came of it, as `millrace simulate --json` prints it; 202 while it waits or is worked on."""
    trial = Trial(bench.drafted_future(actor, key, draft), exactness)
    task, tried = bench.task(actor, key, trial), bench.answer(actor, key, trial)
    if tried is not None:
        return tried.form
    if task is None or task.state is TaskState.DONE:
        raise NoSuchAnswer
    if task.state is TaskState.FAILED:
        raise AnswerFailed(task.problem)
    if task.state is TaskState.STOPPED:
        raise AnswerStopped
    told = SimulationForm.of(key, draft, exactness, task)
    return Response(told.model_dump_json(), 202, media_type="application/json")


@router.delete("/answers/{draft}/{exactness}", status_code=204, responses=problems(404))
def stop(actor: Changer, bench: Bench, key: str, draft: Draft, exactness: Exactness) -> None:
    """End a simulation that is not wanted any more; an answer that is there stays."""
    bench.stop(actor, key, Trial(bench.drafted_future(actor, key, draft), exactness))
