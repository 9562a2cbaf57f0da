"""Streams are begun, edited and guided in the browser; whoever comes second is told."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import Browser

from millrace.model.difference import difference
from millrace.model.stream_file import parse_stream
from millrace.model.templates.template import load_template
from millrace.model.value_stream import ValueStream
from millrace.workbench.shared import Actor, Role, SharedWorkbench

BrowserOf = Callable[[Role | None], Browser]
EVIL = "<script>alert(1)</script>"
KEY = "access-to-the-hr-application"
PATH = f"/streams/{KEY}/edit"


@pytest.fixture
def anna(people: dict[Role, Actor]) -> Actor:
    return people[Role.ANALYST]


@pytest.fixture
def stream(bench: SharedWorkbench, anna: Actor) -> ValueStream:
    """The worked example, as revision 1."""
    template = load_template("hr-access").model_copy(update={"title": "Access to the HR application"})
    return bench.begin_stream(anna, template).stream


@pytest.fixture
def analyst(browser_of: BrowserOf, stream: ValueStream) -> Browser:
    assert stream.steps
    return browser_of(Role.ANALYST)


def latest(bench: SharedWorkbench, anna: Actor) -> ValueStream:
    return bench.stream(anna, KEY).stream


def names(stream: ValueStream) -> list[str]:
    return [step.name for step in stream.steps]


def asked(browser: Browser, path: str) -> dict[str, str]:
    """What the form of a step holds as it is shown."""
    shown = browser.get(path).text
    inputs = re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', shown)
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', shown)
    boxes = re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]*)" checked', shown)
    selects = re.findall(r'<select id="[^"]+" name="([^"]+)".*?<option value="([^"]*)" selected', shown, re.S)
    return {name: value.replace("&amp;", "&") for name, value in (*inputs, *areas, *boxes, *selects)}


def test_a_step_is_changed_in_all_its_fields(analyst: Browser, bench: SharedWorkbench, anna: Actor) -> None:
    form = asked(analyst, f"{PATH}/steps/3") | {
        "name": "Decide", "team": "Data owners", "system": "Portal", "value_class": "necessary",
        "estimate.process_time": "6 min", "estimate.queue_time": "2.6 d",
        "estimate.complete_and_accurate_ratio": "88", "estimate.people": "2,5",
        "match.0.status": "Awaiting Approval; Pending*", "match.0.attributes": "priority = P1; P2 | site = Oslo",
    }  # fmt: skip
    answer = analyst.fill_in(f"{PATH}/steps/3", **form, based_on="1")
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, PATH)

    step = latest(bench, anna).steps[2]
    assert (step.name, step.team, step.system, step.value_class) == ("Decide", "Data owners", "Portal", "necessary")
    assert step.estimate is not None
    assert (step.estimate.complete_and_accurate_ratio, step.estimate.people) == (0.88, 2.5)
    assert step.match[0].status == ("Awaiting Approval", "Pending*")
    assert step.match[0].attributes == {"priority": ("P1", "P2"), "site": ("Oslo",)}
    assert bench.stream(anna, KEY).latest.note == "Step “Decide” changed"


def test_a_form_that_is_saved_as_it_is_changes_nothing(
    analyst: Browser, bench: SharedWorkbench, anna: Actor, stream: ValueStream
) -> None:
    for number in range(1, len(stream.steps) + 1):
        form = asked(analyst, f"{PATH}/steps/{number}")
        shown = analyst.get(f"{PATH}/steps/{number}").text
        ticked = re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]*)" checked', shown)
        several = {name: [value.replace("&amp;", "&") for key, value in ticked if key == name] for name, _ in ticked}
        analyst.post(f"{PATH}/steps/{number}", data={**form, **several, **secret(analyst), "based_on": str(number)})
    assert difference(stream, latest(bench, anna)) == ()


def secret(analyst: Browser) -> dict[str, str]:
    return {"form_secret": analyst.cookies["millrace_form"]}


def test_a_wrong_field_is_told_beside_it_and_the_form_is_kept(
    analyst: Browser, bench: SharedWorkbench, anna: Actor
) -> None:
    form = asked(analyst, f"{PATH}/steps/2") | {"estimate.process_time": "soon", "team": EVIL, "estimate.people": "-1"}
    answer = analyst.fill_in(f"{PATH}/steps/2", **form, based_on="1")
    assert answer.status_code == 422
    assert "Check 2 fields." in answer.text
    assert re.search(r'id="estimate-process-time-wrong">[^<]*is not a duration', answer.text)
    assert 'value="soon" aria-invalid="true"' in answer.text
    assert EVIL not in answer.text
    assert bench.stream(anna, KEY).latest.number == 1


def test_steps_are_added_moved_removed_and_undone(
    analyst: Browser, bench: SharedWorkbench, anna: Actor, stream: ValueStream
) -> None:
    first, second, *_ = names(stream)
    analyst.fill_in(f"{PATH}/steps", form=PATH, name="Check the form", after="1", based_on="1")
    assert names(latest(bench, anna))[:3] == [first, "Check the form", second]
    analyst.fill_in(f"{PATH}/steps/2/move", form=PATH, by="1", based_on="2")
    assert names(latest(bench, anna))[:3] == [first, second, "Check the form"]
    gone = analyst.fill_in(f"{PATH}/steps/1/remove", form=PATH, based_on="3")
    assert "removed" in gone.headers["location"]
    assert first not in names(latest(bench, anna))
    analyst.fill_in(f"{PATH}/undo", form=PATH, based_on="4")
    assert names(latest(bench, anna))[:3] == [first, second, "Check the form"]
    twice = analyst.fill_in(f"{PATH}/steps", form=PATH, name=first, after="0", based_on="5")
    assert (twice.status_code, "wo steps are called" in twice.text) == (422, True)


def test_what_it_is_about_is_saved(analyst: Browser, bench: SharedWorkbench, anna: Actor) -> None:
    form = asked(analyst, f"{PATH}/about") | {
        "owner": "Service owner", "demand.volume_per_month": "420", "demand.complete_ratio": "95 %",
        "value.after": "", "value.rule.event": "last", "review_every": "30 d", "reviewed_on": "2026-03-31",
    }  # fmt: skip
    assert analyst.fill_in(f"{PATH}/about", **form, based_on="1").status_code == 303
    saved = latest(bench, anna)
    assert (saved.owner, saved.demand.volume_per_month, saved.demand.complete_ratio) == ("Service owner", 420, 0.95)
    assert (saved.value.rule.event, str(saved.reviewed_on)) == ("last", "2026-03-31")
    wrong = analyst.fill_in(f"{PATH}/about", **{**form, "reviewed_on": "spring"}, based_on="2")
    assert (wrong.status_code, 'id="reviewed-on-wrong"' in wrong.text) == (422, True)


def test_mistakes_in_the_text_are_told_with_their_lines(analyst: Browser, bench: SharedWorkbench, anna: Actor) -> None:
    wrong = analyst.fill_in(f"{PATH}/yaml", yaml="millrace: 1\nname: a\nstepps: []\n", based_on="1")
    assert (wrong.status_code, "line 3" in wrong.text, "stepps: []" in wrong.text) == (422, True, True)
    foreign = analyst.fill_in(f"{PATH}/yaml", yaml="millrace: 1\nname: a\nframework: /etc/passwd\n", based_on="1")
    assert (foreign.status_code, "cannot be used in the workbench" in foreign.text) == (422, True)
    text = "millrace: 1\nname: a # mine\ntitle: A\nsteps:\n  - name: One\n"
    analyst.fill_in(f"{PATH}/yaml", yaml=text, based_on="1")
    assert bench.stream(anna, KEY).latest.yaml == text
    analyst.fill_in(f"{PATH}/steps", form=PATH, name="Two", after="1", based_on="2")
    assert "# mine" in bench.stream(anna, KEY).latest.yaml


def test_who_comes_second_sees_the_difference_and_decides(
    analyst: Browser, bench: SharedWorkbench, anna: Actor, people: dict[Role, Actor], stream: ValueStream
) -> None:
    mine = asked(analyst, f"{PATH}/steps/2") | {"team": "My team"}
    theirs = stream.model_copy(update={"owner": "Olga’s role"})
    bench.save_stream(people[Role.OWNER], KEY, theirs, based_on=1)

    told = analyst.fill_in(f"{PATH}/steps/2", **mine, based_on="1")

    assert told.status_code == 409
    assert "Owner saved revision 2" in told.text
    assert "Olga’s role" in told.text
    assert "My team" in told.text
    save = re.search(r'name="yaml" value="([^"]*)"><button class="first">Save both', told.text, re.S)
    assert save is not None
    text = (
        save[1]
        .replace("&#34;", '"')
        .replace("&amp;", "&")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&#39;", "'")
    )
    analyst.fill_in(f"{PATH}/yaml", yaml=text, based_on="2")
    both = latest(bench, anna)
    assert (both.owner, both.steps[1].team) == ("Olga’s role", "My team")


def test_nothing_that_somebody_wrote_runs_in_a_page(analyst: Browser, bench: SharedWorkbench, anna: Actor) -> None:
    evil = ValueStream.model_validate(
        {"name": "x", "title": EVIL, "owner": EVIL, "steps": [{"name": EVIL, "team": EVIL, "match": [{"team": EVIL}]}]}
    )
    bench.save_stream(anna, KEY, evil, based_on=1, note=EVIL)
    for path in ("", "/about", "/yaml", "/steps/1", "/../history", "/../history/compare", "/../history/2", "/../guide"):
        shown = analyst.get(f"{PATH}{path}")
        assert (shown.status_code, EVIL in shown.text) == (200, False), path


def test_a_step_form_is_a_panel_where_htmx_asks_for_it(analyst: Browser, bench: SharedWorkbench, anna: Actor) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/streams/{KEY}"}
    panel = analyst.get(f"{PATH}/steps/1", headers=headers).text
    assert "<html" not in panel
    form = asked(analyst, f"{PATH}/steps/1")
    back = analyst.fill_in(f"{PATH}/steps/1", **form, based_on="1", to_map="1")
    assert back.headers["location"].split("?")[0] == f"/streams/{KEY}"
    assert bench.stream(anna, KEY).latest.number == 2


def test_a_viewer_edits_nothing(browser_of: BrowserOf, stream: ValueStream) -> None:
    viewer = browser_of(Role.VIEWER)
    assert stream.title
    assert viewer.get(PATH).status_code == 403
    assert ">Edit</a>" not in viewer.get(f"/streams/{KEY}/history").text


def test_a_stream_is_begun_from_a_template(browser_of: BrowserOf, bench: SharedWorkbench, anna: Actor) -> None:
    browser = browser_of(Role.ANALYST)
    assert "Incident" in browser.get("/streams/new").text
    begun = browser.fill_in(
        "/streams/new/template", form="/streams/new", template="incident-resolution", title="Faults"
    )
    assert begun.headers["location"] == "/streams/faults"
    assert bench.stream(anna, "faults").stream.steps == load_template("incident-resolution").steps
    wrong = browser.fill_in("/streams/new/template", form="/streams/new", template="nothing")
    assert (wrong.status_code, "no template" in wrong.text) == (422, True)


def test_the_method_asks_one_question_after_the_other(
    browser_of: BrowserOf, bench: SharedWorkbench, anna: Actor
) -> None:
    browser = browser_of(Role.ANALYST)
    begun = browser.fill_in("/streams/new/named", form="/streams/new", title="Onboarding", how="guided")
    assert begun.headers["location"] == "/streams/onboarding/guide"
    answers = {
        "service": "Workplace", "scope": "", "owner": "HR", "demand.description": "A new colleague",
        "demand.who": "Teams", "demand.volume_per_month": "12", "demand.complete_ratio": "90 %",
        "value.description": "They can work", "value.confirmed_by": "", "steps": "Ask\nPrepare\nHand over",
        "value.after": "Hand over",
    }  # fmt: skip
    guide = "/streams/onboarding/guide"
    for number, (question, given) in enumerate(answers.items(), 1):
        assert f'name="question" value="{question}"' in browser.get(guide).text
        path = f"{guide}/answer" if given else f"{guide}/leave-open"
        kept = browser.fill_in(path, form=guide, question=question, answer=given, based_on=str(number))
        assert kept.status_code == 303, kept.text
    stream = bench.stream(anna, "onboarding").stream
    assert names(stream) == ["Ask", "Prepare", "Hand over"]
    assert stream.value.after == "Hand over"
    assert stream.guide.left_open == ("scope", "value.confirmed_by")
    wrong = browser.fill_in(
        f"{guide}/answer", form=guide, question="steps.Ask.estimate.process_time", answer="soon", based_on="12"
    )
    assert (wrong.status_code, "not a duration" in wrong.text, 'value="soon"' in wrong.text) == (422, True, True)


def test_a_template_is_bound_to_a_log_status_by_status(
    browser_of: BrowserOf, bench: SharedWorkbench, anna: Actor, tmp_path: Path
) -> None:
    log = "number,time,status,team\n" + "".join(
        f"REQ{n},2025-03-{1 + n % 27:02} {hour}:00:00,{status},Desk\n"
        for n in range(40)
        for hour, status in (
            ("08", "Submitted"),
            ("09", "Approval pending"),
            ("11", "Provisioning"),
            ("12", "Fulfilled"),
        )
    )
    (tmp_path / "log.csv").write_text(log)
    source = bench.add_source(anna, "Requests", [("log.csv", tmp_path / "log.csv")]).key
    bench.bring_in_next()
    browser = browser_of(Role.ANALYST)
    yaml = "millrace: 1\nname: r\ntitle: R\nsteps: [{name: Submit request}, {name: Approve}, {name: Provide}]\n"
    key = bench.begin_stream(anna, parse_stream(yaml), source=source).key
    path = f"/streams/{key}/edit/rules"

    shown = browser.get(path).text
    assert re.search(r"100\s% of all time in the log goes to no step yet", shown)
    labels = dict(re.findall(r'<label for="step-(\d)">([^<]+)</label>', shown))
    wanted = {
        "Submitted": "Submit request",
        "Approval pending": "Approve",
        "Provisioning": "Provide",
        "Fulfilled": "pause",
    }
    chosen = {f"step-{number}": wanted[label] for number, label in labels.items()}
    browser.fill_in(path, **chosen, based_on="1")

    stream = bench.stream(anna, key).stream
    assert [step.match[0].status for step in stream.steps] == [("Submitted",), ("Approval pending",), ("Provisioning",)]
    assert stream.pauses[0].status == ("Fulfilled",)
    assert "Every event of the log goes to a step" in browser.get(path).text
    assert browser.get(f"{PATH}/rules").status_code == 404
