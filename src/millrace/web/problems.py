"""The one place where errors become answers: pages with a sentence for people, problem+json for programs."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from millrace.errors import MillraceError
from millrace.web.pages.given_files import FULL
from millrace.web.pages.page import go_to, page
from millrace.web.pages.soon import StillMeasuring, show_progress
from millrace.web.security.attempts import place_of
from millrace.web.security.headers import HEADERS

_log = logging.getLogger("millrace.security")
_TOLD_TO_THE_LOG = frozenset({"not-allowed", "foreign-form", "too-many-attempts", "sign-in-refused"})
"""What somebody who watches over the server wants to know of."""
_NO_ROOM = (
    "The server has no room for what was sent, and kept nothing of it. Give it again when whoever runs the server has "
    "made some."
)
_NO_DATABASE = (
    "The workbench cannot reach its database, or that has no room left. Nothing was changed. Try again in a moment."
)
_TITLES = {
    "group-too-small": "Withheld",
    "column-withheld": "Withheld",
    "not-allowed": "Not yours to do",
    "sign-in-refused": "Not signed in",
    "foreign-form": "Load the page again",
    "upload-too-large": "Too large",
}
"""What people read above a sentence, where the status alone would sound harsh."""
_STATUSES = {
    "not-signed-in": HTTPStatus.UNAUTHORIZED,
    "not-allowed": HTTPStatus.FORBIDDEN,
    "foreign-form": HTTPStatus.FORBIDDEN,
    "sign-in-refused": HTTPStatus.FORBIDDEN,
    "group-too-small": HTTPStatus.FORBIDDEN,
    "column-withheld": HTTPStatus.FORBIDDEN,
    "setting-changed-meanwhile": HTTPStatus.CONFLICT,
    "too-many-attempts": HTTPStatus.TOO_MANY_REQUESTS,
    "changed-meanwhile": HTTPStatus.CONFLICT,
    "improvement-changed-meanwhile": HTTPStatus.CONFLICT,
    "not-next-state": HTTPStatus.CONFLICT,
    "state-too-early": HTTPStatus.CONFLICT,
    "step-not-left": HTTPStatus.CONFLICT,
    "action-not-ready": HTTPStatus.CONFLICT,
    "no-hypothesis": HTTPStatus.CONFLICT,
    "answer-stopped": HTTPStatus.CONFLICT,
    "no-revision-given": HTTPStatus.PRECONDITION_REQUIRED,
    "source-not-ready": HTTPStatus.CONFLICT,
    "not-measured": HTTPStatus.CONFLICT,
    "no-room-for-files": HTTPStatus.INSUFFICIENT_STORAGE,
    "upload-too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
"""Status of an error by its slug; those that begin with `no-such-` are 404, all others what the user can mend."""


def tell_problems(app: FastAPI) -> None:
    """Have every error told in a sentence."""
    app.add_exception_handler(StillMeasuring, show_progress)
    app.add_exception_handler(MillraceError, answer_to)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_fault)


def answer_to(request: Request, error: Exception) -> Response:
    """The answer to a request that an error of ours ends: its sentence, with the status that belongs to it."""
    assert isinstance(error, MillraceError)
    if error.slug == "database-not-reached":
        return _of_database(request, error)
    status = _STATUSES.get(error.slug, HTTPStatus.UNPROCESSABLE_ENTITY)
    if error.slug.startswith("no-such-"):
        status = HTTPStatus.NOT_FOUND
    if error.slug.endswith("changed-meanwhile") and "if-match" in request.headers:
        status = HTTPStatus.PRECONDITION_FAILED
    if error.slug in _TOLD_TO_THE_LOG:
        _log.warning("%s: %s %r from %s", error.slug, request.method, request.url.path, place_of(request))
    if status == HTTPStatus.UNAUTHORIZED and not _is_program(request):
        return go_to("/sign-in", **_way_back(request))
    return _told(request, status, error.slug, error.sentence)


def _of_database(request: Request, error: MillraceError) -> Response:
    """Where the database is stands in the server's log, and not on the page, which is drawn for nobody then."""
    logging.getLogger("millrace").error("%s", error.sentence)
    request.state.actor = None
    return _told(request, HTTPStatus.SERVICE_UNAVAILABLE, error.slug, _NO_DATABASE)


def _of_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = " → ".join(str(part) for part in first["loc"][1:]) or "the request"
    return _told(request, HTTPStatus.UNPROCESSABLE_ENTITY, "not-understood", f"“{where}”: {first['msg']}.")


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, OSError) and error.__cause__.errno in FULL:
        # What a form carries is laid down in the system's folder for such files while it comes.
        return _told(request, HTTPStatus.INSUFFICIENT_STORAGE, "no-room-for-files", _NO_ROOM)
    status = HTTPStatus(error.status_code)
    sentence = "There is no such page." if status == HTTPStatus.NOT_FOUND else f"{status.phrase}."
    response = _told(request, status, status.phrase.lower().replace(" ", "-"), sentence)
    response.headers.update(error.headers or {})
    return response


def _of_fault(request: Request, error: Exception) -> Response:
    """A fault of ours: what it was stands in the server's log, and not on the page."""
    del error
    answer = _told(
        request, HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "Something went wrong here. The server’s log tells what."
    )
    answer.headers.update(HEADERS | {"Cache-Control": "no-store"})
    return answer


def _way_back(request: Request) -> dict[str, str]:
    """Where to go after the sign-in: the page that was asked for, if it was only looked at."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return {"back": wanted} if request.method == "GET" and wanted != "/" else {}


def _told(request: Request, status: HTTPStatus, slug: str, sentence: str) -> Response:
    if _is_program(request):
        problem = {"type": f"urn:millrace:{slug}", "title": status.phrase, "status": status, "detail": sentence}
        return JSONResponse(problem, status, media_type="application/problem+json")
    return page(request, "problem.html", title=_TITLES.get(slug, status.phrase), sentence=sentence, status=status)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")
