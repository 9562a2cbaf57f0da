"""Targets and service levels of a stream: how they stand, and stating them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from millrace.draw.charts.target_sparkline import sparkline_alt, target_sparkline
from millrace.errors import MillraceError
from millrace.govern.kinds.target_missed import limit_told, shown
from millrace.govern.signals import KINDS
from millrace.govern.target_figure import FIGURES, STEP_MEASURES
from millrace.govern.target_status import TargetStatus
from millrace.model.duration import write_duration
from millrace.model.measure import measure_label
from millrace.model.target import STATISTICS, Direction, Per, Target
from millrace.model.watch import StuckRule
from millrace.web.pages.governing_forms import Entered, conditions, held_text, parts_of_form, told, where_text
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Approver, Bench, Reader, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.stream_book import StreamView
from millrace.workbench.shared.target_book import TargetBoard

router = APIRouter(prefix="/streams/{key}/targets", dependencies=[Depends(own_form)])

DIRECTIONS = {"": "as usual for the measure", Direction.AT_MOST: "at most", Direction.AT_LEAST: "at least"}
PERIODS = {Per.WEEK: "each week", Per.MONTH: "each month", Per.ROLLING: "the last 28 days, week by week"}


@dataclass(frozen=True)
class TargetsPage:
    """How a stream's targets stand, what can be chosen in the forms, and what was wrong with one (`form`)."""

    view: StreamView
    board: TargetBoard
    entered: Entered
    form: str = ""
    problem: str = ""
    replaces: str = ""

    measures = {name: measure_label(name) for name in (*FIGURES, *STEP_MEASURES)}  # noqa: RUF012 - never changed
    blank = Entered()
    statistics, directions, periods = STATISTICS, DIRECTIONS, PERIODS

    kinds = {name: title for name, (title, _) in KINDS.items()}  # noqa: RUF012 - never changed

    def after(self, rule: StuckRule) -> str:
        """How long an item may stand still."""
        return write_duration(rule.after)

    def while_held(self, rule: StuckRule) -> str:
        """Where it counts."""
        return held_text(rule.held)

    def silence(self) -> str:
        """After how long a source has stopped; empty where nobody said."""
        return write_duration(self.board.watch.silent_after) if self.board.watch.silent_after else ""

    def figure(self, status: TargetStatus) -> str:
        """The figure of the last whole period."""
        return shown(status.target, status.now.value) if status.now else "–"

    def period(self, status: TargetStatus) -> str:
        """The last whole period in words."""
        assert status.now is not None
        if status.target.per is Per.ROLLING:
            return f"{status.target.rolling_days} days until {status.now.until_at:%Y-%m-%d}"
        return f"{status.target.per} from {status.now.label}"

    def limit(self, status: TargetStatus) -> str:
        """The target in words."""
        return limit_told(status.target)

    def measure(self, status: TargetStatus) -> str:
        """What the target is about."""
        target = status.target
        of = [measure_label(target.measure)]
        if target.measure in ("lead_time", "time_to_close", "process_time", "wait_time"):
            of.append(target.statistic)
        of += [f"of “{target.step}”"] if target.step else []
        of += [f"of “{target.service_level}”"] if target.service_level else []
        of += [where_text(target.where).replace("\n", ", ")] if target.where else []
        return " ".join(of) + (", business hours" if target.clock == "business" else "")

    def sparkline(self, status: TargetStatus) -> str:
        """Its periods as a small drawing."""
        return target_sparkline(status)

    def alt(self, status: TargetStatus) -> str:
        """The same in words."""
        return sparkline_alt(status)


@router.get("")
def show_targets(
    request: Request, actor: Reader, bench: Bench, key: str, change: str = "", level: str = ""
) -> HTMLResponse:
    """How the targets and service levels stand; `change` and `level` name the one whose form is filled in."""
    view = bench.stream(actor, key)
    entered: dict[str, str] = {}
    target = next((each for each in view.stream.targets if each.name == change), None)
    policy = next((each for each in view.stream.service_levels if each.name == level), None)
    if target is not None:
        entered = parts_of_form(target)
    elif policy is not None:
        entered = parts_of_form(policy)
    form = "target" if target is not None else "level" if policy is not None else ""
    return shown_page(request, actor, bench, key, entered=entered, form=form, replaces=change or level)


@router.post("")
def save_target(
    request: Request,
    actor: Approver,
    bench: Bench,
    key: str,
    name: Annotated[str, Form(max_length=200)] = "",
    measure: Annotated[str, Form(max_length=80)] = "",
    statistic: Annotated[str, Form(max_length=10)] = "p85",
    step: Annotated[str, Form(max_length=200)] = "",
    service_level: Annotated[str, Form(max_length=200)] = "",
    where: Annotated[str, Form(max_length=2000)] = "",
    target: Annotated[str, Form(max_length=40)] = "",
    warning: Annotated[str, Form(max_length=40)] = "",
    direction: Annotated[str, Form(max_length=20)] = "",
    clock: Annotated[str, Form(max_length=20)] = "elapsed",
    per: Annotated[str, Form(max_length=20)] = "week",
    based_on: Annotated[int, Form()] = 0,
    replaces: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """State a target."""
    entered = {
        "name": name.strip(), "measure": measure, "statistic": statistic, "step": step, "service_level": service_level,
        "where": where, "target": target.strip(), "warning": warning.strip(), "direction": direction, "clock": clock,
        "per": per,
    }  # fmt: skip
    try:
        given: dict[str, object] = {field: value for field, value in entered.items() if value}
        stated = Target.model_validate({**given, "where": conditions(where)})
        bench.save_target(actor, key, stated, based_on=based_on, replaces=replaces or None)
    except (ValidationError, MillraceError) as problem:
        wrong = told(problem)
        return shown_page(request, actor, bench, key, entered=entered, form="target", problem=wrong, replaces=replaces)
    return go_to(f"/streams/{key}/targets", done=f"The target “{stated.name}” is set.")


@router.post("/drop")
def drop_target(
    request: Request,
    actor: Approver,
    bench: Bench,
    key: str,
    name: Annotated[str, Form()],
    based_on: Annotated[int, Form()],
) -> Response:
    """State a target no more."""
    try:
        bench.drop_target(actor, key, name, based_on=based_on)
    except MillraceError as problem:
        return shown_page(request, actor, bench, key, entered={}, form="target", problem=problem.sentence)
    return go_to(f"/streams/{key}/targets", done=f"The target “{name}” is dropped.")


def shown_page(
    request: Request,
    actor: Actor,
    bench: SharedWorkbench,
    key: str,
    *,
    entered: dict[str, str],
    form: str = "",
    problem: str = "",
    replaces: str = "",
) -> HTMLResponse:
    """The page, with the form as it was filled in and what was wrong with it."""
    view = bench.stream(actor, key)
    context = TargetsPage(view, bench.target_board(actor, key), Entered(entered), form, problem, replaces)
    crumbs = (Crumb("Streams", "/"), Crumb(view.title, f"/streams/{key}"))
    status = 422 if problem else 200
    return page(request, "targets.html", context, title="Targets", crumbs=crumbs, tab="targets", key=key, status=status)
