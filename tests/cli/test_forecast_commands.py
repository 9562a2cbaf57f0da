"""Back-test and forecast from the command line, on the sample."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from millrace.cli.main import run


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "requests.csv"
    assert run(["sample", "hr-access", "--output", str(path), "--months", "2"]) == 0
    return path


@pytest.fixture
def call(tmp_path: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run_it(command: str, *more: str) -> str:
        capsys.readouterr()
        assert run([command, str(sample), *more, "--workspace", str(tmp_path / "ws")]) == 0
        return capsys.readouterr().out

    return run_it


def test_the_back_test_gives_a_verdict_on_every_subject(call: Callable[..., str]) -> None:
    printed = json.loads(call("backtest", "--replications", "2", "--json"))

    subjects = [each["subject"] for each in printed["verdicts"]]
    assert subjects == ["lead time", "routes", "time of day", "demand", "throughput", "work in progress"]
    assert printed["n_earlier"] > 100
    assert {guess["name"] for guess in printed["baselines"]} >= {"their mean", "all earlier lead times"}


def test_the_back_test_is_told_in_sentences(call: Callable[..., str]) -> None:
    printed = call("backtest", "--replications", "2")

    assert "Lead time: " in printed
    assert "noise floor" in printed


def test_a_forecast_lists_open_items_as_csv_and_as_json(call: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    printed = json.loads(call("forecast", "--within", "5 d", "--replications", "10", "--json", "-o", str(path)))

    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["item"] for row in rows] == [item["item"] for item in printed["items"]]
    assert printed["limit_seconds"] == 5 * 86_400
    assert printed["limit_is_given"]


def test_a_split_outside_the_log_is_refused_in_a_sentence(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["backtest", str(sample), "--at", "1999-01-01", "--workspace", str(tmp_path / "ws")])

    assert code == 2
    assert "--at" in capsys.readouterr().err
