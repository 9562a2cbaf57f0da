"""The schedule: what is done again and again, when it is due, what came of it; and folders that are watched."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from millrace.errors import MillraceError
from millrace.govern.rhythm import Every, Rhythm
from millrace.model.work_calendar import WEEKDAYS
from millrace.web.pages.governing_forms import told
from millrace.web.pages.page import Crumb, go_to, page
from millrace.web.security.gate import Admin, Bench, own_form
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.job_kinds import JOB_KINDS, JobKind
from millrace.workbench.shared.schedule import JobView
from millrace.workbench.shared.watched_folders import WatchedFolderView

PATH = "/settings/schedule"
router = APIRouter(prefix=PATH, dependencies=[Depends(own_form)])
EVERY = {
    Every.MINUTES: "every so many minutes",
    Every.DAY: "every day",
    Every.WEEK: "every week",
    Every.MONTH: "every month",
}


@dataclass(frozen=True)
class SchedulePage:
    """All jobs, the kinds that can be planned, watched folders, sources and streams by their keys."""

    jobs: tuple[JobView, ...]
    kinds: dict[str, JobKind]
    folders: tuple[WatchedFolderView, ...]
    sources: dict[str, str]
    streams: dict[str, str]
    problem: str = ""
    every = EVERY
    weekdays = WEEKDAYS

    def about(self, job: JobView) -> str:
        """The title of what a job is about."""
        return self.sources.get(job.subject) or self.streams.get(job.subject) or job.subject


@router.get("")
def show_schedule(request: Request, actor: Admin, bench: Bench) -> HTMLResponse:
    """What is due, and when."""
    return _shown(request, actor, bench)


@router.post("")
def plan(
    request: Request,
    actor: Admin,
    bench: Bench,
    what: Annotated[str, Form(max_length=200)],
    every: Annotated[Every, Form()],
    minutes: Annotated[int, Form()] = 60,
    at: Annotated[str, Form(max_length=5)] = "06:00",
    weekday: Annotated[str, Form(max_length=3)] = "mon",
    day: Annotated[int, Form()] = 1,
    zone: Annotated[str, Form(max_length=60)] = "UTC",
) -> Response:
    """Plan a job; `what` is its kind, and after a colon what it is about."""
    kind, _, subject = what.partition(":")
    try:
        rhythm = Rhythm.model_validate(
            {"every": every, "minutes": minutes, "at": at, "weekday": weekday, "day": day, "zone": zone.strip()}
        )
        bench.plan(actor, kind, rhythm, subject=subject)
    except (ValidationError, MillraceError) as problem:
        return _shown(request, actor, bench, problem=told(problem))
    return go_to(PATH, done=f"It is done {rhythm.told()} from now on.")


@router.post("/jobs/{job_id}/now")
def run_now(actor: Admin, bench: Bench, job_id: str) -> Response:
    """Have a job done at once."""
    bench.run_now(actor, job_id)
    return go_to(PATH, done="It is done as soon as a server is free; load the page again in a moment.")


@router.post("/jobs/{job_id}/stop")
def stop(actor: Admin, bench: Bench, job_id: str) -> Response:
    """Do a job no more."""
    bench.stop_job(actor, job_id)
    return go_to(PATH, done="It is done no more.")


@router.post("/folders")
def watch_folder(
    request: Request,
    actor: Admin,
    bench: Bench,
    source: Annotated[str, Form(max_length=80)],
    pattern: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Say where newer exports of a source arrive; they are looked for every hour unless planned otherwise."""
    try:
        bench.watch_folder(actor, source, pattern)
        if pattern.strip() and not any(job.kind == "refresh" and job.subject == source for job in bench.jobs(actor)):
            bench.plan(actor, "refresh", Rhythm(every=Every.MINUTES), subject=source)
    except MillraceError as problem:
        return _shown(request, actor, bench, problem=problem.sentence)
    return go_to(PATH, done="The folder is watched." if pattern.strip() else "No folder is watched for it any more.")


def _shown(request: Request, actor: Actor, bench: SharedWorkbench, *, problem: str = "") -> HTMLResponse:
    sources = {view.key: view.name for view in bench.sources(actor)}
    streams = {view.key: view.title for view in bench.streams(actor)}
    context = SchedulePage(bench.jobs(actor), JOB_KINDS, bench.watched_folders(actor), sources, streams, problem)
    crumbs = (Crumb("Settings", "/settings"),)
    return page(request, "schedule.html", context, title="Schedule", crumbs=crumbs, status=422 if problem else 200)
