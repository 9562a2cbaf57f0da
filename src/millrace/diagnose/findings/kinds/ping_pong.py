"""Ping-pong: work goes from team A to team B and back to A; from step to step where the log names no teams."""

import numpy as np

from millrace.diagnose.findings.claim import whole_spans
from millrace.diagnose.findings.evidence import Bools, Evidence
from millrace.diagnose.findings.finding import Bar, Bars, Figure, Place, Unit
from millrace.diagnose.findings.intervals import interval_of_share, surely
from millrace.diagnose.findings.kind import Candidate, Examined, Kind, Specificity
from millrace.diagnose.findings.saying import duration, each_so_often, items, names, percent
from millrace.flow.summary import SECOND

LEAST_SHARE = 0.05
"""Of the items; below it, work that comes back is part of any shared work."""
NOTABLE_PAIR = 0.1
"""A pair of teams is named where it has this share of all ping-pongs."""


def ping_pong(evidence: Evidence) -> Examined:
    """Items that went A, B, A, and the time that they spent away from A in between."""
    if not evidence.flow.about.teams:
        return _between_steps(evidence)
    bounced = evidence.items.n_ping_pongs > 0
    # Where every item bounces there is nothing to hold them against.
    if bounced.all() or not surely(bounced.sum(), len(bounced), LEAST_SHARE):
        return Examined()
    away = _is_detour(evidence)
    claim = whole_spans(evidence, away[evidence.holding_of_span] & evidence.is_in_flow)
    lives = evidence.life_of_item / SECOND
    sentence = (
        f"{items(int(bounced.sum()))} ({percent(bounced.mean())}) went from a team to another and straight back. "
        f"They last {duration(lives[bounced].mean())} on average, the others {duration(lives[~bounced].mean())} "
        f"(medians {duration(np.median(lives[bounced]))} and {duration(np.median(lives[~bounced]))})."
        f"{_commonest_pair(evidence, away)}"
    )
    n, whole = int(bounced.sum()), len(bounced)
    return Examined(
        (
            Candidate(
                sentence,
                claim,
                _figures(evidence, bounced),
                items=evidence.items.item[bounced],
                interval=interval_of_share(n, whole),
                picture=Bars(
                    "Life of items with and without ping-pong",
                    Unit.SECONDS,
                    "mean from demand to the last event",
                    (
                        Bar("with ping-pong", float(lives[bounced].mean()), n, is_the_finding=True),
                        Bar("without", float(lives[~bounced].mean()), whole - n),
                    ),
                ),
            ),
        )
    )


def _between_steps(evidence: Evidence) -> Examined:
    """Pairs of steps between which items go A, B, A; B is the detour."""
    visits = evidence.visits
    detour = np.zeros(len(visits.item), np.bool_)
    detour[:-1] = (visits.item[:-1] == visits.item[1:]) & (visits.previous_step[:-1] == visits.step[1:])
    detour[:-1] &= ~visits.is_after_value[1:]
    names, found = dict(evidence.steps), []
    pairs = set(zip(visits.previous_step[detour].tolist(), visits.step[detour].tolist(), strict=True))
    for home, away in sorted(pair for pair in pairs if names.keys() >= set(pair)):
        gone = detour & (visits.previous_step == home) & (visits.step == away)
        if surely(len(np.unique(visits.item[gone])), len(evidence.items.item), LEAST_SHARE):
            found.append(_step_candidate(evidence, gone, names[home], names[away]))
    return Examined(tuple(found))


def _step_candidate(evidence: Evidence, gone: Bools, home: str, away: str) -> Candidate:
    bounced, n_all = np.unique(evidence.visits.item[gone]), len(evidence.items.item)
    n, n_times = len(bounced), int(gone.sum())
    time = float(evidence.flow_time_of_visit[gone].sum()) / SECOND
    sentence = (
        f"{items(n)} ({percent(n / n_all)}) went from “{home}” to “{away}” and straight back, "
        f"{each_so_often(n_times / n)}; the detours took {duration(time / n)} of each."
    )
    return Candidate(
        sentence,
        whole_spans(evidence, gone[evidence.visit_of_span] & evidence.is_in_flow),
        (
            Figure("share of items", n / n_all, Unit.RATIO, "Items with such a detour, of all items", n_all),
            Figure("detours", n_times, Unit.COUNT, "One step, another, the first again", n),
            Figure("time in them", time / n, Unit.SECONDS, "In the step between, mean per item", n),
        ),
        place=Place(step=home, to_step=away),
        items=bounced,
        interval=interval_of_share(n, n_all),
    )


def _is_detour(evidence: Evidence) -> Bools:
    """For every holding whether it is the B of an A, B, A."""
    holdings = evidence.holdings
    detour = np.zeros(len(holdings.item), np.bool_)
    detour[:-1] = (holdings.from_team[:-1] == holdings.team[1:]) & (holdings.item[:-1] == holdings.item[1:])
    return detour


def _figures(evidence: Evidence, bounced: Bools) -> tuple[Figure, ...]:
    n, n_others = int(bounced.sum()), int((~bounced).sum())
    lives = evidence.life_of_item / SECOND
    life = "From demand to the last event, mean"
    return (
        Figure("share of items", n / len(bounced), Unit.RATIO, "Items with a ping-pong, of all items", len(bounced)),
        Figure("life with ping-pong", float(lives[bounced].mean()), Unit.SECONDS, life, n),
        Figure("life without", float(lives[~bounced].mean()), Unit.SECONDS, life, n_others),
        Figure("ping-pongs", int(evidence.items.n_ping_pongs.sum()), Unit.COUNT, "Team A, team B, team A in a row", n),
    )


def _commonest_pair(evidence: Evidence, detour: Bools) -> str:
    """A sentence on the pair of teams with the most of it, where one stands out."""
    holdings, teams = evidence.holdings, evidence.flow.about.teams
    pairs = np.sort(np.stack((holdings.from_team[detour], holdings.team[detour]), axis=1), axis=1)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    most = int(counts.argmax())
    share = counts[most] / counts.sum()
    if share < NOTABLE_PAIR:
        return ""
    a, b = kinds[most]
    return f" {percent(share)} of it is between {names((teams[a], teams[b]))}."


KIND = Kind(
    "ping_pong",
    "Ping-pong",
    "Team A, then B, then A again in an item's sequence of known teams; surely 5 % of the items or more. Where the "
    "log names no teams, the same between two steps.",
    wastes=("transportation", "waiting"),
    specificity=Specificity.PATTERN,
    look=ping_pong,
)
