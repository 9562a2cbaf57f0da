"""Passages: each time an item goes through the stretches of a rule, one after the other."""

from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import numpy as np

from millrace.diagnose.findings.evidence import Bools, Evidence, Int64s
from millrace.diagnose.findings.rules.rule import Patterns, Rule, Stretch
from millrace.flow.spans import NOTHING
from millrace.flow.summary import Clock
from millrace.model.duration import Duration
from millrace.model.state import SIDES, STATES, WAIT_REASONS


class Passages(NamedTuple):
    """Rows of spans: the first and last of each passage, in order; `time` is what each lasts, in microseconds."""

    first: Int64s
    last: Int64s
    time: Int64s


class _Runs(NamedTuple):
    first: Int64s
    last: Int64s


def passages(evidence: Evidence, rule: Rule) -> Passages:
    """Every passage through the rule's way, of the items that it is about."""
    elapsed = evidence.spans.elapsed if rule.clock is Clock.ELAPSED else evidence.spans.business
    passed = np.concatenate(([0], np.cumsum(elapsed, dtype=np.int64)))
    about = _fitting_items(evidence, rule)[evidence.item_of_span]
    runs = _runs(evidence, rule.way[0], about, passed)
    begins = runs.first
    for stretch in rule.way[1:]:
        following = _runs(evidence, stretch, about, passed)
        before, keeps = _before(evidence, runs, following, stretch, passed)
        begins, runs = begins[before[keeps]], _Runs(following.first[keeps], following.last[keeps])
    return Passages(begins, runs.last, passed[runs.last + 1] - passed[begins])


def _runs(evidence: Evidence, stretch: Stretch, about: Bools, passed: Int64s) -> _Runs:
    """Runs of spans of one item that the stretch describes, of the wanted length."""
    inside = about & _inside(evidence, stretch)
    rows = np.flatnonzero(inside)
    if not len(rows):
        return _Runs(rows, rows)
    breaks = (np.diff(rows) > 1) | (np.diff(evidence.item_of_span[rows]) != 0)
    first, last = rows[np.concatenate(([True], breaks))], rows[np.concatenate((breaks, [True]))]
    time = passed[last + 1] - passed[first]
    fits = _longer(time, stretch.longer_than) & ~_longer(time, stretch.shorter_than, unless=False)
    return _Runs(first[fits], last[fits])


def _before(
    evidence: Evidence, runs: _Runs, following: _Runs, stretch: Stretch, passed: Int64s
) -> tuple[Int64s, Bools]:
    """For each following run the nearest of `runs` before it, and whether the two make a chain."""
    before = np.searchsorted(runs.first, following.first, side="left") - 1
    keeps = before >= 0
    if not len(runs.first):
        return before, keeps
    item = evidence.item_of_span
    keeps &= item[runs.first[before]] == item[following.first]
    keeps &= runs.last[before] < following.first if stretch.later else runs.last[before] + 1 == following.first
    between = passed[following.first] - passed[runs.first[before]]
    return before, keeps & _longer(between, stretch.after) & ~_longer(between, stretch.within, unless=False)


def _longer(time: Int64s, limit: Duration | None, *, unless: bool = True) -> Any:
    """Where `time` passes `limit`; `unless` there is none."""
    if limit is None:
        return np.full(len(time), unless)
    return time > limit.total_seconds() * 1e6


def _inside(evidence: Evidence, stretch: Stretch) -> Bools:
    spans = evidence.spans
    inside = np.ones(len(spans.item), np.bool_)
    if stretch.step:
        inside &= _fitting(stretch.step, evidence.flow.step_names)[spans.step]
    if stretch.team:
        inside &= _fitting(stretch.team, (*evidence.flow.about.teams, ""))[evidence.derived(holder)]
    for codes, wanted, names in (
        (spans.state, stretch.state, STATES),
        (spans.wait_reason, stretch.reason, WAIT_REASONS),
        (spans.side, stretch.side, SIDES),
    ):
        if wanted:
            inside &= np.isin(codes, [list(names).index(name) for name in wanted])
    return inside


def holder(evidence: Evidence) -> Int64s:
    """For every span the team that has its item: the last one named, `NOTHING` before any is."""
    team, item = evidence.spans.team, evidence.item_of_span
    named = np.maximum.accumulate(np.where(team != NOTHING, np.arange(len(team)), NOTHING))
    is_own = (named >= 0) & (item[named] == item)
    return np.where(is_own, team[named], NOTHING)


def _fitting_items(evidence: Evidence, rule: Rule) -> Bools:
    fits = np.ones(len(evidence.items.item), np.bool_)
    for column, patterns in rule.where.items():
        attribute = evidence.attribute(column)
        fits &= _fitting(patterns, (*attribute.labels, ""))[attribute.codes] & (attribute.codes != NOTHING)
    return fits


def _fitting(patterns: Patterns, names: tuple[str, ...]) -> Bools:
    """Which names fit one of the patterns."""
    wanted = [pattern.strip().casefold().replace("[", "[[]") for pattern in patterns]
    folded = [name.strip().casefold() for name in names]
    return np.array([bool(name) and any(fnmatchcase(name, each) for each in wanted) for name in folded])
