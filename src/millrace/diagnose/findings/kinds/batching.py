"""Batching: a team lets work gather and starts it together, at its hours or when there is enough of it."""

from typing import NamedTuple

import numpy as np

from millrace.diagnose.findings.evidence import HOUR, Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Place, Unit
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.queues import Queues, queue_claim, queues
from millrace.diagnose.findings.saying import duration, percent
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.state import WaitReason
from millrace.model.work_calendar import WEEKDAYS

LEAST_STARTS = 100
MOST_HOURS = 12
"""Hours of a week that hold four fifths of the starts of a team which batches by the clock."""
MOST_OF_ARRIVALS = 1 / 3
"""Those hours, over the hours that hold four fifths of the arrivals."""
GAP = HOUR // 12
"""Starts with less than five minutes between them are one batch."""
LEAST_BATCH = 4
LEAST_EXCESS = 0.3
"""Share of starts in batches, above what the team's rhythm alone would make."""
_BULK = 0.8
_WEEK = 168
_DAYS = dict(zip(WEEKDAYS, ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
                 strict=True))  # fmt: skip

NO_STARTS = Absent("this log does not show when work on an item begins, and in which team")


class _Team(NamedTuple):
    """Waits of a team that ended in work: rows of the queues."""

    name: str
    rows: Int64s


def batching(evidence: Evidence) -> Examined | Absent:
    """Teams whose starts of work gather although arrivals do not, and the waits that ended in such a batch."""
    waits = evidence.derived(queues)
    teams = evidence.flow.about.teams
    if not evidence.flow.knows_work or not teams or not waits.is_started.any():
        return NO_STARTS
    # A wait that is no wait, as where somebody takes an item at once, cannot have been batched.
    known = waits.is_started & (waits.team != NOTHING) & (waits.elapsed > 0)
    enough = np.flatnonzero(np.bincount(waits.team[known], minlength=len(teams)) >= LEAST_STARTS)
    found = (_of_team(evidence, waits, _Team(teams[team], np.flatnonzero(known & (waits.team == team))))
             for team in enough)  # fmt: skip
    return Examined(tuple(candidate for candidate in found if candidate is not None))


def _of_team(evidence: Evidence, waits: Queues, team: _Team) -> Candidate | None:
    hour_of_start, hour_of_arrival = (
        _hours_of_week(waits.ended_at[team.rows]),
        _hours_of_week(waits.began_at[team.rows]),
    )
    busy = _bulk_hours(hour_of_start)
    n_arrival_hours = len(_bulk_hours(hour_of_arrival))
    if len(busy) <= MOST_HOURS and len(busy) <= MOST_OF_ARRIVALS * n_arrival_hours:
        when = (
            f"{percent(_BULK)} of its starts fall into {_hours(busy)}; arrivals take {n_arrival_hours} hours of a week"
        )
        return _candidate(evidence, waits, team, np.isin(hour_of_start, busy), when)
    batched = _in_batches(waits.ended_at[team.rows])
    excess = float(batched.mean()) - _expected(waits.ended_at[team.rows])
    if excess < LEAST_EXCESS:
        return None
    when = f"it starts {LEAST_BATCH} items or more within minutes of each other, at no particular hour"
    return _candidate(evidence, waits, team, batched, when)


def _candidate(evidence: Evidence, waits: Queues, team: _Team, batched: Bools, when: str) -> Candidate:
    rows = team.rows[batched]
    share, median = len(rows) / len(team.rows), float(np.median(waits.elapsed[rows])) / SECOND
    return Candidate(
        f"“{team.name}” works in batches: {when}. Until their batch began, items waited {duration(median)} (median of "
        f"{len(rows):,} waits, {percent(share)} of all).",
        queue_claim(evidence, waits, rows),
        (
            Figure("started in a batch", share, Unit.RATIO, "Starts of work in such hours or batches, of all starts",
                   len(team.rows), "starts"),
            Figure("wait for the batch", median, Unit.SECONDS, "Median wait of those items until work began",
                   len(rows), "waits"),
        ),
        place=Place(team=team.name, reason=WaitReason.QUEUE),
    )  # fmt: skip


def _hours_of_week(instants: Int64s) -> Int64s:
    """Hours since Monday 00:00 UTC."""
    # 1970-01-01 was a Thursday, three days into its week.
    return np.asarray((instants // HOUR + 72) % _WEEK)


def _bulk_hours(hours: Int64s) -> Int64s:
    """The fewest hours of the week that hold four fifths of what happens."""
    counts = np.bincount(hours, minlength=_WEEK)
    order = np.argsort(counts)[::-1]
    n = int(np.searchsorted(np.cumsum(counts[order]), _BULK * len(hours))) + 1
    return np.sort(order[:n])


def _hours(busy: Int64s) -> str:
    """`2 hours of a week, on Tuesdays and Thursdays`."""
    days = [_DAYS[WEEKDAYS[day]] for day in np.unique(busy // 24)]
    told = days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"
    return f"{len(busy)} hour{'' if len(busy) == 1 else 's'} of a week, on {told}"


def _in_batches(starts: Int64s) -> Bools:
    """Which starts have, with hardly a gap, at least three others beside them."""
    order = np.argsort(starts, kind="stable")
    ordered = starts[order]
    batch = np.concatenate(([0], np.cumsum(np.diff(ordered) >= GAP)))
    result = np.empty(len(starts), np.bool_)
    result[order] = np.bincount(batch)[batch] >= LEAST_BATCH
    return result


def _expected(starts: Int64s) -> float:
    """The share in batches if only the hours of the week mattered: each start at its hour of another week."""
    week = _WEEK * HOUR
    n_weeks = int((starts.max() - starts.min()) // week) + 1
    shuffled = np.random.default_rng(7).integers(0, n_weeks, len(starts))
    return float(_in_batches(starts % week + shuffled * week).mean())


KIND = Kind(
    "batching",
    "Work in batches",
    "Four fifths of a team's starts lie in at most 12 hours of a week, and in at most a third as many as its "
    "arrivals do; or 30 % more of its starts come four and more at once than its weekly rhythm would make.",
    wastes=("waiting", "inventory"),
    specificity=Specificity.CAUSE,
    look=batching,
)
