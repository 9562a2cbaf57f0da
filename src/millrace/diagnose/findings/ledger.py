"""The ledger: an hour of the log belongs to one finding, the one with the most specific claim on it."""

from collections.abc import Iterable, Sequence

import numpy as np

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.evidence import Int64s


def settle(claims: Sequence[Claim], order: Iterable[int], elapsed: Int64s) -> list[Claim]:
    """What each claim gets when they are served in `order`: of every span at most what is left of it.

    `elapsed` are the microseconds that each span has. What all get together never exceeds it.
    """
    left = elapsed.copy()
    settled = list(claims)
    for number in order:
        claim = claims[number]
        got = np.minimum(claim.microseconds, left[claim.spans])
        left[claim.spans] -= got
        settled[number] = Claim(claim.spans, got)
    return settled
