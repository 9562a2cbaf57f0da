"""Waits that no capacity ends: for the requester, a supplier, an approval, or for no reason that the log tells."""

import numpy as np
import numpy.typing as npt

from millrace.model.state import WAIT_REASONS, Side, WaitReason
from millrace.simulate.fit.clocks import Clocks
from millrace.simulate.fit.durations import fitted_duration
from millrace.simulate.fit.history import History
from millrace.simulate.fit.traits import Traits
from millrace.simulate.fit.work import by_course
from millrace.simulate.simulated_stream import Place, Wait

SIDES = {WaitReason.REQUESTER: Side.REQUESTER, WaitReason.SUPPLIER: Side.SUPPLIER}
"""Whose time a wait is; the provider's unless it is named here."""
LEAST_SHARE = 1e-4
LEAST_TELLING = 30
"""Visits that came while somebody was free, without which all visits tell the delays."""


def step_waits(
    history: History, traits: Traits, clocks: Clocks, step: int, shows_delay: npt.NDArray[np.bool_]
) -> tuple[Wait, ...]:
    """The waits of a step: which share of visits waits for each reason, how long, and on which clock.

    Those in the queue are told by the visits that `shows_delay` holds for. A wait stands before work where most of its
    time was.
    """
    visits = history.visits
    of_step = np.flatnonzero(history.completed & (visits.step == step))
    waits = []
    for reason, seconds in clocks.wait_seconds.items():
        if not seconds[of_step].any():
            continue
        telling = of_step
        if reason is WaitReason.QUEUE and shows_delay[of_step].sum() >= LEAST_TELLING:
            telling = of_step[shows_delay[of_step]]
        early, whole = (each[of_step, WAIT_REASONS.index(reason)].sum() for each in (visits.early_waits, visits.waits))
        place = Place.BEFORE_WORK if 2 * early >= whole else Place.AFTER_WORK
        calendar = clocks.of_waits.get((step, reason))
        for where, chosen in by_course(history, traits, telling):
            weight = history.visit_weight[chosen]
            long = seconds[chosen] > 0
            share = float(weight[long].sum() / weight.sum())
            if share >= LEAST_SHARE:
                time = fitted_duration(seconds[chosen][long], weight[long]).distribution
                side = SIDES.get(reason, Side.PROVIDER)
                waits.append(Wait(time, reason, min(share, 1.0), side, place, calendar, where=where))
    return tuple(waits)
