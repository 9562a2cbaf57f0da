import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from millrace.model import migrations
from millrace.model.duration import parse_duration, write_duration
from millrace.model.stream_file import (
    StreamFileInvalid,
    StreamFileMissing,
    StreamFileUnwritable,
    parse_stream,
    read_stream,
    stream_schema,
    stream_to_yaml,
    write_stream,
)
from millrace.model.templates.template import TEMPLATES, template_text
from millrace.model.value_stream import Demand, Estimate, Match, Route, Step, ValueStream
from millrace.model.work_calendar import WorkCalendar

SCHEMA = Path(__file__).parents[2] / "docs/reference/value-stream.schema.json"

TEXT = """\
# drawn on the wall in March
millrace: 1
name: hr-access  # short
steps:
  - name: Ask
    estimate: {queue_time: 90 min, process_time: 5 min}  # rough
  # the long one
  - name: Approve
    team: Data Owner
    routes: [{to: Ask, share_ratio: 5 %, label: incomplete}]
"""


def refused(text: str) -> list[str]:
    with pytest.raises(StreamFileInvalid) as failure:
        parse_stream(text)
    return [str(problem) for problem in failure.value.problems]


def test_a_stream_is_read_with_durations_and_percentages_as_people_write_them() -> None:
    stream = parse_stream(TEXT)

    assert stream.steps[0].estimate == Estimate(queue_time=timedelta(minutes=90), process_time=timedelta(minutes=5))
    assert stream.steps[1].routes == (Route(to="Ask", share_ratio=0.05, label="incomplete"),)


def test_an_unknown_key_is_told_with_its_line_and_the_key_that_was_meant() -> None:
    assert refused("name: a\nowners: me\n") == ["line 2: “owners” is no key here; did you mean “owner”?"]


def test_an_unknown_key_deep_in_the_file_is_compared_with_the_keys_of_that_place() -> None:
    text = "name: a\nsteps:\n  - name: b\n    estimate:\n      proces_time: 5 min\n"

    assert refused(text) == ["line 5: “proces_time” is no key here; did you mean “process_time”?"]


def test_every_mistake_is_told_at_once_in_the_order_of_lines() -> None:
    text = (
        "name: a\nreview_every: 1 fortnight\nsteps:\n  - name: b\n    value_class: value-addin\n    leaves_ratio: 3\n"
    )

    assert [told.split(":")[0] for told in refused(text)] == ["line 2", "line 5", "line 6"]


def test_a_wrong_choice_names_the_choices_and_the_nearest() -> None:
    [told] = refused("name: a\nsteps: [{name: b, value_class: wasted}]")

    assert "value-adding" in told
    assert told.endswith("did you mean “waste”?")


def test_a_duration_for_a_share_is_refused() -> None:
    assert refused("name: a\nmeasures: [{name: rework, current: 4 h}]") == [
        "line 2: rework is a number or a share, like 4 or “5 %”"
    ]


def test_a_route_to_nowhere_names_the_step() -> None:
    [told] = refused("name: a\nsteps: [{name: b, routes: [{to: c}]}]")

    assert "“c”, which is no step of this stream" in told


@pytest.mark.parametrize(
    "text",
    ["", "[", "just words", "name: *x", "name: a\nname: b", "a: {", "[" * 5000, "\x00", "1: 2", "name: a\n\tsteps: []"],
)
def test_what_is_no_stream_is_told_with_a_line(text: str) -> None:
    assert refused(text)[0].startswith("line ")


def test_a_list_that_contains_itself_is_refused() -> None:
    assert refused("name: a\nsteps: &a [*a]")[0].startswith("line 2: ")


def test_aliases_that_multiply_without_end_are_refused() -> None:
    layers = ["l0: &l0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    layers += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]

    assert "no stream is that large" in refused("\n".join(layers))[0]


def test_a_newer_format_says_so() -> None:
    assert refused("millrace: 2\nname: a") == [
        "line 1: format 2 of the stream file is not known here, only up to 1; read it with a newer release"
    ]


def test_every_older_format_has_its_migration() -> None:
    assert set(migrations.MIGRATIONS) == set(range(1, migrations.FORMAT_VERSION))


def test_an_older_format_is_brought_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "FORMAT_VERSION", 2)
    monkeypatch.setitem(migrations.MIGRATIONS, 1, lambda tree: tree.update(name=tree.pop("nom")))

    assert parse_stream("millrace: 1\nnom: a\n").name == "a"


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StreamFileMissing, match=r"nowhere\.yaml cannot be read"):
        read_stream(tmp_path / "nowhere.yaml")


def test_text_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes("name: a\nowner: Jürgen\n".encode("latin-1"))

    with pytest.raises(StreamFileInvalid, match="line 2: this is not UTF-8"):
        read_stream(tmp_path / "s.yaml")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes(b"\xef\xbb\xbfname: a\n")

    assert read_stream(tmp_path / "s.yaml").name == "a"


def test_what_did_not_change_keeps_its_wording_and_comments() -> None:
    assert stream_to_yaml(parse_stream(TEXT), like=TEXT) == TEXT


