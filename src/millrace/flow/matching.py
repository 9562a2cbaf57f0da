"""Match rules of a stream as SQL conditions: which step an event belongs to."""

from collections.abc import Sequence

from millrace.eventlog.engine import name, text
from millrace.model.value_stream import Match, ValueStream

STAYS = -1
"""Number that stands for the step an item is in already: a pause."""


def step_number(stream: ValueStream, columns: Sequence[str], *, table: str = "k") -> str:
    """SQL for the number of the first step that matches, or `STAYS` for a pause.

    What matches neither has the number of steps: *unmapped*, a visible step.
    """
    numbered = [(STAYS, match) for match in stream.pauses]
    numbered += [(number, match) for number, step in enumerate(stream.steps) for match in step.match]
    cases = [f"WHEN {matches(match, columns, table=table)} THEN {number}" for number, match in numbered]
    return f"CASE {' '.join(cases)} ELSE {len(stream.steps)} END" if cases else str(len(stream.steps))


def matches(match: Match, columns: Sequence[str], *, table: str = "k") -> str:
    """SQL that is true where an event meets every condition of `match`; a column the log lacks never matches."""
    wanted = {
        "activity": match.activity,
        "status": match.status,
        "team": match.team,
        "item_type": match.item_type,
        **match.attributes,
    }
    conditions = [
        _any_pattern(f"{table}.{name(column)}", patterns) if column in columns else "false"
        for column, patterns in wanted.items()
        if patterns
    ]
    return "(" + " AND ".join(conditions or ["true"]) + ")"


def _any_pattern(column: str, patterns: Sequence[str]) -> str:
    wanted = [_like(column, pattern) for pattern in patterns if not pattern.startswith("!")]
    unwanted = [f"NOT {_like(column, pattern[1:])}" for pattern in patterns if pattern.startswith("!")]
    either = [f"({' OR '.join(wanted)})"] if wanted else []
    return "(" + " AND ".join([*either, *unwanted]) + ")"


def _like(column: str, pattern: str) -> str:
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = text(escaped.replace("*", "%").replace("?", "_"))
    return f"coalesce(trim({column}::VARCHAR) ILIKE {like} ESCAPE '\\', false)"
