"""From an object-centric file to one journey across its records."""

from datetime import timedelta
from pathlib import Path

import object_files as files

from millrace.model.follow import Follow
from millrace.model.value_stream import Match, Rule, Value, ValueStream
from millrace.workbench import Workbench


def test_a_stream_follows_the_relations_of_an_object_centric_log(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(files.as_json())
    calls = ValueStream(
        name="calls",
        follow=(Follow(path=("call", "incident")),),
        value=Value(rule=Rule(when=(Match(activity=("Settled",)),))),
    )
    picture = Workbench(tmp_path / "workspace").journey_picture(tmp_path / "log.json", "C1", stream=calls)

    assert [(lane.key, lane.record_type, lane.parent) for lane in picture.lanes] == [
        ("C1", "call", None),
        ("I1", "incident", 0),
    ]
    assert picture.times.whole == timedelta(hours=1)
