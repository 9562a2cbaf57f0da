"""The REST API as a whole: its routes, and its description."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from millrace.web.api import measured, sources, streams, workspace
from millrace.web.api.problem import Problem

ROUTERS = (workspace.router, streams.router, measured.router, sources.router)
VERSION = "1"
_ABOUT = (
    "What the pages show, for programs. Sign in with `Authorization: Bearer` and a token from the account page; a "
    "token’s scopes are read, change, approve, administer. Errors are problems by RFC 9457, with a sentence as detail."
)


def with_api(app: FastAPI) -> None:
    """Add the API to the application, and describe it without the pages."""
    for router in ROUTERS:
        app.include_router(router)

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title="Millrace", version=VERSION, description=_ABOUT, routes=app.routes)
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    schema["security"] = [{"token": []}]
    return schema
