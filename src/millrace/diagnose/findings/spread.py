"""Where the time at stake lies: by step, or by team where it all lies in one step."""

from typing import Any

import numpy as np

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.findings.finding import Bar, Bars, Unit
from millrace.flow.spans import NOTHING

MOST_BARS = 5
LEAST_RATIO = 0.05
"""A second step with this share makes it worth showing steps."""
LEAST_SHOWN = 0.005


def main_step(evidence: Evidence, own: Claim) -> str | None:
    """The step in which most of the time at stake lies; None where most of it follows value, or there is none."""
    if not own.total:
        return None
    in_flow = evidence.is_in_flow[own.spans]
    if own.microseconds[in_flow].sum() * 2 < own.total:
        return None
    time = np.bincount(evidence.spans.step[own.spans], own.microseconds)
    return evidence.flow.step_names[int(time.argmax())]


def spread(evidence: Evidence, own: Claim) -> Bars:
    """A comparison of steps by the time at stake; of teams, where it all lies in one step; else with all other time."""
    if not own.total:
        return _beside_the_rest(evidence, own)
    return (
        _bars(evidence, own, evidence.spans.step, evidence.flow.step_names, "step")
        or _bars(evidence, own, evidence.spans.team, evidence.flow.about.teams, "team")
        or _beside_the_rest(evidence, own)
    )


def _beside_the_rest(evidence: Evidence, own: Claim) -> Bars:
    share, n = own.total / max(evidence.total, 1), len(evidence.items.item)
    n_own = len(np.unique(evidence.item_of_span[own.spans]))
    rows = (Bar("this finding", share, n_own, is_the_finding=True), Bar("everything else", 1 - share, n))
    return Bars("Of all hours", Unit.RATIO, "share of the whole life of all items", rows)


def _bars(evidence: Evidence, own: Claim, codes: Any, names: tuple[str, ...], of: str) -> Bars | None:
    known = codes[own.spans] != NOTHING
    rows, held = codes[own.spans][known], own.microseconds[known]
    time = np.bincount(rows, held, len(names))
    most = np.argsort(-time, kind="stable")[:MOST_BARS]
    if len(most) < 2 or time[most[1]] < LEAST_RATIO * own.total:
        return None
    items = evidence.item_of_span[own.spans][known]
    shown = [
        Bar(names[code], float(time[code] / own.total), len(np.unique(items[rows == code])))
        for code in most
        if time[code] >= LEAST_SHOWN * own.total
    ]
    return Bars(f"Where it lies, by {of}", Unit.RATIO, "share of the time at stake", tuple(shown))
