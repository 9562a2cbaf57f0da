"""A verdict on a change in words: the headline, how large the effect is and how sure, what it rests on."""

from millrace.draw.charts.wording import THIN, count, duration, percent_roughly, sentence
from millrace.improve.proof.effect import Estimated
from millrace.improve.proof.elsewhere import Elsewhere
from millrace.improve.proof.hypothesis import DURATIONS, Hypothesis, Provable, Statistic
from millrace.improve.proof.segmented import USUAL_SEASON
from millrace.improve.proof.verdict import NOT_WORTH_NAMING, Money, Outcome, Reason, Verdict
from millrace.model.absent import Absent
from millrace.model.measure import measure_label
from millrace.model.ratio import show_ratio

_SHARES = frozenset(
    {
        Provable.REWORK,
        Provable.REOPENED,
        Provable.FIRST_TIME_COMPLETION,
        Provable.ENTRY_QUALITY,
        Provable.SLA_COMPLIANCE,
    }
)


def headline(verdict: Verdict) -> str:
    """The verdict as a title: what became of the measure, in one line."""
    what, found = measure_in_words(verdict.hypothesis), verdict.effect
    if isinstance(found, Absent):
        return f"Not yet known: {found.reason}"
    by, rose = _by(verdict.hypothesis, found, found.effect), found.effect > 0
    moved = f"{what} {'rose' if rose else 'fell'} by {by}"
    expected = percent_roughly(abs(verdict.hypothesis.expected_ratio or 0.0))
    better = "fall" if verdict.hypothesis.less_is_better else "rise"
    return {
        Reason.BETTER: f"Confirmed: {moved}",
        Reason.BETTER_BY_LESS: f"Confirmed, but less than the {expected} expected: {moved}",
        Reason.WORSE: f"Refuted: {moved}",
        Reason.NOT_AS_EXPECTED: f"Refuted: not half of the expected {expected} came",
        Reason.NO_CHANGE: f"Refuted: {what} did not {better} by {percent_roughly(NOT_WORTH_NAMING)} or more",
        Reason.TOO_UNCERTAIN: f"Not yet known: {moved}, and that could be chance",
    }[verdict.reason]


def effect_in_words(verdict: Verdict) -> str:
    """What would have come, what came, and how sure that is; why not, where nothing can be said."""
    found, asked = verdict.effect, verdict.hypothesis
    if isinstance(found, Absent):
        return f"{sentence(found.reason)}."
    level = found.shown(found.level)
    came = found.shown(found.level + found.effect)
    low, high = sorted((found.low, found.high))
    return (
        f"Without the change, the {measure_in_words(asked)} would have been {figure(asked, level)} in the weeks since; "
        f"it was {figure(asked, came)}. The effect is {_signed(asked, found, found.effect)} "
        f"(95{THIN}% interval: {_signed(asked, found, low)} to {_signed(asked, found, high)})."
    )


def power_in_words(verdict: Verdict) -> str:
    """What could have been seen at all, and how long it takes to know more."""
    if isinstance(verdict.smallest_ratio, Absent) or isinstance(verdict.effect, Absent):
        return ""
    least = _by(verdict.hypothesis, verdict.effect, verdict.effect.smallest * (-1 if verdict.effect.effect < 0 else 1))
    told = f"The smallest effect that these weeks would show in 80 of 100 cases is {least}."
    if verdict.outcome is not Outcome.NOT_YET_KNOWN:
        return told
    wanted = verdict.hypothesis.expected_ratio
    of = f"the expected {percent_roughly(abs(wanted))}" if wanted else f"a change of 20{THIN}%"
    wait = verdict.weeks_to_wait
    if isinstance(wait, Absent):
        return f"{told} {sentence(of)} would not show by waiting: {wait.reason}."
    return f"{told} {sentence(of)} would show after about {wait} more weeks."


def realised_in_words(verdict: Verdict) -> str:
    """How much of what was expected came."""
    if isinstance(verdict.realised_ratio, Absent):
        return ""
    expected = verdict.hypothesis.expected_ratio or 0.0
    direction = "less" if expected < 0 else "more"
    said = f"Expected was {percent_roughly(abs(expected))} {direction}"
    if verdict.realised_ratio >= 1:
        return f"{said}; as much came, or more."
    share = percent_roughly(verdict.realised_ratio) if verdict.realised_ratio > 0 else "nothing"
    return f"{said}; {share} of that came."


