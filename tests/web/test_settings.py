"""The settings of the workspace in the browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Browser

from millrace.model.work_calendar import WorkCalendar
from millrace.model.workspace_settings import Privacy, Rates, Teams, WorkingHours
from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
LOG = "number,time,status,assignment group,assigned to\n" + "".join(
    f"INC{n},2025-01-{1 + n % 27:02} {hour}:00:00,{status},Desk,P{n % 7} Jansen\n"
    for n in range(30)
    for hour, status in (("08", "New"), ("09", "In Progress"), ("11", "Resolved"))
)


@pytest.fixture
def admin(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.ADMIN)


@pytest.fixture
def stream(bench: SharedWorkbench, people: dict[Role, Actor], tmp_path: Path) -> str:
    export = tmp_path / "export"
    export.write_text(LOG)
    ada = people[Role.ADMIN]
    source = bench.add_source(ada, "Incidents", [("incidents.csv", export)])
    bench.bring_in_next()
    return bench.begin_stream(ada, bench.proposed_stream(ada, source.key), source=source.key).key


def test_hours_and_rates_hold_where_a_stream_states_none(
    admin: Browser, bench: SharedWorkbench, people: dict[Role, Actor], stream: str
) -> None:
    ada = people[Role.ADMIN]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-18:00")
    filled = {"zone": "Europe/Amsterdam", "holidays": "2025-01-01\n2025-12-25", "sat": "", "sun": "", **week}
    assert admin.fill_in("/settings/hours", based_on="0", **filled).status_code == 303
    assert admin.fill_in("/settings/rates", based_on="0", default="50,5", per_team="Network = 70").status_code == 303

    stated = bench.flow(ada, stream).about.stream
    assert isinstance(stated.calendar, WorkCalendar)
    assert (stated.calendar.zone, len(stated.calendar.holidays)) == ("Europe/Amsterdam", 2)
    assert stated.rates_per_hour == {"Desk": 50.5, "Network": 70.0}
    assert bench.stream(ada, stream).stream.rates_per_hour == {}


def test_teams_are_named_and_their_sources_brought_in_again(
    admin: Browser, bench: SharedWorkbench, people: dict[Role, Actor], stream: str
) -> None:
    rows = {"name": ["Help desk", ""], "aliases": ["Desk; Service desk", ""], "side": ["provider", "provider"]}
    assert admin.fill_in("/settings/teams", based_on="0", **rows).status_code == 303
    assert bench.bring_in_next()
    assert bench.flow(people[Role.ADMIN], stream).about.teams == ("Help desk",)
    assert 'value="Desk; Service desk"' in admin.get("/settings/teams").text


@pytest.mark.parametrize(
    ("path", "fields", "told"),
    [
        ("hours", {"zone": "Mars/Base", "mon": "9-17"}, "not a known time zone"),
        ("hours", {"mon": "nine"}, "is not a time of day"),
        ("hours", {"mon": "9-17", "holidays": "Christmas"}, "“Christmas” is not understood"),
        ("rates", {"default": "much"}, "“much” is not understood"),
        ("rates", {"per_team": "Network = -1"}, "must be more than 0"),
        (
            "teams",
            {"name": ["A", "B"], "aliases": ["C", "C"], "side": ["provider", "supplier"]},
            "stands in two places",
        ),
        ("privacy", {"persons": "pseudonyms", "smallest_group": "0"}, "smallest_group"),
    ],
)
def test_what_is_wrong_is_told_and_the_form_kept(admin: Browser, path: str, fields: dict[str, str], told: str) -> None:
    answer = admin.fill_in(f"/settings/{path}", based_on="0", **fields)
    assert answer.status_code == 422
    assert told in answer.text
    first = next(iter(fields.values()))
    assert f'value="{first if isinstance(first, str) else first[0]}"' in answer.text or first in answer.text


def test_who_saves_second_sees_what_was_saved_first(admin: Browser) -> None:
    admin.fill_in("/settings/rates", based_on="0", default="40", per_team="Network = 70")
    late = admin.fill_in("/settings/rates", based_on="0", default="99", per_team="")
    assert late.status_code == 409
    assert "Network = 70" in late.text
    assert 'value="99"' in late.text
    version = re.search(r'name="based_on" value="(\d+)"', late.text)
    over = admin.fill_in("/settings/rates", based_on=version[1] if version else "", default="99", per_team="")
    assert over.status_code == 303


def test_privacy_is_settled_and_a_person_erased_in_the_browser(
    admin: Browser, bench: SharedWorkbench, people: dict[Role, Actor], stream: str
) -> None:
    ada = people[Role.ADMIN]
    assert "person" in admin.get("/settings/privacy").text
    settled = {"persons": "teams_only", "smallest_group": "3", "further": "kept by", "harmless": ""}
    assert admin.fill_in("/settings/privacy", based_on="0", **settled).status_code == 303
    assert bench.setting(ada, Privacy).value.further_columns == ("kept by",)

    unsure = admin.fill_in("/settings/privacy/erase", form="/settings/privacy", names="P3 Jansen")
    assert (unsure.status_code, "Tick that you are sure" in unsure.text) == (422, True)
    done = admin.fill_in("/settings/privacy/erase", form="/settings/privacy", names="P3 Jansen", is_sure="yes")
    assert done.status_code == 303
    assert "P3 Jansen" not in (next((bench.folder / "sources").rglob("*.csv"))).read_text()
    assert "erased-" in admin.get(done.headers["location"]).text


def test_the_trail_is_filtered_and_exported(admin: Browser, people: dict[Role, Actor]) -> None:
    admin.fill_in("/settings/rates", based_on="0", default="40", per_team="")
    admin.fill_in("/settings/people", name="=cmd()", email="nina@example.org", role="viewer", password="")
    vera = people[Role.VIEWER].person_id or ""
    admin.fill_in(f"/settings/people/{vera}/role", form="/settings/people", role="analyst")

    changed = admin.get("/settings/trail?deed=change_role").text
    assert "Viewer</td>" in changed
    assert "change setting</th>" not in changed
    assert "setting “rates”" in admin.get("/settings/trail?deed=change_setting").text
    assert "Nothing was done" in admin.get("/settings/trail?until=2001-01-01").text
    assert admin.get("/settings/trail?since=yesterday").status_code == 422

    csv = admin.get("/settings/trail/list.csv?deed=change_role")
    assert csv.headers["content-type"].startswith("text/csv")
    assert len(csv.text.splitlines()) == 2


def test_a_first_password_is_shown_once_and_has_to_be_changed(
    browser_of: BrowserOf, admin: Browser, bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    vera = people[Role.VIEWER].person_id or ""
    shown = admin.fill_in(f"/settings/people/{vera}/password", form="/settings/people")
    password = re.search(r"<code>([^<]+)</code>", shown.text)
    assert password is not None
    assert password[1] not in admin.get("/settings/people").text
    browser = browser_of(None)
    browser.fill_in("/sign-in", email="viewer@example.org", password=password[1])
    assert "chosen by somebody else" in browser.get("/account").text
    changed = browser.fill_in("/account/password", form="/account", old=password[1], new="another four words")
    assert changed.status_code == 303
    assert "chosen by somebody else" not in browser.get("/account").text


def test_a_closed_account_is_opened_again(admin: Browser, bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    vera = people[Role.VIEWER].person_id or ""
    admin.fill_in(f"/settings/people/{vera}/close", form="/settings/people")
    assert "Open again" in admin.get("/settings/people").text
    admin.fill_in(f"/settings/people/{vera}/reopen", form="/settings/people")
    assert all(each.is_open for each in bench.accounts(people[Role.ADMIN]))


def test_settings_that_nobody_made_are_what_they_are_by_default(
    bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    for kind in (WorkingHours, Rates, Teams, Privacy):
        assert bench.setting(people[Role.VIEWER], kind).version == 0
