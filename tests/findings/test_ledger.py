"""An hour of the log belongs to one finding."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from millrace.diagnose.findings.claim import Claim
from millrace.diagnose.findings.ledger import settle

HOURS = st.integers(min_value=0, max_value=10**12)


@st.composite
def logs_with_claims(draw: st.DrawFn) -> tuple[np.ndarray, list[Claim], list[int]]:
    """Spans of some length, claims on parts of some of them, and an order to serve them in."""
    elapsed = np.array(draw(st.lists(HOURS, min_size=1, max_size=12)), np.int64)
    claims = []
    for _ in range(draw(st.integers(0, 6))):
        rows = sorted(draw(st.sets(st.integers(0, len(elapsed) - 1))))
        wanted = [draw(st.integers(0, int(elapsed[row]))) for row in rows]
        claims.append(Claim(np.array(rows, np.int64), np.array(wanted, np.int64)))
    return elapsed, claims, draw(st.permutations(range(len(claims))))


@given(logs_with_claims())
def test_all_claims_together_never_get_more_than_there_is(
    drawn: tuple[np.ndarray, list[Claim], list[int]],
) -> None:
    elapsed, claims, order = drawn

    got = np.zeros_like(elapsed)
    for claim in settle(claims, order, elapsed):
        got[claim.spans] += claim.microseconds

    assert (got <= elapsed).all()


@given(logs_with_claims())
def test_nobody_gets_more_than_claimed_and_the_first_served_gets_it_all(
    drawn: tuple[np.ndarray, list[Claim], list[int]],
) -> None:
    elapsed, claims, order = drawn

    settled = settle(claims, order, elapsed)

    assert all((mine.microseconds <= claim.microseconds).all() for mine, claim in zip(settled, claims, strict=True))
    if order:
        assert settled[order[0]].total == claims[order[0]].total


def test_what_the_first_leaves_goes_to_the_second() -> None:
    rows = np.array([0, 1])
    wide, narrow = Claim(rows, np.array([10, 10])), Claim(rows[:1], np.array([4]))

    got = settle([wide, narrow], [1, 0], np.array([10, 10]))

    assert got[0].microseconds.tolist() == [6, 10]
    assert got[1].microseconds.tolist() == [4]
