"""Skill mismatch: a higher tier does work that is no harder than what the first line does every day."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, percent
from millrace.flow.spans import ACTIVE
from millrace.flow.summary import SECOND
from millrace.flow.tiers import TIER_NAMES, tiers_of
from millrace.model.absent import Absent

LEAST_FINISHED = 50
"""Items that a tier finishes."""
LEAST_RATIO = 0.25
"""The lower end of the interval of simple items has to reach it."""
_SHARED = 0.05
"""A step is the work of a tier where it has this share of the tier's work."""

NO_TIERS = Absent("the names of the teams tell no tiers of support, such as “1st”, “L2” or “3rd line”")
NO_WORK = Absent("this log cannot tell working from waiting")


def skill_mismatch(evidence: Evidence) -> Examined | Absent:
    """Items that a higher tier finishes with no more work than half of the first line's own items take."""
    if not evidence.flow.knows_work:
        return NO_WORK
    tiers = tiers_of(evidence.flow.about.teams)
    if tiers is None:
        return NO_TIERS
    tier_of_team = np.array([*tiers, 0])
    found = (_of_tier(evidence, tier_of_team, tier) for tier in sorted(set(tiers) - {1}))
    return Examined(tuple(candidate for candidate in found if candidate is not None))


def _of_tier(evidence: Evidence, tier_of_team: np.ndarray, tier: int) -> Candidate | None:
    finished_by = np.where(evidence.is_delivered, tier_of_team[evidence.items.last_team], 0)
    theirs, firsts = finished_by == tier, finished_by == 1
    if min(theirs.sum(), firsts.sum()) < LEAST_FINISHED:
        return None
    of_tier = tier_of_team[evidence.spans.team]
    work, base = _work(evidence, of_tier == tier, of_tier == 1, firsts)
    limit = float(np.median(base[base > 0])) if (base > 0).any() else 0.0
    simple = theirs & (work > 0) & (work <= limit) & ~evidence.items.returned_to_team
    n, n_simple = int(theirs.sum()), int(simple.sum())
    interval = interval_of_share(n_simple, n)
    if interval is None or interval.low < LEAST_RATIO:
        return None
    claim = whole_spans(evidence, (of_tier == tier) & simple[evidence.item_of_span] & evidence.spans.is_before_value)
    return Candidate(
        f"{percent(n_simple / n)} of the {n:,} items that the {TIER_NAMES[tier]} finishes take it no more than "
        f"{duration(limit / SECOND)} of work: half of the items that the first line finishes itself take longer. "
        f"On the way they spend {_median_time(evidence, of_tier == tier, simple)} with that line (median).",
        claim,
        (
            Figure("simple items", n_simple / n, Unit.RATIO,
                   "Of the items a tier finishes, those with no more work than the first line's median", n),
            Figure("first line's median", limit / SECOND, Unit.SECONDS,
                   "Work of the first line on an item that it finishes", int(firsts.sum())),
        ),
        place=Place(segment=(("tier", TIER_NAMES[tier]),)),
        items=evidence.items.item[simple],
        interval=interval,
        picture=_picture(evidence, theirs, simple),
    )  # fmt: skip


def _work(evidence: Evidence, by_tier: Bools, by_first: Bools, firsts: Bools) -> tuple[Int64s, Int64s]:
    """The tier's work on each item; and the first line's on those it finishes, in the same steps if it has a part."""
    spans = evidence.spans
    works = (spans.state == ACTIVE) & evidence.is_in_flow
    of_step = np.bincount(spans.step[works & by_tier], spans.elapsed[works & by_tier], minlength=1)
    steps = np.flatnonzero(of_step >= _SHARED * of_step.sum())
    own = evidence.per_item(np.where(works & by_tier, spans.elapsed, 0))
    shared = works & by_first & np.isin(spans.step, steps)
    base = evidence.per_item(np.where(shared, spans.elapsed, 0))[firsts]
    if (base > 0).sum() < LEAST_FINISHED:
        base = evidence.per_item(np.where(works & by_first, spans.elapsed, 0))[firsts]
    return own, base


def _median_time(evidence: Evidence, by_tier: Bools, simple: Bools) -> str:
    time = evidence.per_item(np.where(by_tier & evidence.is_in_flow, evidence.spans.elapsed, 0))
    return duration(float(np.median(time[simple])) / SECOND)


def _picture(evidence: Evidence, theirs: Bools, simple: Bools) -> Bars | None:
    teams = evidence.flow.about.teams
    n = np.bincount(evidence.items.last_team[theirs], minlength=len(teams))
    n_simple = np.bincount(evidence.items.last_team[simple], minlength=len(teams))
    most = [team for team in np.argsort(-n_simple)[:6] if n[team] >= LEAST_FINISHED]
    rows = tuple(Bar(teams[team], float(n_simple[team] / n[team]), int(n[team])) for team in most)
    return Bars("By team", Unit.RATIO, "simple items, of those finished", rows) if len(rows) > 1 else None


KIND = Kind(
    "skill_mismatch",
    "High tier on simple work",
    "Items that a higher tier finishes with no more work than the first line's median, and that never came back "
    "to a team: at least a quarter of what the tier finishes, by the lower end of the 95 % interval.",
    wastes=("non_utilised_talent", "transportation", "waiting"),
    specificity=Specificity.PATTERN,
    look=skill_mismatch,
)
