"""Work that takes too long for an answer: done beside the pages, one piece after the other, watched and stopped."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event, Lock

from millrace.errors import MillraceError
from millrace.workbench.sources import Progress

_MOST_REMEMBERED = 200
_BROKE = "It broke off for a reason that is not yours to mend. What is known of it stands in the server’s log."


class TaskState(StrEnum):
    """How far a task is."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_over(self) -> bool:
        """True once nothing more will happen."""
        return self not in (TaskState.WAITING, TaskState.WORKING)


@dataclass(frozen=True)
class Task:
    """A piece of work as people see it: what is being done, how much of that, and why it failed if it did.

    `n_before`: how many tasks come before it.
    """

    state: TaskState
    stage: str = ""
    progress_ratio: float = 0.0
    problem: str = ""
    n_before: int = 0


class _Stopped(Exception):
    """Somebody asked for the work to end."""


class Background:
    """Tasks by their keys. One is worked on at a time, so that pages stay quick; the others wait for their turn."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._tasks: dict[str, Task] = {}
        self._works: dict[str, Callable[[Progress], None]] = {}
        self._stops: dict[str, Event] = {}
        self._lock = Lock()

    def ask(self, key: str, work: Callable[[Progress], None]) -> None:
        """Have `work` done, which tells how far it is; nothing happens where the same waits or is worked on."""
        with self._lock:
            known = self._tasks.pop(key, None)
            if known is not None and not known.state.is_over:
                self._tasks[key] = known
                return
            self._tasks[key] = Task(TaskState.WAITING)
            self._works[key], self._stops[key] = work, Event()
            self._forget_old()

    def task(self, key: str) -> Task | None:
        """The task of this key; None where it was never asked for, or long ago."""
        with self._lock:
            found = self._tasks.get(key)
            if found is None or found.state is not TaskState.WAITING:
                return found
            n_before = [each for each in self._tasks if not self._tasks[each].state.is_over].index(key)
            return replace(found, n_before=n_before)

    def stop(self, key: str) -> None:
        """Have a task ended: at once where it waits, else at its next sign of life."""
        with self._lock:
            found = self._tasks.get(key)
            if found is None or found.state.is_over:
                return
            self._stops[key].set()
            if found.state is TaskState.WAITING:
                self._end(key, Task(TaskState.STOPPED))

    def stop_all(self) -> None:
        """Have every task ended."""
        for key in list(self._tasks):
            self.stop(key)

    @property
    def is_asked_for_more(self) -> bool:
        """True where a task waits."""
        with self._lock:
            return any(task.state is TaskState.WAITING for task in self._tasks.values())

    def do_next(self) -> bool:
        """Do the task that has waited longest, from its beginning to its end; False where none waits."""
        with self._lock:
            key = next((key for key, task in self._tasks.items() if task.state is TaskState.WAITING), None)
            if key is None:
                return False
            work, stop = self._works[key], self._stops[key]
            self._tasks[key] = Task(TaskState.WORKING)
        ended = self._done(key, work, stop)
        with self._lock:
            self._end(key, ended)
        return True

    def _done(self, key: str, work: Callable[[Progress], None], stop: Event) -> Task:
        def tell(stage: str, share: float) -> None:
            if stop.is_set():
                raise _Stopped
            self._tasks[key] = Task(TaskState.WORKING, stage, min(share, 1.0))

        try:
            tell("", 0.0)
            work(tell)
        except _Stopped:
            return Task(TaskState.STOPPED)
        except MillraceError as error:
            return Task(TaskState.FAILED, problem=error.sentence)
        except Exception:
            # The thread goes on with the next task; who asked for this one is told, and the log keeps all of it.
            logging.getLogger("millrace").exception("a task in the background broke off")
            return Task(TaskState.FAILED, problem=_BROKE)
        return Task(TaskState.DONE, progress_ratio=1.0)

    def _end(self, key: str, ended: Task) -> None:
        self._tasks[key] = ended
        del self._works[key], self._stops[key]

    def _forget_old(self) -> None:
        over = [key for key, task in self._tasks.items() if task.state.is_over]
        for key in over[: max(len(self._tasks) - _MOST_REMEMBERED, 0)]:
            del self._tasks[key]
