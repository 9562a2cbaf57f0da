"""Which measures a log can carry, which only with a caveat, and what the others lack."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from millrace.eventlog.event_log import EventClass
from millrace.eventlog.readiness import Computability, MeasureReadiness
from millrace.eventlog.schema import Shape
from millrace.model.state import State, WaitReason

_SURE = 0.75


@dataclass(frozen=True)
class LogTraits:
    """What decides which measures a log can carry. `columns` are canonical, `attributes` the further ones."""

    shape: Shape
    columns: Collection[str]
    attributes: Sequence[str]
    classes: Sequence[EventClass]
    has_only_milestones: bool
    has_equal_times: bool

    def says(self, *states: State) -> bool:
        """True where some event sets one of these states."""
        return any(event_class.state in states for event_class in self.classes)

    @property
    def says_requester_waits(self) -> bool:
        """True where some status means that the requester is asked."""
        return any(event_class.wait_reason is WaitReason.REQUESTER for event_class in self.classes)

    @property
    def rests_on_guesses(self) -> bool:
        """True where the meaning of some status is a guess that is not sure."""
        return any(not c.is_given and c.sureness_ratio < _SURE and c.n_events for c in self.classes)


Judge = Callable[[LogTraits], tuple[Computability, str]]

_YES = (Computability.COMPUTABLE, "")


def _caveat(sentence: str) -> tuple[Computability, str]:
    return Computability.WITH_CAVEAT, sentence


def _no(sentence: str) -> tuple[Computability, str]:
    return Computability.NOT_COMPUTABLE, sentence


def measure_readiness(log: LogTraits) -> tuple[MeasureReadiness, ...]:
    """Judge every measure for a log with these traits."""
    found = []
    for measure, needs, judge in _MEASURES:
        missing = tuple(column for column in needs if column not in log.columns)
        computability, sentence = _no(_lacking(missing)) if missing else judge(log)
        found.append(MeasureReadiness(measure=measure, computability=computability, sentence=sentence, missing=missing))
    return tuple(found)


def _lacking(missing: Sequence[str]) -> str:
    return f"No column holds {' and '.join(_MEANINGS.get(column, column) for column in missing)}."


_MEANINGS = {"team": "the team", "person": "the person", "is_automated": "whether a step is automated"}


def _to_value(log: LogTraits) -> tuple[Computability, str]:
    if log.says(State.DONE):
        return _on_classes(log)
    if log.shape is Shape.STATUS_LOG:
        return _no("No status means that the work is done. Say which one does under `statuses` of the mapping.")
    return _caveat("No activity says that the work is done: name the one that delivers value in the stream.")


def _on_classes(log: LogTraits) -> tuple[Computability, str]:
    if log.rests_on_guesses:
        return _caveat("The meaning of some statuses is guessed: see the share of time that each guess carries.")
    return _YES


def _working_time(log: LogTraits) -> tuple[Computability, str]:
    if log.shape is Shape.ACTIVITY_LOG_ENDS:
        return _no("The log says when work ended, not when it began, so working and waiting cannot be told apart.")
    if log.shape is Shape.ACTIVITY_LOG:
        return _YES
    if log.has_only_milestones:
        return _between_milestones(log)
    return _on_classes(log) if log.says(State.ACTIVE) else _no("No status means that work is going on.")


def _between_milestones(log: LogTraits) -> tuple[Computability, str]:
    if log.says(State.ACTIVE):
        return _caveat("A record tells only what its milestones say; waiting between them does not show.")
    return _no("The milestones do not say when work was going on.")


def _step_times(log: LogTraits) -> tuple[Computability, str]:
    computability, sentence = _working_time(log)
    return (
        _caveat(f"Lead time only. {sentence}")
        if computability is Computability.NOT_COMPUTABLE
        else (computability, sentence)
    )


def _by_team(log: LogTraits) -> tuple[Computability, str]:
    if log.has_only_milestones:
        return _no("A record knows its last team only; a history of changes would tell the others.")
    return _YES


def _rework(log: LogTraits) -> tuple[Computability, str]:
    if log.has_only_milestones:
        return _no("A record keeps one date per milestone, so what was done twice does not show.")
    return _YES


def _at_first_pass(log: LogTraits) -> tuple[Computability, str]:
    computability, sentence = _rework(log)
    if computability is Computability.COMPUTABLE and not log.says_requester_waits:
        return _caveat("No status says that the requester is asked, so only returns count.")
    return computability, sentence


def _cost(log: LogTraits) -> tuple[Computability, str]:
    computability, sentence = _working_time(log)
    return (
        (computability, sentence) if computability is Computability.NOT_COMPUTABLE else _caveat("Give a rate per team.")
    )


def _satisfaction(log: LogTraits) -> tuple[Computability, str]:
    found = [name for name in log.attributes if any(word in name.lower() for word in _SATISFACTION_WORDS)]
    return _caveat(f"If “{found[0]}” is the score.") if found else _no("No column holds a satisfaction score.")


_SATISFACTION_WORDS = ("csat", "satisfaction", "zufriedenheit", "tevredenheid", "survey", "rating")


def _order(log: LogTraits) -> tuple[Computability, str]:
    return _caveat("Events of one instant stand in the source's order.") if log.has_equal_times else _YES


def _always(_: LogTraits) -> tuple[Computability, str]:
    return _YES


def _with_target(_: LogTraits) -> tuple[Computability, str]:
    return _caveat("Give a target: time, clock and what pauses it.")


_MEASURES: tuple[tuple[str, tuple[str, ...], Judge], ...] = (
    ("lead_time", (), _to_value),
    ("time_to_close", (), _always),
    ("step_times", (), _step_times),
    ("share_of_delay", (), _working_time),
    ("flow_efficiency", (), _working_time),
    ("throughput", (), _to_value),
    ("work_in_progress", (), _to_value),
    ("handoff", ("team",), _by_team),
    ("ping_pong", ("team",), _by_team),
    ("return", ("team",), _by_team),
    ("rework", (), _rework),
    ("first_time_completion", (), _at_first_pass),
    ("entry_quality", (), _at_first_pass),
    ("complete_and_accurate", (), _at_first_pass),
    ("idle", ("team", "person"), _by_team),
    ("automation_share", ("is_automated",), _always),
    ("sla_compliance", (), _with_target),
    ("cost_per_item", (), _cost),
    ("csat", (), _satisfaction),
    ("variants", (), _order),
)
