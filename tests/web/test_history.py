"""The history of a stream: side by side, back again, agreed on."""

import re
from collections.abc import Callable

import pytest
from browsing import Browser

from millrace.model.step_changes import add_step, stream_of
from millrace.web.pages.history_difference import rows_of
from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
PATH = "/streams/desk/history"


@pytest.fixture(autouse=True)
def stream(bench: SharedWorkbench, people: dict[Role, Actor]) -> None:
    """Two revisions: the second has a step more."""
    anna = people[Role.ANALYST]
    first = stream_of({"name": "desk", "title": "Desk", "steps": [{"name": "Take the call"}]})
    bench.begin_stream(anna, first)
    bench.save_stream(anna, "desk", add_step(first, {"name": "Solve"}, after=1), based_on=1, note="One more step")


def test_two_revisions_stand_side_by_side(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.VIEWER)
    assert "One more step" in browser.get(PATH).text
    shown = browser.get(f"{PATH}/compare?before=1&after=2").text
    assert "Step “Solve”" in shown
    assert re.search(r"<ins>[^<]*Solve[^<]*</ins>", shown)
    assert shown.count("<svg") == 2
    assert browser.get(f"{PATH}/compare?before=9").status_code == 404
    assert browser.get(f"{PATH}/7").status_code == 404


def test_an_earlier_revision_comes_back(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    browser_of(Role.ANALYST).fill_in(f"{PATH}/1/restore", form=PATH)
    view = bench.stream(people[Role.ANALYST], "desk")
    assert (view.latest.number, len(view.stream.steps), view.latest.note) == (3, 1, "Revision 1 again")


def test_a_revision_is_proposed_refused_and_published(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor]
) -> None:
    anna, olga = browser_of(Role.ANALYST), browser_of(Role.OWNER)
    assert "Publish" not in anna.get(PATH).text.partition("What is published for")[0]
    anna.fill_in(f"{PATH}/2/propose", form=PATH)
    olga.fill_in(f"{PATH}/2/decide/refuse", form=PATH)
    again = olga.fill_in(f"{PATH}/2/decide/refuse", form=PATH)
    assert (again.status_code, "is refused, and cannot" in again.text) == (422, True)
    anna.fill_in(f"{PATH}/2/propose", form=PATH)
    olga.fill_in(f"{PATH}/2/decide/publish", form=PATH)
    view = bench.stream(people[Role.VIEWER], "desk")
    assert (view.published, view.latest.decided_by) == (2, "Owner")
    assert "revision 2 is published" in olga.get(PATH).text


def test_long_equal_parts_are_left_out() -> None:
    lines = [f"line {number}" for number in range(20)]
    changed = [*lines[:10], "other", *lines[11:]]
    rows = rows_of("\n".join(lines), "\n".join(changed))
    assert [row.n_left_out for row in rows if row.n_left_out] == [7, 6]
    assert [(row.before, row.after) for row in rows if not row.is_equal] == [((11, "line 10"), (11, "other"))]
    assert rows_of("a\nb", "a\nb") == rows_of("a\nb", "a\nb")
