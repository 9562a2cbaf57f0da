"""The guided method in the terminal, answered over a pipe."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, Run

from millrace.model.stream_file import read_stream

Guide = Callable[..., Ran]

NAMED = ("HR access", "HR application", "", "Service owner")
TRIGGERED = ("An employee needs access", "", "350", "90 %", "Access", "")


@pytest.fixture
def guide(millrace: Run, monkeypatch: pytest.MonkeyPatch) -> Guide:
    """Go through the method with these answers; the input ends after the last."""

    def answered(*answers: str, file: str = "stream.yaml", options: tuple[str, ...] = ()) -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
        return millrace("guide", file, *options)

    return answered


def test_the_first_answer_begins_the_file(guide: Guide, here: Path) -> None:
    ran = guide("HR access")
    assert ran.code == 0
    assert read_stream(here / "stream.yaml").title == "HR access"
    assert "The file is new" in ran.out


def test_without_an_answer_nothing_is_written(guide: Guide, here: Path) -> None:
    ran = guide()
    assert ran.code == 0
    assert not (here / "stream.yaml").exists()
    assert "Nothing was answered, and nothing was written." in ran.out


def test_the_end_of_input_keeps_what_was_answered(guide: Guide, here: Path) -> None:
    ran = guide(*NAMED, "An employee needs access")
    assert read_stream(here / "stream.yaml").demand.description == "An employee needs access"
    assert "To go on: millrace guide stream.yaml" in ran.out


def test_an_interruption_keeps_what_was_answered(
    guide: Guide, millrace: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["HR access"])

    def typed(_: str) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("builtins.input", typed)
    assert millrace("guide", "stream.yaml").code == 0
    assert read_stream(here / "stream.yaml").title == "HR access"


def test_only_what_is_missing_is_asked(guide: Guide) -> None:
    guide(*NAMED)
    ran = guide()
    assert "What is the stream called?" not in ran.out
    assert "What starts the stream?" in ran.out


def test_an_empty_answer_leaves_the_question_open(guide: Guide, here: Path) -> None:
    guide("HR access", "", "")
    assert read_stream(here / "stream.yaml").guide.left_open == ("service", "scope")
    assert "Which one service does it serve?" not in guide().out


def test_what_was_left_open_is_asked_again_on_request(guide: Guide, here: Path) -> None:
    guide("HR access", "")
    guide("HR application", options=("--again",))
    assert read_stream(here / "stream.yaml").service == "HR application"


def test_a_question_mark_explains(guide: Guide) -> None:
    ran = guide(*NAMED, *TRIGGERED, "Submit; Approve", "?", "1", "Requester", "?")
    assert "One of the choices, by its number or name." in ran.out
    assert "Understand what people need" in ran.out


def test_a_refused_answer_is_told_and_asked_again(guide: Guide, here: Path) -> None:
    ran = guide(*NAMED, "An employee needs access", "Employees", "many", "350")
    assert read_stream(here / "stream.yaml").demand.volume_per_month == 350
    assert "“many”" in ran.out


def test_the_map_grows_with_the_steps(guide: Guide) -> None:
    ran = guide(*NAMED, *TRIGGERED, "Submit; Approve", "2")
    assert "╭─ 1 " in ran.out
    assert "╭─ 2 " in ran.out
    assert "│ Approve" in ran.out


def test_a_step_of_the_method_is_passed_over(guide: Guide, here: Path) -> None:
    ran = guide(">", ">", "Submit; Approve")
    stream = read_stream(here / "stream.yaml")
    assert [step.name for step in stream.steps] == ["Submit", "Approve"]
    assert stream.guide.left_open == ()
    assert "3 of 8 · High-level steps" in ran.out


def test_progress_counts_what_was_answered_and_left_open(guide: Guide) -> None:
    lines = guide(*NAMED).out.splitlines()
    assert any(line.endswith("1 Name the stream           3 of 4, 1 left open") for line in lines)


def test_comments_of_the_file_survive(guide: Guide, here: Path) -> None:
    (here / "stream.yaml").write_text("millrace: 1\nname: x  # mine\ntitle: X\n", "utf-8")
    guide("HR application")
    assert "name: x  # mine" in (here / "stream.yaml").read_text("utf-8")


def test_a_complete_template_is_only_asked_what_it_lacks(guide: Guide, stream: Path) -> None:
    ran = guide()
    assert "Which steps lead from the trigger to the outcome?" not in ran.out


def test_the_file_stays_readable_however_many_answers_it_takes(guide: Guide, here: Path) -> None:
    details = ("Requester", "3", "Service desk", "Fill in; Send", "Need", "Request", "Portal", "necessary", "A start")
    guide(*NAMED, *TRIGGERED, "Submit; Approve", "2", *details, "10 min", "0 min")
    lines = (here / "stream.yaml").read_text("utf-8").splitlines()
    assert lines[0] == "millrace: 1"
    assert "  - name: Submit" in lines
    assert "    estimate: {process_time: 10 min, inside_wait_time: 0 min}" in lines


@pytest.mark.parametrize("answer", ["emoji 🚑", "مرحبا", "colon: here", "# no comment", "- dash", "\x1b[A", "{curly}"])
def test_any_text_is_kept_as_it_was_typed(guide: Guide, here: Path, answer: str) -> None:
    guide(answer)
    assert read_stream(here / "stream.yaml").title == answer


def test_an_answer_that_is_no_text_is_told_and_the_others_kept(
    millrace: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"HR access\n\xff\xfe\n"), "utf-8", "surrogateescape"))
    ran = millrace("guide", "stream.yaml")
    assert ran.code == 2
    assert "Answer 2 is not UTF-8 text" in ran.err
    assert read_stream(here / "stream.yaml").title == "HR access"


def test_a_place_that_cannot_be_written_to_is_told(guide: Guide) -> None:
    ran = guide("HR access", file="nowhere/stream.yaml")
    assert ran.code == 2
    assert "cannot be written" in ran.err
