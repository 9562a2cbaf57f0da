"""Work in the background: in turn, watched, stopped, and never silently lost."""

import logging

import pytest

from millrace.errors import MillraceError
from millrace.workbench.shared.background import Background, Task, TaskState
from millrace.workbench.sources import Progress


class Refused(MillraceError):
    slug = "refused"


def test_tasks_are_done_in_the_order_in_which_they_were_asked_for() -> None:
    background, done = Background(), list[str]()
    for key in ("first", "second"):
        background.ask(key, lambda _, key=key: done.append(key))  # type: ignore[misc]
    assert background.task("second") == Task(TaskState.WAITING, n_before=1)
    assert background.do_next()
    assert (done, background.task("second")) == (["first"], Task(TaskState.WAITING))
    assert background.do_next()
    assert not background.do_next()
    assert done == ["first", "second"]


def test_what_waits_already_is_not_done_twice_but_what_is_over_can_be_asked_for_again() -> None:
    background, done = Background(), list[int]()
    for _ in range(2):
        background.ask("same", lambda _: done.append(1))
    while background.do_next():
        pass
    assert done == [1]
    background.ask("same", lambda _: done.append(1))
    assert background.do_next()
    assert done == [1, 1]


def test_progress_is_seen_while_it_works() -> None:
    background, seen = Background(), list[Task | None]()

    def work(tell: Progress) -> None:
        tell("simulating", 0.5)
        seen.append(background.task("it"))

    background.ask("it", work)
    background.do_next()
    assert seen == [Task(TaskState.WORKING, "simulating", 0.5)]
    assert background.task("it") == Task(TaskState.DONE, progress_ratio=1.0)


def test_a_task_stops_at_its_next_sign_of_life() -> None:
    background, went_on = Background(), list[int]()

    def work(tell: Progress) -> None:
        background.stop("it")
        tell("on", 0.5)
        went_on.append(1)

    background.ask("it", work)
    background.do_next()
    assert background.task("it") == Task(TaskState.STOPPED)
    assert went_on == []


def test_a_task_that_waits_is_stopped_at_once() -> None:
    background = Background()
    background.ask("it", lambda _: pytest.fail("it was done all the same"))
    background.stop_all()
    assert not background.do_next()
    assert background.task("it") == Task(TaskState.STOPPED)


def test_what_a_user_can_mend_is_told() -> None:
    background = Background()

    def work(_: Progress) -> None:
        raise Refused("More work than hours.")

    background.ask("it", work)
    background.do_next()
    assert background.task("it") == Task(TaskState.FAILED, problem="More work than hours.")


def test_a_mistake_of_ours_is_logged_and_the_next_task_is_done(caplog: pytest.LogCaptureFixture) -> None:
    background, done = Background(), list[int]()

    def broken(_: Progress) -> None:
        raise IndexError

    background.ask("broken", broken)
    background.ask("next", lambda _: done.append(1))
    with caplog.at_level(logging.ERROR):
        background.do_next()
        background.do_next()
    ended = background.task("broken")
    assert ended is not None
    assert (ended.state, done) == (TaskState.FAILED, [1])
    assert "IndexError" in caplog.text
