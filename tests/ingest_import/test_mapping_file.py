from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from millrace.eventlog.event_log import EventClass
from millrace.eventlog.schema import Shape
from millrace.ingest.mapping import ChangesMapping, Guess, Mapping, StatusMeaning, TimeFormat
from millrace.ingest.mapping_file import UnreadableMapping, read_mapping, write_mapping
from millrace.model.state import Side, State, WaitReason

FULL = Mapping(
    shape=Shape.STATUS_LOG,
    columns={"item_id": "Number", "at": "Updated: at #1", "status": "State", "team": "Group"},
    times={"at": TimeFormat(formats=("%d/%m/%Y %H:%M", "iso"), zone="Europe/Berlin", day_first=True)},
    milestones={"Opened": "opened_at"},
    nulls=("?", "-100", "NULL", "no"),
    item_type="incident",
    statuses=(
        StatusMeaning(status="On hold", state=State.WAITING, wait_reason=WaitReason.REQUESTER, side=Side.REQUESTER),
        StatusMeaning(status="?", state=None),
    ),
    leave_out=("note",),
    changes=ChangesMapping(item="id", field="field", new="new", at="at", fields={"status": "State"}),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mapping.yaml"


def test_a_mapping_reads_back_as_it_was_written(file: Path) -> None:
    file.write_text(write_mapping(FULL), "utf-8")
    assert read_mapping(file) == FULL


@settings(deadline=None)
@example({"item_id": "0"}, ["?0"])
@given(
    st.dictionaries(st.sampled_from(["item_id", "at", "status", "team"]), st.text(min_size=1), min_size=1),
    st.lists(st.text(min_size=1), max_size=4),
)
def test_any_name_of_a_column_survives(
    tmp_path_factory: pytest.TempPathFactory, columns: dict[str, str], nulls: list[str]
) -> None:
    path = tmp_path_factory.mktemp("mapping") / "mapping.yaml"
    mapping = Mapping(shape=Shape.ACTIVITY_LOG, columns=columns, nulls=tuple(nulls))
    path.write_text(write_mapping(mapping), "utf-8")
    assert read_mapping(path) == mapping


def test_each_proposal_says_how_sure_it_is_and_why() -> None:
    guess = Guess(about="team", answer="Group", sureness_ratio=0.9, why="its name says so", rivals=("Desk",))
    lines = write_mapping(FULL, [guess]).splitlines()
    assert next(line for line in lines if "team:" in line).endswith("# 90 % sure: its name says so (or Desk)")


def test_guessed_statuses_stand_in_the_file_to_be_edited(file: Path) -> None:
    guessed = EventClass(
        activity="Parked", status="Parked", state=State.WAITING, sureness_ratio=0.4, why="it sounds so"
    )
    mapping = Mapping(shape=Shape.STATUS_LOG, columns={"item_id": "a"})
    text = write_mapping(mapping, (), [guessed])
    assert "# 40 % sure: it sounds so" in text
    file.write_text(text, "utf-8")
    assert read_mapping(file).statuses == (StatusMeaning(status="Parked", state=State.WAITING),)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("shape: status_log\ncolumns:\n  itemid: Number\n", 3, "did you mean “item_id”"),
        ("shape: statuslog\ncolumns: {}\n", 1, "“statuslog” is no shape; did you mean “status_log”"),
        ("shape: status_log\ncolumns: {}\nnuls: []\n", 3, "did you mean “nulls”"),
        ("columns: {}\n", None, "`shape` is missing"),
        (
            "shape: status_log\ncolumns: {}\nstatuses:\n  - status: X\n    stat: done\n",
            5,
            "“stat” is not known here; did you mean “state”",
        ),
        (
            "shape: status_log\ncolumns: {}\nstatuses:\n  - status: X\n    state: don\n",
            5,
            "“don” is no state; did you mean “done”",
        ),
        (
            "shape: status_log\ncolumns: {}\ntimes:\n  at: {format: [iso]}\n",
            4,
            "“format” is not known here; did you mean “formats”",
        ),
        ("shape: status_log\ncolumns: 5\n", 2, "“5” cannot be the value of `columns`"),
        ("shape: [\n", 2, "no valid YAML"),
        ("shape: a\nshape: b\n", 2, "no valid YAML"),
        ("just words\n", None, "begins with `shape:`"),
        ("", None, "begins with `shape:`"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_is_probably_meant(
    file: Path, text: str, line: int | None, says: str
) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(UnreadableMapping) as raised:
        read_mapping(file)
    assert says in raised.value.sentence
    assert (f"line {line}:" in raised.value.sentence) == (line is not None)


def test_a_file_that_is_not_there_is_a_sentence(file: Path) -> None:
    with pytest.raises(UnreadableMapping, match="cannot be read"):
        read_mapping(file)


def test_a_file_that_is_no_text_is_a_sentence(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UnreadableMapping, match="UTF-8"):
        read_mapping(file)
