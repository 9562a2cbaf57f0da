from pathlib import Path

import pytest

from millrace.model.crosswalk import ProcessListUnreadable, crosswalk, crosswalk_file, known_terms
from millrace.model.frameworks.framework import load_framework

V3_PROCESSES = 26
V3_FUNCTIONS = 4


def test_request_fulfilment_became_service_request_management() -> None:
    translation = crosswalk("request fulfilment")

    assert translation.practices == ("Service request management",)
    assert translation.origin == "v3 process"
    assert translation.judgement is None
    assert "request-fulfilment" in translation.streams


@pytest.mark.parametrize(
    "term",
    ["Request Fulfillment", "REQUEST FULFILMENT PROCESS", "3.2 Request fulfilment", "RF-01: Request Fulfilment"],
)
def test_spelling_codes_and_the_word_process_make_no_difference(term: str) -> None:
    assert crosswalk(term).practices == ("Service request management",)


@pytest.mark.parametrize(
    "term",
    [
        "Access management",
        "Demand management",
        "Design coordination",
        "Change evaluation",
        "Transition planning and support",
    ],
)
def test_a_process_without_a_single_heir_is_marked_as_a_judgement(term: str) -> None:
    translation = crosswalk(term)

    assert translation.judgement
    assert len(translation.practices) > 1


def test_change_control_is_an_old_name() -> None:
    translation = crosswalk("change control")

    assert (translation.origin, translation.practices) == ("old name", ("Change enablement",))


def test_identity_and_access_management_is_a_term_of_tools() -> None:
    assert crosswalk("identity & access management").practices == (
        "Information security management",
        "Service request management",
    )


def test_a_misspelt_term_is_read_as_the_nearest_and_says_so() -> None:
    translation = crosswalk("incidnet management")

    assert translation.practices == ("Incident management",)
    assert translation.judgement == "“incidnet management” was read as “Incident management”."


@pytest.mark.parametrize("term", ["beekeeping", "bee management"])
def test_a_term_that_nobody_knows_stays_unknown(term: str) -> None:
    translation = crosswalk(term)

    assert translation.origin is None
    assert translation.practices == ()


def test_the_crosswalk_covers_every_v3_process_and_function() -> None:
    origins = [translation.origin for translation in known_terms()]

    assert origins.count("v3 process") == V3_PROCESSES
    assert origins.count("v3 function") == V3_FUNCTIONS


def test_every_practice_of_the_crosswalk_is_one_of_the_framework() -> None:
    framework = load_framework("itil4")

    assert {
        practice
        for translation in known_terms()
        for practice in translation.practices
        if not framework.practice(practice)
    } == set()


def test_a_process_list_gives_practices_and_candidate_streams(tmp_path: Path) -> None:
    path = tmp_path / "processes.csv"
    path.write_text(
        "ID;Process;Owner\n1;Incident Management;A\n2;Event Mgmt;B\n3;Problem Management;C\n4;Beekeeping;D\n",
        encoding="utf-8",
    )

    processes = crosswalk_file(path)

    assert processes.column == "Process"
    assert processes.practices == ("Incident management", "Monitoring and event management", "Problem management")
    assert "incident-resolution" in processes.streams
    assert processes.translations[3].origin is None


def test_a_list_without_a_header_is_read_from_its_first_column(tmp_path: Path) -> None:
    path = tmp_path / "processes.csv"
    path.write_text("Incident management\nChange management\n", encoding="utf-8")

    assert crosswalk_file(path).practices == ("Change enablement", "Incident management")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"Process\n", b"\xff\xfe\x00", b'"open\n'])
def test_a_list_that_cannot_be_read_says_why(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "processes.csv"
    path.write_bytes(content)

    with pytest.raises(ProcessListUnreadable, match=r"processes\.csv cannot be read"):
        crosswalk_file(path)
