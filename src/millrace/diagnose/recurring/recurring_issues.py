"""Recurring issues: what keeps coming back, how many hours it takes, and what deserves a problem record."""

import re
from typing import Any

import numpy as np

from millrace.diagnose.explanation.values_at_demand import Column, EventRows, local_instants
from millrace.diagnose.findings.evidence import HOUR, Evidence, Int64s
from millrace.diagnose.findings.saying import count, duration, percent
from millrace.diagnose.recurring.alike import Alike, alike
from millrace.diagnose.recurring.issue import Issue, RecurringIssues, Trend
from millrace.diagnose.recurring.trends import trends
from millrace.flow.flow import Flow
from millrace.flow.spans import NOTHING
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent

LEAST_N = 10
"""Items of a group that is told."""
LEAST_PER_MONTH = 1.0
MOST_ISSUES = 100
FREQUENT_PER_MONTH = 4.0
"""Of a problem candidate: about once a week."""
COSTLY_RATIO = 0.01
"""Of all hours."""
COVERED_RATIO = 0.05
"""Of its items, how many are linked with a problem record where somebody sees to it already."""
N_EXAMPLES = 3
_PROBLEM = re.compile(r"^(u_)?(related_?)?problem(_?(id|number|record|key))?$", re.IGNORECASE)


def recurring_issues(flow: Flow) -> RecurringIssues | Absent:
    """Groups of items that are alike, problem candidates first; Absent where nothing says what items are about."""
    evidence = Evidence(flow)
    events = EventRows(evidence)
    found = alike(evidence, events)
    if isinstance(found, Absent):
        return found
    problem = _problem_column(evidence, events)
    groups = _large(found, flow.n_months)
    moving = trends(evidence.items.demand_at, [rows for _, rows in groups])
    months = _months(evidence)
    issues = [
        _issue(evidence, events, found, name, rows, trend, problem, months)
        for (name, rows), trend in zip(groups, moving, strict=True)
    ]
    issues.sort(key=lambda issue: (not issue.is_candidate, -issue.hours_per_month))
    return RecurringIssues(
        alike_by=found.columns,
        is_by_text=found.written is not None,
        issues=tuple(issues),
        n_all=len(evidence.items.item),
        n_items=found.n_known,
        n_grouped=sum(issue.n_items for issue in issues),
        problem_column=None if problem is None else problem.name,
    )


def _large(found: Alike, n_months: float) -> list[tuple[str, Int64s]]:
    """Names and items of the groups that come back often enough, the largest."""
    order = np.argsort(found.codes, kind="stable")
    bounds = np.searchsorted(found.codes[order], np.arange(len(found.names) + 1))
    least = max(LEAST_N, LEAST_PER_MONTH * n_months)
    sizes = np.diff(bounds)
    chosen = [group for group in np.argsort(-sizes, kind="stable")[:MOST_ISSUES] if sizes[group] >= least]
    return [(found.names[group], np.sort(order[bounds[group] : bounds[group + 1]])) for group in chosen]


def _issue(
    evidence: Evidence, events: EventRows, found: Alike, name: str, rows: Int64s, trend: Trend,
    problem: Column | None, months: Any,
) -> Issue:  # fmt: skip
    n_months = max(evidence.flow.n_months, 1 / 30)
    time = evidence.flow_time_of_item
    hours, n = float(time[rows].sum()) / HOUR, len(rows)
    delivered = rows[evidence.is_delivered[rows]]
    lead = (evidence.items.value_at - evidence.items.demand_at)[delivered]
    median = float(np.median(lead)) / SECOND if len(lead) else None
    hours_ratio = hours * HOUR / max(evidence.flow_total, 1)
    n_with_problem = None if problem is None else int((problem.at_end[rows] != NOTHING).sum())
    is_candidate = (
        n / n_months >= FREQUENT_PER_MONTH
        and (trend.is_growing or hours_ratio >= COSTLY_RATIO)
        and not trend.is_shrinking
        and (n_with_problem is None or n_with_problem < COVERED_RATIO * n)
    )
    names, of_item = months
    per_month = np.bincount(of_item[rows], minlength=len(names))
    examples = rows[np.linspace(0, n - 1, min(N_EXAMPLES, n)).astype(np.int64)]
    return Issue(
        name=name,
        n_items=n,
        per_month=n / n_months,
        months=tuple(zip(names, per_month.tolist(), strict=True)),
        trend=trend,
        hours_per_month=hours / n_months,
        hours_ratio=hours_ratio,
        median_lead_seconds=median,
        share_ratio=n / max(found.n_known, 1),
        n_with_problem=n_with_problem,
        is_candidate=is_candidate,
        sentence=_sentence(name, n / n_months, hours / n_months, hours_ratio, median, trend, n_with_problem),
        examples=_keys(evidence, events, examples),
        texts=_texts(found.written, examples),
        item_codes=evidence.items.item[rows],
    )


def _sentence(
    name: str, per_month: float, hours: float, hours_ratio: float, median: float | None, trend: Trend,
    n_with_problem: int | None,
) -> str:  # fmt: skip
    often = count(round(per_month)) if per_month >= 10 else f"{per_month:.1f}"
    said = f"“{name}”" if "“" not in name else name[0].upper() + name[1:]
    said += f": {often} a month, {count(round(hours))} hours a month ({percent(hours_ratio)} of all)"
    said += f", half of them done within {duration(median)}" if median is not None else ""
    if trend.is_growing:
        beside = (
            f"{trend.factor:.1f} × as many in the later half" if trend.factor else "none of them in the earlier half"
        )
        said += f"; growing: {beside} of all demand as in the earlier" if trend.factor else f"; growing: {beside}"
    elif trend.is_shrinking:
        said += "; becoming rarer"
    if n_with_problem is not None:
        said += f"; {count(n_with_problem)} linked with a problem" if n_with_problem else "; no problem record linked"
    return said + "."


def _months(evidence: Evidence) -> tuple[list[str], Any]:
    days = local_instants(evidence) // (24 * HOUR)
    names, of_item = np.unique(days.astype("datetime64[D]").astype("datetime64[M]"), return_inverse=True)
    return [str(name) for name in names], of_item


def _problem_column(evidence: Evidence, events: EventRows) -> Column | None:
    name = next((each for each in evidence.flow.about.attributes if _PROBLEM.match(each)), None)
    return None if name is None else events.column(name)


def _keys(evidence: Evidence, events: EventRows, rows: Int64s) -> tuple[str, ...]:
    key = events.column(evidence.flow.key_column)
    return tuple(key.labels[code] for code in key.at_end[rows])


def _texts(written: Column | None, rows: Int64s) -> tuple[str, ...]:
    if written is None:
        return ()
    return tuple(dict.fromkeys(written.labels[code] for code in written.at_demand[rows]))
