"""Where a designed stream comes to its end with value: what no way on takes."""

from millrace.model.routing import Way
from millrace.model.value_stream import Step

LEAST_RATIO = 1e-3
"""Less is what rounding leaves over, and no way of its own."""


def delivered_ratio(step: Step, ways: tuple[Way, ...]) -> float:
    """Share of a step's visits after which nothing is left to do, value delivered."""
    apart = sum(way.share_ratio for way in ways if not way.in_parallel)
    together = max((way.share_ratio for way in ways if way.in_parallel), default=0.0)
    return 1 - apart - together - step.leaves_ratio
