"""A stream's file on its way through the method."""

from pathlib import Path

import pytest

from millrace.model.frameworks.framework import UnknownFramework
from millrace.model.guide import AnswerRefused
from millrace.model.stream_file import StreamFileInvalid, read_stream
from millrace.workbench.design import GuidedStream


def test_a_new_stream_is_named_for_its_file(tmp_path: Path) -> None:
    guided = GuidedStream(tmp_path / "hr-access.yaml")
    assert guided.is_new
    assert guided.stream.name == "hr-access"
    assert not guided.path.exists()


def test_an_answer_is_in_the_file_at_once(tmp_path: Path) -> None:
    guided = GuidedStream(tmp_path / "x.yaml")
    guided.answer(guided.open_questions()[0], "HR access")
    assert read_stream(guided.path).title == "HR access"


def test_a_refused_answer_writes_nothing(tmp_path: Path) -> None:
    guided = GuidedStream(tmp_path / "x.yaml")
    volume = next(question for question in guided.open_questions() if question.id == "demand.volume_per_month")
    with pytest.raises(AnswerRefused):
        guided.answer(volume, "many")
    assert not guided.path.exists()


def test_a_file_that_is_no_stream_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("no stream", "utf-8")
    with pytest.raises(StreamFileInvalid):
        GuidedStream(path)
    assert path.read_text("utf-8") == "no stream"


def test_a_framework_of_one_s_own_lies_beside_the_stream(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("name: own\nvalue_chain_activities: [{name: Knit}]\n", "utf-8")
    (tmp_path / "x.yaml").write_text("millrace: 1\nname: x\nframework: own.yaml\nsteps: [{name: A}]\n", "utf-8")
    guided = GuidedStream(tmp_path / "x.yaml")
    kind = next(each for each in guided.open_questions() if each.id == "steps.A.value_chain_activities")
    assert kind.choices == ("Knit",)


def test_a_framework_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("millrace: 1\nname: x\nframework: gone.yaml\n", "utf-8")
    with pytest.raises(UnknownFramework):
        GuidedStream(tmp_path / "x.yaml")
