"""The kinds that are looked for. A new kind is a module in `kinds` and its line here."""

from millrace.diagnose.findings.kind import Kind
from millrace.diagnose.findings.kinds import (
    extra_step,
    extreme_duration,
    extreme_repetition,
    extreme_touchpoints,
    idle_time,
    ping_pong,
    push_to_front,
    repeating_pattern,
    rework,
    slow_step,
    slow_transition,
    touchpoints_of_group,
    waiting_on_others,
)

KINDS: tuple[Kind, ...] = (
    ping_pong.KIND,
    push_to_front.KIND,
    rework.KIND,
    repeating_pattern.KIND,
    extreme_repetition.KIND,
    extra_step.KIND,
    extreme_touchpoints.KIND,
    touchpoints_of_group.KIND,
    slow_step.KIND,
    slow_transition.KIND,
    idle_time.KIND,
    extreme_duration.KIND,
    waiting_on_others.KIND,
)
