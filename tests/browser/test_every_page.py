"""Every page that is read, told from the list of routes: sound in a window and on a phone."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, expect
from served_workspace import Served
from visiting import DESKTOP, PHONE, Visitor

from millrace.web.app import PAGES
from millrace.workbench.shared.access import HERE

NOT_PAGES = ("/sign-in", "/list.csv", "/list.json", "/progress", "/healthz", "/back", "/organisation")
"""Where those who sign in arrive, and what a page fetches."""
_WIDTHS = [pytest.param(DESKTOP, id="window"), pytest.param(PHONE, id="phone")]


_KNOWN_KEYS = re.compile(r"\{(key|number|item:path)\}")


def reading() -> Iterator[str]:
    """The address of every page that is asked for with GET and needs no more than a source, a stream, a step.

    A page that needs more has a journey of its own.
    """
    for router in PAGES:
        for route in router.routes:
            if isinstance(route, APIRoute) and "GET" in route.methods and _needs_no_more(route.path):
                yield route.path


def _needs_no_more(path: str) -> bool:
    is_page = not path.endswith(NOT_PAGES) and not path.startswith("/improvements/{")
    return is_page and "{" not in _KNOWN_KEYS.sub("", path)


def filled(path: str, served: Served) -> str:
    """The address with keys that the workspace has."""
    stream = served.stream.rpartition("/")[2]
    source = served.bench.stream(HERE, stream).source_key or ""
    key = source if path.startswith("/sources") else stream
    return path.replace("{key}", key).replace("{number}", "1").replace("{item:path}", "REQ1000001")


@pytest.mark.parametrize("width", _WIDTHS)
@pytest.mark.parametrize("path", sorted(set(reading())))
def test_a_page_is_sound(visitor: Visitor, served: Served, path: str, width: int) -> None:
    visitor.opens(filled(path, served), width=width)
    visitor.finds_it_sound()


def test_a_step_of_the_map_opens_beside_it_by_keyboard_alone(visitor: Visitor, served: Served) -> None:
    page = visitor.opens(served.stream)
    page.locator("svg a").first.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading").first).to_be_visible()
    visitor.finds_it_sound()
    page.keyboard.press("Escape")
    expect(panel).to_be_empty()


def test_without_scripts_a_step_is_a_page_of_its_own(browser: Browser, served: Served) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(served.address + served.stream)
    page.locator("svg a").first.click()
    expect(page).to_have_url(re.compile(r"/steps/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
