"""The product beside PM4Py: `python -m bench.peers [--large]`, the same log, the same questions.

A generated log of incidents with start and end, as Parquet, its columns named on both sides. Each side runs in a
process of its own; loading libraries is not counted, reading the log is. Where both put a question the same way, the
answers must be equal. Kept out: what only one side answers (PM4Py's batches, …); and, from the large log, the temporal
profile, for which PM4Py needs more memory than the machine has. It is shown apart.
"""

import math
import sys
from typing import Any

from bench.environment import MINERS, peers_python
from bench.measured import Work, generated_work, median, ratio, run, told

N_ITEMS, N_ITEMS_LARGE, N_ITEMS_WARM = 95_000, 950_000, 100
LEAST_FASTER, LEAST_FASTER_LARGE, MOST_MEMORY = 20, 40, 1 / 3
SHARED = (
    "durations", "lead, work and wait per item", "directly-follows pairs", "waits between activities",
    "waits between activities in business hours", "variants", "handovers between teams", "handovers between people",
    "temporal profile",
)  # fmt: skip


PROFILE = "temporal profile"

Said = dict[str, Any]


def run_beside(n_items: int, least_faster: float, repeats: int, *left_out: str) -> None:
    """Ask both sides in turn and print the ratios of the medians."""
    log, warm, peers = str(generated_work(n_items)), str(generated_work(N_ITEMS_WARM)), peers_python(MINERS)
    print(f"Beside PM4Py, {n_items:,} items of about 10.5 events", flush=True)
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(told(run("bench.peers.with_millrace", log, warm, *left_out).output))
        theirs.append(told(run("bench.peers.with_pm4py", log, *left_out, python=peers).output))
        compare(ours[-1]["answers"], theirs[-1]["answers"])
    for without in [{PROFILE}] if left_out else [{PROFILE}, set[str]()]:
        print(f"  {'without' if without else 'with'} the {PROFILE}", flush=True)
        verdict([cost(said, without) for said in ours], [cost(said, without) for said in theirs], least_faster)


def cost(said: Said, without: set[str]) -> Work:
    """All questions together but those."""
    works = [Work(**work) for name, work in said["works"].items() if name not in without]
    wall, cpu = sum(work.wall for work in works), sum(work.cpu for work in works)
    return Work(wall, cpu, max(work.peak_mb for work in works), max(work.grown_mb for work in works))


def verdict(ours: list[Work], theirs: list[Work], least_faster: float) -> None:
    """Print the costs of both sides and the ratios of their medians."""
    for name, works in (("Millrace", ours), ("PM4Py", theirs)):
        for work in works:
            print(f"    {name:<9} {work}", flush=True)
    times = median([each.cpu for each in theirs]) / median([each.cpu for each in ours])
    word = "within" if times >= least_faster else "UNDER"
    print(f"    CPU time: {times:.1f} × less than PM4Py ({word} the limit of {least_faster} ×)", flush=True)
    ratio(
        median([each.peak_mb for each in ours]), median([each.peak_mb for each in theirs]), MOST_MEMORY, "peak memory"
    )


def compare(ours: Said, theirs: Said) -> None:
    """Stop where the two sides differ in what both answer."""
    for question in [each for each in SHARED if each in theirs]:
        if not same(ours[question], theirs[question]):
            raise SystemExit(f"The answers differ on {question}:\n  {ours[question]}\n  {theirs[question]}")
    print(f"    the same answers to the {len(ours)} questions that both put the same way", flush=True)


def same(one: Any, other: Any) -> bool:
    """Equal, numbers to a millionth."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return math.isclose(one, other, rel_tol=1e-6)


if __name__ == "__main__":
    if "--large" in sys.argv[1:]:
        run_beside(N_ITEMS_LARGE, LEAST_FASTER_LARGE, 1, PROFILE)
    else:
        run_beside(N_ITEMS, LEAST_FASTER, 3)
