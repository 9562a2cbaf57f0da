"""What is loaded beforehand is what cutting needs, and nothing is left of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from millrace.flow.readying import make_ready, start_readying


def test_making_ready_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    make_ready()

    assert list(tmp_path.iterdir()) == []


def test_a_process_makes_ready_once() -> None:
    assert start_readying() is start_readying()


def test_a_process_that_ends_meanwhile_ends_quietly() -> None:
    start = "from millrace.flow.readying import start_readying; start_readying()"

    ended = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True)

    assert "Traceback" not in ended.stderr
