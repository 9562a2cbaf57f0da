"""Explanations in a sentence."""

from dataclasses import replace

from millrace.diagnose.explanation.explanation import Condition, Explanation, Outcome
from millrace.diagnose.explanation.outcomes import Measured
from millrace.diagnose.explanation.traits import condition_in_words
from millrace.diagnose.findings.saying import count, percent


def sentence(measured: Measured, explanation: Explanation) -> Explanation:
    """The explanation with its sentence."""
    who = f"Items {group_in_words(explanation.conditions)}"
    beside = f"comparable others ({_interval(explanation)}, n = {count(explanation.n_items)})"
    share = percent(explanation.share_ratio)
    excess = explanation.excess_per_month
    if measured.of is Outcome.LEAD_TIME:
        said = f"{who} take {_times(explanation.factor)} as long as {beside}: {_amount(excess)} hours a month, {share} "
        said += "of all lead time."
    else:
        said = f"{who} {measured.in_words} {_times(explanation.factor)} as often as {beside}: {_amount(excess)} more a "
        said += f"month, {share} of all that do."
    return replace(explanation, sentence=said)


def group_in_words(conditions: tuple[Condition, ...]) -> str:
    """`with category “Network” and demanded on a Friday`."""
    first, *more = (condition_in_words(condition) for condition in conditions)
    return " and ".join([first, *(each.removeprefix("with ") if first.startswith("with ") else each for each in more)])


def _times(factor: float) -> str:
    return f"{_two_figures(factor)} ×"


def _interval(explanation: Explanation) -> str:
    return f"{_two_figures(explanation.interval.low)}–{_two_figures(explanation.interval.high)} ×"


def _two_figures(factor: float) -> str:
    return f"{factor:.1f}" if factor < 10 else f"{factor:,.0f}"


def _amount(excess: float) -> str:
    return count(round(excess)) if excess >= 10 else f"{excess:.1f}"
