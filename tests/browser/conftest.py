"""A served workspace, and a real browser that visits it."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from served_workspace import Served, begin_stream, serving
from visiting import Visitor

from millrace.workbench.shared.serving import ServeSettings
from millrace.workbench.workbench import Workbench

NEEDED = "MILLRACE_BROWSER_NEEDED"
"""Set where a missing browser is a failure, not a reason to leave tests out."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian’s Chromium, kept from calling home."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get(NEEDED):
            pytest.fail("Chromium is not installed, and the tests were told that it is.")
        pytest.skip("Chromium is not installed; `apt-get install chromium` lets these tests run.")
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-sandbox"]  # fmt: skip
    return {**browser_type_launch_args, "executable_path": chromium, "args": quiet}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A workspace with the HR access stream, measured on its sample; every module of tests has its own."""
    folder = tmp_path_factory.mktemp("served")
    log = Workbench(folder / "made").sample("hr-access", folder / "requests.csv", months=3)
    with serving(ServeSettings(folder / "workspace")) as (address, app):
        yield Served(address, app, f"/streams/{begin_stream(app.state.bench, log)}")


@pytest.fixture
def visitor(page: Page, served: Served) -> Visitor:
    """Somebody with a browser in front of the served workspace."""
    return Visitor(page, served.address)
