"""Idle time: a team has the item, and nobody in it does."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import HOUR, Bools, Evidence
from millrace.diagnose.findings.finding import Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share, surely
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items, names, percent
from millrace.flow.ownership import NO_PEOPLE
from millrace.flow.spans import ACTIVE, NOTHING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_SHARE = 0.2
"""Of the items that a team ever held."""
NOTABLE_TEAM = 0.2
"""A team is named where it has this share of the time."""


def idle_time(evidence: Evidence) -> Examined | Absent:
    """Items that lie with a team for more than a working day while nobody holds them."""
    if not evidence.flow.about.people or not evidence.flow.about.teams:
        return Absent(NO_PEOPLE)
    spans = evidence.spans
    lies = evidence.is_provider_time & (spans.team != NOTHING) & (spans.person == NOTHING) & (spans.state != ACTIVE)
    working_day = evidence.flow.about.calendar.hours_per_day * HOUR
    worked_past = evidence.per_item(np.where(lies, spans.business, 0))
    long = worked_past > working_day
    held = evidence.per_item((spans.team != NOTHING).astype(np.int64)) > 0
    if not surely(long.sum(), held.sum(), LEAST_SHARE):
        return Examined()
    return Examined((_candidate(evidence, lies & long[evidence.item_of_span], long, int(held.sum())),))


def _candidate(evidence: Evidence, lies: Bools, long: Bools, n_held: int) -> Candidate:
    n = int(long.sum())
    elapsed = evidence.per_item(np.where(lies, evidence.spans.elapsed, 0))[long] / SECOND
    sentence = (
        f"{items(n)} of the {n_held:,} that a team held ({percent(n / n_held)}) lay for more than a working day "
        f"with a team and nobody in it: {duration(float(np.median(elapsed)))} in the median, nights and weekends "
        f"included.{_team_with_most(evidence, lies)}"
    )
    return Candidate(
        sentence,
        whole_spans(evidence, lies),
        (
            Figure(
                "lie idle", n / n_held, Unit.RATIO, "Items idle for over a working day, of those a team held", n_held
            ),
            Figure("idle time", float(np.median(elapsed)), Unit.SECONDS, "Team set and no person, median", n),
        ),
        items=evidence.items.item[long],
        interval=interval_of_share(n, n_held),
    )


def _team_with_most(evidence: Evidence, lies: Bools) -> str:
    """A sentence on the team with the most of it, where one stands out."""
    time = np.bincount(evidence.spans.team[lies], evidence.spans.elapsed[lies], len(evidence.flow.about.teams))
    most = int(time.argmax())
    share = time[most] / time.sum()
    if share < NOTABLE_TEAM:
        return ""
    return f" {percent(share)} of that time is with {names((evidence.flow.about.teams[most],))}."


KIND = Kind(
    "idle_time",
    "Idle with a team",
    "Surely 20 % of the items or more lie for more than a working day in all (on the stream's calendar) with a team "
    "set, no person set and no work going on, before value.",
    wastes=("waiting", "inventory"),
    specificity=Specificity.SHARE,
    look=idle_time,
)
