"""A future state made of a finding goes into the stream’s file, instead of an older one of the same name."""

from pathlib import Path

import pytest

from millrace.model.move import Eliminate, EscalateAfter
from millrace.model.stream_file import read_stream, write_stream
from millrace.model.templates.template import load_template
from millrace.model.value_stream import FutureState
from millrace.workbench import Workbench


@pytest.fixture
def stream_file(tmp_path: Path) -> Path:
    write_stream(load_template("hr-access"), tmp_path / "stream.yaml")
    return tmp_path / "stream.yaml"


def _future(name: str, *moves: Eliminate | EscalateAfter) -> FutureState:
    return FutureState(name=name, moves=moves)


def test_a_future_state_is_saved_beside_the_others(stream_file: Path) -> None:
    before = read_stream(stream_file).future_states
    made = _future("Without F-1", Eliminate(step="Review and approve", share_ratio=0.5))

    Workbench().save_future(made, stream_file)

    assert read_stream(stream_file).future_states == (*before, made)


def test_one_of_the_same_name_is_replaced(stream_file: Path) -> None:
    for share in (0.5, 0.2):
        Workbench().save_future(
            _future("Without F-1", Eliminate(step="Review and approve", share_ratio=share)), stream_file
        )

    saved = [future for future in read_stream(stream_file).future_states if future.name == "Without F-1"]
    assert [move.share_ratio for future in saved for move in future.moves if isinstance(move, Eliminate)] == [0.2]
