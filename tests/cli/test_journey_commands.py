"""The journey of one item, and logs for other tools, from the command line."""

import csv
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run


@pytest.fixture
def key(requests: Path) -> str:
    with requests.open(encoding="utf-8", newline="") as file:
        return str(next(iter(next(csv.DictReader(file)).values())))


def test_a_journey_is_shown_in_the_terminal(millrace: Run, requests: Path, key: str) -> None:
    ran = millrace("journey", key, requests)

    assert ran.code == 0
    assert ran.out.startswith(f"{key} took ")
    assert "What took longest" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 120


@pytest.mark.parametrize(("ending", "begins"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")])
def test_a_journey_is_drawn_in_the_form_that_is_asked_for(
    millrace: Run, requests: Path, key: str, here: Path, ending: str, begins: bytes
) -> None:
    assert millrace("journey", key, requests, "-o", f"one{ending}").out == f"The journey is one{ending}\n"
    assert (here / f"one{ending}").read_bytes().startswith(begins)


def test_a_key_that_nobody_knows_is_told_with_those_near_it(millrace: Run, requests: Path, key: str) -> None:
    ran = millrace("journey", f"{key}0", requests)

    assert ran.code == 2
    assert f"has no item “{key}0”; " in ran.err
    assert f"“{key}”" in ran.err.partition("near are")[2]


@pytest.mark.parametrize("ending", [".xes", ".csv", ".jsonocel", ".xmlocel", ".sqlite"])
def test_a_log_is_written_for_other_tools(millrace: Run, requests: Path, here: Path, ending: str) -> None:
    assert millrace("export", requests, "-o", f"out{ending}").out == f"The log is out{ending}\n"
    assert (here / f"out{ending}").stat().st_size > 1000


def test_an_export_measures_like_its_source(millrace: Run, requests: Path) -> None:
    assert millrace("export", requests, "-o", "out.jsonocel").code == 0
    before, after = (json.loads(millrace("measure", source, "--json").out) for source in (requests, "out.jsonocel"))
    for measure in ("lead_time", "handoffs", "rework"):
        assert after[measure] == before[measure]


def test_a_form_that_there_is_not_is_told(millrace: Run, requests: Path) -> None:
    ran = millrace("export", requests, "-o", "out.docx")

    assert ran.code == 2
    assert "end the name in .xes" in ran.err
