"""What the server does beside the pages: a thread that takes up one piece of work after the other."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType

LOOK_EVERY_SECONDS = 0.5
AFTER_A_FAILURE_SECONDS = 10.0


class Worker:
    """A thread that does what there is to do, as long as the server runs."""

    def __init__(self, name: str, do_next: Callable[[], bool], *, stop: Callable[[], None] = lambda: None) -> None:
        """Call `do_next`, which is False where there was nothing; `stop` is called when the server ends."""
        self._do_next, self._stop = do_next, stop
        self._is_over = Event()
        self._thread = Thread(target=self._work, name=name, daemon=True)

    def __enter__(self) -> "Worker":
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look no further; what is being done is waited for a moment."""
        self._is_over.set()
        self._stop()
        self._thread.join(timeout=5)

    def _work(self) -> None:
        while not self._is_over.is_set():
            try:
                is_done = self._do_next()
            except Exception:
                # The database may be away for a while, or its disk full: what there is to do is still there then.
                logging.getLogger("millrace").exception("the work beside the pages broke off")
                self._is_over.wait(AFTER_A_FAILURE_SECONDS)
                continue
            if not is_done:
                self._is_over.wait(LOOK_EVERY_SECONDS)
