"""Push to front: work that the first line hands up stands far longer than what it solves itself."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Unit
from millrace.diagnose.findings.intervals import interval_of_share, surely
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import count, duration, items, percent
from millrace.diagnose.findings.touches import is_standing
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND
from millrace.flow.tiers import tiers_of
from millrace.model.absent import Absent

LEAST_SHARE = 0.15
"""Of the items that begin in the first line."""
LEAST_FACTOR = 2.0
"""Mean life of what is handed up over that of what stays."""
LEAST_PART = 1 / 3
"""Of that difference, what standing in higher lines has to account for."""
NO_TIERS = Absent("the names of the teams tell no tiers of support, such as “1st”, “L2” or “3rd line”")


def push_to_front(evidence: Evidence) -> Examined | Absent:
    """Items that begin in the first line and leave it for a higher one, and how long they stand there."""
    tiers = tiers_of(evidence.flow.about.teams)
    if tiers is None:
        return NO_TIERS
    tier, top, begins_in_front = _tiers(evidence, tiers)
    pushed, stay = begins_in_front & (top > 1), begins_in_front & (top == 1)
    if not surely(pushed.sum(), begins_in_front.sum(), LEAST_SHARE) or not stay.any():
        return Examined()
    stands = (tier > 1) & is_standing(evidence)
    if not _costs_much(evidence, pushed, stay, stands):
        return Examined()
    return Examined((_candidate(evidence, pushed, stay, stands),))


def _costs_much(evidence: Evidence, pushed: Bools, stay: Bools, stands: Bools) -> bool:
    """Whether items that are handed up last far longer, and standing in higher lines is a good part of why."""
    lives = evidence.life_of_item
    mean, mean_stay = float(lives[pushed].mean()), float(lives[stay].mean())
    standing = float(evidence.per_item(np.where(stands, evidence.spans.elapsed, 0))[pushed].mean())
    return mean >= LEAST_FACTOR * mean_stay and standing >= LEAST_PART * (mean - mean_stay)


def _tiers(evidence: Evidence, tiers: tuple[int, ...]) -> tuple[Int64s, Int64s, Bools]:
    """For every span the tier that holds the item; for every item its highest one, and whether it begins in the first.

    An item that no team holds is with the first line.
    """
    of_team = np.array([*tiers, 1])
    team = evidence.holdings.team
    of_holding = np.where(team == NOTHING, 1, of_team[team])
    row = np.searchsorted(evidence.items.item, evidence.holdings.item)
    top = np.zeros(len(evidence.items.item), np.int64)
    np.maximum.at(top, row, of_holding)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    return of_holding[evidence.holding_of_span], top, of_holding[first] == 1


def _candidate(evidence: Evidence, pushed: Bools, stay: Bools, stands: Bools) -> Candidate:
    lives = evidence.life_of_item / SECOND
    n, n_stay, n_all = int(pushed.sum()), int(stay.sum()), len(pushed)
    mean, mean_stay = float(lives[pushed].mean()), float(lives[stay].mean())
    sentence = (
        f"{count(n_stay)} of {items(n_all)} ({percent(n_stay / n_all)}) stay in the first line. {count(n)} more begin "
        f"there and are handed up: they last {duration(mean)} on average, the ones that stay {duration(mean_stay)} "
        f"(medians {duration(float(np.median(lives[pushed])))} and {duration(float(np.median(lives[stay])))})."
    )
    life = "From demand to the last event, mean"
    return Candidate(
        sentence,
        whole_spans(evidence, stands & pushed[evidence.item_of_span]),
        (
            Figure("handed up", n / (n + n_stay), Unit.RATIO, "Of the items that begin in the first line", n + n_stay),
            Figure("life when handed up", mean, Unit.SECONDS, life, n),
            Figure("life when solved in the first line", mean_stay, Unit.SECONDS, life, n_stay),
        ),
        items=evidence.items.item[pushed],
        interval=interval_of_share(n, n + n_stay),
        picture=Bars(
            "Life of items that begin in the first line",
            Unit.SECONDS,
            "mean from demand to the last event",
            (Bar("handed up", mean, n, is_the_finding=True), Bar("solved there", mean_stay, n_stay)),
        ),
    )


KIND = Kind(
    "push_to_front",
    "Work handed up by the first line",
    "Surely 15 % or more of the items that begin in the first line (as the names of teams tell it) go to a higher "
    "one, and last at least twice as long on average as those that stay; standing in higher lines makes up a third "
    "or more of the difference, and is what is at stake.",
    wastes=("transportation", "waiting"),
    specificity=Specificity.GROUP,
    look=push_to_front,
)
