"""Inconsistent figures: one thing stated in two ways, and shares that pass the whole."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import combinations

from millrace.diagnose.map_checks.check import Found, Subject, error, warning
from millrace.diagnose.map_checks.claims import Claim, Standing, claims, claims_by_subject
from millrace.model.measure import MEASURE_TERMS, Unit
from millrace.model.ratio import show_ratio

PITFALL = "inconsistent figures"


def _two_baselines(subject: Subject) -> Iterator[Found]:
    for group in claims_by_subject(subject.stream):
        pair = _first_at_odds([claim for claim in group if claim.standing is Standing.CURRENT], _same_statistic)
        if pair:
            yield Found(
                f"{_capital(pair[0].label)}: two baselines are stated, {pair[0].shown} and {pair[1].shown}.",
                "Find out which was measured, over which items and when, and keep that one.",
                evidence=tuple(claim.told for claim in pair),
                place=pair[1].place,
            )


def _two_targets(subject: Subject) -> Iterator[Found]:
    for group in claims_by_subject(subject.stream):
        pair = _first_at_odds([claim for claim in group if claim.standing is Standing.TARGET], _same_future)
        if pair:
            yield Found(
                f"{_capital(pair[0].label)}: two targets are stated, {pair[0].shown} and {pair[1].shown}.",
                "These are two versions of a future state: keep one target, or name the future state of each.",
                evidence=tuple(claim.told for claim in pair),
                place=pair[1].place,
            )


def _unclear_standing(subject: Subject) -> Iterator[Found]:
    for group in claims_by_subject(subject.stream):
        pair = _first_at_odds(list(group), _one_unsaid)
        if pair:
            yield Found(
                f"{_capital(pair[0].label)}: {pair[0].shown} and {pair[1].shown} are stated, "
                "and nobody said which is today's figure and which the target.",
                "Write the measured figure under current and the one aimed at under target.",
                evidence=tuple(claim.told for claim in pair),
                place=pair[1].place,
            )


def _unsaid_standing(subject: Subject) -> Iterator[Found]:
    for group in claims_by_subject(subject.stream):
        unsaid = [claim for claim in group if claim.standing is Standing.UNSAID]
        if unsaid and len({claim.figure for claim in group}) == 1:
            yield Found(
                f"{_capital(unsaid[0].label)}: {unsaid[0].shown} is stated, but not whether this is so today.",
                "Write it under current if it was measured, under target if it is aimed at.",
                evidence=(unsaid[0].told,),
                place=unsaid[0].place,
            )


def _over_whole(subject: Subject) -> Iterator[Found]:
    for claim in claims(subject.stream):
        term = MEASURE_TERMS.get(claim.measure)
        is_share = term is not None and term.unit is Unit.RATIO
        if is_share and not isinstance(claim.figure, timedelta) and not 0 <= claim.figure <= 1:
            yield Found(
                f"{_capital(claim.label)}: {claim.shown} is stated; a share lies between 0 and 100 %.",
                "Write a share as “98 %” or 0.98.",
                evidence=(claim.told,),
                place=claim.place,
            )


def _delay_over_whole(subject: Subject) -> Iterator[Found]:
    current = {
        claim.step: claim
        for claim in claims(subject.stream)
        if claim.measure == "share_of_delay" and claim.standing is Standing.CURRENT and claim.step
    }
    shares = [claim.figure for claim in current.values() if not isinstance(claim.figure, timedelta)]
    if len(shares) > 1 and sum(shares) > 1.01 and max(shares) <= 1:
        yield Found(
            f"The steps' shares of delay add up to {show_ratio(sum(shares))}.",
            "Shares of one whole cannot pass 100 %: measure them against the same total.",
            evidence=tuple(f"“{step}”: {claim.shown}" for step, claim in current.items()),
            place=next(iter(current.values())).place,
        )


def _first_at_odds(group: list[Claim], comparable: Callable[[Claim, Claim], bool]) -> tuple[Claim, Claim] | None:
    return next(
        (pair for pair in combinations(group, 2) if pair[0].figure != pair[1].figure and comparable(*pair)), None
    )


def _same_statistic(one: Claim, other: Claim) -> bool:
    return one.statistic == other.statistic or None in (one.statistic, other.statistic)


def _same_future(one: Claim, other: Claim) -> bool:
    futures = (one.future_state, other.future_state)
    return _same_statistic(one, other) and (futures[0] == futures[1] or None in futures)


def _one_unsaid(one: Claim, other: Claim) -> bool:
    return Standing.UNSAID in (one.standing, other.standing)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


CHECKS = (
    error("two-baselines", "A measure has one baseline", _two_baselines),
    error("two-targets", "A measure has one target for each future state", _two_targets),
    error("unclear-standing", "A figure is today's or a target", _unclear_standing),
    warning("unsaid-standing", "A figure says whether it is so today", _unsaid_standing),
    error("over-whole", "No percentage passes 100", _over_whole),
    error("delay-over-whole", "Shares of delay add up to 100 % at most", _delay_over_whole),
)
