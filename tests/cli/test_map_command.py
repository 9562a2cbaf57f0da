"""Maps in the terminal and as files."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.cli.conftest import Run

FUTURE = "Automatic standard access"


def test_a_designed_map_is_drawn_in_the_terminal(millrace: Run, stream: Path) -> None:
    ran = millrace("map", stream)
    assert "Designed" in ran.out
    assert "Lead time ≈ 4 h" in ran.out
    assert "Flow efficiency ≈ 10.4 %" in ran.out


@pytest.mark.parametrize("columns", ["40", "80", "120", "200"])
def test_a_map_keeps_to_the_width_of_the_terminal(
    millrace: Run, stream: Path, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert max(map(len, millrace("map", stream).out.splitlines())) <= int(columns)


def test_a_map_is_measured_on_a_log(millrace: Run, stream: Path, requests: Path) -> None:
    assert "Current state" in millrace("map", stream, "--log", requests).out


def test_a_map_compares_design_and_log(millrace: Run, stream: Path, requests: Path) -> None:
    ran = millrace("map", stream, "--log", requests, "--compare")
    assert "Measured beside designed" in ran.out
    assert "(estimated: 4 h)" in ran.out


def test_a_future_state_stands_against_today(millrace: Run, stream: Path) -> None:
    ran = millrace("map", stream, "--future", FUTURE)
    assert "Future state" in ran.out
    assert "(before: 4 h)" in ran.out


@pytest.mark.parametrize(
    ("ending", "begins"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF"), (".mmd", b"---\ntitle")]
)
def test_the_output_s_ending_chooses_the_form(
    millrace: Run, stream: Path, here: Path, ending: str, begins: bytes
) -> None:
    ran = millrace("map", stream, "-o", f"map{ending}")
    assert ran.out == f"The map is map{ending}\n"
    assert (here / f"map{ending}").read_bytes().startswith(begins)


def test_a_future_state_is_written_as_bpmn(millrace: Run, stream: Path, here: Path) -> None:
    assert millrace("map", stream, "--future", FUTURE, "-o", "map.bpmn").code == 0
    assert ET.parse(here / "map.bpmn").getroot().tag.endswith("}definitions")


def test_lanes_are_added_where_they_are_asked_for(millrace: Run, stream: Path, here: Path) -> None:
    plain = millrace("map", stream, "-o", "plain.svg").code
    lanes = millrace("map", stream, "--activities", "--requester", "-o", "lanes.svg").code
    assert (plain, lanes) == (0, 0)
    assert "Deliver &amp; support" in (here / "lanes.svg").read_text("utf-8")
    assert len((here / "lanes.svg").read_text("utf-8")) > len((here / "plain.svg").read_text("utf-8"))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--compare",), "name the export to measure it on with --log"),
        (("--future", "Nope"), f"there is “{FUTURE}”"),
        (("-o", "map.gif"), "end the name in .svg, .png, .pdf, .mmd or .bpmn"),
        (("-o", "nowhere/map.svg"), "the folder “nowhere” is not there"),
        (("--columns", "0"), "--columns: must be >= 1"),
        (("--clock", "sand"), "it is elapsed or business"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    millrace: Run, stream: Path, left_behind, options: tuple[str], sentence: str
) -> None:
    ran = millrace("map", stream, *options)
    assert ran.code == 2
    assert sentence in ran.err
    assert left_behind() == set()


@pytest.mark.parametrize("options", [("--future", FUTURE), ("-o", "map.bpmn"), ("-o", "map.mmd")])
def test_what_is_only_drawn_takes_no_log(
    millrace: Run, stream: Path, requests: Path, left_behind, options: tuple[str]
) -> None:
    ran = millrace("map", stream, "--log", requests, *options)
    assert ran.code == 2
    assert "leave out --log" in ran.err
    assert left_behind() == set()
