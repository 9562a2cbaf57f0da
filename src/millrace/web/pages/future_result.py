"""What came of a future state that was simulated, as its page shows it."""

from dataclasses import dataclass

from millrace.draw.interval_bars import Interval, interval_bars
from millrace.draw.theme import BETTER, REST_TEXT, WORSE
from millrace.report.future_form import ComparedJson, EstimateJson, FutureJson
from millrace.report.future_page import (
    Row,
    assumptions,
    basis,
    headline,
    rows,
    told_bottleneck,
    told_gain,
    told_trust,
    told_worth,
    waits,
)
from millrace.simulate.backtest.verdict import Trust
from millrace.workbench.shared.future_trials import Exactness, TriedFuture

SHOWN_FIRST = ("lead_time_mean", "lead_time_p85", "flow_efficiency", "rework", "handoffs_per_item")
"""Measures at the head of the page."""


@dataclass(frozen=True)
class ResultRow:
    """A measure in its row, with its intervals drawn, and whether the future is surely better (None: not known)."""

    row: Row
    bars: str
    is_better: bool | None

    @property
    def today(self) -> str:
        """The mean today, without its interval."""
        return self.row.current.partition(" (")[0]

    @property
    def future(self) -> str:
        """The mean in future, without its interval."""
        return self.row.future.partition(" (")[0]

    @property
    def difference(self) -> tuple[str, str]:
        """The mean difference, and its interval or why it is not known."""
        mean, _, interval = self.row.difference.partition(" (")
        return mean, interval.removesuffix(")")


@dataclass(frozen=True)
class FutureResult:
    """The comparison in sentences and rows, and both maps."""

    exactness: Exactness
    headline: str
    basis: str
    trust: str
    is_trusted: bool
    verdicts: tuple[tuple[str, str, str], ...]
    first: tuple[ResultRow, ...]
    rows: tuple[ResultRow, ...]
    n_replications: int
    bottleneck: str
    waits: tuple[tuple[str, str, str], ...]
    worth: tuple[str, ...]
    gain: str
    assumptions: tuple[tuple[str, str, str], ...]
    remarks: tuple[str, ...]
    current_map: str
    future_map: str


def future_result(tried: TriedFuture, exactness: Exactness) -> FutureResult:
    """What a trial says."""
    form = tried.form
    listed = dict(zip(form.figures, map(_result_row, rows(form), form.figures.values()), strict=True))
    return FutureResult(
        exactness=exactness,
        headline=headline(form),
        basis=basis(form),
        trust=told_trust(form),
        is_trusted=_is_trusted(form),
        verdicts=tuple((each.subject, each.trust, each.sentence) for each in form.trust),
        first=tuple(listed[name] for name in SHOWN_FIRST),
        rows=tuple(listed.values()),
        n_replications=form.n_replications,
        bottleneck=told_bottleneck(form),
        waits=tuple(waits(form)),
        worth=tuple(told_worth(form)),
        gain=told_gain(form),
        assumptions=tuple(assumptions(form)),
        remarks=form.remarks,
        current_map=tried.current_map,
        future_map=tried.future_map,
    )


def _is_trusted(form: FutureJson) -> bool:
    """Whether nothing that was tested on the past was found not to be trustworthy."""
    return form.trust_absent is None and all(each.trust != Trust.NOT_TRUSTWORTHY for each in form.trust)


def _result_row(row: Row, figure: ComparedJson) -> ResultRow:
    is_better = _is_better(figure)
    if figure.current is None or figure.future is None:
        return ResultRow(row, "", is_better)
    colour = REST_TEXT if is_better is None else BETTER if is_better else WORSE
    return ResultRow(row, interval_bars(_interval(figure.current), _interval(figure.future), colour), is_better)


def _is_better(figure: ComparedJson) -> bool | None:
    """True or false where the whole interval of the difference lies on one side."""
    if figure.difference is None or figure.less_is_better is None:
        return None
    if figure.difference.low <= 0 <= figure.difference.high:
        return None
    return (figure.difference.high < 0) == figure.less_is_better


def _interval(estimate: EstimateJson) -> Interval:
    return Interval(estimate.mean, estimate.low, estimate.high)
