"""The kinds that are looked for. A new kind is a module in `kinds` and its line here."""

from millrace.diagnose.findings.kind import Kind
from millrace.diagnose.findings.kinds import (
    idle_time,
    ping_pong,
    rework,
    slow_step,
    slow_transition,
    waiting_on_others,
)

KINDS: tuple[Kind, ...] = (
    ping_pong.KIND,
    rework.KIND,
    slow_step.KIND,
    slow_transition.KIND,
    idle_time.KIND,
    waiting_on_others.KIND,
)
