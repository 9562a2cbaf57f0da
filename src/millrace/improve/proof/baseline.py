"""Where we are now: the figure of a hypothesis before its change, with its period and the items behind it."""

from datetime import UTC, date, datetime, timedelta

import numpy as np

from millrace.flow.flow import Flow
from millrace.improve.proof.design import columns_of, refuse_withheld
from millrace.improve.proof.hypothesis import Hypothesis
from millrace.improve.proof.measured import measured
from millrace.improve.proof.observations import MICROSECONDS, items_of, midnight
from millrace.improve.proof.series import Bools
from millrace.improve.proof.weekly import WEEK
from millrace.model.absent import Absent
from millrace.model.part import Part

USUAL_WEEKS = 26
"""The length of a baseline whose first day nobody gave."""


class Baseline(Part):
    """A figure as measured: seconds for durations, a share for ratios, a count (a week, for throughput) otherwise.

    It is of the `n` items demanded (delivered, for throughput) from `from_on` until before `until_on`.
    """

    figure: float
    n: int
    from_on: date
    until_on: date


def baseline(flow: Flow, hypothesis: Hypothesis) -> Baseline | Absent:
    """Measure a hypothesis's figure before its change, or up to the end of the log where the change is to come.

    Raises as `refuse_withheld`.
    """
    refuse_withheld(flow, hypothesis)
    items = items_of(flow, columns_of(hypothesis))
    found = measured(items, hypothesis)
    if isinstance(found, Absent):
        return found
    changed: Bools = np.logical_or.reduce([items.those(phase.where) for phase in hypothesis.phases])
    until = min(midnight(hypothesis.changed_on), found.until_at)
    begins = hypothesis.baseline_from_on
    since = max(midnight(begins) if begins else until - USUAL_WEEKS * WEEK, found.from_at)
    chosen = changed[found.rows] & (found.at >= since) & (found.at < until)
    if not chosen.any():
        return Absent("no item was demanded in that period, of which the log holds slow and quick ones alike")
    figures = found.figure[chosen]
    if found.is_count:
        figure = len(figures) / ((until - since) / WEEK)
    else:
        figure = float(np.median(figures) if found.is_median else figures.mean())
    return Baseline(figure=figure, n=len(figures), from_on=_day(since), until_on=_day(until))


def _day(instant: int) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant / MICROSECONDS)).date()
