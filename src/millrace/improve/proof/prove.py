"""Did it help? The verdict on a hypothesis, from the log."""

from collections.abc import Callable

import numpy as np

from millrace.errors import MillraceError
from millrace.flow.flow import Flow
from millrace.improve.proof.comparison import Compared, compared, stacked
from millrace.improve.proof.design import Side, columns_of, refuse_withheld, sides
from millrace.improve.proof.effect import Estimated, estimated
from millrace.improve.proof.elsewhere import companions, elsewhere
from millrace.improve.proof.hypothesis import Hypothesis, Provable, Statistic
from millrace.improve.proof.measured import Measured, measured
from millrace.improve.proof.mix import kinds_of_work
from millrace.improve.proof.observations import Items, items_of, midnight
from millrace.improve.proof.series import Bools, Int64s, Series
from millrace.improve.proof.verdict import Money, Outcome, Reason, Verdict, judged, realised, weeks_to_wait
from millrace.improve.proof.weekly import WEEK, series_of, weeks_of
from millrace.model.absent import Absent
from millrace.model.yaml_problem import did_you_mean

_UNDER_WAY = 0.2
"""Share of a week's items that were still under way when the change came, from which on the week is of neither side."""
_MOST_UNDER_WAY = 6
_SHARED = 0.5
_WEEKS_PER_MONTH = 365.25 / 12 / 7


class NoSuchStepToProve(MillraceError):
    """A hypothesis is about a step that the stream does not have."""

    slug = "no-such-step-to-prove"

    def __init__(self, step: str, known: list[str]) -> None:
        """Name it and the nearest."""
        super().__init__(f"The stream has no step “{step}”{did_you_mean(step, known) or '.'}")


class ChangeOutsideTheLog(MillraceError):
    """A change lies before the log begins or after it ends."""

    slug = "change-outside-the-log"

    def __init__(self, flow: Flow, hypothesis: Hypothesis) -> None:
        """Name the day and the log's ends."""
        super().__init__(
            f"The change of {hypothesis.changed_on} lies outside {flow.about.source_name}, which tells of "
            f"{flow.began_at:%Y-%m-%d} to {flow.now_at:%Y-%m-%d}. Give the day it came, or a log that holds it."
        )


def prove(
    flow: Flow, hypothesis: Hypothesis, *, comparison: Flow | None = None, looks_elsewhere: bool = True
) -> Verdict:
    """Hold a change against what would have come without it.

    `comparison` is the flow of another stream that was not changed. Raises ChangeOutsideTheLog, NoSuchStepToProve,
    and as `refuse_withheld`.
    """
    _refuse(flow, hypothesis)
    items = items_of(flow, columns_of(hypothesis))
    beside = items_of(comparison, frozenset()) if comparison is not None else None
    proved = _Proof(items, hypothesis, beside)
    found = proved.estimate()
    counts = (proved.n_before, proved.n_after, proved.n_left_out)
    if isinstance(found, Absent):
        unknown = Absent(found.reason)
        return Verdict(
            hypothesis, Outcome.NOT_YET_KNOWN, Reason.TOO_LITTLE, found, *counts, unknown, unknown, unknown,
            proved.horizon_seconds, (), unknown,
        )  # fmt: skip

    def other(asked: Hypothesis) -> Estimated | Absent:
        return _Proof(items, asked, beside).estimate()

    outcome, reason = judged(hypothesis, found)
    steps = flow.step_names[:-1] if flow.knows_work else ()
    return Verdict(
        hypothesis,
        outcome,
        reason,
        found,
        *counts,
        abs(found.relative(-found.smallest if hypothesis.less_is_better else found.smallest)),
        weeks_to_wait(hypothesis, found),
        realised(hypothesis, found),
        proved.horizon_seconds,
        elsewhere(companions(hypothesis, steps), other) if looks_elsewhere else (),
        _money(items, hypothesis, other) if looks_elsewhere else Absent("it was not asked for"),
    )


def _refuse(flow: Flow, hypothesis: Hypothesis) -> None:
    if not flow.about.first_at < midnight(hypothesis.changed_on) < flow.about.last_at:
        raise ChangeOutsideTheLog(flow, hypothesis)
    refuse_withheld(flow, hypothesis)
    steps = list(flow.step_names[:-1])
    if hypothesis.step is not None and hypothesis.step not in steps:
        raise NoSuchStepToProve(hypothesis.step, steps)


def estimated_effect(items: Items, hypothesis: Hypothesis) -> Estimated | Absent:
    """The effect alone, of items that are at hand already."""
    return _Proof(items, hypothesis, None).estimate()


