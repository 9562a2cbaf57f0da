"""Service levels and what is watched of a stream, stated from the page of its targets."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.govern.signals import KINDS
from millrace.model.service_level import ServiceLevel
from millrace.model.watch import StuckRule, Watch
from millrace.web.pages.governing_forms import conditions, held, told
from millrace.web.pages.page import go_to
from millrace.web.pages.targets import shown_page
from millrace.web.security.gate import Approver, Bench, own_form

router = APIRouter(prefix="/streams/{key}", dependencies=[Depends(own_form)])

Lines = Annotated[str, Form(max_length=2000)]


@router.post("/service-levels")
def save_service_level(
    request: Request,
    actor: Approver,
    bench: Bench,
    key: str,
    name: Annotated[str, Form(max_length=200)] = "",
    within: Annotated[str, Form(max_length=40)] = "",
    clock: Annotated[str, Form(max_length=20)] = "elapsed",
    goal_ratio: Annotated[str, Form(max_length=20)] = "95 %",
    where: Lines = "",
    starts: Lines = "",
    stops: Lines = "",
    pauses: Lines = "",
    recorded_in: Annotated[str, Form(max_length=200)] = "",
    based_on: Annotated[int, Form()] = 0,
    replaces: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """State a service level; every item is held against it anew."""
    entered = {
        "name": name.strip(), "within": within.strip(), "clock": clock, "goal_ratio": goal_ratio, "where": where,
        "starts": starts, "stops": stops, "pauses": pauses, "recorded_in": recorded_in.strip(),
    }  # fmt: skip
    try:
        parts = {
            "where": conditions(where), "starts": held(starts), "stops": held(stops), "pauses": held(pauses),
            "recorded_in": recorded_in.strip() or None,
        }  # fmt: skip
        stated = ServiceLevel.model_validate({**entered, **parts})
        bench.save_service_level(actor, key, stated, based_on=based_on, replaces=replaces or None)
    except (ValidationError, MillraceError) as problem:
        wrong = told(problem)
        return shown_page(request, actor, bench, key, entered=entered, form="level", problem=wrong, replaces=replaces)
    return go_to(f"/streams/{key}/targets", done=f"“{stated.name}” is promised; every item is held against it.")


@router.post("/service-levels/drop")
def drop_service_level(
    request: Request,
    actor: Approver,
    bench: Bench,
    key: str,
    name: Annotated[str, Form(max_length=200)],
    based_on: Annotated[int, Form()],
) -> Response:
    """State a service level no more."""
    try:
        bench.drop_service_level(actor, key, name, based_on=based_on)
    except MillraceError as problem:
        return shown_page(request, actor, bench, key, entered={}, form="level", problem=problem.sentence)
    return go_to(f"/streams/{key}/targets", done=f"“{name}” is promised no more.")


@router.post("/watch")
def save_watch(
    request: Request,
    actor: Approver,
    bench: Bench,
    key: str,
    stuck_after: Annotated[str, Form(max_length=40)] = "",
    stuck_in: Lines = "",
    foreseen_from_ratio: Annotated[str, Form(max_length=20)] = "50 %",
    silent_after: Annotated[str, Form(max_length=40)] = "",
    kinds: Annotated[list[str] | None, Form()] = None,
    based_on: Annotated[int, Form()] = 0,
) -> Response:
    """Say what else is told of a stream."""
    entered = {
        "stuck_after": stuck_after, "stuck_in": stuck_in, "foreseen_from_ratio": foreseen_from_ratio,
        "silent_after": silent_after,
    }  # fmt: skip
    try:
        rules = (
            [StuckRule.model_validate({"after": stuck_after, "held": held(stuck_in)})] if stuck_after.strip() else []
        )
        watch = Watch.model_validate({
            "stuck": rules, "foreseen_from_ratio": foreseen_from_ratio, "silent_after": silent_after.strip() or None,
            "leaves_out": [kind for kind in KINDS if kind not in (kinds or ())],
        })  # fmt: skip
        bench.save_watch(actor, key, watch, based_on=based_on)
    except (ValidationError, MillraceError) as problem:
        return shown_page(request, actor, bench, key, entered=entered, form="watch", problem=told(problem))
    return go_to(f"/streams/{key}/targets", done="What is watched is saved.")
