"""Future states in the browser: designed, tried, saved; told in place where they cannot be."""

import re
from collections.abc import Callable

import pytest
from browsing import Browser

from millrace.model.move import AddCapacity, AutoApprove
from millrace.model.templates.template import load_template
from millrace.model.value_stream import FutureState, Step, ValueStream
from millrace.workbench.shared import Actor, NotAllowed, Role, SharedWorkbench
from millrace.workbench.shared.background import TaskState
from millrace.workbench.shared.future_trials import Exactness, NoSuchDraft, Trial

BrowserOf = Callable[[Role | None], Browser]


@pytest.fixture
def key(bench: SharedWorkbench, people: dict[Role, Actor]) -> str:
    """A stream as people drew it, with the future states of its template."""
    return bench.begin_stream(people[Role.ANALYST], load_template("hr-access")).key


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As little is simulated as can be compared."""
    monkeypatch.setattr(Exactness, "weeks", property(lambda _: 3))
    monkeypatch.setattr(Exactness, "n_replications", property(lambda _: 2))


def fields_of(page: str) -> dict[str, str | list[str]]:
    """What a browser would send of the form of a future state that nobody has touched."""
    form = page[page.index('action="/streams/') :]
    form = form[form.index('id="moves"') if 'id="moves"' in form else 0 :]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)">(.*?)</select>', form, re.S):
        chosen = re.search(r"<option selected>([^<]*)", options)
        found[name] = [chosen[1] if chosen else ""]
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def sends(browser: Browser, key: str, shown: str, do: str, **changes: str) -> str:
    """Send the form that is shown with one of its buttons; the address it leads to."""
    answer = browser.post(
        f"/streams/{key}/future/edit", data={**fields_of(shown), "do": do, **changes}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text[:3000]
    return str(answer.headers["location"]).partition("#")[0]


def test_a_future_state_is_begun_filled_tried_and_saved(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], key: str, few: None
) -> None:
    browser = browser_of(Role.ANALYST)
    draft = browser.fill_in(f"/streams/{key}/future", name="By rule").headers["location"]
    assert "Add the first move" in browser.get(draft).text
    draft = sends(browser, key, browser.get(draft).text, "add:auto_approve")
    draft = sends(browser, key, browser.get(draft).text, "add:end_batching")
    draft = sends(browser, key, browser.get(draft).text, "remove:1")
    changes = {"0-step": "Review and approve", "0-share_ratio": "80", "0-one_off_cost": "4000"}
    tried = sends(browser, key, browser.get(draft).text, "try:quick", **changes)
    waiting = browser.get(tried).text
    assert "It waits for its turn" in waiting
    assert f'hx-get="{tried}/progress"' in waiting
    assert bench.background.do_next()
    over = browser.get(f"{tried}/progress", headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    result = browser.get(tried).text
    assert "Mean lead time goes from" in result
    assert "Not back-tested: without a log" in result
    assert "It pays back in" in result or "Pay-back is not known" in result
    assert result.count("<svg") > 10
    saved = sends(browser, key, result, "save")
    assert saved.startswith(f"/streams/{key}/future/states/by-rule")
    again = browser.get(saved).text
    assert "Mean lead time goes from" in again
    stream = bench.stream(people[Role.VIEWER], key).stream
    (move,) = next(each for each in stream.future_states if each.name == "By rule").moves
    assert move == AutoApprove(step="Review and approve", share_ratio=0.8, one_off_cost=4000)


def test_the_same_future_state_is_tried_once_for_all(
    bench: SharedWorkbench, people: dict[Role, Actor], key: str, few: None
) -> None:
    anna, vera = people[Role.ANALYST], people[Role.VIEWER]
    future = FutureState(name="More people", moves=(AddCapacity(team="HR Data Owner", people=1),))
    bench.ask(anna, key, Trial(future, Exactness.QUICK))
    assert bench.answer(vera, key, Trial(future, Exactness.QUICK)) is None
    assert bench.background.do_next()
    bench.save_future(anna, key, FutureState(name="Another"), based_on=1)
    assert bench.answer(vera, key, Trial(future, Exactness.QUICK)) is not None
    assert bench.answer(vera, key, Trial(future, Exactness.EXACT)) is None


def test_what_cannot_be_simulated_is_told_in_place(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], key: str
) -> None:
    anna, browser = people[Role.ANALYST], browser_of(Role.ANALYST)
    future = FutureState.model_validate({"name": "F", "moves": [{"move": "eliminate", "step": "Nowhere"}]})
    tried = sends(browser, key, browser.get(_drafted(bench, anna, key, future)).text, "try:quick")
    bench.background.do_next()
    shown = browser.get(tried)
    assert shown.status_code == 200
    assert "names the step “Nowhere”" in shown.text


def test_a_form_that_cannot_be_meant_is_kept_and_told(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], key: str
) -> None:
    browser = browser_of(Role.ANALYST)
    future = FutureState.model_validate({"name": "F", "moves": [{"move": "escalate_after", "step": "Log and triage", "limit": "8 h"}]})  # fmt: skip # noqa: E501
    shown = browser.get(_drafted(bench, people[Role.ANALYST], key, future)).text
    answer = browser.post(
        f"/streams/{key}/future/edit", data={**fields_of(shown), "do": "try:quick", "0-limit": "<soon>"}
    )
    assert answer.status_code == 422
    assert "“&lt;soon&gt;” is not a duration" in answer.text
    assert 'value="&lt;soon&gt;"' in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("do", ["add:nothing", "add:pool_teams", "remove:9", "remove:x", "try:hard", "dance", ""])
def test_buttons_that_the_form_does_not_have_do_nothing(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], do: str
) -> None:
    anna, browser = people[Role.ANALYST], browser_of(Role.ANALYST)
    key = bench.begin_stream(anna, ValueStream(name="bare", steps=(Step(name="Only"),))).key
    here = _drafted(bench, anna, key, FutureState(name="F"))
    assert sends(browser, key, browser.get(here).text, do) == here
    refused = browser.post(
        f"/streams/{key}/future/edit", data={**fields_of(browser.get(here).text), "do": "save", "based_on": "x"}
    )
    assert refused.status_code == 422


def test_a_trial_is_stopped(browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], key: str) -> None:
    anna, browser = people[Role.ANALYST], browser_of(Role.ANALYST)
    future = bench.stream(anna, key).stream.future_states[1]
    bench.ask(anna, key, Trial(future, Exactness.EXACT))
    path = f"/streams/{key}/future/states/automatic-standard-access-by-its-moves"
    assert "Stop</button>" in browser.get(path).text
    browser.fill_in(f"{path}/stop", form=path)
    task = bench.task(anna, key, Trial(future, Exactness.EXACT))
    assert task is not None
    assert task.state is TaskState.STOPPED
    assert "It was stopped" in browser.get(path).text


def test_who_only_reads_sees_it_and_changes_nothing(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], key: str
) -> None:
    vera, browser = people[Role.VIEWER], browser_of(Role.VIEWER)
    path = f"/streams/{key}/future/states/automatic-standard-access-by-its-moves"
    shown = browser.get(path).text
    assert "Auto approve" in shown
    assert "Simulate</button>" not in shown
    assert browser.fill_in(f"/streams/{key}/future/edit", form=path, do="save").status_code == 403
    with pytest.raises(NotAllowed):
        bench.ask(vera, key, Trial(FutureState(name="F"), Exactness.QUICK))


def test_a_future_state_without_moves_is_shown_as_it_is_drawn(browser_of: BrowserOf, key: str) -> None:
    shown = browser_of(Role.VIEWER).get(f"/streams/{key}/future/states/automatic-standard-access").text
    assert "As it is drawn" in shown
    assert "<svg" in shown


def test_a_future_state_is_taken_out(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], key: str
) -> None:
    path = f"/streams/{key}/future/states/automatic-standard-access-by-its-moves"
    answer = browser_of(Role.ANALYST).fill_in(f"{path}/remove", form=path, based_on="1")
    assert answer.status_code == 303
    assert [each.name for each in bench.stream(people[Role.VIEWER], key).stream.future_states] == [
        "Automatic standard access"
    ]


def test_somebody_elses_revision_is_not_overwritten(
    browser_of: BrowserOf, bench: SharedWorkbench, people: dict[Role, Actor], key: str
) -> None:
    anna, browser = people[Role.ANALYST], browser_of(Role.ANALYST)
    shown = browser.get(_drafted(bench, anna, key, FutureState(name="F"))).text
    bench.save_stream(anna, key, bench.stream(anna, key).stream, based_on=1)
    answer = browser.post(f"/streams/{key}/future/edit", data={**fields_of(shown), "do": "save"})
    assert answer.status_code == 422
    assert "since you opened the stream" in answer.text


@pytest.mark.parametrize("path", ["states/none", "drafts/0123", "drafts/..%2F..", "nothing/at-all"])
def test_what_is_not_there_is_told(browser_of: BrowserOf, key: str, path: str) -> None:
    answer = browser_of(Role.VIEWER).get(f"/streams/{key}/future/{path}")
    assert answer.status_code in (404, 422)


def test_a_draft_of_another_stream_is_not_shown(bench: SharedWorkbench, people: dict[Role, Actor], key: str) -> None:
    anna = people[Role.ANALYST]
    other = bench.begin_stream(anna, load_template("hr-access")).key
    draft = bench.draft_future(anna, other, FutureState(name="F"))
    with pytest.raises(NoSuchDraft):
        bench.drafted_future(anna, key, draft)


def _drafted(bench: SharedWorkbench, actor: Actor, key: str, future: FutureState) -> str:
    return f"/streams/{key}/future/drafts/{bench.draft_future(actor, key, future)}"
