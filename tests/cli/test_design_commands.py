"""Practices, crosswalk, templates, new streams and their checks."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from millrace.model.templates.template import TEMPLATES


def test_practices_are_listed_by_group(millrace: Run) -> None:
    ran = millrace("practices")
    assert "14 general practices" in ran.out
    assert "17 service practices" in ran.out
    assert "3 technical practices" in ran.out
    assert "Deliver & support" in ran.out


def test_practices_are_those_of_the_framework_that_is_asked_for(millrace: Run) -> None:
    listed = json.loads(millrace("practices", "--framework", "itil5", "--json").out)
    assert [activity["name"] for activity in listed["value_chain_activities"]][:2] == ["Discover", "Design"]


def test_an_unknown_framework_is_told(millrace: Run) -> None:
    ran = millrace("practices", "--framework", "itl4")
    assert ran.code == 2
    assert "did you mean “itil4”?" in ran.err


def test_a_v3_process_is_translated(millrace: Run) -> None:
    ran = millrace("crosswalk", "request fulfilment")
    assert ran.code == 0
    assert "Service request management" in ran.out
    assert "request-fulfilment" in ran.out


def test_a_judgement_is_marked(millrace: Run) -> None:
    assert "† " in millrace("crosswalk", "access management").out


def test_an_unknown_term_is_told_with_what_is_near(millrace: Run) -> None:
    ran = millrace("crosswalk", "incidental matters")
    assert ran.code == 2
    assert "“incidental matters” is not known" in ran.err


def test_the_whole_crosswalk_is_listed_without_a_term(millrace: Run) -> None:
    listed = json.loads(millrace("crosswalk", "--json").out)
    assert {"Request fulfilment", "Change control"} <= {row["term"].capitalize() for row in listed}


def test_a_list_of_processes_becomes_practices_and_streams(millrace: Run, here: Path) -> None:
    (here / "processes.csv").write_text("id;process\n1;Incident Mgmt\n2;Access management\n3;Blorb\n", "utf-8")
    ran = millrace("crosswalk", "--from", "processes.csv")
    assert ran.code == 0
    assert "3 processes in “process” → 3 practices" in ran.out
    assert "not known" in ran.out
    assert "millrace new " in ran.out


def test_a_term_and_a_list_do_not_go_together(millrace: Run, here: Path) -> None:
    ran = millrace("crosswalk", "incident", "--from", "processes.csv")
    assert ran.code == 2
    assert "not both" in ran.err


@pytest.mark.parametrize(("content", "sentence"), [(b"", "it is empty"), (b"\xff\xfe\x00", "it is not UTF-8 text")])
def test_a_list_that_cannot_be_read_is_told(millrace: Run, here: Path, content: bytes, sentence: str) -> None:
    (here / "processes.csv").write_bytes(content)
    ran = millrace("crosswalk", "--from", "processes.csv")
    assert ran.code == 2
    assert sentence in ran.err


def test_templates_are_listed_with_name_title_and_archetype(millrace: Run) -> None:
    listed = json.loads(millrace("templates", "--json").out)
    assert [row["name"] for row in listed] == list(TEMPLATES)
    assert all(row["title"] and row["archetype"] for row in listed)


def test_templates_are_shown_with_what_they_are(millrace: Run) -> None:
    ran = millrace("templates")
    assert all(name in ran.out for name in TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_begins_a_stream_without_errors(millrace: Run, template: str) -> None:
    assert millrace("new", template, "-o", "stream.yaml").code == 0
    assert millrace("check", "stream.yaml").code == 0


def test_a_template_is_printed_without_an_output(millrace: Run, left_behind) -> None:
    assert "name: hr-access" in millrace("new", "hr-access").out
    assert left_behind() == set()


def test_a_new_stream_never_overwrites_a_file_unasked(millrace: Run, here: Path) -> None:
    (here / "stream.yaml").write_text("mine", "utf-8")
    ran = millrace("new", "hr-access", "-o", "stream.yaml")
    assert ran.code == 2
    assert "--force" in ran.err
    assert (here / "stream.yaml").read_text("utf-8") == "mine"


def test_force_overwrites(millrace: Run, here: Path) -> None:
    (here / "stream.yaml").write_text("mine", "utf-8")
    assert millrace("new", "hr-access", "-o", "stream.yaml", "--force").code == 0
    assert "hr-access" in (here / "stream.yaml").read_text("utf-8")


def test_an_unknown_template_is_told_with_those_there_are(millrace: Run, left_behind) -> None:
    ran = millrace("new", "hr-acess", "-o", "stream.yaml")
    assert ran.code == 2
    assert "did you mean “hr-access”?" in ran.err
    assert left_behind() == set()


def test_a_check_tells_file_line_rule_and_remedy(millrace: Run, stream: Path) -> None:
    ran = millrace("check", "stream.yaml")
    assert ran.code == 0
    assert "stream.yaml:1: note never-reviewed: This stream has not been reviewed yet." in ran.out
    assert "remedy:" in ran.out


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 0), ("note", 1)])
def test_the_exit_code_says_whether_something_that_bad_was_found(
    millrace: Run, stream: Path, fail_on: str, code: int
) -> None:
    assert millrace("check", stream, "--fail-on", fail_on).code == code


def test_an_error_makes_the_exit_code_1(millrace: Run, stream: Path) -> None:
    text = stream.read_text("utf-8").replace("practices: [Service desk]", "practices: [Alchemy]")
    stream.write_text(text, "utf-8")
    ran = millrace("check", stream)
    assert "Alchemy" in ran.out
    assert ran.code == 1


def test_a_check_is_told_as_json(millrace: Run, stream: Path) -> None:
    told = json.loads(millrace("check", stream, "--format", "json").out)
    assert told["stream"] == "hr-access"
    assert {finding["severity"] for finding in told["findings"]} == {"note"}


def test_a_check_is_written_as_sarif(millrace: Run, stream: Path, here: Path) -> None:
    ran = millrace("check", "stream.yaml", "--format", "sarif", "-o", "found.sarif")
    log = json.loads((here / "found.sarif").read_text("utf-8"))
    assert ran.out == "The findings are found.sarif\n"
    assert log["version"] == "2.1.0"
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "stream.yaml"


def test_a_check_with_a_log_tells_where_the_drawing_parts_from_it(millrace: Run, stream: Path, requests: Path) -> None:
    text = stream.read_text("utf-8")
    stream.write_text(text.replace("status: [Queued for handover, Handover in progress]", "status: Nothing"), "utf-8")
    alone, compared = millrace("check", stream), millrace("check", stream, "--log", requests)
    assert "“Queued for handover” occurs in the log and in no step." in compared.out
    assert "Queued for handover" not in alone.out


def test_an_unknown_form_is_told(millrace: Run, stream: Path) -> None:
    ran = millrace("check", stream, "--format", "xml")
    assert ran.code == 2
    assert "--format must be text, json or sarif, not “xml”." in ran.err


@pytest.mark.parametrize("command", ["check", "map", "guide"])
def test_a_file_that_is_no_stream_is_told_with_its_line(millrace: Run, here: Path, command: str) -> None:
    (here / "stream.yaml").write_text("millrace: 1\nname: x\nstepps: []\n", "utf-8")
    ran = millrace(command, "stream.yaml")
    assert ran.code == 2
    assert "line 3: “stepps” is no key here; did you mean “steps”?" in ran.err
    assert (here / "stream.yaml").read_text("utf-8") == "millrace: 1\nname: x\nstepps: []\n"
