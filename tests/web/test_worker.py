"""The thread beside the pages: it works, it ends, and one failure does not end it."""

import logging
from threading import Event

import pytest

from millrace.web import worker
from millrace.web.worker import Worker


def test_it_takes_up_one_piece_after_the_other_until_the_server_ends() -> None:
    left, done, stopped = [1, 2, 3], Event(), list[int]()

    def do_next() -> bool:
        if left:
            left.pop()
            return True
        done.set()
        return False

    with Worker("work", do_next, stop=lambda: stopped.append(1)):
        assert done.wait(5)
    assert (left, stopped) == ([], [1])


def test_a_failure_is_logged_and_the_next_piece_is_done(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AFTER_A_FAILURE_SECONDS", 0.01)
    pieces, done = [True, False], Event()

    def do_next() -> bool:
        if pieces and pieces.pop(0):
            raise OSError("the disk is gone")
        done.set()
        return False

    with caplog.at_level(logging.ERROR), Worker("imports", do_next):
        assert done.wait(5)
    assert "the work beside the pages broke off" in caplog.text
    assert "the disk is gone" in caplog.text
