"""A progress bar for whatever takes longer than a second."""

import sys
import time
from types import TracebackType
from typing import Any

PATIENCE_SECONDS = 1.0


class ProgressBar:
    """A bar on the error stream that appears once the work has taken a second; silent where that is no terminal."""

    def __init__(self) -> None:
        """Start the clock."""
        self._began_at = time.monotonic()
        self._progress: Any = None
        self._tasks: dict[str, Any] = {}

    def __call__(self, what: str, share: float) -> None:
        """Show that `what` is done to `share`, 0 to 1."""
        if time.monotonic() - self._began_at < PATIENCE_SECONDS or not sys.stderr.isatty():
            return
        if self._progress is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

            self._progress = Progress(
                TextColumn("{task.description:>10}"),
                BarColumn(complete_style="cyan", finished_style="cyan"),
                TaskProgressColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=1.0)
        self._progress.update(self._tasks[what], completed=share)

    def __enter__(self) -> "ProgressBar":
        """Begin; nothing is shown yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
