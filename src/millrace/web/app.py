"""The application: the workbench of a workspace, its pages and its API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from millrace.web.api.api import with_api
from millrace.web.pages import (
    account,
    alerts,
    charts,
    editing,
    editing_rules_page,
    editing_step,
    findings,
    future,
    future_choice,
    guide,
    health,
    history,
    improvements,
    improvements_one,
    items,
    journey,
    measures,
    new_stream,
    open_work,
    people,
    policies,
    portfolio,
    privacy,
    process_map,
    receivers,
    reviews,
    schedule,
    settings,
    sign_in,
    sources,
    step,
    stream,
    targets,
    trail,
    weekly,
)
from millrace.web.pages.page import FONTS, STATIC
from millrace.web.pending import Pending
from millrace.web.problems import answer_to, tell_problems
from millrace.web.security.attempts import Attempts
from millrace.web.security.headers import with_headers
from millrace.web.security.hosts import KnownHosts
from millrace.web.security.provider import Provider
from millrace.web.security.uploads import LimitBodies
from millrace.web.worker import Worker
from millrace.workbench.shared import SharedWorkbench
from millrace.workbench.shared.organisation import read_organisation
from millrace.workbench.shared.serving import ServeSettings

PAGES = (
    improvements.router,
    improvements_one.router,
    new_stream.router,
    editing_step.router,
    editing_rules_page.router,
    editing.router,
    guide.router,
    history.router,
    health.router,
    sign_in.router,
    account.router,
    people.router,
    privacy.router,
    trail.router,
    settings.router,
    sources.router,
    portfolio.router,
    findings.router,
    open_work.router,
    future_choice.router,
    future.router,
    process_map.router,
    measures.router,
    charts.router,
    items.router,
    journey.router,
    step.router,
    alerts.router,
    targets.router,
    weekly.router,
    reviews.router,
    policies.router,
    receivers.router,
    schedule.router,
    stream.router,
)


def create_app(asked: ServeSettings) -> FastAPI:
    """The application for a workspace. Raises MillraceError where its database cannot be reached."""
    bench = SharedWorkbench(asked.workspace, database=asked.database)

    @asynccontextmanager
    async def at_work(_: FastAPI) -> AsyncIterator[None]:
        bench.resume_imports()
        with (
            Worker("imports", bench.bring_in_next),
            Worker("answers", bench.work_out_next, stop=bench.background.stop_all),
            Worker("schedule", bench.run_due_next),
        ):
            yield
        app.state.pending.close()
        bench.close()

    app = FastAPI(title="Millrace", lifespan=at_work, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.bench, app.state.settings, app.state.attempts = bench, asked, Attempts()
    app.state.pending = Pending()
    app.add_middleware(LimitBodies, largest_upload_bytes=asked.largest_upload_bytes, refusal=answer_to)
    app.middleware("http")(with_headers(is_behind_https=asked.is_behind_https))
    app.state.provider = Provider(read_organisation(asked.organisation)) if asked.organisation else None
    app.add_middleware(KnownHosts, hosts=asked.hosts)
    tell_problems(app)
    app.mount("/static/fonts", StaticFiles(directory=FONTS), name="fonts")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in PAGES:
        app.include_router(router, include_in_schema=False)
    with_api(app)
    return app


def app_from_environment() -> FastAPI:
    """The application as `millrace serve` asked for it."""
    return create_app(ServeSettings.from_environment())
