"""The REST API keeps to its description, whatever it is asked: no crash, no answer that it does not announce."""

from collections.abc import Iterator

import pytest
import schemathesis
from browsing import PASSWORD, Browser
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from millrace.model.value_stream import FutureState
from millrace.web.api.api import description
from millrace.web.app import create_app
from millrace.workbench.shared import Actor, Permission, SharedWorkbench
from millrace.workbench.shared.improvement_views import ImprovementDraft
from millrace.workbench.shared.serving import ServeSettings

LOG = "number,time,status,team\n" + "".join(
    f"INC{n},2025-01-{1 + n // 2:02} {8 + 2 * k:02}:00:00,{status},Desk\n"
    for n in range(40)
    for k, status in enumerate(("New", "In Progress", "Resolved"))
)
OPERATIONS = sorted(
    ((path, method) for path, methods in description()["paths"].items() for method in methods),
    key=lambda each: (each[1] == "delete", "/settings/" in each[0]),
)
"""What can be asked; settings that have sources read anew come late, what takes things away comes last."""
THERE = {"key": "log", "number": 1, "item": "INC1", "future": "better"}
"""What the workspace has: its stream, its source, its improvement, a revision or action, an item, a future state."""
NOT_ASKED = [ignored_auth, positive_data_acceptance]
"""Who may ask is tested route by route; and a text may well be no stream, which only reading it tells."""
_WHATEVER_COMES = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def anything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenApiSchema]:
    """The API of a workspace with a stream “log” and a source “log”, as an admin’s program sees it."""
    folder = tmp_path_factory.mktemp("described")
    app = create_app(ServeSettings(folder / "workspace", is_alone=False))
    bench: SharedWorkbench = app.state.bench
    ada = bench.open_first_account("admin@example.org", "Ada", PASSWORD)
    admin = Actor(ada.id, ada.name, ada.role)
    (folder / "log.csv").write_text(LOG)
    source = bench.add_source(admin, "Log", [("log.csv", folder / "log.csv")])
    bench.bring_in_next()
    proposed = bench.proposed_stream(admin, source.key).model_copy(
        update={"title": "Log", "future_states": (FutureState(name="Better"),)}
    )
    assert bench.begin_stream(admin, proposed, source=source.key).key == source.key == THERE["key"]
    assert bench.register_improvement(admin, "log", ImprovementDraft("Log")).key == THERE["key"]
    bench.add_action(admin, "log", "Agree", version=1)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    token = bench.issue_token(admin, "schemathesis", frozenset(Permission))
    schema.config.update(headers={"Authorization": f"Bearer {token}"})
    yield schema
    bench.close()


def wants_number(path: str, method: str) -> bool:
    """Whether a change says in If-Match what it is made on."""
    parameters = description()["paths"][path][method].get("parameters", [])
    return any(each["name"] == "if-match" for each in parameters)


def number_now(anything: OpenApiSchema, path: str) -> str:
    """The ETag of the thing that `path` changes."""
    kind = path.split("/")[3]
    there = path if kind == "settings" else f"/api/v1/{kind}/{THERE['key']}"
    return Browser(anything.app, headers=anything.config.headers).get(there).headers.get("ETag", '"1"')


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_whatever_is_asked_is_answered_as_described(anything: OpenApiSchema, path: str, method: str) -> None:
    @_WHATEVER_COMES
    @given(case=anything[path][method].as_strategy())
    def ask(case: Case) -> None:
        case.call_and_validate(excluded_checks=NOT_ASKED)

    ask()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_what_is_asked_of_things_that_are_there_is_answered_as_described(
    anything: OpenApiSchema, path: str, method: str
) -> None:
    @_WHATEVER_COMES
    @given(case=anything[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))
    def ask(case: Case) -> None:
        case.path_parameters.update({name: THERE[name] for name in case.path_parameters if name in THERE})
        if wants_number(path, method):
            case.headers["If-Match"] = number_now(anything, path)
        case.call_and_validate(excluded_checks=NOT_ASKED)

    ask()
