"""The map no longer fits: events fall outside its steps, or what was drawn differs from what is measured."""

from collections.abc import Iterator
from contextlib import closing

import numpy as np

from millrace.diagnose.map_checks import drift
from millrace.diagnose.map_checks.check import MapFinding
from millrace.diagnose.map_checks.check import Severity as CheckSeverity
from millrace.diagnose.map_checks.check_map import check_map
from millrace.diagnose.observed import observed
from millrace.eventlog.engine import connect
from millrace.govern.signal import Severity, Signal, Watched
from millrace.model.ratio import show_ratio

TITLE = "Map drifts from reality"
LATELY = 28 * 86_400_000_000
UNMAPPED_RATIO = 0.05
FEWEST_EVENTS = 50
PITFALL = drift.PITFALL
UNMAPPED_RULE = "much-unmapped"
MOST_NAMED = 3


def map_drift(watched: Watched) -> Iterator[Signal]:
    """Events of the last four weeks that no step takes; and where a map that people drew differs from the log."""
    lives, unmapped = watched.lives, len(watched.flow.step_names) - 1
    lately = lives.began_at >= lives.at - LATELY
    n_events, n_outside = int(lately.sum()), int((outside := lately & (lives.held["step"] == unmapped)).sum())
    is_unmapped_told = n_events >= FEWEST_EVENTS and n_outside / n_events >= UNMAPPED_RATIO
    if is_unmapped_told:
        labels = _labels(watched, outside)
        yield Signal(
            "map_drift",
            "unmapped",
            Severity.WARNING,
            f"{show_ratio(n_outside / n_events)} of the events belong to no step",
            f"{n_outside} of {n_events} events of the last 28 days: {labels}. Add them to a step, or draw the step.",
            watched.at,
            occasion=labels,
        )
    if not watched.stream.discovered:
        yield from _differences(watched, is_unmapped_told=is_unmapped_told)


def _labels(watched: Watched, outside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> str:
    activities = watched.lives.held["activity"][outside]
    names, counts = np.unique(activities[activities >= 0], return_counts=True)
    most = names[np.argsort(-counts, kind="stable")][:3]
    return ", ".join(f"“{watched.flow.about.activities[code]}”" for code in most) or "without a label"


def _differences(watched: Watched, *, is_unmapped_told: bool) -> Iterator[Signal]:
    """One signal of all estimates that differ, one of all else; told anew of a map that was drawn anew."""
    found = [each for each in _checked(watched) if not (is_unmapped_told and each.rule == UNMAPPED_RULE)]
    off = sorted((each for each in found if each.off_ratio is not None), key=lambda each: -(each.off_ratio or 0))
    others = [each for each in found if each.off_ratio is None]
    steps = watched.stream.steps
    if off:
        n_told = f"{len(off)} estimates differ" if len(off) > 1 else "An estimate differs"
        yield _differing(
            watched, "estimates", f"{n_told} from what is measured", off,
            "Edit the stream and take over what is measured, or find out what makes the difference.",
            occasion=[step.model_dump_json(include={"name", "estimate"}, exclude_none=True) for step in steps],
        )  # fmt: skip
    if others:
        yield _differing(
            watched, "drawing", "Items go other ways than the map shows", others,
            "Edit the stream: correct the routes and what its steps match.",
            occasion=[
                step.model_dump_json(include={"name", "routes", "match"}, exclude_defaults=True) for step in steps
            ],
        )  # fmt: skip


def _checked(watched: Watched) -> list[MapFinding]:
    """What the checks that compare the map with the log found, beyond notes."""
    with closing(connect()) as connection:
        seen = observed(watched.flow, watched.log, connection)
    report = check_map(watched.stream, today=watched.at.date(), observed=seen)
    return [each for each in report.findings if each.pitfall == PITFALL and each.severity is not CheckSeverity.NOTE]


def _differing(
    watched: Watched, subject: str, title: str, found: list[MapFinding], remedy: str, *, occasion: list[str]
) -> Signal:
    """One signal of many differences, the first ones named."""
    told = " ".join(each.sentence for each in found[:MOST_NAMED])
    n_more = len(found) - MOST_NAMED
    more = f" {n_more} more {'differs' if n_more == 1 else 'differ'}." if n_more > 0 else ""
    return Signal(
        "map_drift", subject, Severity.NOTICE, title, f"{told}{more} {remedy}", watched.at, occasion="\n".join(occasion)
    )
