"""Which sets nothing cheaper beats, with the noise of simulation between what is seen and what is so."""

from collections.abc import Sequence

from millrace.simulate.choose.trials import Screened, Tried, gain
from millrace.simulate.compare import estimate

MOST_AGAIN = 24
"""So many sets get a closer look."""
LEAST_GAIN = 0.01
"""What costs more has to gain this part of today’s figure, or nobody would see that it does."""


def shortlist(screened: Sequence[Screened], *, less_is_better: bool) -> list[Screened]:
    """Sets that may be on the front: no set that costs as much or less is surely better. The likeliest where many.

    Of several that cost the same and come to the same, the first one stays.
    """
    sign = 1.0 if less_is_better else -1.0
    kept: list[tuple[float, int, Screened]] = []
    best: Screened | None = None
    for place, each in enumerate(sorted(screened, key=lambda one: (one.cost, sign * one.mean, one.chosen))):
        if best is None:
            kept.append((0.0, place, each))
            best = each
            continue
        behind = estimate([sign * (e - b) for e, b in zip(each.values, best.values, strict=True)])
        if behind.low <= 0 and each.values != best.values:
            kept.append((behind.mean, place, each))
        if behind.mean < 0:
            best = each
    nearest = sorted(kept, key=lambda one: one[:2])[:MOST_AGAIN]
    return [each for _, _, each in sorted(nearest, key=lambda one: one[1])]


def front(tried: Sequence[Tried], today: Tried, *, less_is_better: bool) -> list[Tried]:
    """In the order of cost, every set that is surely and visibly better than the one before it, none overloaded.

    Surely: the 95 % interval of the difference over replications leaves out zero.
    """
    visible = LEAST_GAIN * abs(today.estimate.mean)
    sign = 1.0 if less_is_better else -1.0
    found: list[Tried] = []
    for each in sorted(tried, key=lambda one: (one.cost, sign * one.estimate.mean, one.chosen)):
        if each.is_overloaded:
            continue
        gained = gain(found[-1], each, less_is_better=less_is_better) if found else None
        if gained is None or (gained.low > 0 and gained.mean >= visible):
            found.append(each)
    return found
