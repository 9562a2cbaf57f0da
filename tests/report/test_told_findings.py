"""The biggest findings in the report and on the map."""

from dataclasses import replace

from page import Page
from report_contents import least, rich, some_findings

from millrace.diagnose.findings.finding import Findings
from millrace.draw.charts.waste_pareto import waste_pareto
from millrace.draw.map_picture import MapPicture, MapStep, Queue, Stage
from millrace.report.bursts import with_bursts
from millrace.report.html import write_report
from millrace.report.told_findings import told_findings


def text_of(html: str) -> str:
    return Page(html).text


def test_each_of_the_biggest_has_a_sentence_a_number_and_something_to_try() -> None:
    text = text_of(write_report(rich()))

    assert "Approval is <46 %> & more." in text
    assert "612 h" in text.replace("\u202f", " ")
    assert "Name a deputy for every approver" in text
    assert "of 700 h the rest counts with more specific findings" in text.replace("\u202f", " ")


def test_certainty_is_said_as_an_interval_or_as_an_adjusted_p() -> None:
    counted, tested = told_findings(rich())

    assert counted.certainty.replace("\u202f", " ") == "counted; 95 % interval 40 % – 50 %"
    assert tested.certainty == "p < 0.001, adjusted for all comparisons"


def test_a_log_without_findings_says_so() -> None:
    nothing = Findings((), 20.0, 1.0, 7, 0.05, {})

    assert "Nothing was found" in text_of(write_report(replace(least(), findings=nothing)))
    assert waste_pareto(nothing) is None


def test_a_finding_is_marked_at_its_step_with_its_number_and_leads_to_its_text() -> None:
    picture = MapPicture("Stream", (Stage((MapStep("a", "1", "Submit"),)), Stage((MapStep("b", "2", "Approve"),))))

    marked = with_bursts(picture, some_findings(), href="#finding-{}")

    assert marked.steps[0].bursts == ()
    (burst,) = marked.steps[1].bursts
    assert (burst.label, burst.href) == ("1", "#finding-1")
    assert burst.title == "Approval wait: Approve (612 h a month)"


def test_a_slow_transition_is_marked_at_the_queue() -> None:
    picture = MapPicture("Stream", (Stage((MapStep("b", "2", "Approve", queue=Queue()),)),))
    first, *_ = some_findings().findings
    found = replace(some_findings(), findings=(replace(first, kind="slow_transition"),))

    (step,) = with_bursts(picture, found).steps

    assert step.bursts == ()
    assert step.queue is not None
    assert [burst.label for burst in step.queue.bursts] == ["1"]
