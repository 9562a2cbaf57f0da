"""Future states and the process map in a real browser: sound in a window and on a phone, and a journey through them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from served_workspace import Served
from visiting import DESKTOP, PHONE, Visitor

from millrace.model.move import AutoApprove, EscalateAfter
from millrace.model.templates.template import load_template
from millrace.model.value_stream import FutureState
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.future_trials import Exactness

FUTURE = FutureState(
    name="By rule",
    moves=(
        AutoApprove(step="Review and approve", share_ratio=0.75, one_off_cost=4000),
        EscalateAfter(step="Configure access", limit="2 h"),  # type: ignore[arg-type]
    ),
)
_WIDTHS = [pytest.param(DESKTOP, id="window"), pytest.param(PHONE, id="phone")]


@pytest.fixture(scope="module")
def stream(served: Served) -> Iterator[str]:
    """A stream as people drew it, which is quickly simulated; as little as can be compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Exactness, "weeks", property(lambda _: 2))
        patch.setattr(Exactness, "n_replications", property(lambda _: 2))
        drawn = load_template("hr-access").model_copy(update={"title": "Drawn", "future_states": (FUTURE,)})
        drawn = drawn.model_copy(update={"measures": (), "improvements": ()})
        yield f"/streams/{served.bench.begin_stream(HERE, drawn).key}"


def simulated(visitor: Visitor, button: str, path: str) -> None:
    """Press a button of a page, and wait until what it asks for is there."""
    page = visitor.opens(path)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("progress")).to_have_count(0, timeout=60_000)


def test_somebody_designs_simulates_and_saves_a_future_state(visitor: Visitor, stream: str) -> None:
    page = visitor.opens(f"{stream}/future")
    page.get_by_label("What it is called").fill("My future")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name=re.compile("^Auto approve")).click()
    page.get_by_label("Step", exact=True).select_option("Review and approve")
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("output")).to_have_text("80 %")
    visitor.finds_it_sound()
    page.get_by_role("button", name="Simulate", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Mean lead time goes from"))).to_be_visible(timeout=60_000)
    visitor.finds_it_sound()
    page.get_by_role("button", name="Save in the stream").click()
    expect(page.locator("p.notice[role=status]")).to_contain_text("is a future state of the stream now")
    expect(page).to_have_url(re.compile("/future/states/my-future"))


@pytest.mark.parametrize("width", _WIDTHS)
@pytest.mark.parametrize("part", ["", "/choose", "/plan"])
def test_what_came_of_it_is_sound(visitor: Visitor, stream: str, part: str, width: int) -> None:
    button = {"": "Simulate", "/choose": "Work it out", "/plan": "Work the plan out"}[part]
    path = f"{stream}/future/states/by-rule{part}"
    if not (part == "/plan" and visitor.opens(path).get_by_role("button", name=button).count() == 0):
        simulated(visitor, button, path)
    visitor.page.set_viewport_size({"width": width, "height": 900})
    for details in visitor.page.locator("details").all():
        details.evaluate("each => { each.open = true; }")
    visitor.finds_it_sound()


@pytest.mark.parametrize("width", _WIDTHS)
def test_open_work_is_sound(visitor: Visitor, served: Served, width: int) -> None:
    simulated(visitor, "Work it out", f"{served.stream}/future/open-work")
    expect(visitor.page.get_by_role("heading", name="Items in danger")).to_be_visible()
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.finds_it_sound()


def test_sliders_of_the_process_map_change_the_drawing_and_the_address(visitor: Visitor, served: Served) -> None:
    page = visitor.opens(f"{served.stream}/process-map?activities=100&paths=100")
    slider, paths = page.get_by_label("Paths, the most frequent"), page.locator("#drawing svg .path")
    slider.wait_for(timeout=60_000)
    whole = paths.count()
    slider.focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("paths=0"), timeout=20_000)
    expect(paths).not_to_have_count(whole, timeout=20_000)
    assert 0 < paths.count() < whole
    visitor.finds_it_sound()


def test_without_scripts_a_future_state_can_be_changed(browser: Browser, served: Served, stream: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{served.address}{stream}/future/states/by-rule")
    page.get_by_role("button", name=re.compile("^Remove move 2")).click()
    expect(page).to_have_url(re.compile("/future/drafts/"))
    expect(page.get_by_role("button", name=re.compile("^Remove"))).to_have_count(1)
