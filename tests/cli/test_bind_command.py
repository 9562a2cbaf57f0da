"""Binding a drawn stream to an export, and the process map of one."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from millrace.model.stream_file import read_stream, write_stream


@pytest.fixture
def unbound(stream: Path) -> Path:
    """The worked example before anybody wrote match rules."""
    drawn = read_stream(stream)
    bare = drawn.model_copy(update={"steps": tuple(step.model_copy(update={"match": ()}) for step in drawn.steps)})
    write_stream(bare, stream)
    return stream


def test_what_each_rule_carries_is_shown(millrace: Run, stream: Path, requests: Path) -> None:
    ran = millrace("bind", stream, "--log", requests)
    assert ran.code == 0
    assert "status: Awaiting approval, Review in progress" in ran.out
    assert "Every event goes to a step." in ran.out


def test_what_stays_unmapped_is_shown(millrace: Run, unbound: Path, requests: Path) -> None:
    ran = millrace("bind", unbound, "--log", requests)
    assert "The stream has no match rules yet" in ran.out
    assert "Unmapped: 100 % of the time and 100 % of the events." in ran.out


def test_a_rule_that_takes_nothing_says_so(millrace: Run, stream: Path, requests: Path) -> None:
    text = stream.read_text("utf-8")
    stream.write_text(text.replace("status: [Queued for handover, Handover in progress]", "status: Nothing"), "utf-8")
    ran = millrace("bind", stream, "--log", requests)
    assert "status: Nothing  takes nothing" in ran.out
    assert "Unmapped: " in ran.out


def test_a_step_is_suggested_for_every_status(millrace: Run, unbound: Path, requests: Path) -> None:
    told = json.loads(millrace("bind", unbound, "--log", requests, "--suggest", "--json").out)
    suggested = {each["status"]: each["step"] for each in told["suggestions"]}
    assert suggested["Submitted"] == "Submit request"
    assert suggested["Awaiting approval"] == "Review and approve"


def test_the_figures_of_the_binding_add_up(millrace: Run, stream: Path, requests: Path) -> None:
    told = json.loads(millrace("bind", stream, "--log", requests, "--json").out)
    assert sum(label["n_events"] for label in told["labels"]) == told["n_events"]
    assert sum(rule["n_events"] for rule in told["rules"]) == told["n_events"]
    assert sum(label["time_ratio"] for label in told["labels"]) == pytest.approx(1)


def test_sure_suggestions_become_rules_and_comments_survive(
    millrace: Run, unbound: Path, requests: Path, here: Path
) -> None:
    unbound.write_text("# drawn by hand\n" + unbound.read_text("utf-8"), "utf-8")
    assert millrace("bind", unbound, "--log", requests, "--sure", "70 %", "-o", "bound.yaml").code == 0
    bound = read_stream(here / "bound.yaml")
    assert bound.steps[0].match[0].status == ("Submitted",)
    assert (here / "bound.yaml").read_text("utf-8").startswith("# drawn by hand\n")
    assert not any(step.match for step in read_stream(unbound).steps)


def test_rules_that_a_stream_has_are_left_as_they_are(millrace: Run, stream: Path, requests: Path, here: Path) -> None:
    assert millrace("bind", stream, "--log", requests, "--sure", "0 %", "-o", "bound.yaml").code == 0
    assert read_stream(here / "bound.yaml") == read_stream(stream)


@pytest.mark.parametrize(("sure", "sentence"), [("often", "write it like “80 %”"), ("120 %", "between 0 % and 100 %")])
def test_a_bad_share_is_told(millrace: Run, stream: Path, requests: Path, sure: str, sentence: str) -> None:
    ran = millrace("bind", stream, "--log", requests, "--sure", sure)
    assert ran.code == 2
    assert sentence in ran.err


def test_a_stream_is_not_bound_to_nothing(millrace: Run, stream: Path) -> None:
    assert millrace("bind", stream).err.startswith("--log is missing.")


def test_a_process_map_is_drawn(millrace: Run, requests: Path, here: Path) -> None:
    ran = millrace("process-map", requests, "-o", "process.svg")
    assert ran.out == "The process map is process.svg\n"
    assert "Triage in progress" in (here / "process.svg").read_text("utf-8")


def test_a_process_map_shows_less_where_less_is_asked_for(millrace: Run, requests: Path, here: Path) -> None:
    millrace("process-map", requests, "-o", "all.svg")
    millrace("process-map", requests, "-o", "few.svg", "--activities", "20 %", "--paths", "0.1")
    assert len((here / "few.svg").read_text("utf-8")) < len((here / "all.svg").read_text("utf-8"))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("-o", "process.bpmn"), "end the name in .svg, .png or .pdf."),
        (("-o", "process.svg", "--paths", "120"), "between 0 % and 100 %"),
        (("-o", "process.svg", "--where", "nowhere=1"), "has no column “nowhere”"),
    ],
)
def test_a_process_map_that_cannot_be_drawn_is_told(
    millrace: Run, requests: Path, left_behind, options: tuple[str, ...], sentence: str
) -> None:
    ran = millrace("process-map", requests, *options)
    assert ran.code == 2
    assert sentence in ran.err
    assert left_behind() == set()
