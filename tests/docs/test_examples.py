"""What the tutorial and the guides tell to run does run, and prints what they show."""

import re
import shlex
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest

from millrace.cli.main import run
from millrace.workbench import Workbench

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed_by(commands: str) -> str:
    """Run the lines that call millrace; what they print. A comment says where the exit code is not 0."""
    printed = StringIO()
    for line in commands.splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["millrace"]:
            with redirect_stdout(printed):
                assert run(words[1:]) == int(line.endswith("# exit code 1")), line
    return printed.getvalue()


def typed_in(dialogue: str) -> StringIO:
    """What somebody types in the dialogue that a page shows."""
    return StringIO("".join(f"{answer}\n" for answer in re.findall(r"^› (.*)$", dialogue, re.MULTILINE)))


def assert_shown(shown: str, printed: str, page: Path) -> None:
    """Every line that a page shows was printed; “…” stands for what it leaves out."""
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    for line in shown.splitlines():
        wanted = " ".join(line.split())
        assert not wanted.strip("… ") or wanted in lines, f"{page.name} shows “{wanted}”, printed was\n{printed}"


def follow(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what a page says, block by block, in the current folder."""
    names: dict[str, object] = {}
    printed = ""
    blocks = BLOCK.findall(page.read_text("utf-8"))
    for (kind, block), (_, after) in pairwise([*blocks, ("", "")]):
        if kind == "sh":
            monkeypatch.setattr("sys.stdin", typed_in(after))
            printed = printed_by(block)
        elif kind == "python":
            out = StringIO()
            with redirect_stdout(out):
                exec(compile(block, str(page), "exec"), names)
            printed = out.getvalue()
        elif kind == "text":
            assert_shown(block, printed, page)
        elif kind == "yaml":
            file, _, text = block.removeprefix("# ").partition("\n")
            Path(file).write_text(text, "utf-8")


def test_the_tutorial_runs_as_it_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(DOCS / "tutorial" / "README.md", monkeypatch)
    assert (folder / "report.html").exists()


@pytest.mark.parametrize(
    "guide", ["python", "own-stream", "design-a-stream", "map-and-reality", "journey", "other-tools"]
)
def test_the_guides_run_as_they_are_written(guide: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workbench(folder).sample("hr-access", folder / "requests.csv")
    follow(DOCS / "guides" / f"{guide}.md", monkeypatch)
