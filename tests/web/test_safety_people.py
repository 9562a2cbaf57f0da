"""No page, export or answer of the API tells who did what."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Browser
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount

from millrace.model.workspace_settings import Persons, Privacy
from millrace.web.app import create_app
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.serving import ServeSettings

PEOPLE = ("Jana Dorn", "Ben Okri", "Caro Ruiz", "Dirk Moll", "Eva Lund", "Finn Hay", "Hans Pohl", "Zoe Zappa")
LOG = "number,time,status,assignment group,assigned to,caller id,opened_by,priority\n" + "".join(
    f"INC{n},2025-{1 + n // 27:02}-{1 + n % 27:02} {hour:02}:00:00,{status},{team},{PEOPLE[(n + hour) % 6 + own]},"
    f"{PEOPLE[n % 8]},{PEOPLE[n % 7]},P{n % 3}\n"
    for n in range(120)
    for hour, status, team, own in (
        (8, "New", "Desk", 0),
        (10, "In Progress", "Desk", 0),
        (12, "Pending User", "Network", 2),
        (14, "In Progress", "Network", 2),
        (16, "Resolved", "Desk", 0),
    )
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder: Path = tmp_path_factory.mktemp("people")
    served = create_app(ServeSettings(folder / "workspace"))
    bench = served.state.bench
    (folder / "export").write_text(LOG)
    source = bench.add_source(HERE, "Incidents", [("incidents.csv", folder / "export")])
    assert bench.bring_in_next()
    bench.begin_stream(HERE, bench.proposed_stream(HERE, source.key), source=source.key)
    yield served
    bench.close()


def addresses(app: FastAPI) -> Iterator[str]:
    """Every address that is read, pages and API, with what this workspace has in the place of keys."""
    routers = (each.original_router for each in app.routes if not isinstance(each, Mount))
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            path = re.sub(r"\{item(:path)?\}", "INC7", route.path)
            path = re.sub(r"\{(number|nth)\}", "1", path)
            yield re.sub(r"\{(key|source|stream)\}", "incidents", path)


def told(app: FastAPI) -> dict[str, str]:
    """All that can be read, as page, CSV and JSON, by address."""
    bench, visitor = app.state.bench, Browser(app, base_url="http://localhost")
    bench.stream_findings(HERE, "incidents")
    bench.measured(HERE, "incidents")
    answers = {}
    for path in addresses(app):
        if "{" in path:
            continue
        for form in ("", "csv", "json"):
            answer = visitor.get(path, params={"as": form} if form else None)
            assert answer.status_code < 500, (path, form)
            answers[f"{path} {form}"] = answer.text
    return answers


def test_nothing_that_can_be_read_names_a_person(app: FastAPI) -> None:
    answers = told(app)
    assert len(answers) > 100
    assert {where: name for where, text in answers.items() for name in PEOPLE if name in text} == {}
    assert any("Person " in text for where, text in answers.items() if "INC7" in where)


def test_with_teams_only_nothing_tells_persons_apart(app: FastAPI) -> None:
    bench = app.state.bench
    bench.settle(HERE, Privacy(persons=Persons.TEAMS_ONLY), based_on=0)
    while bench.bring_in_next():
        pass
    # How a source was read is shown with its first rows to those who map it, under numbers.
    seen = {where for where, text in told(app).items() if re.search(r"Person \d", text)}
    explained = ("/sources", "/settings/privacy")
    assert {where for where in seen if not where.startswith(explained)} == set()


@pytest.mark.parametrize("column", ["person", "requester", "opened_by"])
def test_nobody_filters_or_compares_by_a_person(app: FastAPI, column: str) -> None:
    visitor = Browser(app, base_url="http://localhost")
    for page in ("measures", "items"):
        for asked in ({"where": f"{column}=Person 1"}, {"per": column}):
            answer = visitor.get(f"/streams/incidents/{page}", params=asked)
            assert answer.status_code in (200, 403)
            assert answer.status_code == 403 or "Person 1" not in answer.text.replace("Person 1&#34;", "")