class _Proof:
    """One measure of the items, before and after the change."""

    def __init__(self, items: Items, hypothesis: Hypothesis, beside: Items | None) -> None:
        self._items, self._hypothesis, self._beside = items, hypothesis, beside
        self._measured = measured(items, hypothesis)
        self.n_before = self.n_after = self.n_left_out = 0

    @property
    def horizon_seconds(self) -> float | None:
        """How long lead times are followed at most."""
        return None if isinstance(self._measured, Absent) else self._measured.horizon_seconds

    def estimate(self) -> Estimated | Absent:
        found = self._measured
        if isinstance(found, Absent):
            return found
        asked = sides(self._items, self._hypothesis, found.rows, found.at)
        parts = []
        whole: Series | None = None
        for side in asked:
            series = self._series(found, side, side.changed)
            if series is None:
                continue
            whole = whole or series
            unchanged = [self._unchanged(found, side, chosen, until) for chosen, until in side.unchanged]
            unchanged.append(self._other_stream(side))
            together = compared(series, [each for each in unchanged if each is not None])
            parts += [together] if together else []
            self._count(found, side, series)
        if whole is None:
            return Absent("there are no items before the change")
        if not parts:
            return estimated(whole) if len(asked) == 1 else Absent("nothing was left unchanged to compare with")
        joined = stacked(parts)
        return estimated(_shown(joined), joined, least_error=_sharing(parts) if len(parts) > 1 else 0.0)

    def _series(self, found: Measured, side: Side, chosen: Bools) -> Series | None:
        """The weeks of some items around the change, without those that were under way when it came."""
        is_baseline = chosen & (side.reached == 0) & (found.at < side.changed_at) & (found.at >= self._baseline_at)
        usable = chosen & (found.at >= self._baseline_at)
        kinds = kinds_of_work(self._items, found.rows, is_baseline, columns_of(self._hypothesis))
        weeks = weeks_of(found, usable, kinds, side.reached, is_baseline, side.changed_at)
        if weeks is None or not (weeks.exposure == 0).any():
            return None
        series, _ = series_of(weeks, found)
        return series.only(~np.isin(series.week, _under_way(found, chosen, side.changed_at)))

    def _unchanged(self, found: Measured, side: Side, chosen: Bools, until_at: int | None) -> Series | None:
        untouched = Side(chosen, np.zeros(len(found.at)), side.changed_at, ())
        series = self._series(found, untouched, chosen)
        if series is None or until_at is None:
            return series
        return series.only(series.week < (until_at - side.changed_at) // WEEK)

    def _other_stream(self, side: Side) -> Series | None:
        if self._beside is None:
            return None
        plain = self._hypothesis.model_copy(update={"where": {}, "step": None})
        found = measured(self._beside, plain)
        if isinstance(found, Absent):
            return None
        other = _Proof(self._beside, plain, None)
        everything = np.ones(len(found.rows), bool)
        return other._series(found, Side(everything, np.zeros(len(found.at)), side.changed_at, ()), everything)

    @property
    def _baseline_at(self) -> int:
        begins = self._hypothesis.baseline_from_on
        return midnight(begins) if begins is not None else 0

    def _count(self, found: Measured, side: Side, series: Series) -> None:
        self.n_before += int(series.n[series.before].sum())
        self.n_after += int(series.n[~series.before].sum())
        n_about = int((side.changed & (found.at >= self._baseline_at)).sum())
        self.n_left_out += n_about - int(series.n.sum())


def _under_way(found: Measured, chosen: Bools, changed_at: int) -> Int64s:
    """Weeks before the change of whose items many were still under way when it came."""
    weeks = []
    for week in range(-1, -_MOST_UNDER_WAY - 1, -1):
        begins = changed_at + week * WEEK
        of_week = chosen & (found.at >= begins) & (found.at < begins + WEEK)
        if not of_week.any() or (found.over_at[of_week] > changed_at).mean() <= _UNDER_WAY:
            break
        weeks.append(week)
    return np.array(weeks, np.int64)


def _sharing(parts: list[Compared]) -> float:
    """The error of several segments together, which share what they are compared with: half of their chance is one."""
    each = [estimated(_shown(part), part) for part in parts]
    found = [(one.error, float(one.series.n.sum())) for one in each if isinstance(one, Estimated)]
    weight = max(1.0, sum(n for _, n in found))
    alike = sum(error * n / weight for error, n in found)
    apart = sum((error * n / weight) ** 2 for error, n in found)
    return float(np.sqrt(_SHARED * alike**2 + (1 - _SHARED) * apart))


def _shown(part: Compared) -> Series:
    """The changed as they were: what was taken off is put on again."""
    difference, unchanged = part.difference, part.unchanged
    return Series(difference.week, difference.figure + unchanged, difference.n, difference.exposure, difference.is_log)


def _money(
    items: Items, hypothesis: Hypothesis, estimate: Callable[[Hypothesis], Estimated | Absent]
) -> tuple[Money, ...] | Absent:
    """What the change is worth a month: the cost of work, and of delay, at the rates of the stream."""
    rates = items.flow.about.stream
    kinds = (
        ("work", Provable.COST_PER_ITEM, bool(rates.rates_per_hour)),
        ("delay", Provable.COST_OF_DELAY_PER_ITEM, bool(rates.delay_rates_per_hour)),
    )
    told = []
    for what, measure, is_rated in kinds:
        plain = hypothesis.model_copy(
            update={"measure": measure, "step": None, "within": None, "statistic": Statistic.MEAN}
        )
        found = estimate(plain) if is_rated else None
        if isinstance(found, Estimated):
            told.append(_worth(what, found))
    return tuple(told) or Absent("the stream has no rates that would give the time a price")


def _worth(what: str, found: Estimated) -> Money:
    after = ~found.series.before
    per_month = float(found.series.n[after].mean()) * _WEEKS_PER_MONTH
    level = found.shown(found.level)
    saved = [-found.relative(effect) * level * per_month for effect in (found.effect, found.high, found.low)]
    return Money(what, *saved)
