"""Sources are brought in beside the pages, one after the other."""

from threading import Event, Thread
from types import TracebackType

from millrace.workbench.shared import SharedWorkbench

_LOOK_EVERY_SECONDS = 0.5


class Imports:
    """A thread that brings in what waits, as long as the server runs."""

    def __init__(self, bench: SharedWorkbench) -> None:
        """Bring in the sources of `bench`."""
        self._bench = bench
        self._is_over = Event()
        self._thread = Thread(target=self._work, name="imports", daemon=True)

    def __enter__(self) -> "Imports":
        """Begin, with what was interrupted last time."""
        self._bench.resume_imports()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop looking; an import that runs is waited for a moment, and begun again next time."""
        self._is_over.set()
        self._thread.join(timeout=5)

    def _work(self) -> None:
        while not self._is_over.is_set():
            if not self._bench.bring_in_next():
                self._is_over.wait(_LOOK_EVERY_SECONDS)
