"""Measures without context: a figure with no target, no variation, no cost, or too few items behind it."""

from collections.abc import Iterator

from millrace.diagnose.map_checks.check import Found, Place, Subject, listed, note, warning
from millrace.model.measure import MEASURE_TERMS, Measure, measure_label
from millrace.model.yaml_problem import did_you_mean

PITFALL = "measures without context"
FEWEST_ITEMS = 20


def _measures(subject: Subject) -> Iterator[tuple[Place, Measure]]:
    return ((("measures", at), measure) for at, measure in enumerate(subject.stream.measures))


def _no_measures(subject: Subject) -> Iterator[Found]:
    if not subject.stream.measures:
        yield Found(
            "The stream has no measures.",
            "Choose a few that people will steer by: lead_time, rework, throughput, csat.",
            place=("measures",),
        )


def _no_target(subject: Subject) -> Iterator[Found]:
    for place, measure in _measures(subject):
        if measure.target is None and measure.stated is None and not _has_target_elsewhere(measure, subject):
            yield Found(
                f"{_label(measure)} has no target, so nobody can tell whether it is good.",
                "Add target, or drop the measure.",
                place=place,
            )


def _has_target_elsewhere(measure: Measure, subject: Subject) -> bool:
    same = (other for other in subject.stream.measures if (other.name, other.step) == (measure.name, measure.step))
    return any(other.target is not None for other in same)


def _no_spread(subject: Subject) -> Iterator[Found]:
    for place, measure in _measures(subject):
        if measure.statistic == "mean" and measure.current is not None and not _varies(measure):
            yield Found(
                f"The mean of {measure_label(measure.name)} stands without its spread.",
                "Add low and high, the limits of its usual variation; or give p50 and p85 instead of a mean.",
                place=place,
            )


def _no_variation(subject: Subject) -> Iterator[Found]:
    for place, measure in _measures(subject):
        if measure.current is not None and measure.statistic != "mean" and not _varies(measure):
            yield Found(
                f"{_label(measure)} has no limits of variation, so a change cannot be told from chance.",
                "Add low and high, the limits of its usual variation from week to week.",
                place=place,
            )


def _varies(measure: Measure) -> bool:
    return measure.low is not None and measure.high is not None


def _few_items(subject: Subject) -> Iterator[Found]:
    for place, measure in _measures(subject):
        if measure.n is not None and measure.n < FEWEST_ITEMS:
            yield Found(
                f"{_label(measure)} rests on {measure.n} item{'' if measure.n == 1 else 's'}, too few to rely on.",
                "Measure over a longer period before deciding anything by it.",
                evidence=(f"n = {measure.n}",),
                place=place,
            )


def _no_rates(subject: Subject) -> Iterator[Found]:
    stream = subject.stream
    by_step = any(step.estimate and step.estimate.rate_per_hour is not None for step in stream.steps)
    costed = by_step or stream.rates_per_hour or any(measure.name == "cost_per_item" for measure in stream.measures)
    if stream.measures and not costed:
        yield Found(
            "Nothing says what the work costs.",
            "Give the cost of an hour's work per team under rates_per_hour.",
            place=("rates_per_hour",),
        )


def _misnamed(subject: Subject) -> Iterator[Found]:
    for place, measure in _measures(subject):
        near = did_you_mean(measure.name, MEASURE_TERMS, likeness=0.75)
        if measure.name not in MEASURE_TERMS and near:
            yield Found(
                f"“{measure.name}” is taken for a measure of your own{near}",
                f"Known are {listed(MEASURE_TERMS)}; any other name is kept as it is.",
                place=place,
            )


def _label(measure: Measure) -> str:
    label = measure_label(measure.name)
    told = f"{label} of “{measure.step}”" if measure.step else label
    return told[0].upper() + told[1:]


CHECKS = (
    warning("no-measures", "A stream is measured", _no_measures),
    warning("no-target", "A measure has a target", _no_target),
    warning("mean-alone", "A mean never travels alone", _no_spread),
    note("no-variation", "A measure has limits of variation", _no_variation),
    warning("few-items", "A measure rests on enough items", _few_items),
    note("no-cost", "Work has a cost", _no_rates),
    note("measure-misnamed", "Measures go by their names", _misnamed),
)
