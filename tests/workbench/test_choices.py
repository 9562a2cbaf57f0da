"""Choosing and planning as a user asks for them, from a file of candidates to the stream’s own actions."""

import json
from pathlib import Path

import jsonschema
import pytest

from millrace.cli.main import run
from millrace.model.candidates import read_candidates
from millrace.model.future_file import read_future
from millrace.model.stream_file import read_stream, write_stream
from millrace.model.templates.template import load_template
from millrace.report.choice_form import choice_schema

MOVES = """name: Ideas
moves:
  - {move: auto_approve, name: By rule, step: Review and approve, share_ratio: [30 %, 75 %], one_off_cost: [1, 2]}
  - {move: escalate_after, name: Remind, step: Review and approve, limit: 4 h, one_off_cost: 900, owner: Desk}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("choices")
    write_stream(load_template("hr-access"), folder / "stream.yaml")
    (folder / "moves.yaml").write_text(MOVES, "utf-8")
    quickly = ["--weeks", "3", "--replications", "3", "--workspace", str(folder / "kept")]
    stream, moves, out = (str(folder / name) for name in ("stream.yaml", "moves.yaml", "out"))
    assert run(["optimise", stream, "--moves", moves, "-o", out, *quickly]) == 0
    plan = str(folder / "plan.md")
    assert run(["plan", stream, "--future", str(folder / "out" / "chosen.yaml"), "--save", "-o", plan, *quickly]) == 0
    return folder


def test_the_choice_is_written_as_its_schema_says(folder: Path) -> None:
    form = json.loads((folder / "out" / "choice.json").read_text("utf-8"))
    jsonschema.validate(form, choice_schema())
    assert form["n_sets"] == form["n_simulated"] == 6
    assert form["front"][0]["names"] == []


def test_the_chosen_set_is_a_future_state_to_simulate(folder: Path) -> None:
    assert "By rule" in {move.called for move in read_future(folder / "out" / "chosen.yaml").moves}


def test_the_chart_and_the_page_lie_beside_each_other(folder: Path) -> None:
    assert "](front.svg)" in (folder / "out" / "choice.md").read_text("utf-8")
    assert (folder / "out" / "front.svg").read_text("utf-8").startswith("<svg")


def test_the_planned_actions_are_improvements_of_the_stream(folder: Path) -> None:
    (made,) = (each for each in read_stream(folder / "stream.yaml").improvements if each.name == "By rule")
    assert made.expects[0].measure == "lead_time"
    assert "| By rule (75 %) |" in (folder / "plan.md").read_text("utf-8")


def test_a_goal_in_no_known_measure_is_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stream, moves = str(folder / "stream.yaml"), str(folder / "moves.yaml")
    assert run(["optimise", stream, "--moves", moves, "--goal", "sped <= 2 h", "-o", str(folder / "o")]) == 2
    assert "is no measure to choose moves by" in capsys.readouterr().err


def test_moves_without_names_are_called_by_kind_and_place(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("name: m\nmoves: [{move: eliminate, step: A}, {move: eliminate, step: A}]\n")
    found = read_candidates(tmp_path / "m.yaml")
    assert [each.name for each in found.candidates] == ["Eliminate: A", "Eliminate: A (2)"]
