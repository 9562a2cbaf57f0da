"""Pages of a stream that are shown at once where its figures are at hand, and else say how far they have come."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request, Response

from millrace.errors import MillraceError
from millrace.web.pages.page import page
from millrace.web.pending import Pending
from millrace.workbench.shared import Actor, SharedWorkbench
from millrace.workbench.shared.measured_streams import STAGES, StreamProgress

PATIENCE_SECONDS = 1.0
"""So long somebody looks at nothing without wondering."""
WORKING = "Working it out"
_Made = TypeVar("_Made")


class StillMeasuring(MillraceError):
    """A page is asked for whose figures are still being computed."""

    slug = "still-measuring"

    def __init__(self, progress: StreamProgress | None, *, is_part: bool) -> None:
        """Keep what to tell; `is_part`: only a part of a page was asked for."""
        self.stage = progress.stage if progress else WORKING
        super().__init__(f"{self.stage}. Ask again in a moment.")
        self.progress, self.is_part = progress, is_part

    @property
    def n_stages_done(self) -> int:
        """How many stages are over."""
        return STAGES.index(self.stage) if self.progress else len(STAGES)

    @property
    def done_ratio(self) -> float | None:
        """How much of all is done, each stage taken as a like part; None where it is not told."""
        return (self.n_stages_done + self.progress.share_ratio) / len(STAGES) if self.progress else None


def soon(
    request: Request,
    bench: SharedWorkbench,
    actor: Actor,
    key: str,
    make: Callable[[], _Made],
    *,
    is_part: bool = False,
) -> _Made:
    """What `make` computes for the page. Raises StillMeasuring where that takes longer than a moment."""
    pending: Pending = request.app.state.pending

    def at_one_look() -> _Made:
        with bench.one_look():
            return make()

    try:
        return pending.within(PATIENCE_SECONDS, (actor, str(request.url)), at_one_look)
    except TimeoutError as error:
        raise StillMeasuring(bench.progress(actor, key), is_part=is_part) from error


def show_progress(request: Request, error: Exception) -> Response:
    """How far the figures have come; the page, or its part, looks again by itself."""
    assert isinstance(error, StillMeasuring)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    template = "measuring_part.html" if error.is_part else "measuring.html"
    return page(request, template, error, title="Being measured", status=202, address=here, stages=STAGES)
