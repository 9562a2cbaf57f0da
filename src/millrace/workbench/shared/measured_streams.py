"""Figures of the workspace's streams, computed once and kept at hand for the next view."""

from collections.abc import Callable, Hashable
from threading import RLock
from typing import TypeVar

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.flow.measurement import Measurement, measurement
from millrace.flow.selection import EVERYTHING, Selection
from millrace.flow.summary import Clock
from millrace.model.value_stream import ValueStream
from millrace.workbench.inspection import Inspection, inspection_of
from millrace.workbench.shared.access import Actor, Permission, needs
from millrace.workbench.shared.stream_book import StreamBookOperations
from millrace.workbench.sources import flow_of, stream_of

_Result = TypeVar("_Result")


class NotMeasured(MillraceError):
    """A stream has no source to be measured on."""

    slug = "not-measured"

    def __init__(self, title: str) -> None:
        """Say what to do."""
        super().__init__(f"“{title}” is not measured on anything yet. Choose a source for it, or give an export.")


class MeasuredStreamOperations(StreamBookOperations):
    """Measure streams on their sources."""

    @needs(Permission.READ)
    def flow(self, actor: Actor, key: str) -> Flow:
        """The flow of a stream's source by its latest revision. Raises NoSuchStream, NotMeasured, SourceNotReady."""
        view = self.stream(actor, key)
        if view.source_key is None:
            raise NotMeasured(view.title)
        log = self.source_log(actor, view.source_key)
        asked = ("flow", log.folder.name, view.latest.yaml)
        return self.kept.of(asked, lambda: flow_of(self._workspace, log, view.stream, lambda *_: None))

    @needs(Permission.READ)
    def measured(
        self, actor: Actor, key: str, *, selection: Selection = EVERYTHING, clock: Clock = Clock.ELAPSED
    ) -> Measurement:
        """Every measure of a stream's items in `selection`. Raises NoSuchStream, NotMeasured, SourceNotReady."""
        flow = self.flow(actor, key)
        return self.on_flow(
            flow, ("measured", selection.key, clock), lambda: measurement(flow, clock=clock, selection=selection)
        )

    @needs(Permission.READ)
    def proposed_stream(self, actor: Actor, source: str) -> ValueStream:
        """The stream that a source seems to show. Raises NoSuchSource, SourceNotReady."""
        log = self.source_log(actor, source)
        return self.kept.of(("discovered", log.folder.name), lambda: stream_of(self._workspace, log))

    @needs(Permission.READ)
    def inspection(self, actor: Actor, source: str) -> Inspection:
        """What is in a source: its mapping, classes, readiness. Raises NoSuchSource, SourceNotReady."""
        log = self.source_log(actor, source)
        asked = ("inspection", log.folder.name)
        return self.kept.of(asked, lambda: inspection_of(self._workspace, log, lambda *_: None))

    def on_flow(self, flow: Flow, question: Hashable, compute: Callable[[], _Result]) -> _Result:
        """What `compute` makes of a flow, at hand from then on; one question at a time per flow and its engine."""

        def alone() -> _Result:
            with self.alone_with(flow):
                return compute()

        return self.kept.of((flow.folder.name, question), alone)

    def alone_with(self, flow: Flow) -> RLock:
        """A flow's engine answers one question at a time: hold this while asking it."""
        return self.kept.of(("lock", flow.folder.name), RLock)