def money_in_words(each: Money) -> str:
    """What an effect is worth a month, to two figures: more would claim to be known."""
    what = {"work": "Cost of work", "delay": "Cost of delay"}[each.what]
    verb = "less" if each.per_month >= 0 else "more"
    low, high = (_two_figures(bound) for bound in sorted((each.low, each.high)))
    return f"{what}: about {_two_figures(abs(each.per_month))} a month {verb} (saved: {low} to {high})."


def _two_figures(amount: float) -> str:
    return f"{float(f'{amount:.2g}'):,.0f}".replace("-", "−")


def basis_in_words(verdict: Verdict) -> tuple[str, ...]:
    """What the verdict rests on, what was left out, and what was accounted for."""
    found, asked = verdict.effect, verdict.hypothesis
    if isinstance(found, Absent):
        return ()
    series = found.series
    counted_in = "delivered" if asked.measure is Provable.THROUGHPUT else "demanded"
    before = f"{count(verdict.n_before)} items in {series.n_before} weeks before the change"
    after = f"{count(verdict.n_after)} in {series.n_after} weeks after it"
    told = [f"{before}, {after}; each counts in the week in which it was {counted_in}."]
    if verdict.n_left_out > 0:
        told.append(
            f"Left out: {count(verdict.n_left_out)} items near the log’s ends, of which it holds only the slow or "
            "only the quick ones; those under way when the change came; and kinds of work that are new since."
        )
    if verdict.horizon_seconds is not None:
        told.append(f"Lead times are followed up to {duration(verdict.horizon_seconds)}, so that open items count too.")
    told.append(_accounted(found))
    told.append(_tried(found))
    return tuple(told)


def _accounted(found: Estimated) -> str:
    mix = "The mix of types, priorities and categories is held as it was before"
    if found.is_compared:
        beside = "; what was not changed is taken off" + (", and so is the trend of the difference" * found.has_trend)
        return f"{mix}{beside}."
    season = (
        "and a yearly season"
        if found.fitted.has_season
        else f"and the interval allows for a yearly season of ±{percent_roughly(USUAL_SEASON)}, "
        "which less than a year before the change cannot show"
    )
    return f"{mix}; the trend before is continued, {season}."


def _tried(found: Estimated) -> str:
    fakes = found.placebo
    if fakes.inflation <= 1.005:
        return f"On {fakes.n} days before, when nothing was changed, no more moved than chance allows."
    return (
        f"On {fakes.n} days before, when nothing was changed, the measure moved more than chance allows; "
        f"the interval is {fakes.inflation:.1f} × as wide for it."
    )


def elsewhere_in_words(each: Elsewhere) -> str:
    """What became of another measure."""
    asked, found = each.hypothesis, each.found
    return (
        f"{sentence(measure_in_words(asked))}: {figure(asked, found.shown(found.level))} → "
        f"{figure(asked, found.shown(found.level + found.effect))}"
    )


def measure_in_words(asked: Hypothesis) -> str:
    """What is measured: `median lead time`, `mean wait in “Approve”`, `share delivered within 8 h`."""
    if asked.measure is Provable.SLA_COMPLIANCE:
        return f"share delivered within {duration(asked.within.total_seconds() if asked.within else None)}"
    if asked.measure is Provable.THROUGHPUT:
        return "throughput"
    label = measure_label(asked.measure)
    if asked.measure in DURATIONS:
        what = {Provable.WAIT_TIME: "wait", Provable.PROCESS_TIME: "work"}.get(asked.measure, label)
        place = f" in “{asked.step}”" if asked.step else ""
        return f"{'median' if asked.statistic is Statistic.MEDIAN else 'mean'} {what}{place}"
    return label


def figure(asked: Hypothesis, value: float) -> str:
    """A figure of the measure in its unit."""
    if asked.measure in DURATIONS:
        return duration(value)
    if asked.measure in _SHARES:
        return percent_roughly(min(max(value, 0.0), 1.0))
    if asked.measure is Provable.THROUGHPUT:
        return f"{count(value)} a week"
    return f"{value:.2f}" if abs(value) < 10 else count(value)


def _by(asked: Hypothesis, found: Estimated, effect: float) -> str:
    if asked.measure in _SHARES:
        return f"{show_ratio(abs(effect)).removesuffix(' %')}{THIN}points"
    return percent_roughly(abs(found.relative(effect)))


def _signed(asked: Hypothesis, found: Estimated, effect: float) -> str:
    return f"{'+' if effect > 0 else '−'}{_by(asked, found, effect)}"
