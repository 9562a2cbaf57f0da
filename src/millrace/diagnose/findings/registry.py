"""The kinds that are looked for. A new kind is a module in `kinds` and its line here."""

from millrace.diagnose.findings.kind import Kind
from millrace.diagnose.findings.kinds import ping_pong

KINDS: tuple[Kind, ...] = (ping_pong.KIND,)
