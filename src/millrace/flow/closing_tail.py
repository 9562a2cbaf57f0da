"""Closing tail: what follows value, on its own, never mixed into lead time."""

from dataclasses import dataclass

from millrace.flow.summary import DurationSummary, Share


@dataclass(frozen=True)
class ClosingTail:
    """Time from value to the last event of delivered items, and its share of all life."""

    tail: DurationSummary
    share_of_life: Share
