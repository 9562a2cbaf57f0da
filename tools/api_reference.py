"""Reference page on the REST API: every route with what it needs, is given and answers."""

from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute

from millrace.web.api.api import ROUTERS, description
from millrace.web.security.gate import Gate, gates

INTRO = (
    "# REST API\n\nEvery route, below the address of the server. `/api/v1/openapi.json` describes all of it for "
    "programs; the guide [Ask from a program](../guides/rest-api.md) shows how to begin. Errors are problems by "
    "RFC 9457 (`application/problem+json`): `type` is `urn:millrace:` and the slug of a [message](messages.md), "
    "`detail` its sentence.\n"
)


def api_page() -> str:
    """All routes by what they are about."""
    return INTRO + "".join(_routes())


def _routes() -> Iterator[str]:
    heading = ""
    for router in ROUTERS:
        for route in router.routes:
            if not isinstance(route, APIRoute) or not route.include_in_schema:
                continue
            topic = str(route.tags[0]).capitalize()
            if topic != heading:
                heading = topic
                yield f"\n## {topic}\n\n| route | needs | does | answers |\n|---|---|---|---|\n"
            yield from (_row(route, method) for method in sorted(route.methods))


def _row(route: APIRoute, method: str) -> str:
    told = description()["paths"][route.path_format][method.lower()]
    does = (route.description or "").replace("\n", " ").replace("|", "\\|")
    return f"| `{method} {route.path_format}` | {_needs(route)} | {does}{_asked(told)} | {_answer(told)} |\n"


def _needs(route: APIRoute) -> str:
    gate = gates(route.dependant)[0]
    return str(gate.permission) if isinstance(gate, Gate) and gate.permission is not None else "to be signed in"


def _asked(told: dict[str, Any]) -> str:
    names = [f"`{each['name']}`" for each in told.get("parameters", ()) if each["in"] == "query"]
    return f" Asked with {', '.join(names)}." if names else ""


def _answer(told: dict[str, Any]) -> str:
    status, answer = next((status, each) for status, each in told["responses"].items() if status.startswith("2"))
    kinds = [_kind(kind, content.get("schema", {})) for kind, content in answer.get("content", {}).items()]
    return f"{status} {' or '.join(dict.fromkeys(kinds))}".strip()


def _kind(media_type: str, schema: dict[str, Any]) -> str:
    if media_type != "application/json":
        return f"`{media_type}`"
    if schema.get("type") == "array":
        return f"list of {_kind(media_type, schema['items'])}"
    return schema.get("$ref", "object").rpartition("/")[2].removesuffix("Form").removesuffix("Json")
