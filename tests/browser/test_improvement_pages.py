"""The pages of the register in a real browser: sound, and a journey from a finding to an entry."""

import re

import pytest
from playwright.sync_api import expect
from served_workspace import Served
from visiting import DESKTOP, PHONE, Visitor

from millrace.improve.proof.hypothesis import Hypothesis, Phase
from millrace.workbench.shared.access import HERE
from millrace.workbench.shared.improvement_views import ImprovementDraft


@pytest.fixture(scope="module")
def proved(served: Served) -> str:
    """The address of an improvement with an action and a verdict, whatever that is."""
    bench, stream = served.bench, served.stream.rpartition("/")[2]
    view = bench.register_improvement(HERE, stream, ImprovementDraft("Remind approvers", benefit="sooner"))
    flow = bench.flow(HERE, stream)
    middle = flow.began_at + (flow.now_at - flow.began_at) * 0.6
    asked = Hypothesis(phases=(Phase(starts_on=middle.date()),), expected_ratio=-0.3)
    view = bench.state_hypothesis(HERE, view.key, asked, version=view.version)
    view = bench.add_action(HERE, view.key, "Agree on the text", version=view.version)
    bench.prove_improvement(HERE, view.key)
    return f"/improvements/{view.key}"


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("path", ["/improvements", "/improvements?view=board", "/improvements/new", "one", "tab"])
def test_the_pages_are_sound(visitor: Visitor, served: Served, proved: str, path: str, width: int) -> None:
    address = {"one": proved, "tab": f"{served.stream}/improvements"}.get(path, path)
    page = visitor.opens(address, width=width)
    for summary in page.locator("details > summary").all():
        summary.click()
    visitor.finds_it_sound()


def test_a_finding_becomes_an_improvement(visitor: Visitor, served: Served) -> None:
    stream = served.stream.rpartition("/")[2]
    finding = served.bench.stream_findings(HERE, stream).findings[0]
    page = visitor.opens(f"/improvements/new?stream={stream}&finding={finding.id}")
    expect(page.get_by_label("Benefit")).to_have_value(re.compile("hours a month are at stake"))
    visitor.finds_it_sound()
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_role("link", name="a finding")).to_be_visible()
    visitor.finds_it_sound()


def test_an_improvement_is_entered_and_taken_a_step_on(visitor: Visitor, served: Served) -> None:
    page = visitor.opens(f"{served.stream}/improvements")
    page.get_by_role("link", name="New improvement").click()
    page.get_by_label("Title").fill("One form for all")
    page.get_by_label("Benefit").fill("No questions asked twice")
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One form for all")
    page.get_by_role("button", name="Go on to step 2").click()
    expect(page.get_by_text("To go on: it has no measured baseline")).to_be_visible()
    visitor.finds_it_sound()
