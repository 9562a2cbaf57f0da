"""The tandem queue beside SimPy and Prosimos, what hours, priorities and routing cost, a million items, a second start.

SimPy writes no log. Prosimos writes one, as we do, and gets fewer items, since it takes its time over each.
"""

from pathlib import Path

from bench.environment import SIMULATORS, peers_python
from bench.measured import limit, median, run, told

N_ITEMS, N_PROSIMOS, N_MILLION, REPEATS = 100_000, 5_000, 1_000_000, 3
LEAST_FASTER = {"SimPy": 10.0, "Prosimos": 100.0}
MOST_DEARER = 4.0
MOST_SECONDS, MOST_MB, MOST_START = 30, 4000, 2


def run_simulation() -> None:
    """Print all of it."""
    print(f"Simulation: six steps in a row, {N_ITEMS:,} items, event log written", flush=True)
    python = peers_python(SIMULATORS)
    run("bench.simulation.with_millrace", "tandem", "100")  # compiles where nothing is compiled yet
    plain, full, simpy, prosimos = [], [], [], []
    for _ in range(REPEATS):
        plain.append(_per_second("tandem"))
        full.append(_per_second("everything"))
        simpy.append(_of_peer("with_simpy", N_ITEMS, python))
        prosimos.append(_of_peer("with_prosimos", N_PROSIMOS, python))
    ours = median(plain)
    for name, theirs in (("SimPy", median(simpy)), ("Prosimos", median(prosimos))):
        word = "within" if ours >= LEAST_FASTER[name] * theirs else "UNDER"
        print(f"    Millrace {ours:,.0f} items per CPU second, {name} {theirs:,.0f}: {ours / theirs:,.1f} × ", end="")
        print(f"({word} the limit of {LEAST_FASTER[name]:g} ×)", flush=True)
    limit(ours / median(full), MOST_DEARER, "×", "hours, priorities and routing on cost")
    million = run("bench.simulation.with_millrace", "tandem", str(N_MILLION))
    print(f"    a million items: {million}", flush=True)
    limit(told(million.output)["work"]["cpu"], MOST_SECONDS, "s of CPU time", "a million items")
    limit(million.peak_mb, MOST_MB, "MB", "peak memory")
    limit(run("bench.simulation.with_millrace", "tandem", "1").cpu, MOST_START, "s of CPU time", "a second start")


def _of_peer(module: str, n_items: int, python: Path) -> float:
    said = told(run(f"bench.simulation.{module}", str(n_items), python=python).output)
    return float(said["n_items"] / said["cpu"])


def _per_second(name: str) -> float:
    said = told(run("bench.simulation.with_millrace", name, str(N_ITEMS)).output)
    return float(said["n_items"] / said["work"]["cpu"])
