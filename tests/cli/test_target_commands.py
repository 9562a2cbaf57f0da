"""Targets, alerts and what is due, on the command line."""

import json
from pathlib import Path

import pytest

from millrace.cli.main import run
from millrace.model.stream_file import read_stream, write_stream
from millrace.model.value_stream import ValueStream

GOVERNING = {
    "service_levels": [{"name": "Three hours", "within": "3 h"}],
    "targets": [{"name": "Fast", "measure": "lead_time", "target": "2 h", "per": "rolling", "rolling_days": 7}],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample and a stream of it with a service level and a target."""
    place = tmp_path_factory.mktemp("governed")
    export, stream = str(place / "requests.csv"), place / "stream.yaml"
    assert run(["sample", "hr-access", "-o", export, "--months", "1"]) == 0
    assert run(["discover", export, "-o", str(stream), "--workspace", str(place / "workspace")]) == 0
    governed = ValueStream.model_validate({**read_stream(stream).model_dump(), **GOVERNING})
    write_stream(governed, stream)
    return place


def asked(command: str, folder: Path, *more: str) -> list[str]:
    files = [str(folder / "requests.csv"), "--stream", str(folder / "stream.yaml")]
    return [command, *files, "--workspace", str(folder / "workspace"), *more]


def test_targets_are_shown_with_how_they_stand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(asked("targets", folder)) == 0
    shown = capsys.readouterr().out
    assert "Fast" in shown
    assert "at most 2 h" in shown
    assert "Three" in shown


def test_targets_are_given_as_json_in_a_stable_form(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(asked("targets", folder, "--json"))
    told = json.loads(capsys.readouterr().out)
    assert told["millrace_targets"] == 1
    assert {period["standing"] for period in told["targets"][0]["periods"]} == {"missed"}
    assert told["service_levels"][0]["n_ended"] > 100


def test_alerts_are_told_day_by_day_each_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(asked("alerts", folder, "--since", "2025-11-24", "--until", "2025-11-28", "--json")) == 0
    told = json.loads(capsys.readouterr().out)["alerts"]
    prints = [each["fingerprint"] for each in told]
    assert told
    assert len(prints) == len(set(prints))
    assert all(each["began_at"] <= each["told_at"] for each in told)


def test_alerts_of_a_day_are_those_of_an_export_made_then(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(asked("alerts", folder, "--as-of", "2025-11-20T12:00", "--json"))
    told = json.loads(capsys.readouterr().out)["alerts"]
    assert {each["told_at"] for each in told} == {"2025-11-20T12:00:00Z"}


def test_a_time_that_ends_before_it_begins_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(asked("alerts", folder, "--since", "2025-11-24", "--until", "2025-11-20")) == 2
    assert "ends before it begins" in capsys.readouterr().err


def test_what_is_due_is_done_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run-due", "--workspace", str(tmp_path)]) == 0
    assert "alerts: looked at 0 streams, raised 0 alerts" in capsys.readouterr().out.splitlines()
    assert run(["run-due", "--workspace", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"millrace_due": 1, "done": []}
