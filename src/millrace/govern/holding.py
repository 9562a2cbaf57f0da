"""In which spans conditions hold."""

import re
from collections.abc import Sequence

import numpy as np

from millrace.govern.lives import Bools, Lives
from millrace.model.held import Held
from millrace.model.state import SIDES, STATES, WAIT_REASONS


def holding(lives: Lives, conditions: Sequence[Held]) -> Bools:
    """Spans in which any of the conditions holds."""
    result = np.zeros(len(lives.began_at), np.bool_)
    for condition in conditions:
        result |= _all_of(lives, condition)
    return result


def _all_of(lives: Lives, condition: Held) -> Bools:
    about = lives.flow.about
    coded: dict[str, tuple[tuple[str, ...], Sequence[str]]] = {
        "state": (condition.state, STATES),
        "wait_reason": (condition.wait_reason, WAIT_REASONS),
        "side": (condition.side, SIDES),
        "step": (condition.step, lives.flow.step_names),
        "team": (condition.team, about.teams),
        "activity": (condition.activity, about.activities),
    }
    result = np.ones(len(lives.began_at), np.bool_)
    for column, (patterns, names) in coded.items():
        if patterns:
            # Code -1, for what is unknown, is the last entry.
            fits = np.array([*(_fits(patterns, name) for name in names), _fits(patterns, "")], np.bool_)
            result &= fits[lives.held[column]]
    return result


def _fits(patterns: Sequence[str], name: str) -> bool:
    """Whether a name meets any pattern, and none of those that begin with `!`."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    if any(_is_like(pattern[1:], name) for pattern in patterns if pattern.startswith("!")):
        return False
    return not wanted or any(_is_like(pattern, name) for pattern in wanted)


def _is_like(pattern: str, name: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, name.strip(), re.IGNORECASE | re.DOTALL) is not None
