"""Commands run in a folder of their own, on a sample that is made and brought in once."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from millrace.cli.main import FAULT, run

COLUMNS = "120"


@dataclass(frozen=True)
class Ran:
    """What a command said and did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="session")
def requests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of HR access requests."""
    path = tmp_path_factory.mktemp("sample") / "requests.csv"
    assert run(["sample", "hr-access", "--months", "1", "-o", str(path)]) == 0
    return path


@pytest.fixture
def here(tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands run in; what was computed on the sample before is found again."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / ".millrace").symlink_to(workspace)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", COLUMNS)
    monkeypatch.delenv("MILLRACE_DEBUG", raising=False)
    return folder


@pytest.fixture
def millrace(here: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; whatever happens, it does not end in a fault or a traceback."""

    def run_command(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = run([os.fspath(argument) for argument in arguments])
        said = capsys.readouterr()
        assert code != FAULT, said.err
        assert "Traceback" not in said.out + said.err
        return Ran(code, said.out, said.err)

    return run_command


@pytest.fixture
def stream(here: Path, millrace: Run) -> Path:
    """A stream begun from the worked example."""
    assert millrace("new", "hr-access", "-o", "stream.yaml").code == 0
    return here / "stream.yaml"


@pytest.fixture
def left_behind(here: Path) -> Callable[[], set[str]]:
    """What a command has left in its folder besides the workspace."""
    before = {path.name for path in here.iterdir()}
    return lambda: {path.name for path in here.iterdir()} - before
