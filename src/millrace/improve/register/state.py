"""The states of an improvement, and which may follow which."""

from enum import StrEnum

from millrace.errors import MillraceError


class ImprovementState(StrEnum):
    """Where an improvement stands in its life."""

    NEW = "new"
    ACCEPTED = "accepted"
    ASSESS = "assess"
    APPROVED = "approved"
    IN_PROGRESS = "in progress"
    ON_HOLD = "on hold"
    MONITOR = "monitor"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_S = ImprovementState
FOLLOWS: dict[ImprovementState, tuple[ImprovementState, ...]] = {
    _S.NEW: (_S.ACCEPTED, _S.CANCELLED),
    _S.ACCEPTED: (_S.ASSESS, _S.ON_HOLD, _S.CANCELLED),
    _S.ASSESS: (_S.APPROVED, _S.ON_HOLD, _S.CANCELLED),
    _S.APPROVED: (_S.IN_PROGRESS, _S.ON_HOLD, _S.CANCELLED),
    _S.IN_PROGRESS: (_S.MONITOR, _S.ON_HOLD, _S.CANCELLED),
    _S.ON_HOLD: (_S.ACCEPTED, _S.ASSESS, _S.APPROVED, _S.IN_PROGRESS, _S.CANCELLED),
    _S.MONITOR: (_S.CLOSED, _S.IN_PROGRESS, _S.CANCELLED),
    _S.CLOSED: (),
    _S.CANCELLED: (_S.NEW,),
}
"""Which states an improvement may go to next."""

OVER = frozenset({ImprovementState.CLOSED, ImprovementState.CANCELLED})


class NotNext(MillraceError):
    """An improvement cannot go from its state to the one that is asked for."""

    slug = "not-next-state"

    def __init__(self, state: ImprovementState, to: ImprovementState) -> None:
        """Name both, and where it may go."""
        may = ", ".join(f"“{each}”" for each in FOLLOWS[state]) or "nowhere any more"
        super().__init__(f"An improvement that is “{state}” cannot become “{to}”; it may go to {may}.")


def refuse_leap(state: ImprovementState, to: ImprovementState) -> None:
    """Raise NotNext where `to` does not follow `state`."""
    if to not in FOLLOWS[state]:
        raise NotNext(state, to)
