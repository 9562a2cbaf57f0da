"""Whatever is wrong with what is given: a sentence, exit code 2, and nothing written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Run

COMMANDS = (
    ("inspect", "{}"),
    ("measure", "{}"),
    ("measure", "{}", "--json"),
    ("discover", "{}", "-o", "made.yaml"),
    ("report", "{}", "-o", "made.html"),
    ("items", "{}", "--of", "rework", "-o", "made.csv"),
)


@pytest.fixture
def bad(here: Path) -> Callable[[str], str]:
    """A source that is bad in one way."""
    (here / "folder").mkdir()
    (here / "empty.csv").write_bytes(b"")
    (here / "header.csv").write_text("Number,Updated,Status\n", "utf-8")
    (here / "junk.csv").write_bytes(bytes(range(256)) * 20)
    (here / "truncated.csv.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00")
    (here / "prose.csv").write_text("Dear all,\nplease find attached nothing.\n", "utf-8")
    return str


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "source", ["empty.csv", "header.csv", "junk.csv", "truncated.csv.gz", "prose.csv", "folder", "missing.csv"]
)
def test_a_bad_source_is_named_in_a_sentence(
    millrace: Run, bad: Callable[[str], str], left_behind, command: tuple[str, ...], source: str
) -> None:
    ran = millrace(*(part.format(source) for part in command))
    assert ran.code == 2
    assert source in ran.err
    assert ran.err.strip().endswith(".")
    assert ran.out == ""
    assert left_behind() == set()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--where", "nowhere=1"), "has no column “nowhere”"),
        (("--where", "nonsense"), "write it like priority=P1"),
        (("--per", "nothing"), "has no column “nothing”"),
        (("--within", "soon"), "write it like “15 min”"),
        (("--clock", "sand"), "it is elapsed or business"),
        (("--since", "spring"), "--since must be a day such as 2025-01-31"),
        (("--since", "2025-02-01", "--until", "2025-01-01"), "it has to lie after --since 2025-02-01"),
        (("--mapping", "missing.yaml"), "missing.yaml"),
        (("--stream", "missing.yaml"), "missing.yaml"),
        (("--calendar", "missing.yaml"), "missing.yaml"),
        (("--clok", "business"), "did you mean “--clock”?"),
        (("--per",), "--per needs a value"),
    ],
)
def test_a_bad_option_is_told(millrace: Run, requests: Path, options: tuple[str], sentence: str) -> None:
    ran = millrace("measure", requests, *options)
    assert ran.code == 2
    assert sentence in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("zone: Europe/Nowhere\n", "line 1: “Europe/Nowhere” is not a known time zone"),
        ("zone: UTC\nholydays: []\n", "line 2: “holydays” is no key here; did you mean “holidays”?"),
        ("hours: {tue: 9 to 5}\n", "“9 to 5” is not a time of day"),
        ("just words\n", "no “key: value” of a YAML file"),
        ("", "no “key: value” of a YAML file"),
    ],
)
def test_a_bad_calendar_is_told_with_its_line(
    millrace: Run, requests: Path, here: Path, text: str, sentence: str
) -> None:
    (here / "hours.yaml").write_text(text, "utf-8")
    ran = millrace("measure", requests, "--calendar", "hours.yaml")
    assert ran.code == 2
    assert sentence in ran.err


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("bogus",), "There is no command “bogus”."),
        (("measur", "x"), "did you mean “measure”?"),
        (("measure",), "SOURCES is missing."),
        (("sample", "hr-access"), "-o is missing."),
        (("sample", "hr-access", "more", "-o", "x"), "“more” is more than this command takes."),
        (("sample", "hr-access", "--months", "some", "-o", "x"), "--months must be a whole number, not “some”."),
        (("sample", "nope", "-o", "x.csv"), "there is “hr-access”"),
        (("sample", "hr-access", "--months", "0", "-o", "x.csv"), "from 1 to 240"),
    ],
)
def test_a_mistyped_command_is_told(millrace: Run, left_behind, command: tuple[str, ...], sentence: str) -> None:
    ran = millrace(*command)
    assert ran.code == 2
    assert sentence in ran.err
    assert left_behind() == set()


@pytest.mark.parametrize(
    "command",
    [("report",), ("items", "--of", "rework"), ("discover",), ("inspect",)],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("place", ["nowhere/made", "folder"])
def test_a_place_that_cannot_be_written_to_is_told(
    millrace: Run, requests: Path, here: Path, command: tuple[str, ...], place: str
) -> None:
    (here / "folder").mkdir()
    before = set(here.iterdir())
    ran = millrace(*command, requests, "-o", place)
    assert ran.code == 2
    assert f"“{place}” was not written" in ran.err
    assert set(here.iterdir()) == before
    assert list((here / "folder").iterdir()) == []


def test_a_workspace_that_cannot_be_used_is_told(millrace: Run, requests: Path, here: Path) -> None:
    (here / "taken").write_text("a file", "utf-8")
    ran = millrace("measure", requests, "--workspace", "taken")
    assert ran.code == 2
    assert "The workspace “taken” cannot be used" in ran.err
    assert "--workspace" in ran.err


def test_a_refused_source_leaves_no_half_done_result(millrace: Run, here: Path) -> None:
    (here / "header.csv").write_text("Number,Updated,Status\n", "utf-8")
    assert millrace("measure", "header.csv", "--workspace", "fresh").code == 2
    assert [path for path in (here / "fresh").rglob("*") if path.is_file()] == []


def test_an_interrupted_import_leaves_no_half_done_result(
    millrace: Run, requests: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("millrace.workbench.sources.bring_in", interrupted)
    ran = millrace("measure", requests, "--workspace", "fresh")
    assert ran.code == 130
    assert ran.err == "Stopped. Nothing half-done was kept.\n"
    assert [path for path in (here / "fresh").rglob("*") if path.is_file()] == []
