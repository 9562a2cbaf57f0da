"""The REST API as a whole: its routes, and its description."""

from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from millrace.web.api import followed, futures, governing, improvements, measured, settings, sources, streams, workspace
from millrace.web.api.problem import Problem
from millrace.web.security.gate import Everybody

_open = APIRouter(prefix="/api/v1")
ROUTERS = (
    workspace.router, streams.router, measured.router, futures.router, governing.router, improvements.router,
    followed.router, sources.router, settings.router, _open,
)  # fmt: skip
VERSION = "1"
_ABOUT = (
    "What the pages show, for programs. Sign in with `Authorization: Bearer` and a token from the account page; a "
    "token’s scopes are read, change, approve, administer. Errors are problems by RFC 9457, with a sentence as detail."
)


def with_api(app: FastAPI) -> None:
    """Add the API to the application."""
    for router in ROUTERS:
        app.include_router(router)


@cache
def description() -> dict[str, Any]:
    """What the API offers, in the OpenAPI form."""
    alone = FastAPI()
    with_api(alone)
    described = get_openapi(title="Millrace", version=VERSION, description=_ABOUT, routes=alone.routes)
    components = described["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema()
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return described | {"security": [{"token": []}]}


@_open.get("/openapi.json", include_in_schema=False)
def show_description(everybody: Everybody) -> dict[str, Any]:
    """What the API offers, in the OpenAPI form."""
    del everybody
    return description()
