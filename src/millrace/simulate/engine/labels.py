"""What the engine's phases are called in an event log, and what they mean."""

from typing import NamedTuple

from millrace.errors import MillraceError
from millrace.model.state import Side, State, WaitReason
from millrace.simulate.simulated_stream import SimulatedStep, SimulatedStream, Wait

WAITING_STATUS = {
    WaitReason.QUEUE: "queued",
    WaitReason.REQUESTER: "waiting for the requester",
    WaitReason.SUPPLIER: "waiting for a supplier",
    WaitReason.APPROVAL: "waiting for approval",
    WaitReason.SCHEDULE: "waiting for its turn",
    WaitReason.CLOSING: "done",
}
"""What a wait is called by its reason; any other simply “waiting”."""


class TwoMeanings(MillraceError):
    """One status of one step stands for two things."""

    slug = "status-two-meanings"

    def __init__(self, activity: str, status: str) -> None:
        """Name the step and the status."""
        super().__init__(
            f"In step “{activity}” the status “{status}” would mean two different things. "
            "Give the waits of the step different statuses."
        )


class Label(NamedTuple):
    """One phase in the log: `activity` is the step of the value stream."""

    activity: str
    status: str
    team: str | None
    state: State
    wait_reason: WaitReason
    side: Side
    is_automated: bool = False
    is_work: bool = False
    is_end: bool = False


class Labels:
    """The labels of a stream; the code of a label is its place in `listed`."""

    def __init__(self, stream: SimulatedStream) -> None:
        """Begin without any."""
        self._stream = stream
        self._codes: dict[Label, int] = {}
        self._meanings: dict[tuple[str, str], tuple[State, WaitReason, Side]] = {}

    @property
    def listed(self) -> list[Label]:
        """All labels in the order of their codes."""
        return list(self._codes)

    def queue(self, step: SimulatedStep, team: str | None) -> int:
        """Waiting for a person."""
        return self._code(step, step.queued_status, team, State.WAITING, WaitReason.QUEUE)

    def gather(self, step: SimulatedStep) -> int:
        """Waiting for others."""
        return self._code(step, WAITING_STATUS[WaitReason.SCHEDULE], None, State.WAITING, WaitReason.SCHEDULE)

    def work(self, step: SimulatedStep, team: str | None, *, is_automated: bool) -> int:
        """Being worked on."""
        work = self._label(step, step.working_status, team, State.ACTIVE, WaitReason.NONE, step.side)
        return self._known(work._replace(is_automated=is_automated, is_work=True))

    def wait(self, step: SimulatedStep, wait: Wait) -> int:
        """Waiting for anything else, as the wait says."""
        status = wait.status or WAITING_STATUS.get(wait.reason, "waiting")
        state = State.DONE if wait.reason is WaitReason.CLOSING else State.WAITING
        return self._code(step, status, wait.team, state, wait.reason, wait.side)

    def ends(self, step: SimulatedStep) -> tuple[int, int]:
        """Delivered, and given up."""
        done = self._label(step, self._stream.delivered_status, None, State.DONE, WaitReason.CLOSING, step.side)
        cancelled = done._replace(status=self._stream.cancelled_status, state=State.CANCELLED)
        return self._known(done._replace(is_end=True)), self._known(cancelled._replace(is_end=True))

    def _code(
        self,
        step: SimulatedStep,
        status: str,
        team: str | None,
        state: State,
        reason: WaitReason,
        side: Side | None = None,
    ) -> int:
        return self._known(self._label(step, status, team, state, reason, side or step.side))

    def _label(
        self, step: SimulatedStep, status: str, team: str | None, state: State, reason: WaitReason, side: Side
    ) -> Label:
        if step.is_after_value:
            # Whoever reads the log elsewhere has to see that nothing here is before value.
            status, state, reason = self._stream.delivered_status, State.DONE, WaitReason.CLOSING
        return Label(step.step or step.name, status, team, state, reason, side)

    def _known(self, label: Label) -> int:
        meaning = (label.state, label.wait_reason, label.side)
        if self._meanings.setdefault((label.activity, label.status), meaning) != meaning:
            raise TwoMeanings(label.activity, label.status)
        return self._codes.setdefault(label, len(self._codes))
