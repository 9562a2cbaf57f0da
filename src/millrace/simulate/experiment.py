"""Replications of a stream, side by side on all processors, with the warm-up before what counts."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from millrace.simulate.engine.run import Period, Run, run
from millrace.simulate.simulated_stream import SimulatedStream
from millrace.simulate.warm_up import with_warm_up


@dataclass(frozen=True)
class Experiment:
    """What is run: a period, how long before it runs begin, how often, and from which seed."""

    period: Period
    warm_up: timedelta = timedelta()
    n_replications: int = 20
    seed: int = 0


def replicate(
    variants: Sequence[SimulatedStream], experiment: Experiment, progress: Callable[[float], None] = lambda _: None
) -> list[Run]:
    """Run replication after replication; they take the variants in turn (one: all run the same stream).

    The runs are the same however many processors there are.
    """
    period = with_warm_up(experiment.period, experiment.warm_up)
    done = 0

    def replication(number: int) -> Run:
        nonlocal done
        ran = run(variants[number % len(variants)], period, seed=experiment.seed, replication=number)
        done += 1
        progress(done / experiment.n_replications)
        return ran

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(replication, range(experiment.n_replications)))
