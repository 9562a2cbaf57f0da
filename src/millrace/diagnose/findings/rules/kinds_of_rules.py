"""Rules as kinds of findings: what a user looks for is told whenever it is there, however little is at stake."""

from functools import partial

import numpy as np

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.evidence import Evidence, Int64s
from millrace.diagnose.findings.finding import Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.rules.passages import Passages, passages
from millrace.diagnose.findings.rules.rule import Rule, Stretch
from millrace.diagnose.findings.rules.rules_file import RulesFile
from millrace.diagnose.findings.saying import count, duration, items, percent, working_time
from millrace.flow.summary import SECOND, Clock
from millrace.model.duration import write_duration


def kinds_of_rules(file: RulesFile) -> tuple[Kind, ...]:
    """A kind of finding per rule of the file, in its order."""
    return tuple(
        Kind(
            rule.name,
            rule.title,
            f"{_definition(rule)}.",
            wastes=rule.wastes,
            specificity=Specificity.ASKED,
            look=partial(_look, rule),
        )
        for rule in file.rules
    )


def _look(rule: Rule, evidence: Evidence) -> Examined:
    """What the rule finds: the items, and the time of their passages."""
    found = passages(evidence, rule)
    rows, n_times, in_all = _per_item(evidence, found)
    enough = n_times > rule.more_than
    if rule.in_all_longer_than is not None:
        enough &= in_all > rule.in_all_longer_than.total_seconds() * SECOND
    if not enough.any():
        return Examined()
    kept = np.isin(evidence.item_of_span[found.first], rows[enough])
    chosen = Passages(found.first[kept], found.last[kept], found.time[kept])
    return Examined((_candidate(rule, evidence, chosen, rows[enough]),))


def _per_item(evidence: Evidence, found: Passages) -> tuple[Int64s, Int64s, Int64s]:
    """Rows of the items with a passage, how many each has, and how long they last together."""
    rows, position, n = np.unique(evidence.item_of_span[found.first], return_inverse=True, return_counts=True)
    return rows, n, np.bincount(position, found.time, len(rows)).astype(np.int64)


def _candidate(rule: Rule, evidence: Evidence, found: Passages, rows: Int64s) -> Candidate:
    n, n_items, n_times = len(rows), len(evidence.items.item), len(found.first)
    median = float(np.median(found.time)) / SECOND
    said = working_time(median) if rule.clock is Clock.BUSINESS else duration(median)
    often = "" if n_times == n else f", {count(n_times)} times in all"
    sentence = (
        f"{items(n)} of {count(n_items)} ({percent(n / n_items)}) fit the rule “{rule.title}”{often}: "
        f"{said} each (median)."
    )
    return Candidate(
        sentence,
        _claim(evidence, found),
        (
            Figure("share of items", n / n_items, Unit.RATIO, f"{_definition(rule)}, of all items", n_items),
            Figure("time", median, Unit.SECONDS, "Median time of a passage through the rule", n_times, "passages"),
            Figure("times", n_times, Unit.COUNT, "Passages through the rule", n),
        ),
        place=_place(rule),
        items=evidence.items.item[rows],
        interval=interval_of_share(n, n_items),
    )


def _claim(evidence: Evidence, found: Passages) -> Claim:
    """All the time of the passages; where two overlap it counts once."""
    edges = np.zeros(len(evidence.spans.item) + 1, np.int64)
    np.add.at(edges, found.first, 1)
    np.add.at(edges, found.last + 1, -1)
    rows = np.flatnonzero((np.cumsum(edges)[:-1] > 0) & (evidence.spans.elapsed > 0))
    return Claim(rows, evidence.spans.elapsed[rows])


def _place(rule: Rule) -> Place:
    """Where the rule holds, as far as it says so in single names."""
    first, last = rule.way[0], rule.way[-1]
    is_way = len(rule.way) == 2
    return Place(
        step=_only(first.step),
        to_step=_only(last.step) if is_way else None,
        team=_only(first.team),
        to_team=_only(last.team) if is_way else None,
        reason=first.reason[0] if len(first.reason) == 1 else None,
    )


def _only(patterns: tuple[str, ...]) -> str | None:
    return patterns[0] if len(patterns) == 1 else None


def _definition(rule: Rule) -> str:
    """The rule in words."""
    said = ", then ".join(_in_words(stretch) for stretch in rule.way)
    where = " and ".join(f"{column} {' or '.join(patterns)}" for column, patterns in rule.where.items())
    parts = [f"Items{f' with {where}' if where else ''} that go through {said}"]
    if rule.more_than:
        parts.append(f"more than {rule.more_than} times")
    if rule.in_all_longer_than is not None:
        parts.append(f"for more than {write_duration(rule.in_all_longer_than)} in all")
    if rule.clock is Clock.BUSINESS:
        parts.append("on the business clock")
    return ", ".join(parts)


def _in_words(stretch: Stretch) -> str:
    what = [
        *(" or ".join(f"“{name}”" for name in names) for names in (stretch.step, stretch.team) if names),
        *(" or ".join(names) for names in (stretch.state, stretch.reason, stretch.side) if names),
    ]
    limits = (
        ("for more than", stretch.longer_than),
        ("for at most", stretch.shorter_than),
        ("begun within", stretch.within),
        ("begun more than", stretch.after),
    )
    how = [f"{words} {write_duration(limit)}" for words, limit in limits if limit is not None]
    return " ".join(["later"] * stretch.later + [" in ".join(what), *how])
