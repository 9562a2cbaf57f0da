"""Signing in, the own account, people and settings, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from served_workspace import Served, begin_stream, serving
from visiting import DESKTOP, PHONE, Visitor

from millrace.workbench.shared import Actor, Role
from millrace.workbench.shared.serving import ServeSettings
from millrace.workbench.workbench import Workbench

PASSWORD = "four words in a row"
SETTINGS = (
    "/account",
    "/settings",
    "/settings/people",
    "/settings/privacy",
    "/settings/hours",
    "/settings/rates",
    "/settings/teams",
    "/settings/trail",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A workspace with an admin and a viewer, served with sign-in."""
    folder = tmp_path_factory.mktemp("people")
    log = Workbench(folder / "made").sample("hr-access", folder / "requests.csv", months=2)
    with serving(ServeSettings(folder / "workspace", is_alone=False)) as (address, app):
        ada = app.state.bench.open_first_account("ada@example.org", "Ada Lovelace", PASSWORD)
        admin = Actor(ada.id, ada.name, ada.role)
        app.state.bench.open_account(admin, "vera@example.org", "Vera", Role.VIEWER, PASSWORD)
        yield Served(address, app, f"/streams/{begin_stream(app.state.bench, log)}")


@pytest.fixture
def admin(visitor: Visitor) -> Visitor:
    """An admin who has signed in."""
    signs_in(visitor.opens("/sign-in"), "ada@example.org")
    return visitor


def signs_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_sign_in_is_sound_and_told_in_place(visitor: Visitor, width: int) -> None:
    page = visitor.opens("/sign-in", width=width)
    visitor.finds_it_sound()
    page.get_by_label("E-mail address").fill("eve@example.org")
    page.get_by_label("Password").fill("guessed")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The address or the password is wrong")
    expect(page.get_by_label("E-mail address")).to_have_value("eve@example.org")


def test_settings_are_sound_in_a_window_and_on_a_phone(admin: Visitor) -> None:
    for path in SETTINGS:
        for width in (DESKTOP, PHONE):
            admin.opens(path, width=width)
            admin.finds_it_sound()


def test_who_wanted_a_page_gets_there_after_the_sign_in(visitor: Visitor) -> None:
    page = visitor.opens("/settings/people?x=1")
    signs_in(page, "ada@example.org")
    expect(page).to_have_url(re.compile(r"/settings/people\?x=1$"))


def test_an_admin_lets_somebody_in_who_chooses_a_password(admin: Visitor) -> None:
    page = admin.opens("/settings/people")
    page.get_by_label("Name", exact=True).fill("Nina")
    page.get_by_label("E-mail address").fill("nina@example.org")
    page.get_by_role("textbox", name="First password").fill("a first of four")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("status")).to_contain_text("Nina may sign in now")
    page.get_by_role("button", name="Sign out").click()
    signs_in(page, "nina@example.org", "a first of four")
    page = admin.opens("/account")
    expect(page.get_by_role("status")).to_contain_text("chosen by somebody else")
    page.get_by_label("Present password").fill("a first of four")
    page.get_by_label("New password").fill("quite another of four")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("status")).to_contain_text("The password is changed")
    admin.finds_it_sound()


def test_a_token_is_issued_shown_and_ended_by_keyboard(admin: Visitor) -> None:
    page = admin.opens("/account")
    page.get_by_label("What it is for").fill("nightly")
    page.get_by_label("What it is for").press("Enter")
    expect(page.locator("code")).to_contain_text("mr_")
    admin.finds_it_sound()
    page.get_by_role("button", name="End “nightly”").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("holds no more")


def test_a_setting_that_somebody_else_changed_is_told(admin: Visitor, served: Served) -> None:
    page = admin.opens("/settings/rates")
    page.get_by_label("Every other team").fill("60")
    from millrace.model.workspace_settings import Rates
    from millrace.workbench.shared.access import HERE

    served.bench.settle(HERE, Rates(per_team={"Service Desk": 44.0}), based_on=0)
    page.get_by_role("button", name="Save the rates").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else changed this setting")
    expect(page.get_by_text("Service Desk = 44")).to_be_visible()
    # The answer 409 is what the console complains of here.
    admin.complaints.clear()
    admin.finds_it_sound()
    page.get_by_role("button", name="Save the rates").click()
    expect(page.get_by_role("status")).to_contain_text("saved")
