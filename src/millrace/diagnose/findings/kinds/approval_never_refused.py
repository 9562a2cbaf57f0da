"""Approval never refused: everybody waits for a decision that is always the same."""

import numpy as np

from millrace.diagnose.findings.approvals import NOT_DECIDED, REFUSED, Approvals, examined_steps, main_team
from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Evidence
from millrace.diagnose.findings.finding import Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, percent
from millrace.flow.summary import SECOND
from millrace.model.absent import Absent
from millrace.model.state import WaitReason

MOST_REFUSED = 0.02
"""The upper end of the interval of the refused share must lie below it."""


def approval_never_refused(evidence: Evidence) -> Examined | Absent:
    """Steps in which approvals are (nearly) always given, and all the time that they take."""
    return examined_steps(evidence, _at_step)


def _at_step(evidence: Evidence, given: Approvals, step: int) -> Candidate | None:
    here = (given.step == step) & (given.outcome != NOT_DECIDED)
    n, n_refused = int(here.sum()), int((given.outcome[here] == REFUSED).sum())
    interval = interval_of_share(n_refused, n)
    if interval is None or interval.high > MOST_REFUSED:
        return None
    spans = evidence.spans
    inside = given.is_approval & (spans.step == step)
    team, name = main_team(evidence, inside), evidence.flow.step_names[step]
    takes = (spans.began_at + spans.elapsed)[given.last[here]] - spans.began_at[given.first[here]]
    lead = evidence.flow_time_of_item[np.unique(given.item[here])].sum()
    share = float(takes.sum()) / float(lead) if lead else 0.0
    refused = "not one was refused" if not n_refused else f"only {n_refused:,} were refused or sent back"
    return Candidate(
        f"Of {n:,} approvals in “{name}”{f' by “{team}”' if team else ''} {refused}. They take "
        f"{duration(float(np.median(takes)) / SECOND)} (median), {percent(share)} of the lead time of the items that "
        "need them.",
        whole_spans(evidence, inside),
        (
            Figure("refused", n_refused / n, Unit.RATIO,
                   "Approvals after which the item was cancelled or sent back, of those decided", n, "approvals"),
            Figure("time to decide", float(np.median(takes)) / SECOND, Unit.SECONDS,
                   "Median from asked to decided", n, "approvals"),
            Figure("share of lead time", share, Unit.RATIO, "Of the time before value of the items concerned", n,
                   "approvals"),
        ),
        place=Place(step=name, team=team, reason=WaitReason.APPROVAL),
        items=evidence.items.item[np.unique(given.item[here])],
        interval=interval,
    )  # fmt: skip


KIND = Kind(
    "approval_never_refused",
    "Approval that is never refused",
    "Of all decided approvals of a step fewer than 2 %, by the upper end of the 95 % interval, were refused or "
    "sent back.",
    wastes=("extra_processing", "waiting"),
    specificity=Specificity.CAUSE,
    look=approval_never_refused,
)
