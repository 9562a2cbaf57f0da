"""What the statuses or activities of a log set: the table that people may edit."""

from collections.abc import Sequence

from millrace.eventlog.event_log import EventClass
from millrace.eventlog.schema import Shape
from millrace.ingest.mapping import StatusMeaning
from millrace.ingest.recognition.status_words import (
    SIDE_OF_REASON,
    Judgement,
    judge_milestone,
    judge_status,
    nothing,
)
from millrace.ingest.recognition.vocabulary import vocabulary
from millrace.ingest.recognition.words import plain
from millrace.model.state import Side, State, WaitReason

Pair = tuple[str | None, str | None, int]
"""A combination of activity and status, and the number of its events."""

_DECISIVE_RATIO = 0.75
_REASON_UNLESS_SAID = {State.NEW: WaitReason.QUEUE, State.WAITING: WaitReason.UNSPECIFIED}
_ENDS = (State.DONE, State.CANCELLED)


def classify_statuses(
    pairs: Sequence[Pair], *, shape: Shape, given: tuple[StatusMeaning, ...]
) -> tuple[EventClass, ...]:
    """What each combination of activity and status sets, in the order of `pairs`.

    In a status log the finer status decides, unless the coarser one (the activity) ends the item; in logs of
    activities only milestones set anything. A given meaning wins, the more specific one first.
    """
    dialect = _dialect(pairs) if shape == Shape.STATUS_LOG else {}
    return tuple(_classify(pair, shape, given, dialect) for pair in pairs)


def _classify(pair: Pair, shape: Shape, given: tuple[StatusMeaning, ...], dialect: dict[str, Judgement]) -> EventClass:
    activity, status, n_events = pair
    meaning = _given(activity, status, given)
    if meaning is not None:
        return _as_given(pair, meaning)
    reopens = False
    if shape == Shape.STATUS_LOG:
        judgement = _judge_pair(activity, status, dialect)
    else:
        judgement, reopens = judge_milestone(activity or status or "")
    return EventClass(
        activity=activity,
        status=status,
        state=judgement.state,
        wait_reason=judgement.wait_reason,
        side=judgement.side,
        reopens=reopens,
        n_events=n_events,
        sureness_ratio=judgement.sureness_ratio,
        why=judgement.why,
    )


def _judge_pair(activity: str | None, status: str | None, dialect: dict[str, Judgement]) -> Judgement:
    if activity is None and status is None:
        return nothing("the event has neither status nor activity", 1.0)
    coarse = _judge(activity, dialect)
    fine = coarse if activity == status else _judge(status, dialect)
    if coarse.state in _ENDS and coarse.sureness_ratio >= _DECISIVE_RATIO:
        return coarse
    return fine if fine.state is not None or (status is not None and coarse.state is None) else coarse


def _judge(label: str | None, dialect: dict[str, Judgement]) -> Judgement:
    if label is None:
        return nothing("nothing is said")
    return dialect.get(plain(label)) or judge_status(label)


def _dialect(pairs: Sequence[Pair]) -> dict[str, Judgement]:
    """The meanings of a known set of statuses, where the log's statuses lie in one."""
    labels = {plain(label) for activity, status, _ in pairs if (label := status if status is not None else activity)}
    for dialect in vocabulary("status_words")["dialects"]:
        if set(dialect["needs"]) <= labels <= set(dialect["of"]):
            return {
                label: Judgement(
                    State(meaning["state"]),
                    WaitReason(meaning.get("reason", "none")),
                    0.65,
                    f"its statuses look like those of {dialect['name']}",
                )
                for label, meaning in dialect["meanings"].items()
            }
    return {}


def _given(activity: str | None, status: str | None, given: tuple[StatusMeaning, ...]) -> StatusMeaning | None:
    fitting = [meaning for meaning in given if _fits(meaning.activity, activity) and _fits(meaning.status, status)]
    return max(fitting, key=lambda meaning: bool(meaning.activity) + bool(meaning.status), default=None)


def _fits(wanted: str | None, label: str | None) -> bool:
    return not wanted or (label is not None and wanted.strip().casefold() == label.strip().casefold())


def _as_given(pair: Pair, meaning: StatusMeaning) -> EventClass:
    activity, status, n_events = pair
    reason = meaning.wait_reason
    if reason is WaitReason.NONE and meaning.state is not None:
        reason = _REASON_UNLESS_SAID.get(meaning.state, WaitReason.NONE)
    side = meaning.side if meaning.side is not Side.PROVIDER else SIDE_OF_REASON.get(reason, Side.PROVIDER)
    return EventClass(
        activity=activity,
        status=status,
        state=meaning.state,
        wait_reason=reason,
        side=side,
        reopens=meaning.reopens,
        n_events=n_events,
        sureness_ratio=1.0,
        why="the mapping says so",
        is_given=True,
    )
