"""Extra step: some items pass a step that others of their sort, on the same route otherwise, do without."""

from typing import Any

import numba
import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Evidence, Int64s
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share, surely
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, items
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_SHARE = 0.05
"""Of the delivered items."""
MOST_SHARE = 0.5
"""Of the items on the two routes: beyond, the step is the rule and leaving it out the exception."""
LEAST_ITEMS = 20
LONGEST_ROUTE = 40
"""Visits: nobody compares longer routes step by step."""
SORTS = ("item_type", "service", "category")
"""Items that agree in these are of one sort."""


def extra_step(evidence: Evidence) -> Examined | Absent:
    """Steps in the middle of a route that part of the items of the same sort leave out, all else being equal."""
    if not evidence.flow.knows_work:
        return Absent("the log tells ends of work only, where an activity may be a note and no step")
    rows = np.flatnonzero(~evidence.visits.is_after_value & evidence.visits.is_delivered)
    if not len(rows):
        return Examined()
    item, step = evidence.item_of_visit[rows], evidence.visits.step[rows].astype(np.int64)
    sort = _sorts(evidence)
    route, without = _routes(item, step, sort, len(sort), LONGEST_ROUTE)
    found = []
    for code, name in evidence.steps:
        extra = _extra(route, without, item, step == code)
        n_extra = len(np.unique(item[extra]))
        if n_extra >= LEAST_ITEMS and surely(n_extra, evidence.is_delivered.sum(), LEAST_SHARE):
            found.append(_candidate(evidence, name, rows[extra], np.isin(route, without[extra])))
    return Examined(tuple(found))


def _sorts(evidence: Evidence) -> Int64s:
    """For every item the number of its sort."""
    sort = np.zeros(len(evidence.items.item), np.int64)
    for column in SORTS:
        if evidence.flow.has(column):
            attribute = evidence.attribute(column)
            sort = sort * (len(attribute.labels) + 1) + attribute.codes + 1
    return sort


def _extra(route: Any, without: Any, item: Any, is_step: Any) -> Any:
    """Which visits of the step are extra: the route without them is taken by as many items of the sort or more."""
    visits = np.flatnonzero(is_step & (without != 0))
    if not len(visits):
        return visits
    shorter, which, n_with = np.unique(without[visits], return_inverse=True, return_counts=True)
    taken, counts = np.unique(route[route != 0], return_counts=True)
    place = np.minimum(np.searchsorted(taken, shorter), len(taken) - 1)
    n_without = np.where(taken[place] == shorter, counts[place], 0)
    is_extra = (n_with <= MOST_SHARE * (n_with + n_without)) & (n_without >= LEAST_ITEMS)
    return visits[is_extra[which]]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _routes(item: Any, step: Any, sort: Any, n_items: int, longest: int) -> Any:
    """A fingerprint of each item's route and sort, and for each visit that of the route without it.

    0 where there is none: at the ends of a route, where the steps on either side are the same, and in long routes.
    """
    route, without = np.zeros(n_items, np.uint64), np.zeros(len(item), np.uint64)
    begin = 0
    while begin < len(item):
        end = begin + 1
        while end < len(item) and item[end] == item[begin]:
            end += 1
        if end - begin <= longest:
            of_sort = np.uint64(sort[item[begin]])
            route[item[begin]] = _fingerprint(step, begin, end, -1, of_sort)
            for v in range(begin + 1, end - 1):
                if step[v - 1] != step[v + 1]:
                    without[v] = _fingerprint(step, begin, end, v, of_sort)
        begin = end
    return route, without


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fingerprint(step: Any, begin: int, end: int, leave_out: int, sort: Any) -> Any:
    """64 bits of a sort and a sequence of steps (the finaliser of SplitMix64 at each)."""
    mixed = sort
    for v in range(begin, end):
        if v != leave_out:
            mixed = (mixed ^ np.uint64(step[v] + 1)) + np.uint64(0x9E3779B97F4A7C15)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            mixed = mixed ^ (mixed >> np.uint64(31))
    return mixed


def _candidate(evidence: Evidence, step: str, visits: Int64s, goes_without: Any) -> Candidate:
    is_extra = np.zeros(len(evidence.visits.item), np.bool_)
    is_extra[visits] = True
    with_it = np.unique(evidence.item_of_visit[visits])
    lead = evidence.flow_time_of_item / SECOND
    n, n_without = len(with_it), int(goes_without.sum())
    mine, theirs = float(np.median(lead[with_it])), float(np.median(lead[goes_without]))
    spent = evidence.flow_time_of_visit[visits].sum() / SECOND / n
    sentence = (
        f"{items(n)} pass “{step}”, which {items(n_without)} of the same sort on the same route do without: it takes "
        f"{duration(spent)} on average, and the lead time is {duration(mine)} against {duration(theirs)} in the median."
    )
    return Candidate(
        sentence,
        whole_spans(evidence, is_extra[evidence.visit_of_span] & evidence.is_in_flow),
        (
            Figure(
                "pass it", n / (n + n_without), Unit.RATIO, "Items of these routes that pass the step", n + n_without
            ),
            Figure("time in it", spent, Unit.SECONDS, "All visits of the step, mean per item", n),
            Figure("lead time with it", mine, Unit.SECONDS, "Median", n),
            Figure("lead time without", theirs, Unit.SECONDS, "Median", n_without),
        ),
        place=Place(step=step),
        items=evidence.items.item[with_it],
        interval=interval_of_share(n, n + n_without),
        picture=Bars(
            f"Lead time with and without “{step}”",
            Unit.SECONDS,
            "median",
            (Bar("with it", mine, n, is_the_finding=True), Bar("without", theirs, n_without)),
        ),
    )


KIND = Kind(
    "extra_step",
    "Extra step",
    "A step between two others that surely 5 % or more of the delivered items pass and at least as many items of the "
    "same sort (type, service, category) leave out, their routes being the same otherwise.",
    wastes=("extra_processing",),
    specificity=Specificity.PATTERN,
    look=extra_step,
)
