"""Figures of the workspace's streams, computed once and kept at hand for the next view."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TypeVar

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.measurement import Measurement, measurement
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Clock
from millrace.model.workspace_settings import Privacy
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.privacy import guarded
from millrace.workbench.shared.stream_book import StreamBookOperations
from millrace.workbench.sources import flow_of

_Result = TypeVar("_Result")


class NotMeasured(MillraceError):
    """A stream has no source to be measured on."""

    slug = "not-measured"

    def __init__(self, title: str) -> None:
        """Say what to do."""
        super().__init__(f"“{title}” is not measured on anything yet. Choose a source for it, or give an export.")


CUTTING, MEASURING, SEARCHING = STAGES = (
    "Cutting the log by the steps of the stream",
    "Measuring",
    "Looking for waste",
)
"""What has to be done, in this order, before all of a stream can be shown."""


@dataclass(frozen=True)
class StreamProgress:
    """What is being done for a stream (one of `STAGES`), and how much of that is done, 0 to 1."""

    stage: str
    share_ratio: float


class MeasuredStreamOperations(StreamBookOperations):
    """Measure streams on their sources."""

    def __init__(self, folder: Path, *, database: str | None = None) -> None:
        """Open the workspace in `folder`; nothing is being measured yet."""
        super().__init__(folder, database=database)
        self._progress_of: dict[str, StreamProgress] = {}

    @needs(Permission.READ)
    def flow(self, actor: Actor, key: str) -> Flow:
        """The flow of a stream's source by its latest revision. Raises NoSuchStream, NotMeasured, SourceNotReady."""
        return self._looked_up(("flow", key), lambda: self._flow(actor, key))

    def _flow(self, actor: Actor, key: str) -> Flow:
        view = self.stream(actor, key)
        if view.source_key is None:
            raise NotMeasured(view.title)
        log = self.source_log(actor, view.source_key)
        stream, privacy = self._as_settled(view.stream, log), self._settled(Privacy).value
        asked = ("flow", log.folder.name, stream.model_dump_json(), privacy)

        def cut() -> Flow:
            with self._telling(key, CUTTING) as tell:
                flow = flow_of(self._workspace, log, stream, lambda _, share: tell(share))
            return guarded(flow, log, privacy)

        return self.kept.of(asked, cut)

    @needs(Permission.READ)
    def measured(
        self, actor: Actor, key: str, *, selection: Selection = EVERYTHING, clock: Clock = Clock.ELAPSED
    ) -> Measurement:
        """Every measure of a stream's items in `selection`. Raises NoSuchStream, NotMeasured, SourceNotReady."""
        flow = self.flow(actor, key)

        def made() -> Measurement:
            with self._telling(key, MEASURING):
                return measurement(flow, clock=clock, selection=selection)

        return self.on_flow(flow, ("measured", selection.key, clock), made)

    @needs(Permission.READ)
    def progress(self, actor: Actor, key: str) -> StreamProgress | None:
        """What is being done for a stream whose figures are not at hand yet; None where it is not told."""
        del actor
        return self._progress_of.get(key)

    def on_flow(self, flow: Flow, question: Hashable, compute: Callable[[], _Result]) -> _Result:
        """What `compute` makes of a flow, at hand from then on; one question at a time per flow and its engine."""

        def alone() -> _Result:
            with self.alone_with(flow):
                return compute()

        return self.kept.of((flow.folder.name, flow.about.withheld, flow.about.smallest_group, question), alone)

    def alone_with(self, flow: Flow) -> RLock:
        """A flow's engine answers one question at a time: hold this while asking it."""
        return self.turns.of(flow.folder.name)

    @contextmanager
    def _telling(self, key: str, stage: str) -> Iterator[Callable[[float], None]]:
        """Tell that a stage goes on, and how much of it is done, for as long as the context lasts."""

        def tell(share_ratio: float) -> None:
            self._progress_of[key] = StreamProgress(stage, share_ratio)

        tell(0.0)
        try:
            yield tell
        finally:
            self._progress_of.pop(key, None)
