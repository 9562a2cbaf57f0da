"""Which moves of a future state to make, and in which order."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from millrace.errors import MillraceError
from millrace.model.value_stream import FutureState
from millrace.simulate.choose.goal import parse_goal
from millrace.simulate.figures import FIGURES
from millrace.web.pages.future import Kind, address_of, crumbs_of, future_at, path_of
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Bench, Changer, Reader, own_form
from millrace.workbench.choices import LEAD_TIME, MONTHS
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.background import Task
from millrace.workbench.shared.future_choices import MoveChoice, MovePlan, ToldChoice, ToldPlan
from millrace.workbench.shared.future_trials import Exactness

router = APIRouter(prefix="/streams/{key}/future/{kind}/{called}", dependencies=[Depends(own_form)])

MEASURES = {name: each.title for name, each in FIGURES.items() if each.less_is_better is not None}
"""What a choice can be made by."""


class BudgetNotUnderstood(MillraceError):
    """A budget or a number of months is no number."""

    slug = "budget-not-understood"

    def __init__(self, named: str, given: str) -> None:
        """Repeat it."""
        super().__init__(f"{named} “{given}” is not understood; write a number such as 20000.")


@dataclass(frozen=True)
class Asked:
    """What the choice is asked for, as it stands in the address."""

    measure: str = LEAD_TIME
    budget: str = ""
    goal: str = ""
    months: str = f"{MONTHS:g}"
    exactness: Exactness = Exactness.QUICK

    def question(self, future: FutureState) -> MoveChoice:
        """The question about a future state. Raises BudgetNotUnderstood, GoalNotUnderstood and UnknownAim."""
        if self.goal:
            parse_goal(self.goal)
        budget = _number("The budget", self.budget) if self.budget.strip() else None
        return MoveChoice(
            future, self.measure, budget, self.goal.strip(), _number("The months", self.months), self.exactness
        )

    @property
    def query(self) -> str:
        """As the part of an address behind `?`."""
        return "?" + urlencode(
            {
                "measure": self.measure,
                "budget": self.budget,
                "goal": self.goal,
                "months": self.months,
                "exactness": self.exactness,
            }
        )


def _number(named: str, given: str) -> float:
    try:
        found = float(given.replace(" ", "").replace(",", "."))
    except ValueError as error:
        raise BudgetNotUnderstood(named, given) from error
    if not 0 <= found < 1e12:
        raise BudgetNotUnderstood(named, given)
    return found


def _asked(
    measure: str = LEAD_TIME,
    budget: Annotated[str, Query(max_length=40)] = "",
    goal: Annotated[str, Query(max_length=80)] = "",
    months: Annotated[str, Query(max_length=10)] = f"{MONTHS:g}",
    exactness: Exactness = Exactness.QUICK,
) -> Asked:
    return Asked(measure if measure in MEASURES else LEAD_TIME, budget, goal, months, exactness)


def _filled_in(
    measure: Annotated[str, Form()] = LEAD_TIME,
    budget: Annotated[str, Form(max_length=40)] = "",
    goal: Annotated[str, Form(max_length=80)] = "",
    months: Annotated[str, Form(max_length=10)] = f"{MONTHS:g}",
    exactness: Annotated[Exactness, Form()] = Exactness.QUICK,
) -> Asked:
    return _asked(measure, budget, goal, months, exactness)


@dataclass(frozen=True)
class ChoicePage:
    """What is asked, how far the answer is, and the answer; `path` is that of the future state."""

    future: FutureState
    path: str
    here: str
    asked: Asked
    task: Task | None
    told: ToldChoice | None
    problem: str = ""

    @property
    def query(self) -> str:
        """What is asked, as the part of an address behind `?`."""
        return self.asked.query

    @property
    def is_running(self) -> bool:
        """Whether it waits or is worked on."""
        return self.task is not None and not self.task.state.is_over


@dataclass(frozen=True)
class PlanPage:
    """How far the plan is, and the plan; `path` is that of the future state."""

    future: FutureState
    path: str
    here: str
    task: Task | None
    told: ToldPlan | None
    problem: str = ""
    query: str = ""

    @property
    def is_running(self) -> bool:
        """Whether it waits or is worked on."""
        return self.task is not None and not self.task.state.is_over


@router.get("/choose")
def show_choice(
    request: Request,
    actor: Reader,
    bench: Bench,
    key: str,
    kind: Kind,
    called: str,
    asked: Annotated[Asked, Depends(_asked)],
) -> HTMLResponse:
    """What to choose by, and the choice if it is known."""
    return _choice(request, actor, bench, key, kind, called, asked)


@router.post("/choose")
def choose(
    request: Request,
    actor: Changer,
    bench: Bench,
    key: str,
    kind: Kind,
    called: str,
    asked: Annotated[Asked, Depends(_filled_in)],
) -> Response:
    """Have the choice worked out."""
    try:
        bench.ask(actor, key, asked.question(future_at(bench, actor, key, kind, called)))
    except MillraceError as problem:
        return _choice(request, actor, bench, key, kind, called, asked, problem.sentence)
    return go_to(f"{path_of(key, kind, called)}/choose{asked.query}")


@router.get("/choose/progress")
def show_choice_progress(
    request: Request,
    actor: Reader,
    bench: Bench,
    key: str,
    kind: Kind,
    called: str,
    asked: Annotated[Asked, Depends(_asked)],
) -> HTMLResponse:
    """How far the choice is; when it is over, the whole page is loaded anew."""
    return _progress(request, _choice_page(actor, bench, key, kind, called, asked), key)


@router.post("/choose/stop")
def stop_choice(
    actor: Changer, bench: Bench, key: str, kind: Kind, called: str, asked: Annotated[Asked, Depends(_asked)]
) -> Response:
    """End it."""
    bench.stop(actor, key, asked.question(future_at(bench, actor, key, kind, called)))
    return go_to(f"{path_of(key, kind, called)}/choose{asked.query}")


@router.post("/choose/take")
def take_choice(
    actor: Changer, bench: Bench, key: str, kind: Kind, called: str, asked: Annotated[Asked, Depends(_asked)]
) -> Response:
    """Go on with the moves that were chosen, as a draft."""
    told = bench.answer(actor, key, asked.question(future_at(bench, actor, key, kind, called)))
    if told is None or told.chosen is None:
        return go_to(f"{path_of(key, kind, called)}/choose{asked.query}")
    return go_to(address_of(bench, actor, key, told.chosen))


@router.get("/plan")
def show_plan(request: Request, actor: Reader, bench: Bench, key: str, kind: Kind, called: str) -> HTMLResponse:
    """The plan, if it is known."""
    context = _plan_page(actor, bench, key, kind, called)
    crumbs = _crumbs(bench, actor, key, context.future, context.path)
    return page(request, "future_plan.html", context, title="Plan", crumbs=crumbs, tab="future", key=key)


@router.post("/plan")
def plan(actor: Changer, bench: Bench, key: str, kind: Kind, called: str) -> Response:
    """Have the plan worked out."""
    bench.ask(actor, key, MovePlan(future_at(bench, actor, key, kind, called)))
    return go_to(f"{path_of(key, kind, called)}/plan")


@router.get("/plan/progress")
def show_plan_progress(
    request: Request, actor: Reader, bench: Bench, key: str, kind: Kind, called: str
) -> HTMLResponse:
    """How far the plan is; when it is over, the whole page is loaded anew."""
    return _progress(request, _plan_page(actor, bench, key, kind, called), key)


@router.post("/plan/stop")
def stop_plan(actor: Changer, bench: Bench, key: str, kind: Kind, called: str) -> Response:
    """End it."""
    bench.stop(actor, key, MovePlan(future_at(bench, actor, key, kind, called)))
    return go_to(f"{path_of(key, kind, called)}/plan")


def _choice(
    request: Request, actor: Actor, bench: SharedWorkbench, key: str, kind: Kind, called: str, asked: Asked,
    problem: str = "",
) -> HTMLResponse:  # fmt: skip
    context = _choice_page(actor, bench, key, kind, called, asked, problem)
    return page(
        request, "future_choice.html", context, title="Choose", tab="future", key=key, measures=MEASURES,
        crumbs=_crumbs(bench, actor, key, context.future, context.path), status=422 if context.problem else 200,
    )  # fmt: skip


def _choice_page(
    actor: Actor, bench: SharedWorkbench, key: str, kind: Kind, called: str, asked: Asked, problem: str = ""
) -> ChoicePage:
    future, path = future_at(bench, actor, key, kind, called), path_of(key, kind, called)
    try:
        question = asked.question(future)
    except MillraceError as not_understood:
        return ChoicePage(future, path, f"{path}/choose", asked, None, None, not_understood.sentence)
    task, told = bench.task(actor, key, question), bench.answer(actor, key, question)
    return ChoicePage(future, path, f"{path}/choose", asked, task, told, problem or _problem(task))


def _plan_page(actor: Actor, bench: SharedWorkbench, key: str, kind: Kind, called: str) -> PlanPage:
    future, path = future_at(bench, actor, key, kind, called), path_of(key, kind, called)
    question = MovePlan(future)
    task = bench.task(actor, key, question)
    return PlanPage(future, path, f"{path}/plan", task, bench.answer(actor, key, question), _problem(task))


def _problem(task: Task | None) -> str:
    return task.problem if task else ""


def _progress(request: Request, context: ChoicePage | PlanPage, key: str) -> HTMLResponse:
    answer = page(request, "future_progress.html", context, title="", key=key)
    if not context.is_running:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _crumbs(bench: SharedWorkbench, actor: Actor, key: str, future: FutureState, path: str) -> tuple[Crumb, ...]:
    return (*crumbs_of(bench.stream(actor, key)), Crumb(future.name, path))
