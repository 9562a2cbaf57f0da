"""Rules that close what is delivered, by hand."""

import numpy as np
import pytest

from millrace.model.absent import Absent
from millrace.simulate.fit.closing import ClosingTail, _rule

DAY = 86_400.0


def _tails(*parts: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.sort(np.concatenate(parts))


def test_a_nightly_job_closes_what_has_been_delivered_for_a_week() -> None:
    rng = np.random.default_rng(0)
    after, ratio = _rule(_tails(rng.uniform(0, 7 * DAY, 300), rng.uniform(7 * DAY, 8 * DAY, 700)))

    assert after == pytest.approx(7 * DAY, abs=0.1 * DAY)
    assert ratio == pytest.approx(0.7, abs=0.02)


def test_what_is_closed_by_hand_has_no_rule() -> None:
    rng = np.random.default_rng(1)

    assert isinstance(_rule(np.sort(rng.exponential(3 * DAY, 1000)))[0], Absent)
    assert isinstance(_rule(np.sort(rng.lognormal(12, 0.5, 1000)))[0], Absent)


def test_a_rule_is_told_in_a_sentence() -> None:
    told = ClosingTail(100, 4 * DAY, 5 * DAY, 0.62).told()

    assert told == "After value items stay open for 4 d in the mean; 62 % of them close by themselves after 5 d."
