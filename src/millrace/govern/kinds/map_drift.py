"""The map no longer fits: events fall outside its steps, or what was drawn differs from what is measured."""

from collections.abc import Iterator
from contextlib import closing

import numpy as np

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
PITFALL = "drawn once, then forgotten"


def map_drift(watched: Watched) -> Iterator[Signal]:
    """Events of the last four weeks that no step takes; and where a map that people drew differs from the log."""
    lives, unmapped = watched.lives, len(watched.flow.step_names) - 1
    lately = lives.began_at >= lives.at - LATELY
    n_events, n_outside = int(lately.sum()), int((outside := lately & (lives.held["step"] == unmapped)).sum())
    if n_events >= FEWEST_EVENTS and n_outside / n_events >= UNMAPPED_RATIO:
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
        yield from _differences(watched)


def _labels(watched: Watched, outside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> str:
    activities = watched.lives.held["activity"][outside]
    names, counts = np.unique(activities[activities >= 0], return_counts=True)
    most = names[np.argsort(-counts, kind="stable")][:3]
    return ", ".join(f"“{watched.flow.about.activities[code]}”" for code in most) or "without a label"


def _differences(watched: Watched) -> Iterator[Signal]:
    with closing(connect()) as connection:
        seen = observed(watched.flow, watched.log, connection)
    report = check_map(watched.stream, today=watched.at.date(), observed=seen)
    for found in report.findings:
        if found.pitfall == PITFALL and found.severity is not CheckSeverity.NOTE:
            yield Signal(
                "map_drift",
                f"{found.rule}: {'/'.join(str(part) for part in found.place)}",
                Severity.NOTICE,
                "The map differs from the log",
                f"{found.sentence} {found.remedy}",
                watched.at,
            )
