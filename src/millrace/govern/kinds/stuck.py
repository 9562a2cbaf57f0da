"""Nothing moves: an open item has had no event for longer than the stream allows."""

from collections.abc import Iterator

import numpy as np

from millrace.govern.holding import holding
from millrace.govern.known_columns import missing_columns
from millrace.govern.lives import instant
from millrace.govern.signal import Severity, Signal, Watched
from millrace.model.duration import show_duration
from millrace.model.state import STATES
from millrace.model.watch import StuckRule

TITLE = "Stuck"


def stuck(watched: Watched) -> Iterator[Signal]:
    """Each open item without an event for as long as one of the stream's rules says; once per standstill."""
    for rule in watched.stream.watch.stuck:
        if not missing_columns(watched.flow, rule.where):
            yield from _by(rule, watched)


def _by(rule: StuckRule, watched: Watched) -> Iterator[Signal]:
    lives = watched.lives
    after = int(rule.after.total_seconds() * 1_000_000)
    stands_still = lives.is_open & (lives.at - lives.last_event_at >= after) & lives.among(rule.where)
    if rule.held:
        stands_still &= holding(lives, rule.held)[lives.last]
    places = np.flatnonzero(stands_still)
    for place, key in zip(places.tolist(), lives.keys(places), strict=True):
        state = STATES[lives.held["state"][lives.last[place]]]
        step = lives.flow.step_names[lives.last_step[place]]
        since_at = int(lives.last_event_at[place])
        yield Signal(
            "stuck",
            f"{rule.name}: {key}",
            Severity.WARNING,
            f"{key} is stuck in “{step}”",
            f"Nothing has happened to it for {show_duration((lives.at - since_at) / 1e6)}; it is {state}. "
            f"The rule “{rule.name}” allows {show_duration(after / 1e6)}.",
            instant(since_at + after),
            occasion=str(since_at),
            item=key,
        )
