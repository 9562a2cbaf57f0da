"""The command line as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MILLRACE = str(Path(sys.executable).with_name("millrace"))


def ran(*arguments: str | Path, folder: Path, answers: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "ascii"}
    command = [MILLRACE, *map(os.fspath, arguments)]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=answers,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_sample_is_made_and_measured(tmp_path: Path) -> None:
    assert ran("sample", "hr-access", "--months", "1", "-o", "requests.csv", folder=tmp_path).returncode == 0
    measured = ran("measure", "requests.csv", folder=tmp_path)
    assert measured.returncode == 0
    assert "Lead time" in measured.stdout
    assert measured.stderr == ""
    assert {path.name for path in tmp_path.iterdir()} == {"requests.csv", ".millrace"}


def test_a_mistake_ends_in_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    failed = ran("measure", "missing.csv", folder=tmp_path)
    assert failed.returncode == 2
    assert failed.stdout == ""
    assert failed.stderr == "The file “missing.csv” is not there; check the path and its spelling.\n"


def test_the_guide_is_answered_over_a_pipe(tmp_path: Path) -> None:
    guided = ran("guide", "stream.yaml", folder=tmp_path, answers="HR access\n")
    assert guided.returncode == 0
    assert "title: HR access" in (tmp_path / "stream.yaml").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_output_that_nobody_reads_is_no_failure(tmp_path: Path) -> None:
    with subprocess.Popen(
        [MILLRACE, "practices"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_piped_output_is_utf_8_whatever_the_system_s_code_page(tmp_path: Path) -> None:
    assert ran("new", "hr-access", "-o", "stream.yaml", folder=tmp_path).returncode == 0
    assert "≈ 4 h" in ran("map", "stream.yaml", folder=tmp_path).stdout


def test_help_names_every_command(tmp_path: Path) -> None:
    told = ran("--help", folder=tmp_path).stdout
    for command in ("inspect", "measure", "report", "discover", "map", "items", "sample", "new", "guide", "check"):
        assert command in told