def test_a_change_touches_only_its_own_lines() -> None:
    stream = parse_stream(TEXT)
    approve = stream.steps[1].model_copy(update={"team": "Line Manager"})

    changed = stream_to_yaml(stream.model_copy(update={"steps": (stream.steps[0], approve)}), like=TEXT)

    assert changed == TEXT.replace("Data Owner", "Line Manager")


def test_a_step_that_is_put_in_between_leaves_the_others_as_they_were() -> None:
    stream = parse_stream(TEXT)
    steps = (stream.steps[0], Step(name="Check"), stream.steps[1])

    changed = stream_to_yaml(stream.model_copy(update={"steps": steps}), like=TEXT)

    assert [step.name for step in parse_stream(changed).steps] == ["Ask", "Check", "Approve"]
    assert "{queue_time: 90 min, process_time: 5 min}  # rough" in changed


def test_a_step_that_is_dropped_goes_from_the_file() -> None:
    stream = parse_stream(TEXT)

    changed = stream_to_yaml(stream.model_copy(update={"steps": stream.steps[:1]}), like=TEXT)

    assert "Approve" not in changed
    assert "# drawn on the wall in March" in changed


def test_two_measures_of_one_name_are_not_confused() -> None:
    text = (
        "name: a\nmeasures:\n"
        "  - {name: lead_time, current: 4 h}  # measured\n"
        "  - {name: lead_time, target: 60 min}  # wished for\n"
    )
    stream = parse_stream(text)
    measured = stream.measures[0].model_copy(update={"n": 350})

    changed = stream_to_yaml(stream.model_copy(update={"measures": (measured, stream.measures[1])}), like=text)

    assert changed == text.replace("current: 4 h}  #", "current: 4 h, n: 350} #")


def test_a_link_to_a_stream_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "s.yaml", tmp_path / "link.yaml"
    file.write_text("name: a\n", encoding="utf-8")
    link.symlink_to(file)

    write_stream(ValueStream(name="b"), link)

    assert link.is_symlink()
    assert read_stream(file).name == "b"


def test_writing_keeps_comments_of_the_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(TEXT, encoding="utf-8")

    write_stream(read_stream(path).model_copy(update={"owner": "Olga"}), path)

    assert path.read_text(encoding="utf-8") == TEXT + "owner: Olga\n"


def test_a_file_that_is_no_stream_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("shopping: [milk]\n", encoding="utf-8")

    with pytest.raises(StreamFileInvalid):
        write_stream(ValueStream(name="a"), path)
    assert path.read_text(encoding="utf-8") == "shopping: [milk]\n"


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(StreamFileUnwritable, match="cannot be written"):
        write_stream(ValueStream(name="a"), tmp_path / "no folder" / "s.yaml")


def test_the_published_schema_is_that_of_the_model() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == stream_schema()


@pytest.mark.parametrize("text", [TEXT, *map(template_text, TEMPLATES)])
def test_the_schema_accepts_what_the_reader_accepts(text: str) -> None:
    Draft202012Validator(stream_schema()).validate(YAML(typ="safe", pure=True).load(text))


def test_the_schema_refuses_a_key_that_the_reader_refuses() -> None:
    assert not Draft202012Validator(stream_schema()).is_valid({"name": "a", "owners": "me"})


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20)
durations = st.integers(0, 10**8).map(lambda seconds: timedelta(seconds=seconds))
ratios = st.integers(0, 10**6).map(lambda millionths: millionths / 10**6)
counts = st.integers(0, 10**9).map(lambda hundredths: hundredths / 100)
estimates = st.builds(
    Estimate,
    queue_time=st.none() | durations,
    process_time=st.none() | durations,
    complete_and_accurate_ratio=st.none() | ratios,
    people=st.none() | counts,
)
matches = st.builds(Match, status=st.lists(texts).map(tuple), attributes=st.dictionaries(texts, st.tuples(texts)))
steps = st.builds(
    Step,
    name=texts,
    team=st.none() | texts,
    practices=st.lists(texts, max_size=3).map(tuple),
    tasks=st.lists(texts, max_size=3).map(tuple),
    estimate=st.none() | estimates,
    match=st.lists(matches, max_size=2).map(tuple),
)
streams = st.builds(
    ValueStream,
    name=texts,
    title=texts,
    owner=st.none() | texts,
    demand=st.builds(Demand, description=texts, volume_per_month=st.none() | counts),
    steps=st.lists(steps, max_size=4, unique_by=lambda step: step.name).map(tuple),
    calendar=st.none() | st.just(WorkCalendar(zone="Europe/Amsterdam")),
    review_every=st.none() | durations,
)


@settings(max_examples=30, deadline=None)
@given(streams)
def test_a_stream_written_and_read_again_is_the_same(stream: ValueStream) -> None:
    assert parse_stream(stream_to_yaml(stream)) == stream


@settings(max_examples=30, deadline=None)
@given(streams, streams)
def test_a_stream_written_over_another_is_read_as_itself(earlier: ValueStream, later: ValueStream) -> None:
    assert parse_stream(stream_to_yaml(later, like=stream_to_yaml(earlier))) == later


@settings(deadline=None)
@given(durations)
def test_a_duration_written_is_read_as_the_same(duration: timedelta) -> None:
    assert parse_duration(write_duration(duration)) == duration
