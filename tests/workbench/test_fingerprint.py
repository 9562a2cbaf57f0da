"""What was made of a file is found by its contents, also where they change behind its back."""

import os
from pathlib import Path

import pytest

from millrace.store import fingerprint, workspace


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once."""
    monkeypatch.setattr(workspace, "_SETTLED_NS", -(10**18))


def test_equal_contents_have_equal_keys_wherever_they_lie(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "log.csv").write_text("id;at")
    assert fingerprint([tmp_path / "one" / "log.csv"]) == fingerprint([tmp_path / "two" / "log.csv"])
    assert fingerprint([tmp_path / "one" / "log.csv"], "x") != fingerprint([tmp_path / "one" / "log.csv"])


@pytest.mark.usefixtures("settled")
def test_a_file_that_lies_there_unchanged_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "log.csv"
    file.write_text("first")
    key = fingerprint([file])
    monkeypatch.setattr(workspace, "_read_digest", lambda *_: pytest.fail("read again"))
    assert fingerprint([file]) == key


@pytest.mark.usefixtures("settled")
def test_another_content_of_equal_size_and_time_has_another_key(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("first")
    key, found = fingerprint([file]), file.stat()
    file.write_text("other")
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    while file.stat().st_ctime_ns == found.st_ctime_ns:  # the clock of the file system ticks in milliseconds
        os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert fingerprint([file]) != key


def test_a_file_that_has_just_changed_is_read_each_time(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("first")
    key, found = fingerprint([file]), file.stat()
    file.write_text("other")
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert fingerprint([file]) != key
