"""Pages that take their time: made beside the server's answers, and waited for only so long."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

_AT_ONCE = 16
_Made = TypeVar("_Made")


class Pending:
    """What is being made now; who asks for the same again waits for the same."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="pages")
        self._running: dict[Hashable, Future[Any]] = {}
        self._lock = Lock()

    def within(self, seconds: float, asked: Hashable, make: Callable[[], _Made]) -> _Made:
        """What `make` makes. Raises TimeoutError where it takes longer; it is made all the same."""
        with self._lock:
            running: Future[_Made] | None = self._running.get(asked)
            if running is None:
                running = self._running[asked] = self._pool.submit(make)
                running.add_done_callback(lambda _: self._forget(asked))
        return running.result(seconds)

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget(self, asked: Hashable) -> None:
        self._running.pop(asked, None)
