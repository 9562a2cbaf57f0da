"""All signals of a stream at an instant."""

from collections.abc import Callable, Iterable

from millrace.govern.kinds import (
    ageing,
    breach_foreseen,
    control_chart,
    map_drift,
    review_overdue,
    sla_breach,
    source_stopped,
    stuck,
    target_missed,
)
from millrace.govern.signal import Signal, Watched

KINDS: dict[str, tuple[str, Callable[[Watched], Iterable[Signal]]]] = {
    "sla_breach": (sla_breach.TITLE, sla_breach.sla_breach),
    "breach_foreseen": (breach_foreseen.TITLE, breach_foreseen.breach_foreseen),
    "target_missed": (target_missed.TITLE, target_missed.target_missed),
    "stuck": (stuck.TITLE, stuck.stuck),
    "ageing": (ageing.TITLE, ageing.ageing),
    "control_chart": (control_chart.TITLE, control_chart.control_chart),
    "map_drift": (map_drift.TITLE, map_drift.map_drift),
    "source_stopped": (source_stopped.TITLE, source_stopped.source_stopped),
    "review_overdue": (review_overdue.TITLE, review_overdue.review_overdue),
}
"""Kinds of signals: what people call them, and what looks for them."""


def kind_title(kind: str) -> str:
    """What people call a kind of signal."""
    return KINDS[kind][0]


def signals(watched: Watched) -> tuple[Signal, ...]:
    """What deserves attention at `watched.at`, of the kinds that the stream does not leave out."""
    wanted = [look for kind, (_, look) in KINDS.items() if kind not in watched.stream.watch.leaves_out]
    return tuple(signal for look in wanted for signal in look(watched))
